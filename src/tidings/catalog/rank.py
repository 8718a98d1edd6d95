"""The orders of the site, for the catalog step. Each is total: the id breaks every tie."""

from __future__ import annotations

from datetime import datetime

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
        -_seconds(record.published_at),
        record.id,
    )


def by_time(record: Record) -> tuple[float, str]:
    """Sort key of lists: newest, then id."""
    return (-_seconds(record.published_at), record.id)


def by_worth(record: Record) -> tuple[int, int, float, str]:
    """Sort key among versions of one story: quality, heat, earliest, id."""
    return (
        -(record.quality or 0),
        -heat_of(record),
        _seconds(record.published_at),
        record.id,
    )


def _seconds(instant: datetime) -> float:
    return instant.timestamp()
