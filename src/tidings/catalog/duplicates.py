"""Records that name the same article: one is shown, the others redirect to it.

Part of the catalog step. Only shown records come here, so that no hidden one can replace one
that is shown, or add to it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import chain
from operator import is_not

import msgspec

from tidings.catalog.rank import by_worth
from tidings.model.record import Coverage, Record


class Merged(msgspec.Struct, frozen=True):
    """Records without repeats, and what became of the others."""

    records: tuple[Record, ...]
    """In the order given."""
    redirects: dict[str, str]
    """Ids of the others, with the id of the record that stays; sorted."""
    owners: dict[str, str]
    """The id of the record that stays for every URL key of it and of those it stands for."""


def merge_duplicates(records: Sequence[Record]) -> Merged:
    """One record for each article.

    Records are the same when they share a URL key, directly or through others. The one of most
    worth stays. It takes over the others' coverage, and has those of them that are at another
    address as coverage.
    """
    owners = {key: record.id for record in records for key in record.url_keys}
    if len(owners) == sum([len(record.url_keys) for record in records]):
        return Merged(tuple(records), {}, owners)
    counts = Counter(chain.from_iterable([record.url_keys for record in records]))
    shared = {key for key, count in counts.items() if count > 1}
    meeting = [record for record in records if not shared.isdisjoint(record.url_keys)]
    kept = {record.id: record for record in records}
    redirects: dict[str, str] = {}
    for group in _groups(meeting):
        first, *others = sorted(group, key=by_worth)
        for other in others:
            del kept[other.id]
            redirects[other.id] = first.id
        if others:
            kept[first.id] = _absorb(first, others)
        owners.update((key, first.id) for record in group for key in record.url_keys)
    return Merged(tuple(kept.values()), dict(sorted(redirects.items())), owners)


def merge_again(records: Sequence[Record], before: Merged | None) -> Merged:
    """What `merge_duplicates` gives, taken from what it gave for records of the same URLs."""
    if (
        before is not None
        and not before.redirects
        and len(before.records) == len(records)
        and all(
            (before.records[place].id, before.records[place].url_keys)
            == (records[place].id, records[place].url_keys)
            for place, differs in enumerate(map(is_not, before.records, records))
            if differs
        )
    ):
        return Merged(tuple(records), {}, before.owners)
    return merge_duplicates(records)


def _groups(records: Sequence[Record]) -> list[list[Record]]:
    """The records with those that share a URL key together."""
    parent = {record.id: record.id for record in records}

    def root(identity: str) -> str:
        while parent[identity] != identity:
            parent[identity] = parent[parent[identity]]
            identity = parent[identity]
        return identity

    holder: dict[str, str] = {}
    for record in records:
        for key in record.url_keys:
            parent[root(record.id)] = root(holder.setdefault(key, record.id))
    groups: dict[str, list[Record]] = {}
    for record in records:
        groups.setdefault(root(record.id), []).append(record)
    return list(groups.values())


def _absorb(record: Record, others: Sequence[Record]) -> Record:
    elsewhere = (
        _as_coverage(other) for other in others if other.url_keys[0] not in record.url_keys
    )
    theirs = (entry for other in others for entry in other.coverage)
    return msgspec.structs.replace(record, coverage=(*record.coverage, *elsewhere, *theirs))


def _as_coverage(record: Record) -> Coverage:
    return Coverage(
        title=record.title,
        url=record.url,
        url_key=record.url_keys[0],
        excerpt=record.excerpt,
        published_at=record.published_at,
        kind=record.kind,
        provider=record.provider,
        quality=record.quality,
        pictures=record.pictures,
        amp_url=record.amp_url,
        cdn_amp_url=record.cdn_amp_url,
    )
