"""Records that name each other, or the same article: what their URLs say about stories.

Part of finding stories, and its surest evidence: the source listed these articles together.
Two things are held against it. A front page or a reference that very many records list joins
nothing, and neither does an article from another time: it is background.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import NamedTuple

from tidings.catalog.storytelling.marks import conflict, read_marks
from tidings.model.record import Record

MOST_LISTERS = 16
"""A URL that more records list than this is a front page or a reference, and joins nothing."""

SAME_URL, COVERS, SHARED_COVERAGE = "same-url", "covers", "shared-coverage"


class UrlLink(NamedTuple):
    """Two records, as positions, the smaller first, and why they belong together."""

    one: int
    other: int
    reason: str
    url: str
    """The URL that both have, without what does not tell pages apart."""


def link_by_urls(
    records: Sequence[Record], owners: Mapping[str, str], window: timedelta
) -> list[UrlLink]:
    """The links between the records (oldest first): the surest first, then the closest in time.

    `owners` has the id of the record for every URL key of one.
    """
    places = {record.id: place for place, record in enumerate(records)}
    holders: dict[str, list[int]] = {}
    for place, record in enumerate(records):
        for key in record.url_keys:
            holders.setdefault(key, []).append(place)
    found: dict[tuple[int, int], UrlLink] = {}
    for link in _links(records, holders, places, owners, window):
        pair = (link.one, link.other)
        if pair not in found or RANKS[link.reason] < RANKS[found[pair].reason]:
            found[pair] = link
    return sorted(
        found.values(),
        key=lambda link: (RANKS[link.reason], _apart(records, link), link.one, link.other),
    )


def _links(
    records: Sequence[Record],
    holders: Mapping[str, Sequence[int]],
    places: Mapping[str, int],
    owners: Mapping[str, str],
    window: timedelta,
) -> Iterator[UrlLink]:
    for key, sharing in sorted(holders.items()):
        for other in sharing[1:]:
            yield UrlLink(sharing[0], other, SAME_URL, key)
    for key, near in sorted(_listers(records, window).items()):
        owned = set(holders.get(key, ()))
        if owners.get(key, "") in places:
            owned.add(places[owners[key]])
        candidates = [
            UrlLink(min(owner, place), max(owner, place), COVERS, key)
            for owner in sorted(owned)
            for place in near
            if owner != place
        ]
        if not _is_front_page(key):
            candidates += [
                UrlLink(before, place, SHARED_COVERAGE, key) for before, place in pairwise(near)
            ]
        for link in candidates:
            if _apart(records, link) <= window and not _conflict(records, link):
                yield link


def _listers(records: Sequence[Record], window: timedelta) -> dict[str, list[int]]:
    """The records that list each URL as an article of their own time, unless very many do."""
    listers: dict[str, list[int]] = {}
    counts: dict[str, int] = {}
    for place, record in enumerate(records):
        for key, entry in {entry.url_key: entry for entry in record.coverage}.items():
            counts[key] = counts.get(key, 0) + 1
            published = entry.published_at
            if published is None or abs(published - record.published_at) <= window:
                listers.setdefault(key, []).append(place)
    return {key: near for key, near in listers.items() if counts[key] <= MOST_LISTERS}


RANKS = {SAME_URL: 0, COVERS: 1, SHARED_COVERAGE: 2}
"""The surest reason first."""


def _apart(records: Sequence[Record], link: UrlLink) -> timedelta:
    return records[link.other].published_at - records[link.one].published_at


def _conflict(records: Sequence[Record], link: UrlLink) -> bool:
    return bool(conflict(*(read_marks(records[each].title) for each in (link.one, link.other))))


def _is_front_page(key: str) -> bool:
    host, _, path = key.partition("/")
    return not path.strip("/") and "?" not in host
