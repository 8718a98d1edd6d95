"""Text to typed values, one function for each type: the value, or None where the text is none.

Both ways of reading a record convert through these, so they cannot disagree about a value.
"""

from __future__ import annotations

import functools
import re
from datetime import UTC, datetime

from tidings.sources.addresses import MAX_URL, bare_host

INSTANT = re.compile(
    r"(\d{4}-\d{2}-\d{2})"
    r"(?:(?:[Tt]| +)((?:[01]\d|2[0-3]):\d{2}(?::\d{2}(?:\.\d{1,9})?)?)"
    r"(?: ?([Zz]|[+-]\d{2}(?::?\d{2})?))?)?",
    re.ASCII,
)
COMMON_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T(?:[01]\d|2[0-3]):\d{2}:\d{2}Z", re.ASCII)
"""The form in which nearly all instants come."""
YEARS = range(1000, 9999)
"""Years of an instant. Outside of them lie defaults of other systems, not news; and an instant
at the very ends of the calendar has no local time."""


def instant(text: str) -> datetime | None:
    """The text as an aware UTC instant; one without an offset is taken as UTC.

    Accepted: RFC 3339, with blanks for the `T`, without seconds, or the date alone (midnight).
    """
    if len(text) == 20 and COMMON_INSTANT.fullmatch(text):
        try:
            value = datetime.fromisoformat(text)
        except ValueError:
            return None
        return value if value.year in YEARS else None
    match = INSTANT.fullmatch(text)
    if match is None:
        return None
    day, time, zone = match.groups()
    try:
        value = datetime.fromisoformat(f"{day}T{time}{(zone or 'Z').upper()}" if time else day)
    except ValueError:
        return None
    if value.tzinfo is not UTC:
        try:
            value = value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
        except OverflowError:
            return None
    return value if value.year in YEARS else None


def instant_problem(text: str) -> str:
    """Why the text is no instant, in a few words."""
    match = re.match(
        r"(\d{4})-(\d{2})-(\d{2})(?:(?:[Tt]| +)(\d{2}):(\d{2})(?::(\d{2}))?)?", text, re.ASCII
    )
    if match is None:
        return "is not a date"
    month, day = int(match[2]), int(match[3])
    if not 1 <= month <= 12:
        return f"has month {month:02d}"
    if not 1 <= day <= 31:
        return f"has day {day:02d}"
    if match[4] and int(match[4]) > 23:
        return f"has hour {match[4]}"
    if match[5] and int(match[5]) > 59:
        return f"has minute {match[5]}"
    if match[6] and int(match[6]) > 59:
        return f"has second {match[6]}"
    if INSTANT.fullmatch(text) is None:
        return "is not a date"
    if int(match[1]) not in YEARS:
        return f"has year {match[1]}"
    return "does not exist in the calendar"


INTEGER = re.compile(r"[+-]?\d{1,9}", re.ASCII)


def integer(text: str) -> int | None:
    """The text as a whole number of at most nine digits."""
    if text.isascii() and text.isdigit() and len(text) <= 9:
        return int(text)
    return int(text) if INTEGER.fullmatch(text) else None


TRUTH = {
    **dict.fromkeys(("true", "yes", "on", "y"), True),
    **dict.fromkeys(("false", "no", "off", "n"), False),
}


def truth(text: str) -> bool | None:
    """The text as a boolean, by the words of YAML 1.1."""
    return TRUTH.get(text.lower())


LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")


def language(text: str) -> str | None:
    """The text as a language tag (BCP 47, by shape); `_` is read as `-`."""
    text = text.strip().replace("_", "-")
    return text if LANGUAGE.fullmatch(text) else None


DOMAIN = re.compile(r"[^\s\x00-\x20\x7f/:@?#%&|\"'<>\\]+\.[^\s\x00-\x20\x7f/:@?#%&|\"'<>\\]+")


@functools.lru_cache(maxsize=4096)  # A few outlets publish nearly everything.
def domain(text: str) -> str | None:
    """The text as a host name in lower case without `www.`."""
    text = bare_host(text.strip().lower())
    # What is longer than any address is no host, and would take the square of its length.
    if len(text) > MAX_URL or ".." in text or text[:1] == "." or not text.isprintable():
        return None
    return text if DOMAIN.fullmatch(text) else None
