"""What tells one event from the next of its kind: versions, parts, ordinals, dates in a title.

Part of finding stories. "Release wave 1" and "release wave 2", Python 3.12 and 3.13, the calls
of May and of June are worded alike and are different events. A title is read for marks: a key,
such as `wave`, `python` or `month`, and the values that the title gives it. Two titles conflict
where they give one key values of which none is shared. A key that only one has says nothing.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping

from tidings.catalog.relating.words import fold, stem

Marks = Mapping[str, frozenset[str]]
"""Values by key."""

PIECE = re.compile(
    r"[^\W\d_]+-?\d+(?:\.\d+)*(?!\w)"
    r"|[$€£¥]?\d+(?:[.,]\d+)*(?:st|nd|rd|th)?(?:%|(?!\w))"
    r"|[^\W\d_]+(?:['’.&][^\W\d_]+)*"
    r"|\w+"
)
"""A word with a number that sticks to it, a number with what sticks to it, or a word."""

NUMBER = re.compile(r"(\d+(?:\.\d+)*)\Z")
ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)\Z")
QUARTER = re.compile(r"([qh])([1-4])\Z")
GLUED = re.compile(r"([a-z]{2,})-?(\d+(?:\.\d+)*)\Z")
IDENTIFIER = re.compile(r"\b([A-Z]{2,6})-(\d+-\d[\d-]*)\b")
"""CVE-2024-9680, DSA-5649-1: a number that is a name."""

_SERIES = """
    alpha beta candidate chapter day days edition episode issue lesson level no number part
    phase pep preview rc rfc round season session stage step update v version vol volume
    wave week build
"""
SERIES = frozenset(_SERIES.split())
"""Words after which a number counts the members of a series, however they are written."""

_UNITS = """
    percent pct per million millions billion billions bn m mn k thousand hundred trillion
    dollars euros pounds cents points people dead killed injured men women children years
    year months month weeks week days day hours hour minutes minute seconds times things
    ways reasons tips facts miles km gb mb tb mg kg w v a p am pm ghz mhz inch inches to of
    and or more other new
"""
UNITS = frozenset(_UNITS.split())
"""Words before which a number counts or measures something and names nothing."""

_MONTHS = """
    january jan; february feb; march mar; april apr; may; june jun; july jul; august aug;
    september sept sep; october oct; november nov; december dec
"""
MONTHS = {
    name: str(number)
    for number, names in enumerate(_MONTHS.split(";"), start=1)
    for name in names.split()
}
VERBS = frozenset(("may", "march", "mar", "sept", "dec"))
"""Month names that mean something else unless a number stands beside them."""

_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth"
ORDINALS = {name: str(number) for number, name in enumerate(_ORDINALS.split(), start=1)}

HINT = re.compile(r"\d|\b(?:" + "|".join((*MONTHS, *ORDINALS)) + r")\b", re.IGNORECASE)
"""What a title without marks does not have."""


@functools.lru_cache(maxsize=20_000)
def read_marks(title: str) -> Marks:
    """The marks of the title. The cache only saves time."""
    if HINT.search(title) is None:
        return {}
    text = fold(title)
    found: dict[str, set[str]] = {}
    for match in IDENTIFIER.finditer(text):
        found.setdefault("id " + match[1].lower(), set()).add(match[2].rstrip("-"))
    text = IDENTIFIER.sub(" ", text)
    pieces = PIECE.findall(text)
    words = [piece for piece in pieces if piece[0].isalpha() and len(piece) > 3]
    sentence = sum(word[0].islower() for word in words) * 3 > len(words)
    for place, piece in enumerate(pieces):
        before = pieces[place - 1] if place else ""
        after = pieces[place + 1] if place + 1 < len(pieces) else ""
        for key, value in _marks_at(before, piece, after, sentence):
            found.setdefault(key, set()).add(value)
    return {key: frozenset(values) for key, values in found.items()}


def conflict(one: Marks, other: Marks) -> str:
    """The first key, by the alphabet, that the two titles disagree about; or ""."""
    if not one or not other:
        return ""
    return min(
        (key for key, values in one.items() if key in other and not values & other[key]),
        default="",
    )


def _marks_at(before: str, piece: str, after: str, sentence: bool) -> Iterator[tuple[str, str]]:
    low = piece.lower()
    if low in MONTHS and piece[0].isupper():
        day = next((n for n in (_day(after), _day(before)) if n), "")
        if day or _year(after) or low not in VERBS:
            yield "month", MONTHS[low]
        if day:
            yield "day of month", f"{MONTHS[low]}-{day}"
    elif low in ORDINALS or (ORDINAL.match(low) and before.lower() not in MONTHS):
        if after and after[0].isalpha() and after.lower() not in MONTHS:
            counted = ORDINALS.get(low) or ORDINAL.sub(r"\1", low)
            yield "ordinal " + stem(after.lower()), counted
    elif match := QUARTER.match(low):
        yield "part of year " + match[1], match[2]
    elif match := NUMBER.match(piece):
        counts = not before or after.lower() in UNITS
        if not counts and _numbers_a_name(before, match[1], sentence):
            yield "number " + stem(before.lower()), _plain(match[1])
    elif match := GLUED.match(low):
        yield "number " + stem(match[1]), _plain(match[2])


def _numbers_a_name(before: str, number: str, sentence: bool) -> bool:
    """Whether a number after this word tells one thing from the next: iOS 7, wave 2, Ruby 3.4.

    In a title in capitals every word looks like a name, so that only versions and words of
    mixed case count: "Quake Kills 12" must not conflict with "Quake Kills 15".
    """
    low = before.lower()
    if low in SERIES:
        return True
    if not before[0].isalpha() or low in MONTHS or _year(number):
        return False
    mixed = before[1:] != before[1:].lower()
    return mixed or (before[0].isupper() and (sentence or "." in number))


def _plain(number: str) -> str:
    """The number as versions are compared: 3.13.0 is 3.13."""
    while number.endswith(".0"):
        number = number[:-2]
    return number


def _day(piece: str) -> str:
    match = ORDINAL.match(piece.lower()) or re.match(r"(\d{1,2})\Z", piece)
    # By its length first: strangers write numbers that Python refuses to read.
    return match[1] if match and len(match[1]) <= 2 and 1 <= int(match[1]) <= 31 else ""


def _year(piece: str) -> bool:
    return len(piece) == 4 and piece.isdigit() and piece[:2] in ("19", "20")
