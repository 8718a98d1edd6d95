"""Where the value of `secured` stands in a record's file, by what YAML says.

For digests: nothing is made from this value, and nothing of it may be kept.
"""

from __future__ import annotations

import re
from typing import Any

import yaml
from yaml.events import (
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from tidings.sources.events import Parser
from tidings.sources.frontmatter import split_front_matter
from tidings.sources.lines import is_odd

LINE_END = re.compile(r"\r\n|\r|\n")


def find_value(data: bytes) -> tuple[int, int] | None:
    """Where in the bytes the value of the top-level `secured` starts and ends, as YAML says.

    None where there is not exactly one, where it is more than a scalar, or where something else
    stands on its last line.
    """
    parts = split_front_matter(data, "").value
    if parts is None or is_odd(parts.front_matter):
        return None
    try:
        values = _values(Parser(parts.front_matter))
    except yaml.YAMLError:
        return None
    if len(values) != 1:
        return None
    event = values[0]
    if type(event) is not ScalarEvent or event.anchor is not None or event.tag is not None:
        return None
    text = data.decode()
    start, end = _offset(text, event.start_mark), _offset(text, event.end_mark)
    rest = LINE_END.split(text[end:], maxsplit=1)[0]
    # Only an end within a line has a rest of the same line behind it.
    if LINE_END.fullmatch(text[end - 1 : end]) is None and rest.strip(" "):
        return None
    return len(text[:start].encode()), len(text[:end].encode())


def _offset(text: str, mark: Any) -> int:
    """The mark's place in the file's text; marks count from its second line."""
    for line, match in enumerate(LINE_END.finditer(text)):
        if line == mark.line:
            return match.end() + int(mark.column)
    return len(text)


def _values(parser: Any) -> list[Any]:
    """The events that start the values of `secured` in the root mapping, if it is of lines."""
    next_event = parser.get_event
    next_event(), next_event()
    root = next_event()
    if type(root) is not MappingStartEvent or root.flow_style:
        return []
    found = []
    while type(key := next_event()) is not MappingEndEvent:
        _skip(next_event, key)
        value = next_event()
        if type(key) is ScalarEvent and key.value == "secured":
            found.append(value)
        _skip(next_event, value)
    while parser.check_event():
        next_event()
    return found


def _skip(next_event: Any, event: Any) -> None:
    """Reads on to the end of the list or mapping that starts with the event."""
    depth = 0
    while True:
        if type(event) in (MappingStartEvent, SequenceStartEvent):
            depth += 1
        elif type(event) in (MappingEndEvent, SequenceEndEvent):
            depth -= 1
        if not depth:
            return
        event = next_event()
