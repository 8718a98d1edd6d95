"""Which paths below the output folder may be written or deleted at all.

Used by everything in the output step that turns a path from a plan, or from a manifest that
somebody may have edited, into a file.
"""

from __future__ import annotations

import re
import secrets
import sys

STATE = ".tidings"
"""The folder of our own notes within an output folder."""
TEMPORARY = ".tidings-"
"""How names of files begin that are still being written."""
TEMPORARY_SHAPE = re.compile(re.escape(TEMPORARY) + "[0-9a-f]{12}")
NO_TEXT = re.compile("[\x00-\x1f\ud800-\udfff]")
PLAIN = re.compile(r"(?:\w[\w.-]*/)*\w[\w.-]*")
"""Paths that nothing is wrong with: letters, digits, and no part that begins with a dot."""
WINDOWS_MARKS = frozenset('\\:*?"<>|')


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


def temporary_name() -> str:
    """A new name for a file that is still being written."""
    return TEMPORARY + secrets.token_hex(6)


def is_temporary(name: str) -> bool:
    """Whether the name is one that `temporary_name` makes."""
    return TEMPORARY_SHAPE.fullmatch(name) is not None
