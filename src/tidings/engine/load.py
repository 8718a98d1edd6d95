"""Files to records and metadata: every file parsed, every problem collected.

Part of the engine, after scanning.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

import msgspec

from tidings.engine.inputs import Inputs
from tidings.engine.places import PAGES
from tidings.engine.reading import Read
from tidings.model.diagnostic import Diagnostic, Place, Severity
from tidings.model.record import ProviderMetadata, Record, StaticPage, TopicMetadata
from tidings.sources.metadata import MetadataReading, read_page, read_provider, read_topic
from tidings.sources.record import ReadOptions
from tidings.sources.schema import RawPage, RawProviderFile, RawRecord, RawTopic, near_key

Value = TypeVar("Value")
Keys = tuple[str, type, tuple[str, ...]]
"""A file's path, the shape that its front matter has, and its keys that mean nothing."""


class Loaded(msgspec.Struct, frozen=True):
    """What all the files say."""

    records: tuple[Record, ...]
    topics: tuple[TopicMetadata, ...]
    providers: tuple[ProviderMetadata, ...]
    pages: tuple[StaticPage, ...]
    skipped: int
    """Record files left out because of an error."""
    parsed: int
    """Record files that were parsed."""
    diagnostics: tuple[Diagnostic, ...]


def load_site(inputs: Inputs, read: Read, options: ReadOptions) -> Loaded:
    """All records and metadata of the site."""
    topics = [read_topic(file) for file in inputs.topics]
    providers = [read_provider(file) for file in inputs.providers]
    pages = [read_page(file, PAGES, options) for file in inputs.pages]
    metadata: list[MetadataReading[Any]] = [*topics, *providers, *pages]
    files = (*inputs.topics, *inputs.providers, *inputs.pages)
    problems = list(read.diagnostics)
    for reading in read.readings:
        problems += reading.diagnostics
    for each in metadata:
        problems += each.diagnostics
    shapes = (
        *(RawTopic for _ in topics),
        *(RawProviderFile for _ in providers),
        *(RawPage for _ in pages),
    )
    keys: list[Keys] = [
        (file.path, RawRecord, reading.unknown_keys)
        for file, reading in zip(read.files, read.readings, strict=True)
        if reading.unknown_keys
    ]
    keys += [
        (file.path, shape, each.unknown_keys)
        for file, shape, each in zip(files, shapes, metadata, strict=True)
    ]
    problems.extend(_unknown_keys(keys))
    records = tuple(reading.record for reading in read.readings if reading.record is not None)
    return Loaded(
        records=records,
        topics=_usable(topics),
        providers=_usable(providers),
        pages=_usable(pages),
        skipped=len(inputs.news) - len(records),
        parsed=read.parsed,
        diagnostics=tuple(problems),
    )


def _usable(readings: Iterable[MetadataReading[Value]]) -> tuple[Value, ...]:
    return tuple(reading.value for reading in readings if reading.value is not None)


def _unknown_keys(keys: Iterable[Keys]) -> Iterable[Diagnostic]:
    """One note for each unknown key of the whole site, at the first file that has it; `keys`
    has those of each file."""
    found: dict[str, list[tuple[str, type]]] = {}
    for path, shape, unknown in keys:
        for key in unknown:
            found.setdefault(key, []).append((path, shape))
    for key, places in found.items():
        path, shape = places[0]
        where = "in this file" if len(places) == 1 else f"in {len(places)} files"
        near = near_key(key, shape)
        yield Diagnostic(
            "unknown-key",
            Severity.INFO,
            f"key {key!r} means nothing here and is left out ({where})",
            Place(path),
            f"did you mean {near!r}?" if near else "",
        )
