"""Edited articles first: pages that show them are there before the site is built anew.

Part of the engine, for `serve`. Where only texts of records were edited, every page can be made
from the site as it was. The build that follows makes everything: what is done here only lets an
author see the edit sooner, and writes nothing.
"""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Iterable
from pathlib import Path

import msgspec

from tidings.engine.memory import Last, Memory
from tidings.engine.places import NEWS, record_id
from tidings.engine.report import BuildRequest
from tidings.engine.run import read_options
from tidings.model.page import Redrawn
from tidings.model.record import Record
from tidings.model.source import SourceFile
from tidings.render.html import Renderer
from tidings.sources.record import read_record

MOST = 5
"""Edited records whose pages come first; more were hardly typed by hand."""

TEXT = ("title", "excerpt", "body", "featured_html", "tags", "updated_at")
"""Fields whose edits change what pages say of a record before anything else."""

WORTH_IT = 1000
"""Files from which a build takes so long that an author would wait for it. On smaller sites
pages would only be loaded twice."""


class Draft:
    """Pages with edited texts, each made when it is first asked for. For many threads."""

    def __init__(self, redrawn: Redrawn, render: Renderer) -> None:
        self._redrawn = redrawn
        self._render = render
        self._made: dict[str, bytes | None] = {}
        self._making = threading.Lock()

    def page(self, path: str) -> bytes | None:
        """The bytes of the page at the path below the output folder; None where only the file
        there is known."""
        with self._making:
            if path not in self._made:
                plan = self._redrawn.draw(path)
                self._made[path] = self._render(plan).value if plan is not None else None
            return self._made[path]


def draft_pages(
    request: BuildRequest, memory: Memory, changed: Iterable[Path], least: int = WORTH_IT
) -> Draft | None:
    """The pages of the site with the new texts of changed records.

    None where anything else has changed too, where a record cannot be read, and on sites of
    fewer than `least` files: the build that follows tells.
    """
    last, paths = memory.last, [_path_of(path, request.source) for path in changed]
    if last is None or not 0 < len(paths) <= MOST or len(last.files) < least:
        return None
    edited: dict[str, Record] = {}
    for path in paths:
        record = _edited(path, request, memory, last) if path else None
        if record is None:
            return None
        edited[record.id] = record
    redrawn = last.sketch.redraw(edited)
    return Draft(redrawn, memory.renderer(last)) if redrawn is not None else None


def _path_of(path: Path, source: Path) -> str:
    """The record file's path from the site's folder; empty for other files."""
    if not path.is_relative_to(source):
        return ""
    name = unicodedata.normalize("NFC", path.relative_to(source).as_posix())
    return name if name.startswith(f"{NEWS}/") else ""


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
    if after is None or reading.diagnostics:
        return None
    text = {name: getattr(after, name) for name in TEXT}
    if msgspec.structs.replace(before, **text) != after:
        return None
    return msgspec.structs.replace(shown, **text)
