"""The diagnosing path of reading YAML: the same events composed into nodes that know their place.

Used only for files in which something is wrong, to say everything that is wrong with line and column.
"""

from __future__ import annotations

from typing import Any

import msgspec
import yaml
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from tidings.model.diagnostic import Diagnostic, Outcome, Place, Severity
from tidings.sources.events import MAX_DEPTH, NO_VALUE, Parser


class Node(msgspec.Struct, frozen=True):
    """A YAML node with its place; `value` is text, None, a tuple of nodes, or of pairs of nodes."""

    value: Any
    kind: str
    """`text`, `nothing`, `list` or `mapping`."""
    line: int
    """Line in the file, counted from 1."""
    column: int
    """Column in characters, counted from 1."""


class TooDeepError(Exception):
    """Nesting beyond what records need."""


def compose(text: str, file: str, first_line: int) -> Outcome[Node]:
    """The root mapping of the text as nodes, with a diagnostic for each thing not accepted.

    The node is None when the YAML cannot be read to its end. `first_line` is the line of the file
    on which the text starts, counted from 1.
    """
    composer = _Composer(text, file, first_line)
    root = composer.read()
    return Outcome(root, tuple(composer.problems))


class _Composer:
    """State of one reading: the parser and the problems so far."""

    def __init__(self, text: str, file: str, first_line: int) -> None:
        self.file = file
        self.first_line = first_line
        self.problems: list[Diagnostic] = []
        self.text = text

    def note(self, code: str, message: str, mark: Any, hint: str = "") -> None:
        self.problems.append(
            Diagnostic(code, Severity.ERROR, message, self.place(mark), hint)
        )

    def place(self, mark: Any) -> Place:
        if mark is None:
            return Place(self.file, self.first_line, 1)
        return Place(self.file, mark.line + self.first_line, mark.column + 1)

    def read(self) -> Node | None:
        try:
            parser = Parser(self.text)
            parser.get_event()
            event = parser.get_event()
            if type(event) is StreamEndEvent:
                return Node((), "mapping", self.first_line, 1)
            root = self.node(parser, parser.get_event(), 0)
            while type(event) is not DocumentEndEvent:
                event = parser.get_event()
            event = parser.get_event()
            if type(event) is DocumentStartEvent:
                self.note(
                    "second-document",
                    "a second YAML document starts here",
                    event.start_mark,
                    "keep one document: remove the line that starts the second one",
                )
        except TooDeepError:
            return None
        except yaml.MarkedYAMLError as error:
            self.note(
                "yaml-syntax",
                _sentence(error),
                error.problem_mark or error.context_mark,
                _hint(error, self.text),
            )
            return None
        except yaml.YAMLError as error:  # A character that YAML forbids; it carries no mark.
            position = getattr(error, "position", None)
            self.note("yaml-syntax", f"not YAML: {_reader_reason(error)}", self.mark_at(position))
            return None
        if root.kind == "nothing":
            return Node((), "mapping", self.first_line, 1)
        if root.kind != "mapping":
            self.problems.append(
                Diagnostic(
                    "not-a-mapping",
                    Severity.ERROR,
                    f"expected `key: value` lines, found {_named(root.kind)}",
                    Place(self.file, root.line, root.column),
                    "write each field on a line of its own: `title: \"…\"`",
                )
            )
            return None
        return root

    def mark_at(self, position: int | None) -> Any:
        """A mark for the first character that YAML forbids, which the C reader gives no line for."""
        index = next(
            (i for i, char in enumerate(self.text) if _forbidden(char)), position or 0
        )
        before = self.text[:index]
        return yaml.Mark(
            "", index, before.count("\n"), len(before) - (before.rfind("\n") + 1), None, None
        )

    def node(self, parser: Any, event: Any, depth: int) -> Node:
        if depth > MAX_DEPTH:
            self.note(
                "too-deep",
                f"nested more than {MAX_DEPTH} levels deep",
                event.start_mark,
                "records need three levels at most",
            )
            raise TooDeepError
        line = event.start_mark.line + self.first_line
        column = event.start_mark.column + 1
        kind = type(event)
        if kind is AliasEvent:
            self.note(
                "yaml-alias",
                f"alias *{event.anchor} is not accepted",
                event.start_mark,
                "write the value out",
            )
            return Node(None, "nothing", line, column)
        if event.anchor is not None:
            self.note(
                "yaml-anchor",
                f"anchor &{event.anchor} is not accepted",
                event.start_mark,
                "remove it; quote the value if the & belongs to it",
            )
        if event.tag is not None:
            self.note(
                "yaml-tag",
                f"tag {event.tag} is not accepted",
                event.start_mark,
                "remove it; quote the value if the ! belongs to it",
            )
        if kind is ScalarEvent:
            if event.implicit[0] and event.value in NO_VALUE:
                return Node(None, "nothing", line, column)
            return Node(event.value, "text", line, column)
        if kind is SequenceStartEvent:
            items = []
            while type(event := parser.get_event()) is not SequenceEndEvent:
                items.append(self.node(parser, event, depth + 1))
            return Node(tuple(items), "list", line, column)
        return self.mapping(parser, depth, line, column)

    def mapping(self, parser: Any, depth: int, line: int, column: int) -> Node:
        pairs: list[tuple[Node, Node]] = []
        seen: dict[str, int] = {}
        while type(event := parser.get_event()) is not MappingEndEvent:
            key = self.key(parser, event, depth)
            value = self.node(parser, parser.get_event(), depth + 1)
            if key is None:
                continue
            if key.value in seen:
                self.problems.append(
                    Diagnostic(
                        "duplicate-key",
                        Severity.ERROR,
                        f"key {key.value!r} is given twice (first on line {seen[key.value]})",
                        Place(self.file, key.line, key.column),
                        "keep one of the two",
                    )
                )
                continue
            seen[key.value] = key.line
            pairs.append((key, value))
        return Node(tuple(pairs), "mapping", line, column)

    def key(self, parser: Any, event: Any, depth: int) -> Node | None:
        node = self.node(parser, event, depth + 1)
        if type(event) is ScalarEvent:
            return Node(event.value, "text", node.line, node.column)
        if type(event) is not AliasEvent:
            self.note(
                "wrong-key",
                f"a key must be text, found {_named(node.kind)}",
                event.start_mark,
                "quote the key if its brackets belong to it",
            )
        return None


