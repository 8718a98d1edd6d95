"""Kept readings are used only where their bytes are those that were written."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tidings.engine.kept import (
    ENCODER,
    NOTHING_KEPT,
    Entry,
    Index,
    KeptReadings,
    check_of,
    encode_index,
    open_kept,
    sum_of,
)
from tidings.engine.reading import Read, read_records
from tidings.sources.record import Reading, ReadOptions
from tidings.sources.scan import Found

DATA = ENCODER.encode(Reading(None, unknown_keys=("colour",)))
ENTRY = Entry(1, 2, 3, b"digest", 0, len(DATA), check_of(DATA), sum_of(DATA))
INDEX = encode_index(Index("v", {"a.md": ENTRY}, len(DATA)))


def test_a_reading_comes_back_as_it_was() -> None:
    reading = open_kept("v", INDEX, DATA).reading("a.md", ENTRY)
    assert reading == Reading(None, unknown_keys=("colour",))


@pytest.mark.parametrize("place", range(len(DATA)))
def test_one_wrong_byte_makes_it_useless(place: int) -> None:
    damaged = bytearray(DATA)
    damaged[place] ^= 1
    assert open_kept("v", INDEX, bytes(damaged)).reading("a.md", ENTRY) is None


def test_no_stranger_can_make_two_readings_that_are_known_by_one_digest() -> None:
    # Of so many bits, two alike among about the square root of all can be found.
    assert len(check_of(DATA)) * 8 // 2 >= 64


def test_an_index_of_another_version_or_shape_is_none() -> None:
    assert open_kept("w", INDEX, DATA).index == Index("w")
    assert open_kept("v", INDEX[:-5], DATA).index == Index("v")
    # Or what is written next would not be where its entry says.
    assert open_kept("v", INDEX, DATA[:-1]).index == Index("v")


def test_a_file_is_as_it_was_where_its_size_and_both_its_times_are() -> None:
    kept = open_kept("v", INDEX, DATA)
    assert kept.find(Found("a.md", "a.md", 1, 2, 3)) is not None
    for path, size, changed, touched in (
        ("b.md", 1, 2, 3),
        ("a.md", 9, 2, 3),
        ("a.md", 1, 9, 3),
        ("a.md", 1, 2, 9),
    ):
        assert kept.find(Found(path, "a.md", size, changed, touched)) is None


def read_one(file: Path, at: int, kept: KeptReadings, *, trust_times: bool = True) -> Read:
    """The file as a build reads it that finds it changed at that time."""
    found = Found("content/news/a.md", str(file), file.stat().st_size, at, at)
    return read_records(
        [found], ReadOptions(), kept, 1, lambda *_: None, trust_times=trust_times
    )


def test_times_are_trusted_where_they_prove_something_and_the_build_is_not_a_clean_one(
    tmp_path: Path,
) -> None:
    file = tmp_path / "a.md"
    file.write_text("---\ntitle: One\npublishedDateTime: 2024-01-01T00:00:00Z\n---\n")
    now = time.time_ns()
    for at, parsed in ((now - 10_000_000_001, (0, 1)), (now + 10_000_000_001, (1, 1))):
        file.write_text(file.read_text().replace("Two", "One"))
        first = read_one(file, at, NOTHING_KEPT)
        kept = KeptReadings(first.index, first.added[0])
        # Of the same length, and as if no time had passed.
        file.write_text(file.read_text().replace("One", "Two"))
        again = read_one(file, at, kept), read_one(file, at, kept, trust_times=False)
        assert tuple(read.parsed for read in again) == parsed
