"""Reading YAML by its events: PyYAML's C event stream straight into plain values.

Part of the fast path, for what cannot be read line by line. It accepts only the plain subset
that records use (mappings with text keys, lists, text) and says nothing about what it does not
accept: `nodes` reads such a file again and says everything. All scalars stay text; what type a
text stands for is the schema's question.
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

from tidings.sources.lines import NO_VALUE
from tidings.sources.values import Plain

# A PyYAML built without libyaml has no C parser; its own is slower and has the same events.
Parser: Callable[[str], Any] = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

NextEvent = Callable[[], Any]

MAX_DEPTH = 32
"""Deeper lists and mappings are refused: records need three levels, and depth costs dearly."""


class NotPlainError(Exception):
    """The text is not in the subset that the fast path accepts."""


def read_events(text: str) -> dict[str, Plain] | None:
    """The text's one mapping as plain values, or None where it is not in the plain subset.

    An empty text is an empty mapping.
    """
    try:
        parser = Parser(text)
        next_event = parser.get_event
        next_event()  # Start of the stream.
        if type(next_event()) is StreamEndEvent:
            return {}
        value = _value(next_event, next_event(), 1)
        next_event()  # End of the document.
        if type(next_event()) is DocumentStartEvent:
            return None
    except (yaml.YAMLError, NotPlainError):
        return None
    if value is None:
        return {}
    return value if isinstance(value, dict) else None


def _value(next_event: NextEvent, event: Any, depth: int) -> Plain:
    """The value that starts with the event; if it is a list or mapping, it lies at `depth`."""
    kind = type(event)
    if kind is ScalarEvent:
        if event.anchor is not None or event.tag is not None:
            raise NotPlainError
        text: str = event.value
        return None if text in NO_VALUE and event.implicit[0] else text
    if kind is MappingStartEvent:
        if event.anchor is not None or event.tag is not None or depth > MAX_DEPTH:
            raise NotPlainError
        return _mapping(next_event, depth + 1)
    if kind is SequenceStartEvent:
        if event.anchor is not None or event.tag is not None or depth > MAX_DEPTH:
            raise NotPlainError
        return _list(next_event, depth + 1)
    raise NotPlainError  # An alias.


def _mapping(next_event: NextEvent, inner: int) -> dict[str, Plain]:
    values: dict[str, Plain] = {}
    while True:
        event = next_event()
        kind = type(event)
        if kind is ScalarEvent:
            key = event.value
            if key in values or event.anchor is not None or event.tag is not None:
                raise NotPlainError
            values[key] = _value(next_event, next_event(), inner)
        elif kind is MappingEndEvent:
            return values
        else:
            raise NotPlainError


def _list(next_event: NextEvent, inner: int) -> list[Plain]:
    items: list[Plain] = []
    while type(event := next_event()) is not SequenceEndEvent:
        items.append(_value(next_event, event, inner))
    return items
