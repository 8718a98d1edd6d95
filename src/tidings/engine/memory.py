"""What a build takes from the one before it, and leaves to the next.

Part of the engine: the only part that knows the names of the files; see `output.state`. A
program that builds again and again keeps its memory, and nothing need be read back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from tidings.catalog.assemble import CatalogState
from tidings.catalog.relating.kept import KeptRelations
from tidings.catalog.storytelling.kept import KeptStories, decode_kept, is_nearly
from tidings.engine.kept import (
    Index,
    KeptReadings,
    compacted,
    encode_index,
    is_wasteful,
    open_kept,
)
from tidings.engine.keys import engine_version
from tidings.engine.prepare import Prepared
from tidings.engine.reach import KeptBases, read_bases
from tidings.engine.reading import Read
from tidings.engine.version import code_digest
from tidings.model.config import Config
from tidings.model.output import Written
from tidings.model.page import SiteSketch
from tidings.model.record import Record
from tidings.output.state import (
    append_state,
    drop_state,
    read_start,
    read_state,
    write_state,
)
from tidings.render.compiled import CompiledTemplates, decode_compiled, encode_compiled
from tidings.render.html import Renderer, open_renderer
from tidings.render.theme import Theme, compiled_templates
from tidings.sources.record import Reading, ReadOptions

TEMPLATES = "templates.bin"
BASES = "pages.msgpack"
INDEX = "records.index"
READINGS = "records.data"
STORIES = "stories.msgpack"
RELATIONS = "related.data"
CHANGES = "related.changes"
TOLD = "told.msgpack"
FILED = "filed.msgpack"
IDENTITY = 16
"""Bytes before the contents of some files: the name of the large file of relations, and the
version of the code that made what the catalog keeps."""


class Last(msgspec.Struct, frozen=True):
    """The site as the last build left it."""

    config: Config
    records: Mapping[str, Record]
    """Shown records by id."""
    sketch: SiteSketch
    files: Mapping[str, Written]
    """What is ours in the output folder, by path."""
    theme: Theme
    readings: Mapping[str, Reading]
    """Of all records that it was made from, by file."""


class Memory:
    """What builds into one output folder know of the ones before. Not for two at a time.

    Where it is not `lasting`, it is for a single build, and lets go of what only the next could
    use once that is written: the build has better use for the room, and its workers would have
    it, too.
    """

    def __init__(self, output: Path, *, lasting: bool = True) -> None:
        self._output = output
        self._lasting = lasting
        self._readings: tuple[str, Index, dict[str, Reading]] | None = None
        self.last: Last | None = None
        """None before the first build, and after one that failed."""
        self._renderer: Renderer | None = None
        self._bases: KeptBases | None = None
        self._catalog: CatalogState | None = None
        self._stories: KeptStories | None = None
        """What is written of stories; a later state may differ a little."""
        self._templates: CompiledTemplates | None = None

    def remember(self, prepared: Prepared, files: Mapping[str, Written]) -> None:
        """Notes what the site now is; `files` is its manifest."""
        if prepared.sketch is None or prepared.theme is None:
            self.last = None
            return
        self.last = Last(
            prepared.config,
            prepared.catalog.records,
            prepared.sketch,
            files,
            prepared.theme,
            self._readings[2] if self._readings is not None else {},
        )
        self._renderer = None

    def renderer(self, last: Last) -> Renderer:
        """What renders pages as the last build would have."""
        if self._renderer is None:
            self._renderer = open_renderer(last.theme, last.sketch.site)
        return self._renderer

    def last_record(self, path: str) -> Record | None:
        """The record in the file, as the last build that succeeded has read it."""
        reading = self.last.readings.get(path) if self.last is not None else None
        return reading.record if reading is not None else None

    def readings(self, options: ReadOptions) -> KeptReadings:
        """The readings of earlier builds, for these options."""
        code = code_digest("sources", "model", "engine/kept.py", "engine/places.py")
        version = f"{code} {msgspec.json.encode(options).decode()}"
        if self._readings is not None and self._readings[0] == version:
            _, index, decoded = self._readings
            return KeptReadings(index, b"", decoded)
        index_data = read_state(self._output, INDEX)
        data = read_state(self._output, READINGS) if index_data else None
        return open_kept(version, index_data, data)

    def keep_readings(self, kept: KeptReadings, read: Read) -> None:
        """Keeps what was read now, beside what was kept."""
        if self._lasting:
            decoded = {
                file.path: reading
                for file, reading in zip(read.files, read.readings, strict=True)
            }
            self._readings = (read.index.version, read.index, decoded)
        if read.index == kept.index:
            return
        if is_wasteful(read.index):
            self._compact(kept, read)
        elif append_state(self._output, READINGS, kept.index.size, read.added):
            write_state(self._output, INDEX, encode_index(read.index))
        else:
            # Not there any more, or not to be written: the next build reads all anew.
            self._readings = None
            drop_state(self._output, INDEX)

    def _compact(self, kept: KeptReadings, read: Read) -> None:
        data = kept.data or read_state(self._output, READINGS) or b""
        whole = KeptReadings(read.index, b"".join((data[: kept.index.size], *read.added)))
        index, parts = compacted(whole)
        drop_state(self._output, INDEX)
        write_state(self._output, READINGS, *parts)
        write_state(self._output, INDEX, encode_index(index))
        if self._readings is not None:
            self._readings = (index.version, index, self._readings[2])

    def bases(self) -> KeptBases:
        """What the pages of the last finished build were planned from."""
        if self._bases is None:
            self._bases = read_bases(read_state(self._output, BASES))
        return self._bases

    def keep_bases(self, bases: KeptBases) -> None:
        """Keeps what pages were planned from."""
        if bases != self._bases:
            self._bases = bases
            write_state(self._output, BASES, msgspec.msgpack.encode(bases))

    def templates(self) -> CompiledTemplates | None:
        """The compiled templates of earlier builds."""
        if self._templates is None:
            data = read_state(self._output, TEMPLATES)
            self._templates = decode_compiled(data, engine_version()) if data else None
        return self._templates

    def keep_templates(self, theme: Theme, used: Iterable[str]) -> None:
        """Keeps the theme's templates compiled, as far as the pages that use these need."""
        known = self.templates()
        if known is not None and not used:
            return
        compiled = compiled_templates(theme, used)
        if compiled != self._templates:
            self._templates = compiled
            write_state(self._output, TEMPLATES, encode_compiled(compiled, engine_version()))

    def catalog(self) -> CatalogState:
        """What the last catalog was made with."""
        if self._catalog is None:
            stories = read_state(self._output, STORIES)
            settled = read_state(self._output, RELATIONS)
            changes = read_state(self._output, CHANGES)
            self._catalog = CatalogState(
                KeptRelations.read(memoryview(settled)[IDENTITY:], changes)
                if settled is not None and changes is not None
                else None,
                decode_kept(memoryview(stories)[IDENTITY:])
                if stories and stories[:IDENTITY] == _catalog_version()
                else None,
                self._own(TOLD),
                filed=self._own(FILED),
            )
        return self._catalog

    def _own(self, name: str) -> memoryview | None:
        """What the same code wrote into this file of the catalog's."""
        data = read_state(self._output, name)
        if not data or data[:IDENTITY] != _catalog_version():
            return None
        return memoryview(data)[IDENTITY:]

    def keep_catalog(self, state: CatalogState) -> None:
        """Keeps what the catalog was made with."""
        before = self.catalog()
        if self._stories is None:
            self._stories = before.stories
        if state.stories is not None and not is_nearly(state.stories, self._stories):
            self._stories = state.stories
            write_state(self._output, STORIES, _catalog_version(), state.stories.encode())
        if state.telling is not None:
            told, telling = state.telling.pack()
            state = msgspec.structs.replace(state, telling=telling)
            if told is not None:
                write_state(self._output, TOLD, _catalog_version(), told)
        if state.filing is not None:
            filed, filing = state.filing.pack()
            state = msgspec.structs.replace(state, filing=filing)
            if filed is not None:
                write_state(self._output, FILED, _catalog_version(), filed)
        if self._lasting:
            self._catalog = state
        else:
            self._catalog = self._stories = None
        relations = state.relations
        if relations is None or relations is before.relations:
            return
        parts = relations.parts
        identity = bytes.fromhex(parts.identity)[:IDENTITY].ljust(IDENTITY, b"\0")
        there = read_start(self._output, RELATIONS, IDENTITY)
        if there != identity or not relations.goes_on_from(before.relations):
            drop_state(self._output, CHANGES)
            write_state(self._output, RELATIONS, identity, parts.settled)
        write_state(self._output, CHANGES, parts.changes)


def _catalog_version() -> bytes:
    """A digest of all that stories depend on beside their records."""
    return hashlib.blake2b(
        code_digest("catalog", "model").encode(), digest_size=IDENTITY
    ).digest()
