"""Where a condition under which something old is taken again fails, all is as from nothing."""

from __future__ import annotations

import msgspec
from kept_catalogs import SHOWN, Disk, catalog_of, read_anew
from story_records import listed, record

from tidings.catalog.assemble import NO_STATE
from tidings.model.catalog import Catalog
from tidings.model.config import BlockConfig, Config
from tidings.model.record import ProviderMetadata, Record

FAR = 200
"""Hours after which no story is the same."""


def others(count: int = 30) -> list[Record]:
    """Records that have nothing to do with any other, so that a change reaches few."""
    return [record(f"far{n}", f"T{n}own votes on X{n}", FAR * (n + 1)) for n in range(count)]


def changed_to(
    before: list[Record],
    after: list[Record],
    config: Config = SHOWN,
    declared: tuple[ProviderMetadata, ...] = (),
) -> Catalog:
    """The catalog of the records after, with this config and these outlets, where those before
    were in one without; in one process and in two. It must be that from nothing."""
    anew, _ = catalog_of(after, NO_STATE, config, declared)
    _, state = catalog_of(before)
    assert catalog_of(after, state, config, declared)[0] == anew
    disk = Disk()
    disk.keep(catalog_of(before, marked=True)[1])
    assert disk.told
    assert disk.filed
    known, records = disk.state, read_anew(after)
    assert catalog_of(records, known, config, declared, marked=True)[0] == anew
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


def test_what_is_declared_of_an_outlet_tells_its_stories_anew() -> None:
    """Its articles are one entry then, and the record's own outlet tells nothing new."""
    entries = [
        listed(f"{host}.o1.example/1", title)
        for host, title in (("blog", "Tremor in Arlo"), ("news", "Harbour opens in Brin"))
    ]
    records = [record("one", "Rates rise", 0, *entries), *others()]
    declared = (
        ProviderMetadata(file="content/providers/o1.md", domain="o1.example", name="O"),
    )
    story = changed_to(records, records, SHOWN, declared).stories["one.md"]
    assert (story.outlets, len(story.coverage)) == (2, 1)


def test_coverage_that_the_config_blocks_leaves_its_story() -> None:
    """The entries that are left have other places in their list then."""
    entries = [listed(f"{host}.example/1", f"What {host} says") for host in ("a", "b")]
    records = [record("one", "Rates rise", 0, *entries), *others()]
    config = msgspec.structs.replace(SHOWN, block=BlockConfig(domains=("a.example",)))
    story = changed_to(records, records, config).stories["one.md"]
    assert [item.coverage.url_key for item in story.coverage] == ["b.example/1"]


def test_addresses_of_a_record_that_another_stood_for_go_with_it() -> None:
    """The other one has changed in nothing of its own then."""
    lead = record("lead", "Rates rise", 0, url="a.example/a", quality=9)
    other = msgspec.structs.replace(
        record("other", "Tremor felt", 1), url_keys=("a.example/a", "b.example/b")
    )
    rest = [record("listing", "Harbour opens", 2, listed("b.example/b")), *others()]
    (item,) = changed_to([lead, *rest], [lead, other, *rest]).coverage["listing.md"]
    assert item.record_id == "lead.md"
    (item,) = changed_to([lead, other, *rest], [lead, *rest]).coverage["listing.md"]
    assert item.record_id == ""


def test_what_stands_for_others_is_not_known_by_its_own_file_alone() -> None:
    lead = record("lead", "Rates rise", 0, url="a.example/a", quality=9)
    other = record("other", "Tremor felt", 1, listed("b.example/b"), url="a.example/a")
    also = (*other.coverage, listed("c.example/c"))
    changed = msgspec.structs.replace(other, coverage=also)
    rest = others()
    items = changed_to([lead, other, *rest], [lead, changed, *rest]).coverage["lead.md"]
    assert len(items) == 2
