"""Where a condition under which something old is taken again fails, all is as from nothing."""

from __future__ import annotations

import msgspec
from kept_catalogs import Disk, catalog_of, read_anew
from story_records import listed, record

from tidings.model.catalog import Catalog
from tidings.model.record import Record

FAR = 500
"""Hours after which no story is the same."""


def others(count: int = 30) -> list[Record]:
    """Records that have nothing to do with any other, so that a change reaches few."""
    return [record(f"far{n}", f"T{n}own votes on X{n}", FAR * (n + 1)) for n in range(count)]


def changed_to(before: list[Record], after: list[Record]) -> Catalog:
    """The catalog of the records after it was made of those before, in one process and in two;
    it must be that from nothing."""
    anew, _ = catalog_of(after)
    _, state = catalog_of(before)
    assert catalog_of(after, state)[0] == anew
    disk = Disk()
    disk.keep(catalog_of(before, marked=True)[1])
    assert catalog_of(read_anew(after), disk.state, marked=True)[0] == anew
    return anew


def test_what_stands_for_others_is_linked_anew_by_their_urls() -> None:
    """They are not among its own: who lists one of them shares no URL with it."""
    lead = record("lead", "Arlo wave 4", 0, url="a.example/a", quality=9)
    other = msgspec.structs.replace(
        record("other", "Tremor felt", 1), url_keys=("a.example/a", "b.example/b")
    )
    listing = record("listing", "Brin wave 4", 2, listed("b.example/b", "Foo", 0))
    rest = [other, listing, *others()]
    parted = msgspec.structs.replace(lead, title="Arlo wave 5")
    together = changed_to([parted, *rest], [lead, *rest])
    assert together.stories["lead.md"].members == ("lead.md", "listing.md")
    assert "lead.md" not in changed_to([lead, *rest], [parted, *rest]).stories
