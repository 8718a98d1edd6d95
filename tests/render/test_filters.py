"""The filters that templates may use."""

from __future__ import annotations

import datetime as dt
import locale

import msgspec
import pytest
from fixtures import SITE
from hypothesis import given
from hypothesis import strategies as st

from tidings.render.filters import (
    FORMATS,
    MissingAssetError,
    WrongValueError,
    make_filters,
    shorten,
)

EVENING = dt.datetime(2020, 12, 14, 23, 30, 5, tzinfo=dt.UTC)
BERLIN = make_filters(msgspec.structs.replace(SITE, timezone="Europe/Berlin"), {})["date"]
UTC = make_filters(SITE, {})["date"]


@pytest.mark.parametrize(
    ("form", "utc", "berlin"),
    [
        ("iso", "2020-12-14T23:30:05Z", "2020-12-14T23:30:05Z"),
        ("short", "14 Dec 2020", "15 Dec 2020"),
        ("medium", "14 December 2020", "15 December 2020"),
        ("long", "Monday, 14 December 2020", "Tuesday, 15 December 2020"),
        ("full", "14 December 2020, 23:30 UTC", "15 December 2020, 00:30 CET"),
        ("time", "23:30", "00:30"),
        ("day", "14", "15"),
        ("day_month", "14 Dec", "15 Dec"),
        ("weekday", "Monday", "Tuesday"),
        ("month", "December 2020", "December 2020"),
        ("month_name", "December", "December"),
        ("year", "2020", "2020"),
    ],
)
def test_an_instant_is_told_in_the_sites_time_zone(form: str, utc: str, berlin: str) -> None:
    assert UTC(EVENING, form) == utc
    assert BERLIN(EVENING, form) == berlin


def test_every_format_is_tried_above() -> None:
    assert {UTC(EVENING, form) for form in FORMATS}


def test_a_plain_day_is_the_same_in_every_time_zone() -> None:
    day = dt.date(2020, 12, 14)
    assert BERLIN(day, "long") == "Monday, 14 December 2020"
    assert BERLIN(day, "iso") == "2020-12-14"


def test_a_day_has_no_time() -> None:
    with pytest.raises(WrongValueError):
        UTC(dt.date(2020, 12, 14), "time")


def test_an_instant_given_with_an_offset_is_written_in_utc() -> None:
    west = dt.timezone(dt.timedelta(hours=-6))
    assert UTC(dt.datetime(2020, 1, 1, 20, 0, tzinfo=west), "iso") == "2020-01-02T02:00:00Z"


def test_names_do_not_follow_the_locale() -> None:
    before = locale.setlocale(locale.LC_TIME)
    try:
        locale.setlocale(locale.LC_TIME, "")
        assert UTC(EVENING, "long") == "Monday, 14 December 2020"
    finally:
        locale.setlocale(locale.LC_TIME, before)


@pytest.mark.parametrize(
    ("url", "absolute"),
    [
        ("/digest/x/", "https://news.example/digest/x/"),
        ("https://other.example/x", "https://other.example/x"),
        ("feed.xml", "https://news.example/digest/feed.xml"),
    ],
)
def test_addresses_become_absolute(url: str, absolute: str) -> None:
    site = msgspec.structs.replace(SITE, base_url="https://news.example/digest/")
    assert make_filters(site, {})["absolute_url"](url) == absolute


def test_an_asset_is_named_by_its_hashed_address() -> None:
    asset = make_filters(SITE, {"style.css": "/static/style.1f.css"})["asset"]
    assert asset("style.css") == "/static/style.1f.css"
    with pytest.raises(MissingAssetError):
        asset("other.css")


@pytest.mark.parametrize(
    ("text", "length", "short"),
    [
        ("A whole sentence.", 40, "A whole sentence."),
        ("He said “no.”", 40, "He said “no.”"),
        ("Is it?", 40, "Is it?"),
        ("run face searches since at least", 40, "run face searches since at least…"),
        ("One two three four", 12, "One two…"),
        ("One two, three four", 13, "One two…"),
        ("One two three", 8, "One two…"),
        ("already cut…", 40, "already cut…"),
        ("  many \n blanks.  ", 40, "many blanks."),
        ("", 40, ""),
        ("Donaudampfschifffahrtsgesellschaft", 10, "Donaudamp…"),
        ("新闻摘要没有空格也要剪短", 6, "新闻摘要没…"),
    ],
)
def test_excerpts_end_with_a_word_and_say_when_there_is_more(
    text: str, length: int, short: str
) -> None:
    assert shorten(text, length) == short


def test_a_cut_does_not_break_a_sign_from_its_accent() -> None:
    assert shorten("e\u0301" * 20, 10) == "e\u0301" * 4 + "…"


@given(st.text(), st.integers(min_value=2, max_value=60))
def test_excerpts_never_exceed_their_length(text: str, length: int) -> None:
    assert len(shorten(text, length)) <= length
