"""Files to records and metadata: every file read, every problem collected."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

import msgspec

from tidings.engine.inputs import Inputs
from tidings.engine.places import NEWS, PAGES
from tidings.model.diagnostic import Diagnostic, Outcome, Place, Severity
from tidings.model.record import ProviderMetadata, Record, StaticPage, TopicMetadata
from tidings.model.source import SourceFile
from tidings.sources.metadata import read_page, read_provider, read_topic
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
    problems = [problem for reading in readings for problem in reading.diagnostics]
    problems.extend(_unknown_keys(inputs.news, readings))
    records = tuple(reading.record for reading in readings if reading.record is not None)
    return Loaded(
        records=records,
        topics=_collect(map(read_topic, inputs.topics), problems),
        providers=_collect(map(read_provider, inputs.providers), problems),
        pages=_collect((read_page(file, PAGES, options) for file in inputs.pages), problems),
        skipped=len(readings) - len(records),
        parsed=len(readings),
        diagnostics=tuple(problems),
    )


def record_id(file: SourceFile) -> str:
    """The id of the record in the file: its path below the folder of records."""
    return file.path.removeprefix(f"{NEWS}/")


def _collect(
    outcomes: Iterable[Outcome[Value]], problems: list[Diagnostic]
) -> tuple[Value, ...]:
    values = []
    for outcome in outcomes:
        problems.extend(outcome.diagnostics)
        if outcome.value is not None:
            values.append(outcome.value)
    return tuple(values)


def _unknown_keys(
    files: Iterable[SourceFile], readings: Iterable[Reading]
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
