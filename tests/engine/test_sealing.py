"""What is kept between builds is believed only where every bit of it is what was written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidings.model.sealing import seal, unseal

PAYLOADS = st.binary(max_size=200)


@given(PAYLOADS)
def test_what_was_sealed_comes_back(payload: bytes) -> None:
    for given_as in (payload, memoryview(payload)):
        found = unseal(seal(given_as))
        assert found is not None
        assert bytes(found) == payload


@given(PAYLOADS, st.data())
def test_every_flipped_bit_is_noticed(payload: bytes, data: st.DataObject) -> None:
    damaged = bytearray(seal(payload))
    bit = data.draw(st.integers(0, 8 * len(damaged) - 1))
    damaged[bit // 8] ^= 1 << bit % 8
    assert unseal(bytes(damaged)) is None


@given(PAYLOADS, st.data())
def test_every_cut_is_noticed_and_so_is_what_was_added(
    payload: bytes, data: st.DataObject
) -> None:
    sealed = seal(payload)
    place = data.draw(st.integers(0, len(sealed) - 1))
    assert unseal(sealed[:place]) is None
    assert unseal(sealed[place + 1 :]) is None
    assert unseal(sealed[:place] + sealed[place + 1 :]) is None
    assert unseal(sealed + sealed[place:]) is None
    zeros = bytes(len(sealed) - place)
    assert sealed[place:] == zeros or unseal(sealed[:place] + zeros) is None


@pytest.mark.parametrize("size", [0, 15, 16, 17, 4096])
def test_a_file_of_zeros_is_none_of_ours(size: int) -> None:
    """What a disk gives after a crash."""
    assert unseal(bytes(size)) is None
