"""The orders of the site, for the catalog step. Each is total: the id breaks every tie."""

from __future__ import annotations

from datetime import datetime

from tidings.model.rank import by_rank, heat_of
from tidings.model.record import Record

__all__ = ["by_rank", "by_time", "by_worth", "heat_of"]


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
