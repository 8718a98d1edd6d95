"""The order of records within a day, on the front and in a newsletter; total, since ids differ.

Kept with the values, because both the catalog and planning put records in this order.
"""

from __future__ import annotations

from tidings.model.record import Record

BONUS = 10
"""What each entry of `related` adds to a record's heat where the source did not say one."""


def heat_of(record: Record) -> int:
    """The record's heat; where it has none, quality + 10 × related, the source's own rule."""
    if record.heat is not None:
        return record.heat
    return (record.quality or 0) + BONUS * len(record.coverage)


def by_rank(record: Record) -> tuple[int, int, float, str]:
    """Sort key within a day and on the front: heat, quality, newest, id."""
    return (
        -heat_of(record),
        -(record.quality or 0),
        -record.published_at.timestamp(),
        record.id,
    )
