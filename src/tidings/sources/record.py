"""A file's bytes to a record: the composer of the reading steps.

The fast path reads events, checks the shape and converts; where anything at all is wrong, the
file is read again through nodes, so that every problem is told with its line and column.
"""

from __future__ import annotations

import msgspec

from tidings.model.diagnostic import Diagnostic, Outcome
from tidings.model.record import Body, Record
from tidings.model.source import SourceFile
from tidings.sources.convert import convert_record
from tidings.sources.frontmatter import Parts, split_front_matter
from tidings.sources.markdown import render_body
from tidings.sources.plain import read_plain
from tidings.sources.problems import Notes, place_problems, told
from tidings.sources.schema import RawRecord, from_plain, unknown_keys

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
    body = read_body(file, parts, options)
    values = read_plain(parts.front_matter)
    raw = None if values is None else from_plain(values, RawRecord)
    if raw is not None and values is not None:
        notes = Notes()
        record = convert_record(raw, identity, file.path, body.value, notes)
        if not notes.problems:
            return Reading(record, body.diagnostics, unknown_keys(values, RawRecord))
    return diagnose(file, parts, identity, body)


def read_body(file: SourceFile, parts: Parts, options: ReadOptions) -> Outcome[Body]:
    """The file's body; None, without a problem, when it holds nothing."""
    return render_body(
        parts.body, file.path, parts.body_line, remote_pictures=options.remote_pictures
    )


def diagnose(file: SourceFile, parts: Parts, identity: str, body: Outcome[Body]) -> Reading:
    """The same reading by the slow path, with a place for every problem."""
    # Only where something is wrong: loading YAML takes longer than reading a hundred records.
    from tidings.sources.nodes import compose
    from tidings.sources.shaping import from_nodes

    composed = compose(parts.front_matter, file.path, FRONT_MATTER_LINE)
    if composed.value is None:
        return Reading(None, told((*composed.diagnostics, *body.diagnostics)))
    located = from_nodes(composed.value, file.path, RawRecord)
    notes = Notes()
    record = convert_record(located.raw, identity, file.path, body.value, notes)
    structural = (*composed.diagnostics, *located.problems)
    placed = place_problems(located.news(notes.problems), file.path, located.places)
    diagnostics = told((*structural, *placed, *body.diagnostics))
    return Reading(None if structural else record, diagnostics, located.unknown)
