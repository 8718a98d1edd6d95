"""Where records stand on the site: their topics, days and outlets.

Part of the catalog step. All of it depends on what records are filed under and not on what
they say, so that a program that makes one catalog after the other takes it again where only
texts have changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import chain
from operator import is_not

import msgspec

from tidings.catalog.group import group_by_day, group_by_source
from tidings.catalog.topics import Taxonomy, make_taxonomy
from tidings.model.catalog import Day, Source
from tidings.model.rank import heat_of
from tidings.model.record import Picture, Provider, ProviderMetadata, Record, TopicMetadata

REPEATED = 4
"""Records that show the same picture before it counts as a placeholder."""

Filed = tuple[str, datetime, tuple[str, ...], int, int, Provider | None, tuple[Picture, ...]]


class Basis(msgspec.Struct, frozen=True):
    """What the arrangement depends on beside the records."""

    topics: tuple[TopicMetadata, ...]
    providers: Mapping[str, ProviderMetadata]
    """By domain."""
    root_topic: str
    placeholders: tuple[str, ...]
    zone: str


class Arranged(msgspec.Struct, frozen=True):
    """The arrangement of a catalog's records, and what it was made of."""

    basis: Basis
    shown: Sequence[Record]
    waiting: Sequence[Record]
    taxonomy: Taxonomy
    topic_names: dict[str, tuple[str, ...]]
    """The names of each record's topics, as the site shows them, by the record's id."""
    days: tuple[Day, ...]
    sources: dict[str, Source]
    record_sources: dict[str, str]
    placeholders: frozenset[str]


def arrange(
    shown: Sequence[Record],
    waiting: Sequence[Record],
    dates: Mapping[str, date],
    basis: Basis,
    before: Arranged | None,
) -> Arranged:
    """The arrangement of shown records; `waiting` ones are counted. Both are newest first.

    `dates` has the local day of each record.
    """
    if (
        before is not None
        and before.basis == basis
        and are_filed_alike(before.shown, shown)
        and are_filed_alike(before.waiting, waiting)
    ):
        return before
    taxonomy = make_taxonomy(shown, waiting, basis.topics, basis.root_topic)
    return Arranged(
        basis,
        shown,
        waiting,
        taxonomy,
        topic_names_of(taxonomy),
        group_by_day(shown, dates, taxonomy.main_topics, taxonomy.topics),
        group_by_source(shown, basis.providers),
        {record.id: record.provider.domain for record in shown if record.provider is not None},
        _placeholders(shown, basis.placeholders),
    )


def filed_under(record: Record) -> Filed:
    """All of the record that the arrangement depends on."""
    return (
        record.id,
        record.published_at,
        record.topics,
        heat_of(record),
        record.quality or 0,
        record.provider,
        record.pictures,
    )


def are_filed_alike(before: Sequence[Record], records: Sequence[Record]) -> bool:
    """Whether these are the same records, but for what has nothing to do with their places."""
    if len(before) != len(records):
        return False
    # Nearly all are the very same values.
    return all(
        filed_under(before[place]) == filed_under(records[place])
        for place, differs in enumerate(map(is_not, before, records))
        if differs
    )


def topic_names_of(taxonomy: Taxonomy) -> dict[str, tuple[str, ...]]:
    """The names of each record's topics, by its id."""
    # Many records have the same topics.
    names: dict[tuple[str, ...], tuple[str, ...]] = {}
    for slugs in taxonomy.record_topics.values():
        if slugs not in names:
            names[slugs] = tuple([taxonomy.topics[slug].name for slug in slugs])
    return {identity: names[slugs] for identity, slugs in taxonomy.record_topics.items()}


def _placeholders(records: Iterable[Record], named: Iterable[str]) -> frozenset[str]:
    """Pictures that show no story: those the config names, and those that records repeat.

    A picture of the site's own was put there by its publisher, for any number of stories.
    """
    with_pictures = [record.pictures for record in records if record.pictures]
    counts = Counter([picture.url for pictures in with_pictures for picture in pictures])
    often = {url for url, count in counts.items() if count >= REPEATED and url[:1] != "/"}
    if often:
        # A record that shows a picture twice counts once.
        shown = [often.intersection([each.url for each in own]) for own in with_pictures]
        counts = Counter(chain.from_iterable(shown))
    return frozenset((*named, *(url for url in often if counts[url] >= REPEATED)))
