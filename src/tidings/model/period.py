"""Periods that a newsletter tells of: a day, or a week from Monday to Sunday (ISO 8601)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

Every = Literal["day", "week"]

DAYS = {"day": 1, "week": 7}


class Period(msgspec.Struct, frozen=True, order=True):
    """Local days from the first to the last, both within it."""

    first: date
    last: date


def period_of(day: date, every: Every) -> Period:
    """The period that the day lies in; cut off where the calendar ends."""
    if every == "day":
        return Period(day, day)
    monday = max(day.toordinal() - day.weekday(), date.min.toordinal())
    sunday = min(monday + DAYS["week"] - 1, date.max.toordinal())
    return Period(date.fromordinal(monday), date.fromordinal(sunday))


def period_before(day: date, every: Every) -> Period:
    """The period before the one that the day lies in."""
    first = period_of(day, every).first
    return period_of(first - timedelta(days=1), every) if first > date.min else Period(day, day)


def local_day(instant: datetime, timezone: str) -> date:
    """The day of an aware instant in the time zone; in UTC where the calendar ends."""
    try:
        return instant.astimezone(ZoneInfo(timezone)).date()
    except OverflowError:
        return instant.date()


def end_of(period: Period, timezone: str) -> datetime:
    """The first UTC instant after the period; the calendar's last one where it ends there."""
    try:
        following = period.last + timedelta(days=1)
        return datetime.combine(following, time(), ZoneInfo(timezone)).astimezone(UTC)
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)