def _named(kind: str) -> str:
    return {"text": "text", "nothing": "nothing", "list": "a list", "mapping": "a mapping"}[kind]


def _forbidden(char: str) -> bool:
    """Whether YAML 1.1 forbids the character (section 5.1, c-printable)."""
    code = ord(char)
    return not (
        code in (0x09, 0x0A, 0x0D, 0x85)
        or 0x20 <= code <= 0x7E
        or 0xA0 <= code <= 0xD7FF
        or (0xE000 <= code <= 0xFFFD and code != 0xFEFF)
        or code >= 0x10000
    )


def _reader_reason(error: yaml.YAMLError) -> str:
    reason = getattr(error, "reason", None) or str(error).splitlines()[0]
    character = getattr(error, "character", None)
    return f"{reason} (U+{character:04X})" if isinstance(character, int) else str(reason)


def _sentence(error: yaml.MarkedYAMLError) -> str:
    parts = [part for part in (error.context, error.problem) if part]
    return "not YAML: " + ", ".join(parts or [str(error)])


def _hint(error: yaml.MarkedYAMLError, text: str) -> str:
    problem = f"{error.context or ''} {error.problem or ''}"
    mark = error.problem_mark
    lines = text.split("\n")
    line = lines[mark.line] if mark is not None and mark.line < len(lines) else ""
    if "\t" in problem or "\\t" in problem or "\t" in line[: len(line) - len(line.lstrip())]:
        return "indent with spaces, not with tabs"
    if "cannot start any token" in problem:
        return "quote the value: it starts with a character that means something in YAML"
    if "mapping values are not allowed" in problem:
        return "quote the value: it holds a colon followed by a space"
    if "quoted scalar" in problem:
        return "close the quotes; inside double quotes write \\\" for a quote"
    return "check the quotes, colons and indentation of this line and the one before"
