"""Digests of record files, free of what must not be kept: the value of `secured`.

Part of the sources step. What is made of a file is kept by its digest, so two files that differ
in anything else must never have one digest: the value is left out only where it is certain
which bytes it is made of, and that nothing else of the file is read from them.
"""

from __future__ import annotations

import hashlib
import re

OPENING = re.compile(rb"(?:\xef\xbb\xbf)?---[ \t]*\r?(?=\n)")
# As the family's tools write it: on a line of its own, in double quotes, printable ASCII.
USUAL = re.compile(rb"\nsecured: +(\"[ !#-\[\]-~]*\") *\r?\n")
# Values that start where a value may start, and end where a line ends: in double quotes, or
# without them. Only ASCII may start one: some characters beyond it are read as blanks.
VALUE = re.compile(
    rb"\n *(?:- +)?(?:[A-Za-z_][A-Za-z0-9_]*: +)?"
    rb'(?:"[^"]*(?<!\\)" *|[A-Za-z0-9][^:#\r\n]*)(?=\r?\n)'
)
# Without those, what could still be open where the next line starts.
DOUBTFUL = re.compile(rb"[\"'#\[\]{}|>&*!%@`\\?]")

ENDS = (b"\n---", b"\n...", b"\r---", b"\r...")


def digest_front(data: bytes) -> bytes:
    """BLAKE2b-128 of a record file's bytes without the value of its `secured`.

    Of the value only its line ends count, because the places of all that follows hang on them.
    Where it cannot be told for certain what belongs to it (in YAML that cannot be read, say),
    the whole file is digested.
    """
    if b"secured" not in data:
        return _digest(data)
    span = _find_usual(data)
    if span is None:
        from tidings.sources.secured import find_value  # Seldom needed: it loads YAML.

        span = find_value(data)
    return _digest(data) if span is None else _digest_without(data, *span)


def _digest(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=16, person=b"whole").digest()


def _digest_without(data: bytes, start: int, end: int) -> bytes:
    value = data[start:end]
    # The numbers keep two files from meeting that are cut in different places.
    numbers = (start, value.count(b"\r"), value.count(b"\n"))
    digest = hashlib.blake2b(repr(numbers).encode(), digest_size=16, person=b"cut")
    digest.update(data[:start])
    digest.update(data[end:])
    return digest.digest()


def _find_usual(data: bytes) -> tuple[int, int] | None:
    """Where the value starts and ends, in a file whose lines before it are plain to see."""
    opening, match = OPENING.match(data), USUAL.search(data)
    if opening is None or match is None:
        return None
    before = data[opening.end() : match.start() + 1]
    # A line of dashes ends the front matter, one of dots the YAML, within quotes too.
    if any(end in before for end in ENDS):
        return None
    return None if DOUBTFUL.search(VALUE.sub(b"", before)) else match.span(1)
