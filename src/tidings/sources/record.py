"""A file's bytes to a record: the composer of the reading steps.

The fast path reads events, checks the shape and converts; where anything at all is wrong, the file is
read again through nodes, so that every problem is told with its line and column.
"""

from __future__ import annotations

import msgspec

from tidings.model.diagnostic import Diagnostic, Place, Severity, sorted_diagnostics
from tidings.model.record import Record
from tidings.model.source import SourceFile
from tidings.sources.convert import Notes, Problem, convert_record
from tidings.sources.events import read_plain
from tidings.sources.frontmatter import Parts, split_front_matter
from tidings.sources.markdown import render_body
from tidings.sources.nodes import compose
from tidings.sources.schema import (
    FieldPath,
    RawRecord,
    from_nodes,
    from_plain,
    unknown_keys,
)

FRONT_MATTER_LINE = 2
"""The line of a file on which its YAML starts."""


class ReadOptions(msgspec.Struct, frozen=True):
    """What reading depends on beside the file: all of it belongs into a cache's key."""

    remote_pictures: bool = False


class Reading(msgspec.Struct, frozen=True):
    """What one file gave."""

    record: Record | None
    """None where an error left nothing that could be shown."""
    diagnostics: tuple[Diagnostic, ...] = ()
    unknown_keys: tuple[str, ...] = ()
    """Keys that mean nothing here, sorted; said once for the whole site, not per file."""


def read_record(file: SourceFile, identity: str, options: ReadOptions) -> Reading:
    """The record in the file. `identity` becomes its id."""
    split = split_front_matter(file.data, file.path)
    parts = split.value
    if parts is None:
        return Reading(None, split.diagnostics)
    values = read_plain(parts.front_matter)
    raw = None if values is None else from_plain(values, RawRecord)
    if raw is not None and values is not None:
        record, notes = _assemble(raw, parts, file, identity, options)
        if not notes.problems:
            return Reading(record, (), unknown_keys(values.keys(), RawRecord))
    return diagnose(file, parts, identity, options)


def diagnose(file: SourceFile, parts: Parts, identity: str, options: ReadOptions) -> Reading:
    """The same reading by the slow path, with a place for every problem."""
    composed = compose(parts.front_matter, file.path, FRONT_MATTER_LINE)
    if composed.value is None:
        return Reading(None, sorted_diagnostics(composed.diagnostics))
    located = from_nodes(composed.value, file.path, RawRecord)
    record, notes = _assemble(located.raw, parts, file, identity, options)
    structural = (*composed.diagnostics, *located.problems)
    diagnostics = sorted_diagnostics(
        (*structural, *place_problems(notes, file.path, located.places))
    )
    return Reading(None if structural else record, diagnostics, located.unknown)


def _assemble(
    raw: RawRecord, parts: Parts, file: SourceFile, identity: str, options: ReadOptions
) -> tuple[Record | None, Notes]:
    notes = Notes()
    record = convert_record(raw, identity, file.path, notes)
    if record is None:
        return None, notes
    body = render_body(parts.body, parts.body_line, remote_pictures=options.remote_pictures)
    return (record if body is None else msgspec.structs.replace(record, body=body)), notes


def place_problems(
    notes: Notes,
    file: str,
    places: dict[FieldPath, tuple[int, int]],
    first_line: int = FRONT_MATTER_LINE,
) -> tuple[Diagnostic, ...]:
    """The noted problems at their values' places; a missing value's is the start of the file."""
    return tuple(_placed(problem, file, places, first_line) for problem in notes.problems)


def _placed(
    problem: Problem, file: str, places: dict[FieldPath, tuple[int, int]], first_line: int
) -> Diagnostic:
    path = problem.path
    while path and path not in places:
        path = path[:-1]
    line, column = places[path] if path else (max(1, first_line - 1), 1)
    return Diagnostic(
        problem.code,
        Severity.ERROR if problem.error else Severity.WARNING,
        problem.message,
        Place(file, line, column),
        problem.hint,
    )
