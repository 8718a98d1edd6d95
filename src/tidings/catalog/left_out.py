"""Which entries of a record's `related` are not listed as coverage, and why not.

For `tidings explain` and `tidings check`. The rules themselves are those of `coverage_of`,
which is asked again with the entries in question, so that this can never say anything else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from tidings.catalog.coverage import coverage_of
from tidings.model.catalog import Catalog, CoverageItem
from tidings.model.record import Coverage, Record


class LeftOut(msgspec.Struct, frozen=True):
    """An entry that is not listed."""

    coverage: Coverage
    reason: str
    """`itself` (the record's own article), `same-url`, `same-title` (of the same outlet) or
    `repeat`."""
    kept: Coverage | None = None
    """The entry that is listed in its place, as far as one is."""


def left_out(
    record: Record, items: Iterable[CoverageItem], owners: Mapping[str, str]
) -> tuple[LeftOut, ...]:
    """The record's entries that are not among `items`, its coverage; in the record's order."""
    rest = list(record.coverage)
    kept = list(listed(items))
    for entry in kept:
        rest.remove(entry)
    return tuple(_explain(entry, record, kept, owners) for entry in rest)


def listed(items: Iterable[CoverageItem]) -> Iterator[Coverage]:
    """All entries of the coverage, those listed under others included."""
    for item in items:
        yield item.coverage
        yield from listed(item.also)


def owners_of(catalog: Catalog, records: Iterable[Record]) -> dict[str, str]:
    """The id of the shown record for every URL key of one, or of one that redirects to it.

    `records` are all records of the site.
    """
    owners: dict[str, str] = {}
    for record in records:
        owner = catalog.redirects.get(record.id, record.id)
        if owner in catalog.records:
            owners.update(dict.fromkeys(record.url_keys, owner))
    return owners


def _explain(
    entry: Coverage, record: Record, kept: Iterable[Coverage], owners: Mapping[str, str]
) -> LeftOut:
    if entry.url_key in record.url_keys:
        return LeftOut(entry, "itself")
    for other in kept:
        if other.url_key == entry.url_key:
            return LeftOut(entry, "same-url", other)
    if _count(record, (entry,), owners) == 0:
        return LeftOut(entry, "itself")
    for other in kept:
        if _count(record, (entry, other), owners) == 1:
            return LeftOut(entry, "same-title", other)
    return LeftOut(entry, "repeat")


def _count(record: Record, entries: tuple[Coverage, ...], owners: Mapping[str, str]) -> int:
    """How many of the entries would be listed if the record had no others."""
    alone = msgspec.structs.replace(record, coverage=entries)
    return len(list(listed(coverage_of(alone, owners))))
