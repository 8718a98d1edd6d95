"""Which paths below the output folder may be written or deleted at all.

Used by everything in the output step that turns a path from a plan, or from a manifest that
somebody may have edited, into a file.
"""

from __future__ import annotations

import re
import secrets
import sys
import unicodedata
from collections.abc import Collection, Iterator

STATE = ".tidings"
"""The folder of our own notes within an output folder."""
TEMPORARY = ".tidings-"
"""How names of files begin that are still being written."""
TEMPORARY_SHAPE = re.compile(re.escape(TEMPORARY) + "[0-9a-f]{12}")
NO_TEXT = re.compile("[\x00-\x1f\ud800-\udfff]")
PLAIN = re.compile(r"(?:\w[\w.-]*/)*\w[\w.-]*")
"""Paths that nothing is wrong with: letters, digits, and no part that begins with a dot."""
WINDOWS_MARKS = frozenset('\\:*?"<>|')


def _kind(code: int) -> int:
    letter = chr(code)
    if letter in "/\n":
        return ord("/")
    if letter in ".-":
        return ord(".")
    return ord("a" if code < 128 and (letter.isalnum() or letter == "_") else "!")


KINDS = bytes(map(_kind, range(256)))
"""For each byte the sign of its kind, as `_are_plain` knows them."""


def path_problem(path: str) -> str:
    """What is wrong with a path below the output folder; empty for one that is fine."""
    if PLAIN.fullmatch(path) and sys.platform != "win32":
        return ""
    parts = path.split("/")
    if not path or path.startswith("/"):
        return "is not a path below the output folder"
    if any(part in {"", ".", ".."} for part in parts):
        return "has an empty part, `.` or `..` in it"
    if NO_TEXT.search(path):
        return "has a control character in it, or one that is not valid text"
    if sys.platform == "win32" and WINDOWS_MARKS.intersection(path):
        return "has a character in it that file names cannot have here"
    first = parts[0].casefold()
    if first in {STATE, ".git"} or any(part.startswith(TEMPORARY) for part in parts):
        return "is reserved"
    return ""


def first_wrong_path(paths: Collection[str]) -> str:
    """The first of the paths in order that something is wrong with; empty where none is."""
    # Together where that is possible: one by one they would cost more than reading them.
    if sys.platform != "win32":
        plain = [path for path in paths if path.isascii()]
        if _are_plain(plain):
            paths = [path for path in paths if not path.isascii()]
    return min(filter(path_problem, paths), default="")


def _are_plain(paths: Collection[str]) -> bool:
    """Whether `PLAIN` has all of the paths, which are in ASCII."""
    # `!` is what no plain path has in it, `.` what no part begins with, `/` what ends a part. A
    # name with a line's end in it makes one more line than there are paths.
    lines = "\n".join(["", *paths, ""]).encode("ascii")
    kinds = lines.translate(KINDS)
    return lines.count(b"\n") == len(paths) + 1 and not any(
        bad in kinds for bad in (b"!", b"//", b"/.")
    )


def fold_case(path: str) -> str:
    """The path as a disk knows it which ignores the case of letters: equal for equal names."""
    return unicodedata.normalize("NFC", path).casefold()


def folders_of(path: str) -> Iterator[str]:
    """The folders that a path lies in, innermost first."""
    while path := path.rpartition("/")[0]:
        yield path


def temporary_name() -> str:
    """A new name for a file that is still being written."""
    return TEMPORARY + secrets.token_hex(6)


def is_temporary(name: str) -> bool:
    """Whether the name is one that `temporary_name` makes."""
    return TEMPORARY_SHAPE.fullmatch(name) is not None
