"""What is kept of bases is taken only by the code that made it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import msgspec

from tidings.engine.reach import KeptBases, bases_of, read_bases, unreached_pages
from tidings.engine.version import code_digest
from tidings.model.output import Written


def test_claims_count_as_apart_for_the_code_that_found_them_so() -> None:
    kept = KeptBases(claims=b"claims", code=code_digest())
    assert kept.apart == b"claims"
    assert msgspec.structs.replace(kept, code="another").apart == b""
    assert KeptBases().apart == b""


def test_bases_of_a_build_that_kept_no_claims_are_read() -> None:
    old = {"shared": b"s", "pages": {"index.html": (b"basis", "key")}}
    assert read_bases(msgspec.msgpack.encode(old)).apart == b""


def test_a_page_is_not_planned_where_its_file_is_that_of_its_basis() -> None:
    """The manifest may be of another build than the bases are: one was killed in between."""
    page = SimpleNamespace(path="a", basis=b"basis", template="page.html")
    sketch: Any = SimpleNamespace(pages=(page,))
    kept = KeptBases(b"shared", {"a": (b"basis", "key")}, {"page.html": b"maker"})
    for shared, maker, key, found in (
        (b"shared", b"maker", "key", {"a"}),
        (b"other", b"maker", "key", set()),
        (b"shared", b"other", "key", set()),
        (b"shared", b"maker", "other", set()),
    ):
        usable = {"a": Written(key, "digest", 1)}
        assert unreached_pages(sketch, shared, {"page.html": maker}.get, kept, usable) == found
    assert unreached_pages(sketch, b"shared", {"page.html": b"maker"}.get, kept, {}) == set()


def test_only_pages_of_which_a_basis_is_known_are_kept_and_found_again() -> None:
    """Nobody may have asked for bases: then equal ones promise nothing."""
    names = ("same", "other", "none")
    pages = [
        SimpleNamespace(path=path, basis=path.encode(), template="page.html") for path in names
    ]
    pages[2].basis = b""
    sketch: Any = SimpleNamespace(pages=pages, claims=b"claims")
    made: Any = {"page.html": b"maker"}.get
    files = {path: Written(f"key of {path}", "digest", 1) for path in names}
    first = KeptBases(b"shared", {"same": (b"same", "key of same"), "gone": (b"gone", "key")})
    kept = bases_of(sketch, b"shared", made, files, first, {"same"})
    assert kept == KeptBases(
        b"shared",
        {"same": (b"same", "key of same"), "other": (b"other", "key of other")},
        {"page.html": b"maker"},
        b"claims",
        code_digest(),
    )
    kept.pages["none"] = (b"", "key of none")
    assert unreached_pages(sketch, b"shared", made, kept, files) == {"same", "other"}
