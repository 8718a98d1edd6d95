"""What is kept of bases is taken only by the code that made it."""

from __future__ import annotations

import msgspec

from tidings.engine.reach import KeptBases, read_bases
from tidings.engine.version import code_digest


def test_claims_count_as_apart_for_the_code_that_found_them_so() -> None:
    kept = KeptBases(claims=b"claims", code=code_digest())
    assert kept.apart == b"claims"
    assert msgspec.structs.replace(kept, code="another").apart == b""
    assert KeptBases().apart == b""


def test_bases_of_a_build_that_kept_no_claims_are_read() -> None:
    old = {"shared": b"s", "pages": {"index.html": (b"basis", "key")}}
    assert read_bases(msgspec.msgpack.encode(old)).apart == b""
