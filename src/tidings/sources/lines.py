"""The shortest way to read YAML: front matter in which every line stands alone.

That is how records are written: `key: value`, `- value` and `- key: value`, each value on its
own line. Such a text leaves no doubt, and is read in half the time that YAML's events take.
Whatever else there is (comments, anchors, flow collections, texts of several lines, tabs,
unusual characters) is left to `events`; so is every text with a mistake.
"""

from __future__ import annotations

import re
from typing import Any

# Tab, control characters, line breaks of YAML 1.1, what is not allowed in YAML at all (5.1,
# c-printable) and byte order marks: where one of them stands, YAML itself shall decide.
ODD = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
CONTROLS = bytes((*range(0x0A), *range(0x0B, 0x20), 0x7F))
MARKS = "\u2028\u2029\ufeff\ufffe\uffff"

# Any line: blanks, `- `, `key:`, and a value: in quotes, without, or of another kind. Every
# part may be missing, so it always matches. What is in quotes may run over several lines here,
# which is seen later.
LINE = re.compile(
    r"( *)(- +)?(?:([A-Za-z_][A-Za-z0-9_]{0,99}):(?: +|(?=\n)))?"
    r'(?:"([^"]+)"\n'
    r"|([^\W_][^:#\n]*(?::[^:# \n][^:#\n]*)*)(?<! )\n"
    r"|([^\n]*)\n)"
)

# A text in double quotes with no escapes but the commonest ones (YAML 1.1, 5.6).
QUOTED = re.compile(r'"[^"\\\n]*(?:\\["\\nrt][^"\\\n]*)*"')
ESCAPE = re.compile(r"\\(.)")
ESCAPES = {'"': '"', "\\": "\\", "n": "\n", "r": "\r", "t": "\t"}

NO_VALUE = frozenset(("", "~", "null", "Null", "NULL"))
"""Unquoted scalars that mean "no value" (YAML 1.1, null)."""

MAX_LEVELS = 16
"""Open lists and mappings; fewer than YAML's events are read to, and more than records need."""

Level = tuple[Any, int, int]
"""An open list or mapping, the column of a mapping's keys, and that of a list's dashes; the
other column is -1."""


class RefusedError(Exception):
    """The text is not of the kind that this reads."""


def read_lines(text: str) -> dict[str, Any] | None:
    """The text's mapping as plain values, as YAML's events would give it; None where the text
    is not of the kind that this reads.
    """
    if is_odd(text):
        return None
    try:
        # A text without lines is for YAML to judge.
        return _read(LINE.findall(text if text.endswith("\n") else text + "\n")) or None
    except RefusedError:
        return None


def is_odd(text: str) -> bool:
    """Whether the text has characters that YAML may take for something else than text."""
    # The same as searching for ODD, three times quicker.
    try:
        data = text.encode()
    except UnicodeEncodeError:  # Half a character.
        return True
    if len(data.translate(None, CONTROLS)) < len(data):
        return True
    if len(data) == len(text):
        return False
    return any(mark in text for mark in MARKS) or (
        b"\xc2" in data and ODD.search(text) is not None
    )


def _read(lines: list[tuple[str, str, str, str, str, str]]) -> dict[str, Any]:
    """The mapping that the lines' parts are."""
    root: dict[str, Any] = {}
    here: Any = root
    keys_at, dashes_at = 0, -1
    around: list[Level] = []
    # The last key, if it has no value yet: either it has none, or the next line starts it.
    waiting = ""
    for indent, dash, key, quoted, plain, rest in lines:
        if not key and not dash:
            _expect_blank(quoted or plain or rest)
            continue
        if dash or len(indent) != keys_at:
            level = (here, keys_at, dashes_at)
            here, keys_at, dashes_at = _turn(around, level, waiting, len(indent), dash)
            if dash and key:
                around.append((here, keys_at, dashes_at))
                item: dict[str, Any] = {}
                here.append(item)
                here, keys_at, dashes_at = item, len(indent) + len(dash), -1
        value: str | list[Any] | None
        waiting = ""
        if plain:
            value = None if plain in NO_VALUE else plain
        elif quoted and "\\" not in quoted and "\n" not in quoted:
            value = quoted
        elif quoted or rest or not key:
            value = _scalar(f'"{quoted}"' if quoted else rest)
        else:
            value, waiting = None, key
        if not key:
            here.append(value)
        elif key in here:
            raise RefusedError
        else:
            here[key] = value
    return root


def _expect_blank(rest: str) -> None:
    if rest:
        raise RefusedError


def _turn(around: list[Level], level: Level, waiting: str, at: int, dash: str) -> Level:
    """The level on which an entry at this column lies: a new one inside, or one further out.

    `around` are the levels around the last one, and are changed to those around the new one.
    """
    here, keys_at, dashes_at = level
    if waiting and (at > keys_at or (dash and at == keys_at)):
        around.append(level)
        if len(around) > MAX_LEVELS:
            raise RefusedError
        here[waiting] = [] if dash else {}
        return (here[waiting], -1, at) if dash else (here[waiting], at, -1)
    # A list may lie at the column of the mapping that holds it.
    while at < keys_at or at < dashes_at or (at == dashes_at and not dash):
        if not around:
            raise RefusedError
        here, keys_at, dashes_at = around.pop()
    if at != (dashes_at if dash else keys_at):
        raise RefusedError
    return here, keys_at, dashes_at


def _scalar(text: str) -> str | list[Any] | None:
    """The value that the rest of a line is, where it is certain."""
    text = text.rstrip(" ")
    first = text[:1]
    if first == '"':
        if QUOTED.fullmatch(text) is None:
            raise RefusedError
        return ESCAPE.sub(_escaped, text[1:-1])
    if first == "'":
        inner = text[1:-1].replace("''", "")
        if len(text) < 2 or text[-1] != "'" or "'" in inner:
            raise RefusedError
        return text[1:-1].replace("''", "'")
    if text in ("[]", "~"):
        return [] if text == "[]" else None
    # Unquoted. In what starts with a letter or digit, only `: ` and ` #` have a meaning.
    if not first.isalnum() or ": " in text or " #" in text or text[-1] == ":":
        raise RefusedError
    return None if text in NO_VALUE else text


def _escaped(match: re.Match[str]) -> str:
    return ESCAPES[match[1]]
