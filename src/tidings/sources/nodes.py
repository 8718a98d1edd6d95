"""The diagnosing path of reading YAML: the same events made into nodes that know their place.

Used for files in which something is wrong, to say everything that is wrong with line and
column, and for metadata, which is little.
"""

from __future__ import annotations

from typing import Any, Literal, NoReturn

import msgspec
import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from tidings.model.diagnostic import Diagnostic, Outcome, Place, Severity
from tidings.sources.events import MAX_DEPTH, NextEvent, Parser
from tidings.sources.lines import NO_VALUE
from tidings.sources.problems import MAX_PROBLEMS, shown
from tidings.sources.syntax import explain_syntax_error

Kind = Literal["text", "nothing", "list", "mapping", "refused"]

KIND_NAMES: dict[Kind, str] = {
    "text": "text",
    "nothing": "nothing",
    "list": "a list",
    "mapping": "a mapping",
    "refused": "what is not accepted",
}


class Node(msgspec.Struct, frozen=True):
    """A YAML node with its place."""

    value: Any
    """Text, None, a tuple of nodes, or a tuple of pairs of nodes, as `kind` says."""
    kind: Kind
    """A `refused` node has a diagnostic of its own and no value."""
    line: int
    """Line in the file, counted from 1."""
    column: int
    """Column in characters, counted from 1."""


class StoppedError(Exception):
    """There is no use in reading on."""


class _Reading(msgspec.Struct):
    """One file being read."""

    file: str
    first_line: int
    next_event: NextEvent
    problems: list[Diagnostic]
    quoted: ScalarEvent | None = None
    """The last value or key in quotes."""

    def note(self, code: str, message: str, mark: Any, hint: str) -> None:
        """Notes a problem at the mark, and stops where there are too many."""
        place = Place(self.file, mark.line + self.first_line, mark.column + 1)
        self.problems.append(Diagnostic(code, Severity.ERROR, message, place, hint))
        if len(self.problems) > 2 * MAX_PROBLEMS:
            raise StoppedError


def compose(text: str, file: str, first_line: int) -> Outcome[Node]:
    """The root mapping of the text as nodes, with a diagnostic for each thing not accepted.

    The node is None when the YAML cannot be read to its end. `first_line` is the line of the
    file on which the text starts, counted from 1.
    """
    reading = _Reading(file, first_line, _no_event, [])
    try:
        reading.next_event = Parser(text).get_event
        root = _read_root(reading)
    except StoppedError:
        root = None
    except yaml.YAMLError as error:
        problem = explain_syntax_error(error, text, file, first_line, reading.quoted)
        reading.problems.append(problem)
        root = None
    return Outcome(root, tuple(reading.problems))


def _no_event() -> NoReturn:
    raise StoppedError


def _read_root(reading: _Reading) -> Node | None:
    next_event = reading.next_event
    next_event()  # Start of the stream.
    if type(next_event()) is StreamEndEvent:
        return Node((), "mapping", reading.first_line, 1)
    event = next_event()
    root = _node(reading, event, 1)
    next_event()  # End of the document.
    following = next_event()
    if type(following) is DocumentStartEvent:
        reading.note(
            "second-document",
            "a second YAML document starts here",
            following.start_mark,
            "keep one document: remove the line that starts the second one",
        )
    if root.kind == "nothing":
        return Node((), "mapping", reading.first_line, 1)
    if root.kind == "mapping":
        return root
    if root.kind != "refused":
        reading.note(
            "not-a-mapping",
            f"expected `key: value` lines, found {KIND_NAMES[root.kind]}",
            event.start_mark,
            'write each field on a line of its own: `title: "…"`',
        )
    return None


def _node(reading: _Reading, event: Any, depth: int) -> Node:
    """The node that starts with the event; a list or mapping lies at `depth`, the root at 1."""
    mark = event.start_mark
    line, column = mark.line + reading.first_line, mark.column + 1
    kind = type(event)
    if kind is AliasEvent:
        reading.note(
            "yaml-alias", f"alias *{event.anchor} is not accepted", mark, "write the value out"
        )
        return Node(None, "refused", line, column)
    _check_decoration(reading, event)
    if kind is ScalarEvent:
        if event.style in ('"', "'"):
            reading.quoted = event
        if event.value in NO_VALUE and event.implicit[0]:
            return Node(None, "nothing", line, column)
        return Node(event.value, "text", line, column)
    if depth > MAX_DEPTH:
        reading.note(
            "too-deep",
            f"nested more than {MAX_DEPTH} levels deep",
            mark,
            "records need three levels at most",
        )
        raise StoppedError
    if kind is SequenceStartEvent:
        return Node(_items(reading, depth + 1), "list", line, column)
    return Node(_pairs(reading, depth + 1), "mapping", line, column)


def _check_decoration(reading: _Reading, event: Any) -> None:
    if event.anchor is not None:
        reading.note(
            "yaml-anchor",
            f"anchor &{event.anchor} is not accepted",
            event.start_mark,
            "remove it; quote the value if the & belongs to it",
        )
    if event.tag is not None:
        reading.note(
            "yaml-tag",
            f"tag {event.tag} is not accepted",
            event.start_mark,
            "remove it; quote the value if the ! belongs to it",
        )


def _items(reading: _Reading, inner: int) -> tuple[Node, ...]:
    items = []
    while type(event := reading.next_event()) is not SequenceEndEvent:
        items.append(_node(reading, event, inner))
    return tuple(items)


def _pairs(reading: _Reading, inner: int) -> tuple[tuple[Node, Node], ...]:
    pairs: list[tuple[Node, Node]] = []
    lines: dict[str, int] = {}
    while type(event := reading.next_event()) is not MappingEndEvent:
        key = _key(reading, event, inner)
        value = _node(reading, reading.next_event(), inner)
        if key is None:
            continue
        if key.value in lines:
            reading.note(
                "duplicate-key",
                f"key {shown(key.value)} is given twice (first on line {lines[key.value]})",
                event.start_mark,
                "keep one of the two",
            )
            continue
        lines[key.value] = key.line
        pairs.append((key, value))
    return tuple(pairs)


def _key(reading: _Reading, event: Any, inner: int) -> Node | None:
    """The key that starts with the event; any scalar is text here, `null` too."""
    node = _node(reading, event, inner)
    if type(event) is ScalarEvent:
        return Node(event.value, "text", node.line, node.column)
    if node.kind != "refused":
        reading.note(
            "wrong-key",
            f"a key must be text, found {KIND_NAMES[node.kind]}",
            event.start_mark,
            "quote the key if its brackets belong to it",
        )
    return None
