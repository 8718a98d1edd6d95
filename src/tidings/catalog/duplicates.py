"""Records that name the same article: one is shown, the others redirect to it."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from tidings.catalog.rank import by_worth
from tidings.model.record import Record


def merge_duplicates(
    records: Sequence[Record],
) -> tuple[tuple[Record, ...], dict[str, str]]:
    """The records without repeats, and the ids of the others with the id of the one that stays.

    Records are the same when they share a URL key, directly or through others. The one of most
    worth stays and takes over the others' coverage.
    """
    owner: dict[str, str] = {}
    parent = {record.id: record.id for record in records}

    def root(identity: str) -> str:
        while parent[identity] != identity:
            parent[identity] = parent[parent[identity]]
            identity = parent[identity]
        return identity

    for record in records:
        for key in record.url_keys:
            if key in owner:
                parent[root(record.id)] = root(owner[key])
            else:
                owner[key] = record.id
    if len(parent) == len({root(record.id) for record in records}):
        return tuple(records), {}
    groups: dict[str, list[Record]] = {}
    for record in records:
        groups.setdefault(root(record.id), []).append(record)
    kept: dict[str, Record] = {}
    redirects: dict[str, str] = {}
    for group in groups.values():
        first, *others = sorted(group, key=by_worth)
        if others:
            first = _absorb(first, others)
            redirects.update((other.id, first.id) for other in others)
        kept[first.id] = first
    return (
        tuple(kept[record.id] for record in records if record.id in kept),
        dict(sorted(redirects.items())),
    )


def _absorb(record: Record, others: Sequence[Record]) -> Record:
    coverage = (*record.coverage, *(entry for other in others for entry in other.coverage))
    keys = dict.fromkeys((*record.url_keys, *(key for other in others for key in other.url_keys)))
    return msgspec.structs.replace(record, coverage=coverage, url_keys=tuple(keys))
