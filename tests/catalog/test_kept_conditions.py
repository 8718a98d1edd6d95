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


SCHEDULES = (
    "0a 0b 0a 0b",
    "0a 1b 2a 3b",
    "0a 0b 1a 1b",
    "0a 0b 0a 1b",
    "0a 1b 1a 2b",
    "0a 1a 1b 2b",
    "0a 1b 2b 3a",
)
"""Which process makes a catalog, and of which site: the one before or the one after."""


def go_to_and_fro(before: Site, after: Site) -> Catalog:
    """The catalog of the site after, made of what that of the site before has left, and back
    again, in one process and in several. Each must be that from nothing."""
    wanted = [made(site, NO_STATE, marked=False)[0] for site in (before, after)]
    follow(SCHEDULES[0], before, after, wanted, marked=False)
    for schedule in SCHEDULES:
        # As few changes are written, and as all are.
        for stale in (16, -1):
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr("tidings.catalog.assemble.STALE", stale)
                patch.setattr("tidings.catalog.filing.STALE", stale)
                follow(schedule, before, after, wanted, marked=True)
    return wanted[1]


def follow(
    schedule: str, before: Site, after: Site, wanted: list[Catalog], marked: bool
) -> None:
    disk, state, last = Disk(), NO_STATE, "0"
    for step in schedule.split():
        process, turn = step[0], "ab".index(step[1])
        site = (before, after)[turn]
        if process != last:
            site = site._replace(records=read_anew(site.records))
            state, last = disk.state, process
        catalog, state = made(site, state, marked)
        assert catalog == wanted[turn], (schedule, step, marked)
        assert encoded(catalog.stories) == encoded(wanted[turn].stories)
        if marked:
            state = disk.keep(state)


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
ROAD = [put(ONE, coverage=()), put(TWO, coverage=(listed("b.example/2"), *TWO.coverage))]
"""One story, under the record that lists nothing."""
ALSO = put(ONE, coverage=(listed("a.example/1", "Vote"), listed("a.example/2", "Flood")))
"""An outlet's further article under its first."""
AGO = put(ONE, coverage=(listed("a.example/1"), listed("b.example/2", days=-90)))
"""What is too long ago for its story."""
NUMBERED = [put(ROAD[0], title="Arlo wave 4"), put(TWO, title="Brin wave 5")]
"""Two events by their titles."""
QUAKES = [record("x", "Arlo quake felt early"), record("y", "Quake wakes Arlo town", 3)]
FELT = [record(f"k{n}", f"L{n}ocal quake K{n}ept", -FAR * (n + 1)) for n in range(7)]
"""With all of them, one event can no longer be told by the word."""

CASES = {
    "renamed": (PAIR, [put(ONE, id="0.md"), TWO]),
    "later": (PAIR, [put(ONE, published_at=ONE.published_at + timedelta(days=9)), TWO]),
    "earlier": (PAIR, [put(ONE, published_at=ONE.published_at - timedelta(days=9)), TWO]),
    "quality": (PAIR, [ONE, put(TWO, quality=2)]),
    "spelling": (PAIR, [put(ONE, topics=("Beta",)), TWO]),
    "duplicate": (DUPLICATES, [LEAD, put(SAME, url_keys=SAME.url_keys[:1]), DUPLICATES[2]]),
    "swapped": (DUPLICATES, [LEAD, put(SAME, quality=99), DUPLICATES[2]]),
    "picture": (PICTURED, [put(PICTURED[0], pictures=()), *PICTURED[1:]]),
    "front page": (LISTERS[:16], LISTERS),
    "old coverage": ([ONE, FRONT], [ONE, put(FRONT, coverage=(listed("one.example/one"),))]),
    "parted": (ROAD, [ROAD[0], put(ROAD[1], coverage=())]),
    "listed below": ([ALSO, TWO], [ALSO, put(TWO, title="Harbour shuts")]),
    "listed ago": ([AGO, LEAD], [AGO, put(LEAD, title="Harbour shuts")]),
    "numbered": (NUMBERED, [put(NUMBERED[0], title="Arlo opens"), NUMBERED[1]]),
    "common word": ([*QUAKES, *FELT[:6]], [*QUAKES, *FELT]),
    "listed elsewhere": (PAIR, [put(ONE, url_keys=("e.example/",)), TWO]),
}
CONFIGS = {
    "zone": put(SHOWN, site=put(SHOWN.site, timezone="Pacific/Kiritimati")),
    "root": put(SHOWN, site=put(SHOWN.site, root_topic="Alpha")),
    "pictures": put(SHOWN, content=put(SHOWN.content, placeholder_pictures=("https://p",))),
    "block": put(SHOWN, block=BlockConfig(domains=("a.example",))),
    "stories": put(SHOWN, stories=put(SHOWN.stories, window_days=1)),
    "texts": put(SHOWN, stories=put(SHOWN.stories, by_text=False)),
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


def test_a_record_that_waits_is_noticed_though_it_is_the_oldest() -> None:
    """All that are before it stand where they stood then."""
    waits = put(HELD, id="waits.md", published_at=HELD.published_at - timedelta(days=9))
    records, more = [*PAIR, HELD, *others()], put(waits, topics=("Delta",))
    assert "delta" in go_to_and_fro(Site(records, PLAIN), Site([*records, more], PLAIN)).topics


def test_a_record_that_waits_may_change_in_what_topics_do_not_depend_on() -> None:
    records = [*PAIR, HELD, *others()]
    changed = [*PAIR, put(HELD, title="Not yet, still"), *others()]
    go_to_and_fro(Site(records, PLAIN), Site(changed, PLAIN))


def test_the_first_record_comes_to_a_site_that_has_only_blocked_ones() -> None:
    blocked = put(SHOWN, block=BlockConfig(domains=("one.example",)))
    after = go_to_and_fro(Site([ONE], blocked), Site([ONE, *others(3)], blocked))
    assert len(after.records) == 3


def test_coverage_that_the_config_blocks_relates_no_records() -> None:
    """They are filed as they were then, and their files have not changed."""
    shared = [listed("b.example/1", "Seen elsewhere"), listed("a.example/2", "Afar")]
    records = [record("x", "Rates rise", 0, *shared), record("y", "Harbour opens", 99, *shared)]
    blocked = put(SHOWN, block=BlockConfig(domains=("a.example", "b.example")))
    sites = Site([*records, *others()]), Site([*records, *others()], blocked)
    assert "y.md" in {link.id for link in made(sites[0], NO_STATE, False)[0].related["x.md"]}
    assert not go_to_and_fro(*sites).related.get("x.md")


def test_stories_are_told_by_the_config_that_is_there_now() -> None:
    records = [record(f"q{n}", "Arlo harbour quake 4.2", 48 * n) for n in range(2)]
    records += others()
    short = put(SHOWN, stories=put(SHOWN.stories, span_days=1))
    assert "q0.md" in go_to_and_fro(Site(records, short), Site(records)).stories
    assert "q0.md" not in go_to_and_fro(Site(records), Site(records, short)).stories
