"""The orders of the site, for the catalog step. Each is total: the id breaks every tie."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from operator import attrgetter

from tidings.model.rank import by_rank, heat_of
from tidings.model.record import Record

__all__ = ["by_rank", "by_time", "by_worth", "heat_of", "newest_first"]


def by_time(record: Record) -> tuple[float, str]:
    """Sort key of lists: newest, then id."""
    return (-_seconds(record.published_at), record.id)


def newest_first(records: Iterable[Record]) -> list[Record]:
    """The records in the order of `by_time`."""
    # Two sorts, of which the second keeps what the first did, call no function of Python's.
    found = sorted(records, key=attrgetter("id"))
    found.sort(key=attrgetter("published_at"), reverse=True)
    return found


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
