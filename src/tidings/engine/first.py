"""The edited article first: its page is there before the rest of the site is built.

Part of the engine, for `serve`. Where only the text of a record was edited, its page can be
made from the site as it was. The build that follows at once makes everything, this page too:
what is done here only lets an author see the edit sooner.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from pathlib import Path

import msgspec

from tidings.engine.memory import Last, Memory
from tidings.engine.places import NEWS
from tidings.engine.reading import record_id
from tidings.engine.report import BuildRequest
from tidings.engine.run import read_options
from tidings.model.record import Record
from tidings.model.slug import make_slug
from tidings.model.source import SourceFile
from tidings.output.lock import locked
from tidings.output.manifest import replace_file
from tidings.output.survey import is_untouched
from tidings.sources.record import read_record

MOST = 5
"""Edited records whose pages come first; more were hardly typed by hand."""

TEXT = ("title", "excerpt", "body", "featured_html", "tags", "updated_at")
"""Fields whose edits change a record's own page before anything else."""


WORTH_IT = 1000
"""Files from which a build takes so long that an author would wait for it. On smaller sites the
page would only be loaded twice."""


def show_first(
    request: BuildRequest, memory: Memory, changed: Iterable[Path], least: int = WORTH_IT
) -> tuple[str, ...]:
    """Puts the pages of records in place of which only the text was edited; their paths.

    Nothing is done, and nothing told, about any other change: the next build does both. Nor is
    anything done on sites of fewer than `least` files.
    """
    last, paths = memory.last, [_path_of(path, request.source) for path in changed]
    if last is None or not 0 < len(paths) <= MOST or len(last.files) < least:
        return ()
    with locked(request.output, 0, lambda: None) as busy:
        if busy is not None:
            return ()
        return tuple(
            shown for path in paths if path and (shown := _show(path, request, memory, last))
        )


def _path_of(path: Path, source: Path) -> str:
    """The record file's path from the site's folder; empty for other files."""
    if not path.is_relative_to(source):
        return ""
    name = unicodedata.normalize("NFC", path.relative_to(source).as_posix())
    return name if name.startswith(f"{NEWS}/") else ""


def _show(path: str, request: BuildRequest, memory: Memory, last: Last) -> str:
    """The path of the page that was replaced; empty where there was none to replace."""
    record = _edited(path, request, memory, last)
    if record is None:
        return ""
    plan = last.sketch.redraw(record)
    written = last.files.get(plan.path)
    data = memory.render(plan)
    if data is None or not is_untouched(request.output, plan.path, written):
        return ""
    try:
        replace_file(request.output / plan.path, data)
    except OSError:
        return ""
    return plan.path


def _edited(path: str, request: BuildRequest, memory: Memory, last: Last) -> Record | None:
    """The record as the site shows it, with its new text; None where more has changed."""
    before = memory.last_record(path)
    shown = last.records.get(record_id(path))
    if before is None or shown is None:
        return None
    try:
        data = (request.source / path).read_bytes()
    except OSError:
        return None
    options = read_options(last.config)
    reading = read_record(SourceFile(path, data), record_id(path), options)
    after = reading.record
    if after is None or reading.diagnostics or _slug(after) != _slug(before):
        return None
    text = {name: getattr(after, name) for name in TEXT}
    if msgspec.structs.replace(before, **text) != after:
        return None
    return msgspec.structs.replace(shown, **text)


def _slug(record: Record) -> str:
    return make_slug(record.slug or record.title, record.id)
