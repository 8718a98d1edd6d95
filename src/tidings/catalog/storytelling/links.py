"""Records that name each other, or the same article: what their URLs say about stories.

Part of finding stories, and its surest evidence: the source listed these articles together.
Two things are held against it. A front page or a reference that very many records list joins
nothing, and neither does an article from another time: it is background.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from datetime import timedelta
from itertools import chain, pairwise
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
    held = Counter(chain.from_iterable([record.url_keys for record in records]))
    shared = {key for key, count in held.items() if count > 1}
    # Only what two records name can join them, so that nearly all URLs end here.
    entries = [
        (place, [entry.url_key for entry in record.coverage])
        for place, record in enumerate(records)
        if record.coverage
    ]
    often = Counter(chain.from_iterable([keys for _, keys in entries]))
    named = {key for key, count in often.items() if count > 1 or key in held or key in owners}
    # A record that lists a URL twice counts once.
    listings = [
        (place, keys) for place, listed in entries if (keys := named.intersection(listed))
    ]
    counts = Counter(chain.from_iterable([keys for _, keys in listings]))
    named = {
        key
        for key, count in counts.items()
        if count <= MOST_LISTERS and (count > 1 or key in held or key in owners)
    }
    holders: dict[str, list[int]] = {}
    places: dict[str, int] = {}
    if shared or named:
        places = {record.id: place for place, record in enumerate(records)}
        wanted = shared | named
        for place, record in enumerate(records):
            for key in record.url_keys:
                if key in wanted:
                    holders.setdefault(key, []).append(place)
    found: dict[tuple[int, int], UrlLink] = {}
    listers = _listers(records, listings, window, named) if named else {}
    for link in _links(records, holders, listers, places, owners, window):
        pair = (link.one, link.other)
        if pair not in found or RANKS[link.reason] < RANKS[found[pair].reason]:
            found[pair] = link
    return sorted(found.values(), key=order_in(records))


def order_in(records: Sequence[Record]) -> Callable[[UrlLink], tuple[int, timedelta, int, int]]:
    """The sort key of links between these records: the surest first, then the closest."""
    return lambda link: (RANKS[link.reason], _apart(records, link), link.one, link.other)


def _links(
    records: Sequence[Record],
    holders: Mapping[str, Sequence[int]],
    listers: Mapping[str, Sequence[int]],
    places: Mapping[str, int],
    owners: Mapping[str, str],
    window: timedelta,
) -> Iterator[UrlLink]:
    for key, sharing in sorted(holders.items()):
        for other in sharing[1:]:
            yield UrlLink(sharing[0], other, SAME_URL, key)
    for key, near in sorted(listers.items()):
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


def _listers(
    records: Sequence[Record],
    listings: Iterable[tuple[int, Set[str]]],
    window: timedelta,
    named: Set[str],
) -> dict[str, list[int]]:
    """The records that list each of the `named` URLs as an article of their own time."""
    listers: dict[str, list[int]] = {}
    for place, keys in listings:
        if keys.isdisjoint(named):
            continue
        record = records[place]
        # The last entry of a URL says when it was published.
        entries = {entry.url_key: entry.published_at for entry in record.coverage}
        for key in keys & named:
            published = entries[key]
            if published is None or abs(published - record.published_at) <= window:
                listers.setdefault(key, []).append(place)
    return listers


RANKS = {SAME_URL: 0, COVERS: 1, SHARED_COVERAGE: 2}
"""The surest reason first."""


def _apart(records: Sequence[Record], link: UrlLink) -> timedelta:
    return records[link.other].published_at - records[link.one].published_at


def _conflict(records: Sequence[Record], link: UrlLink) -> bool:
    marks = read_marks(records[link.one].title)
    return bool(marks) and bool(conflict(marks, read_marks(records[link.other].title)))


def _is_front_page(key: str) -> bool:
    host, _, path = key.partition("/")
    return not path.strip("/") and "?" not in host
