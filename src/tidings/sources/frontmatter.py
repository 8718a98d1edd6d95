"""First step of reading a file: its bytes into front matter and body, both as text.

BOM and CRLF are taken off here, so that everything later sees one form; lines keep their numbers.
"""

from __future__ import annotations

import re

import msgspec

from tidings.model.diagnostic import Diagnostic, Outcome, Place, Severity

BOM = b"\xef\xbb\xbf"
CLOSING = re.compile(r"^---[ \t]*$", re.MULTILINE)


class Parts(msgspec.Struct, frozen=True):
    """A file's text in two parts."""

    front_matter: str
    """YAML between the `---` lines, `\\n` as the only line end. Starts at line 2 of the file."""
    body: str
    """Text after the closing line."""
    body_line: int
    """Line of the file on which the body starts, counted from 1."""


def decode(data: bytes, file: str) -> Outcome[str]:
    """The bytes as text without BOM, line ends made `\\n`; invalid UTF-8 is told with its place."""
    if data.startswith(BOM):
        data = data[len(BOM) :]
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
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
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return Outcome(text)


def split_front_matter(data: bytes, file: str) -> Outcome[Parts]:
    """Front matter and body of a file, or a diagnostic that says why there are none."""
    decoded = decode(data, file)
    text = decoded.value
    if text is None:
        return Outcome(None, decoded.diagnostics)

    def refuse(code: str, message: str, hint: str, line: int = 1) -> Outcome[Parts]:
        return Outcome(
            None, (Diagnostic(code, Severity.ERROR, message, Place(file, line, 1), hint),)
        )

    if not text.strip():
        return refuse("empty-file", "the file is empty", "delete it, or write a record into it")
    first, _, rest = text.partition("\n")
    if first.rstrip(" \t") != "---":
        shown = first[:40] + ("…" if len(first) > 40 else "")
        return refuse(
            "no-front-matter",
            f"the file starts with {shown!r} instead of front matter",
            "start the file with a line `---`, then YAML, then another line `---`",
        )
    closing = CLOSING.search(rest)
    if closing is None:
        return refuse(
            "unclosed-front-matter",
            "the front matter has no closing `---` line",
            "end the YAML with a line that holds only `---`",
            line=text.count("\n") + (0 if text.endswith("\n") else 1),
        )
    front_matter = rest[: closing.start()]
    return Outcome(
        Parts(
            front_matter=front_matter,
            body=rest[closing.end() + 1 :],
            body_line=front_matter.count("\n") + 3,
        )
    )
