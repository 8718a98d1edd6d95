"""The sidebar "More on this": the site's records as the relating step takes and gives them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from tidings.catalog.relating.kept import (
    NO_DIGESTS,
    KeptRelations,
    Links,
    kept_links,
    relate_kept,
)
from tidings.catalog.relating.related import relate
from tidings.catalog.relating.relating_types import Relatable, RelatedOptions
from tidings.catalog.relating.settled import record_digests
from tidings.model.catalog import RelatedItem
from tidings.model.config import RelatedConfig
from tidings.model.record import Record

Relations = tuple[Links, KeptRelations | None]
"""What `relate_kept` gives."""

Related = tuple[dict[str, tuple[RelatedItem, ...]], KeptRelations | None]
"""The same for the catalog: without records that have no links."""

Relating = Callable[
    [Sequence[Relatable], RelatedOptions, KeptRelations | None], Callable[[], Relations]
]
"""Begins what `relate_kept` does; gives what waits for its end, to be called once."""


def relating_here(
    items: Sequence[Relatable], options: RelatedOptions, kept: KeptRelations | None
) -> Callable[[], Relations]:
    """Begins nothing: all is done when its result is asked for."""
    return partial(relate_kept, items, options, kept)


SPARE = 5
"""Records related beyond those that are shown: some are named in the sidebar above already."""


def relate_records(
    records: Sequence[Record],
    topic_names: Mapping[str, tuple[str, ...]],
    config: RelatedConfig,
) -> dict[str, tuple[RelatedItem, ...]]:
    """For each shown record the others that are nearest to it, best first; none has no entry.

    `topic_names` has the names of each record's topics, as the site shows them, by id.
    """
    if not config.enabled or config.count == 0:
        return {}
    found = relate(relatables(records, topic_names), related_options(config))
    return {identity: links for identity, links in found.items() if links}


def relate_kept_records(
    records: Sequence[Record],
    topic_names: Mapping[str, tuple[str, ...]],
    config: RelatedConfig,
    kept: KeptRelations | None = None,
) -> Related:
    """What `relate_records` gives, with the help of what an earlier build has kept.

    The second value is what to keep now: None when records are not related at all, and `kept`
    itself when nothing has changed since it came back from here.
    """
    return begin_relating(relatables(records, topic_names), config, kept)()


def begin_relating(
    items: Sequence[Relatable],
    config: RelatedConfig,
    kept: KeptRelations | None = None,
    relating: Relating = relating_here,
    digests: Mapping[str, bytes] = NO_DIGESTS,
) -> Callable[[], Related]:
    """Begins the same for records as the relating step takes them; gives what waits for it.

    `relating` has the work done. `digests` are those of `known_by` that are known already.
    """
    if not is_wanted(config):
        return lambda: ({}, None)
    options = related_options(config)
    wait: Callable[[], Relations]
    if kept is not None and digests:
        wait = partial(relate_kept, items, options, kept, digests)
    else:
        wait = relating(items, options, kept)

    def related() -> Related:
        found, after = wait()
        return {identity: links for identity, links in found.items() if links}, after

    return related


def related_as_before(
    digests: Mapping[str, bytes], config: RelatedConfig, kept: KeptRelations | None
) -> dict[str, tuple[RelatedItem, ...]] | None:
    """What relating gave for records that it knows by just these digests; None where it must be
    asked."""
    if kept is None or not is_wanted(config):
        return None
    found = kept_links(digests, related_options(config), kept)
    if found is None:
        return None
    return {identity: links for identity, links in found.items() if links}


def known_by(
    records: Sequence[Record],
    topic_names: Mapping[str, tuple[str, ...]],
    config: RelatedConfig,
) -> list[bytes]:
    """For each record a digest of all that relating knows of it; empty where none is asked."""
    if not is_wanted(config):
        return [b""] * len(records)
    return record_digests(relatables(records, topic_names))


def is_wanted(config: RelatedConfig) -> bool:
    """Whether records are related at all."""
    return config.enabled and config.count > 0


def relatables(
    records: Sequence[Record], topic_names: Mapping[str, tuple[str, ...]]
) -> list[Relatable]:
    """All records, as far as their nearness depends on them."""
    return [relatable(record, topic_names.get(record.id, ())) for record in records]


def related_options(config: RelatedConfig) -> RelatedOptions:
    """What `[related]` in the config asks of the relating step."""
    return RelatedOptions(
        enabled=config.enabled,
        count=config.count + SPARE,
        minimum_score=config.minimum_score,
        half_life_days=config.half_life_days,
        topic_weight=config.topic_weight,
        coverage_weight=config.coverage_weight,
    )


def relatable(record: Record, topics: tuple[str, ...]) -> Relatable:
    """The record, as far as its nearness to others depends on it."""
    return Relatable(
        id=record.id,
        title=record.title,
        instant=int(record.published_at.timestamp()),
        excerpt=record.excerpt,
        topics=topics,
        provider=record.provider.name if record.provider else "",
        urls=record.url_keys,
        coverage_urls=tuple([entry.url_key for entry in record.coverage]),
        coverage_titles=tuple([entry.title for entry in record.coverage]),
    )
