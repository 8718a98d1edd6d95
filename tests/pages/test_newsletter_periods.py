"""Days and weeks of the newsletter: each day is in one of them, and it ends when it is over."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidings.model.period import Period, end_of, local_day, period_before, period_of
from tidings.pages.issues import period_title
from tidings.pages.mails import cut

EVERY = st.sampled_from(["day", "week"])
ZONES = st.sampled_from(
    ["UTC", "America/Sao_Paulo", "Asia/Tokyo", "Pacific/Apia", "Asia/Beirut"]
)
USUAL = st.dates(date(1990, 1, 1), date(2090, 1, 1))


@given(st.dates(), EVERY)
def test_a_day_is_in_its_period_and_every_day_of_it_too(day: date, every: str) -> None:
    period = period_of(day, every)
    assert period.first <= day <= period.last
    assert period_of(period.first, every) == period_of(period.last, every) == period


@given(USUAL, EVERY)
def test_periods_follow_each_other_without_a_gap(day: date, every: str) -> None:
    before = period_before(day, every)
    assert before.last + timedelta(days=1) == period_of(day, every).first
    assert (before.last - before.first).days == (0 if every == "day" else 6)


@given(st.dates())
def test_weeks_begin_on_monday(day: date) -> None:
    period = period_of(day, "week")
    assert period.first.weekday() == 0 or period.first == date.min
    assert period.first.isocalendar()[:2] == day.isocalendar()[:2]


@given(USUAL, EVERY, ZONES)
def test_a_period_is_over_from_its_end_on(day: date, every: str, zone: str) -> None:
    period = period_of(day, every)
    end = end_of(period, zone)
    assert local_day(end, zone) > period.last
    assert local_day(end - timedelta(microseconds=1), zone) <= period.last


def test_the_calendars_own_ends_are_no_trouble() -> None:
    for every in ("day", "week"):
        assert period_before(date.min, every).first == date.min
        assert end_of(period_of(date.max, every), "Asia/Tokyo").year == 9999
    assert local_day(datetime.max.replace(tzinfo=UTC), "Asia/Tokyo") == date.max


@pytest.mark.parametrize(
    ("first", "last", "title"),
    [
        (date(2024, 10, 7), date(2024, 10, 7), "Monday, 7 October 2024"),
        (date(2024, 10, 7), date(2024, 10, 13), "7 October to 13 October 2024"),
        (date(2024, 12, 30), date(2025, 1, 5), "30 December 2024 to 5 January 2025"),
    ],
)
def test_a_period_is_named_in_words(first: date, last: date, title: str) -> None:
    assert period_title(Period(first, last)) == title


@given(st.text(max_size=80), st.integers(2, 40))
def test_a_cut_text_is_one_line_and_short_enough(text: str, most: int) -> None:
    line = cut(text, most)
    assert len(line) <= most
    assert len(line.splitlines()) <= 1
    if len(text) <= most and text.isprintable() and text == " ".join(text.split()):
        assert line == text
