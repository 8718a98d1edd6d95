"""Where in a TOML text each setting stands: asked only once there is a problem to point at.

Python's own parser tells no positions. This one trusts that it has accepted the text before.
"""

from __future__ import annotations

import re

import msgspec

Path = tuple[str, ...]
"""Table and key names from the outside in: `("site", "title")`."""

BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
BARE = re.compile(r"[A-Za-z0-9_-]+")
STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'', re.DOTALL
)
SCALAR = re.compile(r"[^\s,\]}#]+(?: [0-9][^\s,\]}#]*)?")
"""A number, truth value or time; a date and its time may have a blank between them."""


class Spot(msgspec.Struct, frozen=True):
    """Where a setting stands, as offsets into the text."""

    key: int
    value: int
    """The same as `key` for a table with a header."""


class _Cursor:
    """A place in a text that moves forward."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def skip(self) -> None:
        """Go past blanks, line ends and comments."""
        if found := BLANK.match(self.text, self.at):
            self.at = found.end()

    def take(self, mark: str) -> bool:
        """Go past the mark if it stands here; whether it did."""
        if not self.text.startswith(mark, self.at):
            return False
        self.at += len(mark)
        return True

    def match(self, pattern: re.Pattern[str]) -> str:
        """Go past what the pattern matches here, and return it; empty for nothing."""
        found = pattern.match(self.text, self.at)
        if found is None:
            return ""
        self.at = found.end()
        return found.group()


def find_places(text: str) -> dict[Path, Spot]:
    """The place of each table and key of a valid TOML text: its first where there are two."""
    places: dict[Path, Spot] = {}
    cursor = _Cursor(text)
    table: Path = ()
    while True:
        cursor.skip()
        start = cursor.at
        if start >= len(text):
            return places
        if cursor.take("["):
            cursor.take("[")
            table = _key(cursor)
            cursor.take("]")
            cursor.take("]")
            for end in range(1, len(table) + 1):
                places.setdefault(table[:end], Spot(start, start))
        else:
            _pair(cursor, table, places)
        if cursor.at == start:  # Not a TOML text after all: better no place than no end.
            return places


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Line and column of an offset, both counted from 1, the column in characters."""
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1


def _key(cursor: _Cursor) -> Path:
    """The parts of a key with dots."""
    parts: list[str] = []
    while True:
        cursor.skip()
        bare = cursor.match(BARE)
        parts.append(bare or _plain(cursor.match(STRING)))
        cursor.skip()
        if not cursor.take("."):
            return tuple(parts)


def _plain(quoted: str) -> str:
    """The text of a quoted key."""
    if quoted.startswith('"'):
        import tomllib

        return str(tomllib.loads(f"key = {quoted}")["key"])
    return quoted[1:-1]


def _pair(cursor: _Cursor, table: Path, places: dict[Path, Spot]) -> None:
    """Note the place of a key, and go past its value."""
    start = cursor.at
    key = _key(cursor)
    cursor.take("=")
    cursor.skip()
    for end in range(1, len(key)):
        places.setdefault(table + key[:end], Spot(start, start))
    places.setdefault(table + key, Spot(start, cursor.at))
    _value(cursor, table + key, places)


def _value(cursor: _Cursor, path: Path, places: dict[Path, Spot]) -> None:
    """Go past a value, noting the keys of inline tables and the members of lists on the way."""
    cursor.skip()
    if cursor.take("["):
        number = 0
        while not _ends(cursor, "]"):
            member = (*path, str(number))
            places.setdefault(member, Spot(cursor.at, cursor.at))
            _value(cursor, member, places)
            number += 1
    elif cursor.take("{"):
        while not _ends(cursor, "}"):
            _pair(cursor, path, places)
    elif not cursor.match(STRING):
        cursor.match(SCALAR)


def _ends(cursor: _Cursor, mark: str) -> bool:
    """Go to the next member, past a comma; whether the list or table ends here."""
    cursor.skip()
    if cursor.take(","):
        cursor.skip()
    return cursor.take(mark) or cursor.at >= len(cursor.text)
