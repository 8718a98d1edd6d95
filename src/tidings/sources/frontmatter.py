"""First step of reading a file: its bytes into front matter and body, both as text.

BOM and CRLF are taken off here, so that everything later sees one form; lines keep their
numbers.
"""

from __future__ import annotations

import re

import msgspec

from tidings.model.diagnostic import Diagnostic, Outcome, Place, Severity

BOM = b"\xef\xbb\xbf"
CLOSING = re.compile(r"---[ \t]*(?:\n|\Z)")

# YAML 1.1 ends a line at these; no editor does, and in a title they come from a pasted text.
ODD_BREAKS = "\x85\u2028\u2029"


class Parts(msgspec.Struct, frozen=True):
    """A file's text in two parts."""

    front_matter: str
    """YAML between the `---` lines, `\\n` the only line end. Starts at line 2 of the file."""
    body: str
    """Text after the closing line."""
    body_line: int
    """Line of the file on which the body starts, counted from 1."""


def decode(data: bytes, file: str) -> Outcome[str]:
    """The bytes as text without BOM, line ends made `\\n`; or where they are not UTF-8."""
    data = data.removeprefix(BOM)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = _plain_breaks(data[: error.start].decode("utf-8"))
        line = before.count("\n") + 1
        column = len(before) - (before.rfind("\n") + 1) + 1
        problem = Diagnostic(
            "invalid-utf8",
            Severity.ERROR,
            f"byte 0x{data[error.start]:02X} is not valid UTF-8",
            Place(file, line, column),
            "save the file as UTF-8",
        )
        return Outcome(None, (problem,))
    return Outcome(_plain_breaks(text))


def _plain_breaks(text: str) -> str:
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    for char in ODD_BREAKS:
        text = text.replace(char, " ")
    return text


def split_front_matter(data: bytes, file: str) -> Outcome[Parts]:
    """Front matter and body of a file, or a diagnostic that says why there are none."""
    decoded = decode(data, file)
    text = decoded.value
    if text is None:
        return Outcome(None, decoded.diagnostics)
    if is_empty(text):
        return Outcome(None, (empty_file(file, Severity.ERROR, "write a record into it"),))
    first, _, rest = text.partition("\n")
    if first.rstrip(" \t") != "---":
        return _refused("no-front-matter", *_missing_opening(first), Place(file, 1, 1))
    closing = _find_closing(rest)
    if closing is None:
        last = text.count("\n") + (0 if text.endswith("\n") else 1)
        return _refused(
            "unclosed-front-matter",
            "the front matter has no closing `---` line",
            "end the YAML with a line that holds only `---`",
            Place(file, last, 1),
        )
    front_matter = rest[: closing.start()]
    return Outcome(
        Parts(
            front_matter=front_matter,
            body=rest[closing.end() :],
            body_line=front_matter.count("\n") + 3,
        )
    )


def is_empty(text: str) -> bool:
    """Whether the text holds nothing but blanks."""
    return not text or text.isspace()


def empty_file(file: str, severity: Severity, instead: str) -> Diagnostic:
    """The problem of a file that holds nothing. `instead` ends the hint."""
    return Diagnostic(
        "empty-file",
        severity,
        "the file is empty",
        Place(file, 1, 1),
        f"delete it, or {instead}",
    )


def _refused(code: str, message: str, hint: str, place: Place) -> Outcome[Parts]:
    return Outcome(None, (Diagnostic(code, Severity.ERROR, message, place, hint),))


def _missing_opening(first: str) -> tuple[str, str]:
    """Message and hint for a file that starts with that line instead of `---`."""
    if not first.strip():
        return "the file starts with an empty line", "remove the empty lines before `---`"
    shown = first[:40] + ("…" if len(first) > 40 else "")
    return (
        f"the file starts with {shown!r} instead of front matter",
        "start the file with a line `---`, then YAML, then another line `---`",
    )


def _find_closing(text: str) -> re.Match[str] | None:
    """The first line of the text that holds only `---`."""
    start = 0 if text.startswith("---") else text.find("\n---") + 1
    while start or text.startswith("---"):
        if match := CLOSING.match(text, start):
            return match
        start = text.find("\n---", start) + 1
        if not start:
            return None
    return None
