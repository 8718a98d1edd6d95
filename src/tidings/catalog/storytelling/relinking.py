"""The links between records after a change, from those before it: as from nothing, but sooner.

Part of finding stories, and of speed only. A URL joins records by who has it and who lists it.
So only records that have a URL in common with a changed one can be joined in another way, and
they alone are asked again.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import chain
from operator import is_not

from tidings.catalog.storytelling.links import UrlLink, link_by_urls, order_in
from tidings.catalog.storytelling.marks import read_marks
from tidings.model.record import Record

SHARE = 8
"""When more than one record in so many is reached, all are asked."""

Named = dict[str, tuple[Record, frozenset[str]]]
"""By id a record, and the keys of all URLs that it has or lists."""


def name_urls(records: Sequence[Record], before: Named) -> Named:
    """The URLs of all these records."""
    found: Named = {}
    known = before.get
    for record in records:
        old = known(record.id)
        if old is None or old[0] is not record:
            old = (record, frozenset(_keys_of(record)))
        found[record.id] = old
    return found


def are_linked_alike(before: Sequence[Record], records: Sequence[Record]) -> bool:
    """Whether these are the same records, but for what has nothing to do with links."""
    if len(before) != len(records):
        return False
    return all(
        _linked_by(before[place]) == _linked_by(records[place])
        for place, differs in enumerate(map(is_not, before, records))
        if differs
    )


def _linked_by(record: Record) -> object:
    """All that links between the record and others depend on."""
    return (
        record.id,
        record.published_at,
        record.url_keys,
        [(entry.url_key, entry.published_at) for entry in record.coverage],
        read_marks(record.title),
    )


def relink(
    links: Sequence[UrlLink],
    before: Sequence[Record],
    owners_before: Mapping[str, str],
    records: Sequence[Record],
    owners: Mapping[str, str],
    named: Named,
    at: Sequence[int],
    window: timedelta,
) -> list[UrlLink]:
    """What `link_by_urls` gives for the records (oldest first).

    `links` are those of the records `before`, which are now at the places `at`, -1 where they
    have gone; `named` are the URLs of the records, in their order.
    """
    changed = list(_changed(before, records, at))
    touched = set(chain.from_iterable(map(_keys_of, changed)))
    moved = {record.id for record in changed}
    # What stands for others is linked by their URLs too, which are not among its own.
    touched.update(key for key, identity in owners.items() if identity in moved)
    if owners != owners_before:
        touched.update(key for key, _ in owners.items() ^ owners_before.items())
    if not touched:
        return list(links)
    places = {record.id: place for place, record in enumerate(records)}
    reached = _having(touched, named, places, owners, owners_before)
    wider = set(touched).union(*[named[records[place].id][1] for place in reached])
    asked = sorted(_having(wider, named, places, owners, {}))
    if len(asked) > len(records) // SHARE:
        return link_by_urls(records, owners, window)
    # Of two that change places one has changed, so that both are reached.
    now = [UrlLink(at[one], at[other], reason, url) for one, other, reason, url in links]
    kept = [
        link
        for link in now
        if link.one >= 0
        and link.other >= 0
        and not (link.one in reached and link.other in reached)
    ]
    order = order_in(records)
    for link in link_by_urls([records[place] for place in asked], owners, window):
        one, other = asked[link.one], asked[link.other]
        if one in reached and other in reached:
            insort(kept, UrlLink(one, other, link.reason, link.url), key=order)
    return kept


def _changed(
    before: Sequence[Record], records: Sequence[Record], at: Sequence[int]
) -> Iterator[Record]:
    """All records that have come, gone or changed: as they were, and as they are."""
    same = {
        place
        for place, old in zip(at, before, strict=True)
        if place >= 0 and records[place] is old
    }
    for place, old in zip(at, before, strict=True):
        if place not in same:
            yield old
    for place, record in enumerate(records):
        if place not in same:
            yield record


def _having(
    keys: set[str],
    named: Named,
    places: Mapping[str, int],
    owners: Mapping[str, str],
    owners_before: Mapping[str, str],
) -> set[int]:
    """The places of the records that have, list or stand for any of the URLs."""
    apart = keys.isdisjoint
    found = {place for place, (_, each) in enumerate(named.values()) if not apart(each)}
    for known in (owners, owners_before):
        for identity in map(known.get, keys):
            if identity is not None and identity in places:
                found.add(places[identity])
    return found


def _keys_of(record: Record) -> Iterator[str]:
    return chain(record.url_keys, [entry.url_key for entry in record.coverage])
