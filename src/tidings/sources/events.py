"""The fast path of reading YAML: PyYAML's C event stream straight into plain values.

It accepts only the plain subset that records use (mappings with text keys, lists, text) and says
nothing about what it does not accept: `nodes` reads such a file again and says everything.
All scalars stay text; what type a text stands for is the schema's question.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import yaml
from yaml.events import (
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

# A PyYAML built without libyaml has no C parser; its own is slower and has the same events.
Parser: Callable[[str], Any] = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

NextEvent = Callable[[], Any]
Plain = str | None | list["Plain"] | dict[str, "Plain"]

MAX_DEPTH = 32
"""Deeper nesting is refused: records need three levels, and depth costs the reader dearly."""

NO_VALUE = frozenset(("", "~", "null", "Null", "NULL"))
"""Unquoted scalars that mean "no value" (YAML 1.1, null)."""


class NotPlainError(Exception):
    """The text is not in the subset that the fast path accepts."""


def read_plain(text: str) -> dict[str, Plain] | None:
    """The text's one mapping as plain values, or None when the fast path does not accept it.

    An empty text is an empty mapping.
    """
    parser = Parser(text)
    try:
        parser.get_event()  # Start of the stream.
        event = parser.get_event()
        if type(event) is StreamEndEvent:
            return {}
        event = parser.get_event()
        if type(event) is ScalarEvent and _is_absent(event):
            value: dict[str, Plain] = {}
        elif type(event) is MappingStartEvent and event.anchor is None and event.tag is None:
            value = _mapping(parser.get_event, 1)
        else:
            return None
        parser.get_event()  # End of the document.
        if type(parser.get_event()) is DocumentStartEvent:
            return None
    except (yaml.YAMLError, NotPlainError):
        return None
    return value


def _is_absent(event: Any) -> bool:
    return (
        event.implicit[0]
        and event.value in NO_VALUE
        and event.anchor is None
        and event.tag is None
    )


def _mapping(next_event: NextEvent, depth: int) -> dict[str, Plain]:
    if depth > MAX_DEPTH:
        raise NotPlainError
    values: dict[str, Plain] = {}
    while True:
        event = next_event()
        kind = type(event)
        if kind is ScalarEvent:
            if event.anchor is not None or event.tag is not None or event.value in values:
                raise NotPlainError
            values[event.value] = _value(next_event, next_event(), depth)
        elif kind is MappingEndEvent:
            return values
        else:
            raise NotPlainError


def _value(next_event: NextEvent, event: Any, depth: int) -> Plain:
    kind = type(event)
    if kind is ScalarEvent:
        if event.anchor is not None or event.tag is not None:
            raise NotPlainError
        value = event.value
        if event.implicit[0] and value in NO_VALUE:
            return None
        return value
    if kind is MappingStartEvent or kind is SequenceStartEvent:
        if event.anchor is not None or event.tag is not None:
            raise NotPlainError
        if kind is MappingStartEvent:
            return _mapping(next_event, depth + 1)
        if depth + 1 > MAX_DEPTH:
            raise NotPlainError
        items: list[Plain] = []
        while True:
            event = next_event()
            if type(event) is SequenceEndEvent:
                return items
            items.append(_value(next_event, event, depth + 1))
    raise NotPlainError
