"""Pairs of real records that were read and judged, and how well the stories agree with them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from tidings.catalog.coverage import coverage_of
from tidings.catalog.duplicates import merge_duplicates
from tidings.catalog.storytelling.stories import Stories, make_stories
from tidings.model.record import Record
from tidings.model.source import SourceFile
from tidings.sources.record import ReadOptions, read_record

ROOT = Path(__file__).parents[2]
FOLDERS = {
    "corpus": ROOT.parent / "shared/corpus/power-apps/news",
    "content": ROOT / "content/news",
}
PAIRS = Path(__file__).parent / "data/story-pairs.tsv"


class Pair(NamedTuple):
    """Two records and whether they report the same event."""

    folder: str
    same: bool
    one: str
    other: str
    note: str


class Agreement(NamedTuple):
    """How the stories found agree with the judgements."""

    pairs: int
    joined_rightly: int
    joined_wrongly: tuple[Pair, ...]
    missed: tuple[Pair, ...]

    @property
    def precision(self) -> float:
        """The share of the pairs joined that are the same event."""
        joined = self.joined_rightly + len(self.joined_wrongly)
        return self.joined_rightly / joined if joined else 1.0

    @property
    def recall(self) -> float:
        """The share of the pairs of one event that were joined."""
        return self.joined_rightly / (self.joined_rightly + len(self.missed))


def read_pairs() -> list[Pair]:
    """All judged pairs."""
    with PAIRS.open(encoding="utf-8", newline="") as file:
        lines = (line for line in file if not line.startswith("#"))
        return [
            Pair(folder, verdict == "same", one, other, note)
            for folder, verdict, one, other, note in csv.reader(lines, delimiter="\t")
        ]


def read_records(folder: Path) -> list[Record]:
    """The records of the folder's files; ids are file names."""
    readings = (
        read_record(SourceFile(path.name, path.read_bytes()), path.name, ReadOptions())
        for path in sorted(folder.glob("*.md"))
    )
    return [reading.record for reading in readings if reading.record is not None]


def stories_of(records: Sequence[Record]) -> Stories:
    """The stories of the records, as the catalog makes them."""
    merged = merge_duplicates(records)
    coverage = {
        record.id: coverage_of(record, merged.owners)
        for record in merged.records
        if record.coverage
    }
    return make_stories(merged.records, coverage, merged.owners)


def judge(stories: Stories, pairs: Iterable[Pair]) -> Agreement:
    """How the stories agree with the pairs."""
    right, wrong, missed, count = 0, [], [], 0
    for pair in pairs:
        count += 1
        one, other = stories.get(pair.one), stories.get(pair.other)
        joined = one is not None and other is not None and one.id == other.id
        if joined and pair.same:
            right += 1
        elif joined:
            wrong.append(pair)
        elif pair.same:
            missed.append(pair)
    return Agreement(count, right, tuple(wrong), tuple(missed))
