"""Where records stand on the site: their topics, days and outlets.

Part of the catalog step. All of it depends on what records are filed under and not on what
they say, so that a program that makes one catalog after the other takes it again where only
texts have changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import chain
from operator import is_not

import msgspec

from tidings.catalog.group import group_by_day, group_by_source
from tidings.catalog.topics import Taxonomy, make_taxonomy
from tidings.model.catalog import Day, Source
from tidings.model.record import ProviderMetadata, Record, TopicMetadata

REPEATED = 4
"""Records that show the same picture before it counts as a placeholder."""

Basis = tuple[object, ...]


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
    topics: Iterable[TopicMetadata],
    providers: Mapping[str, ProviderMetadata],
    root_topic: str,
    placeholders: Sequence[str],
    before: Arranged | None,
) -> Arranged:
    """The arrangement of shown records; `waiting` ones are counted. Both are newest first.

    `dates` has the local day of each record, which the time zone decides: whoever asks with
    what was made `before` promises that it is that of the last time.
    """
    topics = tuple(topics)
    basis: Basis = (topics, dict(providers), root_topic, tuple(placeholders))
    if (
        before is not None
        and before.basis == basis
        and differ_in_text_only(before.shown, shown)
        and differ_in_text_only(before.waiting, waiting)
    ):
        return before
    taxonomy = make_taxonomy(shown, waiting, topics, root_topic)
    return Arranged(
        basis,
        shown,
        waiting,
        taxonomy,
        _topic_names(taxonomy),
        group_by_day(shown, dates, taxonomy.main_topics, taxonomy.topics),
        group_by_source(shown, providers),
        {record.id: record.provider.domain for record in shown if record.provider is not None},
        _placeholders(shown, placeholders),
    )


def differ_in_text_only(before: Sequence[Record], records: Sequence[Record]) -> bool:
    """Whether these are the same records, but for titles, excerpts and bodies."""
    if len(before) != len(records):
        return False
    # Nearly all are the very same values.
    return all(
        msgspec.structs.replace(old, title=new.title, excerpt=new.excerpt, body=new.body) == new
        for old, new in _others(before, records)
    )


def _others(
    before: Sequence[Record], records: Sequence[Record]
) -> Iterable[tuple[Record, Record]]:
    return [
        (before[place], records[place])
        for place, differs in enumerate(map(is_not, before, records))
        if differs
    ]


def _topic_names(taxonomy: Taxonomy) -> dict[str, tuple[str, ...]]:
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
