"""Filters: the few functions that templates may call on what they see. Part of rendering.

All are pure. Names of days and months are English whatever the machine's locale.
"""

from __future__ import annotations

import datetime as dt
import functools
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from markupsafe import Markup

from tidings.model.view import CardView, CoverageView, LinkView, SiteView
from tidings.render.policy import content_policy

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
END_MARKS = frozenset(".!?…:;。！？।؟")
CLOSING_MARKS = "\"'”’»)]」』"
DEFAULT_EXCERPT = 200
REMEMBERED = 8192
"""Results of a filter that are kept."""
PLAIN = Markup()


class MissingAssetError(LookupError):
    """A template asks for an asset that no `static/` folder has."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class WrongValueError(ValueError):
    """A template gives a filter what it cannot take, or shows what has no text."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


def make_filters(site: SiteView, assets: Mapping[str, str]) -> dict[str, Callable[..., Any]]:
    """The filters by name, for one site and the URLs of its assets."""
    zone = ZoneInfo(site.timezone)
    parts = urlsplit(site.base_url)
    origin = f"{parts.scheme}://{parts.netloc}"

    # The same instants and texts stand on many pages, and putting them in shape is slow.
    @functools.lru_cache(maxsize=REMEMBERED)
    def date(value: dt.date | dt.datetime, form: str = "short") -> str:
        return format_date(value, form, zone)

    # Typed, because markup equals the text that it is made of, and must not come back for it.
    excerpt = functools.lru_cache(maxsize=REMEMBERED, typed=True)(shorten)

    def absolute_url(url: str) -> str:
        if not isinstance(url, str):
            raise _wrong("absolute_url", url, "an address")
        return make_absolute(url, origin, site.base_url)

    def asset(name: str) -> str:
        if not isinstance(name, str):
            raise _wrong("asset", name, "the name of a file")
        url = assets.get(name)
        if url is None:
            raise MissingAssetError(name)
        return url

    return {
        "date": date,
        "absolute_url": absolute_url,
        "excerpt": excerpt,
        "asset": asset,
        "content_policy": content_policy,
        "direction": functools.partial(direction, site_rtl=site.rtl),
    }


def _wrong(name: str, value: object, wanted: str) -> WrongValueError:
    """What to raise where the filter of that name was given another value than it takes."""
    given = "None" if value is None else f"a value of type {type(value).__name__}"
    return WrongValueError(
        f"the {name} filter was given {given}, not {wanted}",
        "Ask first whether there is one, with {% if %}." if value is None else "",
    )


def format_date(value: dt.date | dt.datetime, form: str, zone: ZoneInfo) -> str:
    """A day, or an instant as seen in `zone`, in words.

    `iso` is made for `datetime` attributes: the instant in UTC, or the plain day.
    """
    if isinstance(value, dt.datetime):
        if form == "iso":
            return write_instant(value)
        value = value.astimezone(zone)
    elif not isinstance(value, dt.date):
        raise _wrong("date", value, "a day or an instant")
    elif form == "iso":
        return value.isoformat()
    make = FORMATS.get(form)
    if make is None:
        known = ", ".join(sorted({*FORMATS, "iso"}))
        raise WrongValueError(f'date format "{form}" is not one of {known}')
    return make(value)


def write_instant(value: dt.datetime) -> str:
    """The aware instant as RFC 3339 has it, in UTC and whole seconds."""
    if value.tzinfo is not dt.UTC:
        value = value.astimezone(dt.UTC)
    return value.isoformat()[:19] + "Z"


def _clock(value: dt.date) -> str:
    if not isinstance(value, dt.datetime):
        raise WrongValueError("a day without a time of day cannot be shown as a time")
    return f"{value.hour:02}:{value.minute:02}"


def _day_month(value: dt.date) -> str:
    return f"{value.day} {MONTHS[value.month - 1][:3]}"


def _plain(value: dt.date) -> str:
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def _full(value: dt.date) -> str:
    zone = value.tzname() if isinstance(value, dt.datetime) else ""
    return f"{_plain(value)}, {_clock(value)} {zone}".rstrip()


FORMATS: dict[str, Callable[[dt.date], str]] = {
    "short": lambda value: f"{_day_month(value)} {value.year}",
    "medium": _plain,
    "long": lambda value: f"{WEEKDAYS[value.weekday()]}, {_plain(value)}",
    "full": _full,
    "time": _clock,
    "day": lambda value: str(value.day),
    "day_month": _day_month,
    "weekday": lambda value: WEEKDAYS[value.weekday()],
    "month": lambda value: f"{MONTHS[value.month - 1]} {value.year}",
    "month_name": lambda value: MONTHS[value.month - 1],
    "year": lambda value: str(value.year),
}
"""What the `date` filter can write; an example of each stands in docs/how-to/theme.md."""


def direction(card: CardView | CoverageView | LinkView, site_rtl: bool = False) -> Markup:
    """The attributes of an element whose text has the card's language; empty for the site's."""
    if not card.locale and not card.rtl and not site_rtl:
        return PLAIN
    locale = Markup(' lang="{}"').format(card.locale) if card.locale else PLAIN
    if card.rtl:
        return locale + Markup(' dir="rtl"')
    return locale + (Markup(' dir="ltr"') if site_rtl else PLAIN)


def make_absolute(url: str, origin: str, base_url: str) -> str:
    """The address with scheme and host, of one that may lack both."""
    if url.startswith(("https://", "http://")):
        return url
    if url.startswith("/"):
        return origin + url
    return base_url + url


def shorten(text: str, length: int = DEFAULT_EXCERPT) -> str:
    """The text within `length` characters, cut after a word; "…" says that there was more.

    A text that fits but stops without an end mark was cut before it came here; it gets one too.
    """
    if not isinstance(text, str):
        raise _wrong("excerpt", text, "a text")
    # Most texts are in order, and seeing that is quicker than taking them apart.
    if not text.isprintable() or "  " in text or text[:1] == " " or text[-1:] == " ":
        text = " ".join(text.split())
    if len(text) > length:
        return _cut(text, length - 1) + "…"
    if not text or text.rstrip(CLOSING_MARKS)[-1:] in END_MARKS:
        return text
    return (text if len(text) < length else _cut(text, length - 1)) + "…"


def _cut(text: str, length: int) -> str:
    """The beginning of `text`, within `length` characters, ending with a whole word."""
    end = length if text[length : length + 1] == " " else text.rfind(" ", 0, length + 1)
    # A script without spaces, or one very long word: better a broken word than next to nothing.
    if end < length // 2:
        end = length
        while end > 0 and _joins(text[end : end + 1], text[end - 1]):
            end -= 1
    return text[:end].rstrip(" .,;:-–—([{“‘«…")


def _joins(following: str, before: str) -> bool:
    """Whether the two characters belong to one sign, so that a cut between would break it."""
    joiner = "\N{ZERO WIDTH JOINER}"
    if joiner in (before, following):
        return True
    return following != "" and unicodedata.category(following) in ("Mn", "Me")
