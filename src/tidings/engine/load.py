"""Files to records and metadata: every file parsed, every problem collected.

Part of the engine, after scanning.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import msgspec

from tidings.engine.inputs import Inputs
from tidings.engine.places import NEWS, PAGES
from tidings.model.diagnostic import Diagnostic, Place, Severity
from tidings.model.record import ProviderMetadata, Record, StaticPage, TopicMetadata
from tidings.model.source import SourceFile
from tidings.sources.metadata import MetadataReading, read_page, read_provider, read_topic
from tidings.sources.record import Reading, ReadOptions, read_record

Value = TypeVar("Value")


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


def load_site(
    inputs: Inputs, options: ReadOptions, progress: Callable[[int, int], None]
) -> Loaded:
    """All records and metadata of the site. `progress` is called with (done, total) records."""
    readings: list[Reading] = []
    total = len(inputs.news)
    for number, file in enumerate(inputs.news):
        readings.append(read_record(file, record_id(file), options))
        if number % 100 == 0:
            progress(number, total)
    progress(total, total)
    topics = [read_topic(file) for file in inputs.topics]
    providers = [read_provider(file) for file in inputs.providers]
    pages = [read_page(file, PAGES, options) for file in inputs.pages]
    files = (*inputs.news, *inputs.topics, *inputs.providers, *inputs.pages)
    everything: list[Reading | MetadataReading[Any]] = [
        *readings,
        *topics,
        *providers,
        *pages,
    ]
    problems = [problem for reading in everything for problem in reading.diagnostics]
    problems.extend(_unknown_keys(files, everything))
    records = tuple(reading.record for reading in readings if reading.record is not None)
    return Loaded(
        records=records,
        topics=_usable(topics),
        providers=_usable(providers),
        pages=_usable(pages),
        skipped=len(readings) - len(records),
        parsed=len(readings),
        diagnostics=tuple(problems),
    )


def record_id(file: SourceFile) -> str:
    """The id of the record in the file: its path below the folder of records."""
    return file.path.removeprefix(f"{NEWS}/")


def _usable(readings: Iterable[MetadataReading[Value]]) -> tuple[Value, ...]:
    return tuple(reading.value for reading in readings if reading.value is not None)


def _unknown_keys(
    files: Iterable[SourceFile], readings: Iterable[Reading | MetadataReading[Any]]
) -> Iterable[Diagnostic]:
    """One note for each unknown key of the whole site, at the first file that has it."""
    found: dict[str, list[str]] = {}
    for file, reading in zip(files, readings, strict=True):
        for key in reading.unknown_keys:
            found.setdefault(key, []).append(file.path)
    for key, paths in found.items():
        where = "in this file" if len(paths) == 1 else f"in {len(paths)} files"
        yield Diagnostic(
            "unknown-key",
            Severity.INFO,
            f"key {key!r} means nothing here and is left out ({where})",
            Place(paths[0]),
        )
