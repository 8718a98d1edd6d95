"""Kept readings are used only where their bytes are those that were written."""

from __future__ import annotations

import pytest

from tidings.engine.kept import ENCODER, Entry, Index, check_of, encode_index, open_kept, sum_of
from tidings.sources.record import Reading

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
