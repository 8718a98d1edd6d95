"""What keeps a text from being YAML, said so that its writer finds the place.

A parser stops where it can no longer go on, which may be some lines below the mistake.
"""

from __future__ import annotations

import functools
import re
from typing import Any

import yaml
from yaml.events import ScalarEvent

from tidings.model.diagnostic import Diagnostic, Place, Severity

Found = tuple[int, int, str, str]
"""Line and column in the text, counted from 0, message and hint."""

SPECIAL_VALUE = re.compile(r"""\s*(?:- )?[^\s"':][^"':]*:\s+[][{}|>,?@`%-]""")
"""A key with a value that starts with a character which means something in YAML."""
KEY = re.compile(r"\s*[^\s:]+\s*")
"""What stands before a key's colon."""

INSIDE = {
    '"': 'inside double quotes write \\" for a quote',
    "'": "inside single quotes write '' for a quote",
}


def explain_syntax_error(
    error: yaml.YAMLError, text: str, file: str, first_line: int, quoted: ScalarEvent | None
) -> Diagnostic:
    """The diagnostic of what made a parser stop.

    `first_line` is the line of the file on which the text starts, counted from 1; `quoted` is
    the last value or key in quotes that was read, None where there was none.
    """
    lines = text.split("\n")
    if not isinstance(error, yaml.MarkedYAMLError):
        line, column, message, hint = _forbidden_character(text)
    elif quoted is not None and _is_behind(error.problem_mark, quoted, lines):
        line, column, message, hint = _closed_too_early(error.problem_mark, quoted, first_line)
    else:
        mark: Any = error.problem_mark or error.context_mark
        if error.context_mark and "end of stream" in (error.problem or ""):
            mark = error.context_mark  # What never ends is to be mended where it begins.
        line, column = (mark.line, mark.column) if mark else (0, 0)
        parts = [part for part in (error.context, error.problem) if part]
        message, hint = ", ".join(parts) or str(error), _hint(error, lines)
    place = Place(file, line + first_line, column + 1)
    return Diagnostic("yaml-syntax", Severity.ERROR, f"not YAML: {message}", place, hint)


def _is_behind(mark: Any, quoted: ScalarEvent, lines: list[str]) -> bool:
    """Whether the mark is at what follows the closing quotes in their line."""
    end: Any = quoted.end_mark
    if mark is None or mark.line != end.line or mark.line >= len(lines):
        return False
    return end.column <= mark.column and not lines[end.line][end.column : mark.column].strip()


def _closed_too_early(mark: Any, quoted: ScalarEvent, first_line: int) -> Found:
    start: Any = quoted.start_mark
    end: Any = quoted.end_mark
    inside = INSIDE[quoted.style or '"']
    if start.line == end.line:
        message = "more follows after the closing quotes"
        return mark.line, mark.column, message, f"remove it; {inside}"
    message = (
        f"the quotes that open here close on line {end.line + first_line},"
        " and more follows there"
    )
    return start.line, start.column, message, f"close the quotes on this line; {inside}"


def _forbidden_character(text: str) -> Found:
    """The first character that YAML forbids; the C reader gives no line for it."""
    match = _forbidden().search(text)
    before = text[: match.start()] if match else ""
    named = f"character U+{ord(match[0]):04X}" if match else "a character"
    column = len(before) - (before.rfind("\n") + 1)
    hint = "remove it; an editor may show it as a box"
    return before.count("\n"), column, f"{named} is not allowed", hint


@functools.cache  # Slow to compile, and seldom needed.
def _forbidden() -> re.Pattern[str]:
    """What YAML 1.1 forbids (section 5.1, c-printable)."""
    return re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _hint(error: yaml.MarkedYAMLError, lines: list[str]) -> str:
    problem = f"{error.context or ''} {error.problem or ''}"
    mark: Any = error.problem_mark
    line = lines[mark.line] if mark is not None and mark.line < len(lines) else ""
    column = mark.column if mark is not None else 0
    if "\t" in problem or "\\t" in problem or "\t" in line[: len(line) - len(line.lstrip())]:
        return "indent with spaces, not with tabs"
    if "mapping values are not allowed" in problem:
        if KEY.fullmatch(line[:column]):
            return (
                "look at the line before: its colon needs a space after it;"
                " begin both keys in one column"
            )
        return "quote the value: it holds a colon followed by a space"
    if "<document start>" in problem:
        if any(each.startswith("...") for each in lines[: mark.line]):
            return "keep one document: remove the line that ends the first one"
        return "begin all keys in one column"
    if "escape character" in problem:
        return "inside double quotes write \\\\ for a backslash"
    if "quoted scalar" in problem:
        return f"close the quotes; {INSIDE[_quote(error, lines)]}"
    if "cannot start any token" in problem or _is_special(line, column, problem):
        return "quote the value: it starts with a character that means something in YAML"
    return "check the quotes, colons and indentation of this line and the one before"


def _quote(error: yaml.MarkedYAMLError, lines: list[str]) -> str:
    """The quote that opened what is not closed."""
    mark: Any = error.context_mark
    opened = lines[mark.line][mark.column : mark.column + 1] if mark else ""
    return opened if opened in INSIDE else '"'


def _is_special(line: str, column: int, problem: str) -> bool:
    """Whether the place is in a value that starts with a special character."""
    found = SPECIAL_VALUE.match(line)
    # Within brackets, these are meant, and something else is missing.
    return found is not None and column >= found.end() - 1 and "flow" not in problem
