"""What the last catalog made of single records, for a program that makes one after the other.

Part of the catalog step, and of speed only. A record that has not changed is the very same
object from one build to the next; what was made of it is taken again where all else that it
depends on is the same too. Nothing here is changed in place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import TypeVar

import msgspec

from tidings.catalog.arranging import Arranged
from tidings.catalog.coverage import coverage_of
from tidings.catalog.duplicates import Merged
from tidings.catalog.more import relatable
from tidings.catalog.relating.relating_types import Relatable
from tidings.model.catalog import CoverageItem
from tidings.model.record import Record

V = TypeVar("V")

Made = dict[str, tuple[Record, V]]
"""By id a record and what was made of it."""
Relatables = Made[tuple[tuple[str, ...], Relatable]]
Coverages = dict[str, tuple[CoverageItem, ...]]


class Remembered(msgspec.Struct, frozen=True):
    """What was made of the records of one catalog."""

    basis: object = None
    """What settling depends on beside the record."""
    settled: Made[tuple[Record, date]] = {}
    owners: Mapping[str, str] = {}
    coverage: Made[tuple[CoverageItem, ...]] = {}
    relatables: Relatables = {}
    arranged: Arranged | None = None
    merged: Merged | None = None


def made_of(records: Iterable[Record], before: Made[V], make: Callable[[Record], V]) -> Made[V]:
    """What is made of each record, in their order."""
    found: Made[V] = {}
    for record in records:
        known = before.get(record.id)
        if known is None or known[0] is not record:
            known = (record, make(record))
        found[record.id] = known
    return found


def coverages(
    records: Sequence[Record], owners: Mapping[str, str], before: Remembered
) -> Made[tuple[CoverageItem, ...]]:
    """The related coverage of the records that list any."""
    listing = [record for record in records if record.coverage]
    known = before.coverage
    if owners != before.owners:
        # A URL that has come to a record, or left it, bears upon all that list it.
        moved = {key for key, _ in owners.items() ^ before.owners.items()}
        known = {
            identity: made
            for identity, made in known.items()
            if moved.isdisjoint([entry.url_key for entry in made[0].coverage])
        }
    return made_of(listing, known, lambda record: coverage_of(record, owners))


def all_relatables(
    records: Iterable[Record], topic_names: Mapping[str, tuple[str, ...]], before: Remembered
) -> Relatables:
    """All records as relating takes them; `topic_names` has the names of each one's topics."""
    found: Relatables = {}
    for record in records:
        names = topic_names.get(record.id, ())
        known = before.relatables.get(record.id)
        if known is None or known[0] is not record or known[1][0] != names:
            known = (record, (names, relatable(record, names)))
        found[record.id] = known
    return found
