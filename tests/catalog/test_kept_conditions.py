"""Where a condition under which something old is taken again fails, all is as from nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, NamedTuple

import msgspec
import pytest
from kept_catalogs import SHOWN, Disk, catalog_of, read_anew
from story_records import encoded, listed, record

from tidings.catalog.assemble import NO_STATE, CatalogState
from tidings.model.catalog import Catalog
from tidings.model.config import BlockConfig, Config
from tidings.model.record import Picture, ProviderMetadata, Record, TopicMetadata

FAR = 200
"""Hours after which no story is the same."""


def others(count: int = 30) -> list[Record]:
    """Records that have nothing to do with any other, so that a change reaches few."""
    return [record(f"far{n}", f"T{n}own votes on X{n}", FAR * (n + 1)) for n in range(count)]


class Site(NamedTuple):
    """What a catalog is made of."""

    records: list[Record]
    config: Config = SHOWN
    declared: tuple[ProviderMetadata, ...] = ()
    topics: tuple[TopicMetadata, ...] = ()


def made(site: Site, state: CatalogState, marked: bool) -> tuple[Catalog, CatalogState]:
    records, config, declared, topics = site
    return catalog_of(records, state, config, declared, marked, topics)


def go_to_and_fro(before: Site, after: Site) -> Catalog:
    """The catalog of the site after, made of what that of the site before has left, and back
    again, in one process and in several. Each must be that from nothing."""
    wanted = [made(site, NO_STATE, marked=False)[0] for site in (before, after)]
    for processes in ([0, 0, 0, 0], [0, 1, 2, 3], [0, 0, 1, 1], [0, 0, 0, 1], [0, 1, 1, 2]):
        for marked in (False, True):
            disk, state, last = Disk(), NO_STATE, 0
            for turn, process in enumerate(processes):
                site = (before, after)[turn % 2]
                if process != last:
                    site = site._replace(records=read_anew(site.records))
                    state, last = disk.state if marked else NO_STATE, process
                catalog, state = made(site, state, marked)
                assert catalog == wanted[turn % 2], (processes, marked, turn)
                assert encoded(catalog.stories) == encoded(wanted[turn % 2].stories)
                if marked:
                    state = disk.keep(state)
    return wanted[1]


def changed_to(before: list[Record], after: list[Record]) -> Catalog:
    """The same for records of one site."""
    return go_to_and_fro(Site(before), Site(after))


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
    story = go_to_and_fro(Site(records), Site(records, SHOWN, declared)).stories["one.md"]
    assert (story.outlets, len(story.coverage)) == (2, 1)


def test_coverage_that_the_config_blocks_leaves_its_story() -> None:
    """The entries that are left have other places in their list then."""
    entries = [listed(f"{host}.example/1", f"What {host} says") for host in ("a", "b")]
    records = [record("one", "Rates rise", 0, *entries), *others()]
    config = msgspec.structs.replace(SHOWN, block=BlockConfig(domains=("a.example",)))
    story = go_to_and_fro(Site(records), Site(records, config)).stories["one.md"]
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


def test_coverage_of_a_story_becomes_a_record_that_does_not_join_it() -> None:
    """Its members are as they were, and so are those that are linked with them."""
    early = listed("early.example/1", "Rates rise again", -90)
    one = record("one", "Rates rise", 0, early, "two.example/two")
    rest = [one, record("two", "Harbour opens", 2), *others()]
    late = record("late", "Vote on water", -24 * 90, url="early.example/1")
    story = changed_to(rest, [*rest, late]).stories["two.md"]
    assert set(story.members) == {"one.md", "two.md"}
    assert [item.record_id for item in story.background] == ["late.md"]


def put(value: Any, **changes: Any) -> Any:
    return msgspec.structs.replace(value, **changes)


ONE = record(
    "one", "Rates rise", 0, listed("a.example/1"), topics=("Alpha",), heat=5, quality=1
)
TWO = record("two", "Harbour opens", 2, listed("one.example/one"), topics=("alpha",), heat=5)
PAIR = [ONE, TWO]
LEAD = record("lead", "Tremor felt", 3, url="c.example/c", quality=9)
SAME = put(LEAD, id="same.md", quality=1, url_keys=("c.example/c", "d.example/d"))
DUPLICATES = [LEAD, SAME, record("listing", "Vote on water", 4, listed("d.example/d"))]
PICTURED = [
    record(f"p{n}", f"Seen {n}", n, pictures=(Picture("https://p.example/p.png"),))
    for n in range(4)
]
HELD = record("held", "Not yet", -1, published=False, topics=("ALPHA",))
PLAIN = Config()
LISTERS = [record(f"l{n}", f"L{n}ight on M{n}", n, listed("z.example/z")) for n in range(17)]
FRONT = record("front", "Front", 1, listed("one.example/one", days=30))

CASES = {
    "renamed": (PAIR, [put(ONE, id="0.md"), TWO]),
    "later": (PAIR, [put(ONE, published_at=ONE.published_at + timedelta(days=9)), TWO]),
    "quality": (PAIR, [ONE, put(TWO, quality=2)]),
    "spelling": (PAIR, [put(ONE, topics=("Beta",)), TWO]),
    "duplicate": (DUPLICATES, [LEAD, put(SAME, url_keys=SAME.url_keys[:1]), DUPLICATES[2]]),
    "swapped": (DUPLICATES, [LEAD, put(SAME, quality=99), DUPLICATES[2]]),
    "picture": (PICTURED, [put(PICTURED[0], pictures=()), *PICTURED[1:]]),
    "front page": (LISTERS[:16], LISTERS),
    "old coverage": ([ONE, FRONT], [ONE, put(FRONT, coverage=(listed("one.example/one"),))]),
    "listed elsewhere": (PAIR, [put(ONE, url_keys=("e.example/",)), TWO]),
}
CONFIGS = {
    "zone": put(SHOWN, site=put(SHOWN.site, timezone="Pacific/Kiritimati")),
    "root": put(SHOWN, site=put(SHOWN.site, root_topic="Alpha")),
    "pictures": put(SHOWN, content=put(SHOWN.content, placeholder_pictures=("https://p",))),
    "block": put(SHOWN, block=BlockConfig(domains=("a.example",))),
    "stories": put(SHOWN, stories=put(SHOWN.stories, window_days=1)),
    "held": PLAIN,
}


@pytest.mark.parametrize("case", CASES)
def test_records_that_change_are_never_taken_for_what_they_were(case: str) -> None:
    before, after = ([*records, *others()] for records in CASES[case])
    assert made(Site(before), NO_STATE, False)[0] != made(Site(after), NO_STATE, False)[0]
    changed_to(before, after)


@pytest.mark.parametrize("case", CONFIGS)
def test_another_config_is_followed_though_no_record_has_changed(case: str) -> None:
    records = [put(ONE, heat=None), put(TWO, heat=6), HELD, *others()]
    go_to_and_fro(Site(records), Site(records, CONFIGS[case]))


def test_topics_are_those_that_are_declared_and_those_that_wait_are_counted() -> None:
    declared = (TopicMetadata("content/topics/1-a.yaml", "a", "The Alpha", 1, "alpha"),)
    records = [*PAIR, HELD, *others()]
    go_to_and_fro(Site(records, PLAIN), Site(records, PLAIN, (), declared))
    other = [*PAIR, put(HELD, topics=("Gamma",)), *others()]
    assert "gamma" in go_to_and_fro(Site(records, PLAIN), Site(other, PLAIN)).topics
