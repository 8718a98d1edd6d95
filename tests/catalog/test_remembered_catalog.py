"""A program that makes one catalog after the other gets those that come from nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kept_catalogs import CLOCK, SHOWN, Disk, catalog_of, read_anew
from story_records import QUAKE, encoded, listed, record

from tidings.catalog import arranging, more, remembered
from tidings.catalog.assemble import NO_STATE, CatalogState, make_catalog
from tidings.catalog.relating import kept as kept_relations
from tidings.catalog.relating.relating_types import Relatable
from tidings.catalog.storytelling import stories as stories_module
from tidings.model.config import StoriesConfig
from tidings.model.record import Body, Provider, ProviderMetadata, Record, TopicMetadata

DAY = timedelta(days=1)
CONFIGS = [
    SHOWN,
    msgspec.structs.replace(SHOWN, stories=StoriesConfig(span_days=1)),
    msgspec.structs.replace(
        SHOWN, site=msgspec.structs.replace(SHOWN.site, timezone="Asia/Tokyo")
    ),
]
DECLARED = ProviderMetadata(file="content/providers/a.md", domain="r1.example", name="Renamed")

TELLING = "quake harbour bridge opens vote tunnel Arlo Brin Cato Dova Elko 4.2"
WORDS = TELLING.split()
TITLES = st.lists(st.sampled_from(WORDS), min_size=3, max_size=7).map(" ".join)
KINDS = ["add", "delete", "title", "time", "list", "same-url", "quality", "topics", "nothing"]
EDITS = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(0, 99), TITLES, st.integers(0, 60)),
    max_size=3,
)


def edit(records: list[Record], kind: str, at: int, text: str, number: int) -> None:
    place = at % len(records)
    other = records[number % len(records)]
    if kind == "add":
        if all(each.id != f"n{at}.md" for each in records):
            records.append(record(f"n{at}", text, number, other.url_keys[0], excerpt=text))
    elif kind == "delete":
        if len(records) > 1:
            del records[place]
    else:
        records[place] = edited(records[place], kind, text, number, other)


def edited(old: Record, kind: str, text: str, number: int, other: Record) -> Record:
    entry = listed(other.url_keys[0], text, number / 10)
    changes: dict[str, dict[str, Any]] = {
        "title": {"title": text},
        "time": {"published_at": old.published_at + timedelta(hours=number - 30)},
        "list": {"coverage": (*old.coverage, entry)},
        "same-url": {"url_keys": (*old.url_keys, other.url_keys[0])},
        "quality": {"quality": number},
        "topics": {"topics": tuple(text.split()[:2])},
        "nothing": {},
    }
    return msgspec.structs.replace(old, **changes[kind])


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(TITLES, st.integers(0, 200), TITLES), min_size=1, max_size=30),
    st.lists(
        st.tuples(EDITS, st.sampled_from([0, 0, 0, 1, 2]), st.booleans()),
        min_size=1,
        max_size=4,
    ),
    st.integers(1, 4),
)
def test_catalogs_after_any_edits_are_those_from_nothing(
    first: list[tuple[str, int, str]],
    rounds: list[tuple[list[tuple[str, int, str, int]], int, bool]],
    share: int,
) -> None:
    """Whatever part of the site a change reaches; records that stay are the same objects."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tidings.catalog.storytelling.retelling.SHARE", share)
        patch.setattr("tidings.catalog.storytelling.relinking.SHARE", share)
        records = [
            record(f"r{n}", title, hours, f"r{n // 2}.example/r{n // 2}", excerpt=excerpt)
            for n, (title, hours, excerpt) in enumerate(first)
        ]
        _, state = catalog_of(records)
        for edits, config, known in rounds:
            for each in edits:
                edit(records, *each)
            declared = (DECLARED,) if known else ()
            catalog, state = catalog_of(records, state, CONFIGS[config], declared)
            anew, _ = catalog_of(records, NO_STATE, CONFIGS[config], declared)
            assert catalog == anew
            assert encoded(catalog.stories) == encoded(anew.stories)
            assert list(catalog.coverage.items()) == list(anew.coverage.items())


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(TITLES, st.integers(0, 200), TITLES), min_size=1, max_size=30),
    st.lists(
        st.tuples(EDITS, st.sampled_from([0, 0, 0, 1]), st.booleans(), st.booleans()),
        min_size=1,
        max_size=4,
    ),
    st.integers(1, 4),
)
def test_catalogs_of_one_process_after_the_other_are_those_from_nothing(
    first: list[tuple[str, int, str]],
    rounds: list[tuple[list[tuple[str, int, str, int]], int, bool, bool]],
    share: int,
) -> None:
    """Some processes make more than one catalog; what is written is that of the last one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tidings.catalog.storytelling.retelling.SHARE", share)
        patch.setattr("tidings.catalog.storytelling.relinking.SHARE", share)
        records = [
            record(f"r{n}", title, hours, f"r{n // 2}.example/r{n // 2}", excerpt=excerpt)
            for n, (title, hours, excerpt) in enumerate(first)
        ]
        patch.setattr("tidings.catalog.assemble.STALE", share - 1)
        patch.setattr("tidings.catalog.filing.STALE", share - 1)
        disk = Disk()
        _, state = catalog_of(records, marked=True)
        for edits, config, known, another in rounds:
            state = disk.keep(state)
            for each in edits:
                edit(records, *each)
            if another:
                records, state = read_anew(records), disk.state
            declared = (DECLARED,) if known else ()
            catalog, state = catalog_of(records, state, CONFIGS[config], declared, marked=True)
            anew, _ = catalog_of(records, NO_STATE, CONFIGS[config], declared)
            assert catalog == anew
            assert encoded(catalog.stories) == encoded(anew.stories)
            assert list(catalog.coverage.items()) == list(anew.coverage.items())


def test_a_process_tells_only_the_stories_that_a_change_reaches(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    records = [
        record(f"r{n}{side}", f"T{n}own council votes on the X{n} tunnel", 30 * n + k, "x.y/z")
        for n in range(40)
        for k, side in enumerate("ab")
    ]
    disk = Disk()
    disk.keep(catalog_of(records, marked=True)[1])
    state, records = disk.state, read_anew(records)
    told: list[str] = []
    tell = stories_module._tell

    def watched(members: list[Record], *others: object) -> object:
        told.extend(member.id for member in members)
        return tell(members, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(stories_module, "_tell", watched)
    records[6] = msgspec.structs.replace(records[6], title=QUAKE)
    catalog, _ = catalog_of(records, state, marked=True)
    assert catalog.stories["r5a.md"].members == ("r5a.md", "r5b.md")
    assert set(told) <= {"r3a.md", "r3b.md"}


def test_damaged_or_foreign_stories_of_another_process_are_not_believed() -> None:
    records = [record(f"r{n}", QUAKE, n, listed("x.y/z", "Tremor", 1)) for n in range(30)]
    before, state = catalog_of(records, marked=True)
    disk = Disk()
    disk.keep(state)
    assert disk.told
    data = disk.told
    for broken in (b"", data[:-1], data[:40] + b"?" + data[41:], b"x" * 500):
        assert catalog_of(records, CatalogState(written=broken), marked=True)[0] == before
    renamed = [msgspec.structs.replace(each, title="Something else") for each in records]
    after, _ = catalog_of(renamed, disk.state, marked=True)
    assert after == catalog_of(renamed)[0]


def a_small_site() -> list[Record]:
    return [
        record(
            f"r{n}",
            f"T{n}own council votes on the X{n % 7} tunnel",
            9 * n,
            topics=("Everything", "Sport" if n % 3 else "Money"),
        )
        for n in range(30)
    ]


@pytest.mark.parametrize("edits", [1, 20])
def test_a_process_arranges_and_relates_nothing_anew_after_a_change_of_a_body(
    monkeypatch: pytest.MonkeyPatch, edits: int
) -> None:
    """Also where so many records have changed that all is written anew."""
    records, disk = a_small_site(), Disk()
    before, state = catalog_of(records, marked=True)
    disk.keep(state)
    monkeypatch.setattr(arranging, "make_taxonomy", None)
    monkeypatch.setattr(remembered, "relatable", None)
    for turn in range(2):
        records = read_anew(records)
        for place in range(edits):
            body = Body(f"{turn}".encode(), turn)
            records[place] = msgspec.structs.replace(records[place], body=body)
        after, state = catalog_of(records, disk.state, marked=True)
        assert msgspec.structs.replace(after, records=before.records) == before
        disk.keep(state)


def test_a_process_relates_by_digests_of_all_records_but_the_changed_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    records, disk = a_small_site(), Disk()
    disk.keep(catalog_of(records, marked=True)[1])
    records[3] = msgspec.structs.replace(records[3], title=QUAKE)
    records.append(record("new", QUAKE, 7, topics=("Everything", "Money")))
    digested: list[str] = []
    digests = more.record_digests

    def watched(items: list[Relatable]) -> list[bytes]:
        digested.extend(item.id for item in items)
        return digests(items)

    monkeypatch.setattr(more, "record_digests", watched)
    monkeypatch.setattr(kept_relations, "record_digests", watched)
    after, _ = catalog_of(records, disk.state, marked=True)
    assert set(digested) == {"r3.md", "new.md"}
    assert after == catalog_of(records)[0]


def test_records_that_are_filed_elsewhere_are_arranged_anew() -> None:
    """By topic, outlet, quality or time; or there is one less."""
    records, disk = a_small_site(), Disk()
    disk.keep(catalog_of(records, marked=True)[1])
    first = records[0]
    others = [
        msgspec.structs.replace(first, topics=("Money",)),
        msgspec.structs.replace(first, provider=Provider("Other", "other.example")),
        msgspec.structs.replace(first, quality=99),
        msgspec.structs.replace(first, published_at=first.published_at + timedelta(days=2)),
        msgspec.structs.replace(first, published=False),
    ]
    for other in others:
        changed = [other, *records[1:]]
        after, _ = catalog_of(changed, disk.state, marked=True)
        assert after == catalog_of(changed)[0]
    assert catalog_of(records[1:], disk.state, marked=True)[0] == catalog_of(records[1:])[0]


def test_another_calendar_of_a_zone_moves_records_to_other_days(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Time zones change with the system's data, which no digest of ours knows."""
    records, disk = a_small_site(), Disk()
    disk.keep(catalog_of(records, marked=True)[1])
    monkeypatch.setattr(
        "tidings.catalog.assemble.local_date", lambda instant, _: instant.date() - DAY
    )
    after, _ = catalog_of(records, disk.state, marked=True)
    assert after == catalog_of(records)[0]


def test_damaged_or_foreign_arrangements_of_another_process_are_not_believed() -> None:
    records, disk = a_small_site(), Disk()
    before, state = catalog_of(records, marked=True)
    disk.keep(state)
    assert disk.filed
    data = disk.filed
    for broken in (b"", data[:-1], data[:40] + b"?" + data[41:], b"x" * 500):
        assert catalog_of(records, CatalogState(filed=broken), marked=True)[0] == before
    declared = (DECLARED,)
    after, _ = catalog_of(records, disk.state, SHOWN, declared, marked=True)
    assert after == catalog_of(records, NO_STATE, SHOWN, declared)[0]
    # Without marks nothing says that a record is the same.
    renamed = [msgspec.structs.replace(each, topics=("Arts",)) for each in records]
    assert catalog_of(renamed, disk.state)[0] == catalog_of(renamed)[0]


def test_links_are_those_of_the_last_process_where_urls_times_and_marks_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A number in a title may part records that list one URL, and so may their times."""
    shared = listed("x.y/z", "Tremor", 0.1)
    records = [
        record(f"r{n}", f"{WORDS[n % 7]} release {n // 4}", n, shared) for n in range(30)
    ]
    disk = Disk()
    disk.keep(catalog_of(records, marked=True)[1])
    first = records[5]
    others = [
        msgspec.structs.replace(first, title="vote release 7"),
        msgspec.structs.replace(first, published_at=first.published_at - timedelta(minutes=1)),
        msgspec.structs.replace(
            first, coverage=(msgspec.structs.replace(shared, url_key="a.b/"),)
        ),
        msgspec.structs.replace(
            first, coverage=(msgspec.structs.replace(shared, published_at=None),)
        ),
        msgspec.structs.replace(first, url_keys=("o.ther/",)),
    ]
    for other in others:
        changed = [*records[:5], other, *records[6:]]
        after, _ = catalog_of(changed, disk.state, marked=True)
        anew = catalog_of(changed)[0]
        assert after == anew
        assert encoded(after.stories) == encoded(anew.stories)
    monkeypatch.setattr(stories_module, "relink", None)
    renamed = [*records[:5], msgspec.structs.replace(first, title="Other release 1")]
    changed = read_anew([*renamed, *records[6:]])
    after, _ = catalog_of(changed, disk.state, marked=True)
    assert encoded(after.stories) == encoded(catalog_of(changed)[0].stories)


def test_a_changed_record_has_no_other_story_told_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    records = [
        record(f"r{n}{side}", f"T{n}own council votes on the X{n} tunnel", 30 * n + k, "x.y/z")
        for n in range(40)
        for k, side in enumerate("ab")
    ]
    before, state = catalog_of(records)
    told: list[list[str]] = []
    tell = stories_module._tell

    def watched(members: list[Record], *others: object) -> object:
        told.append([member.id for member in members])
        return tell(members, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(stories_module, "_tell", watched)
    records[6] = msgspec.structs.replace(records[6], title=QUAKE)
    after, _ = catalog_of(records, state)
    assert before.stories["r3a.md"].members == ("r3a.md", "r3b.md")
    assert "r3b.md" not in {each for members in told if len(members) > 1 for each in members}
    assert all(members == ["r3a.md"] or members == ["r3b.md"] for members in told)
    assert after.stories["r5a.md"] is before.stories["r5a.md"]


def test_a_listed_article_that_becomes_a_record_is_linked_in_coverage_and_story() -> None:
    """The listing record itself has not changed, and joins no story with the other."""
    early = listed("two.example/two", "Rates rise again", 200)
    one = record("one", QUAKE, 0, early, "three.example/three")
    two = record("two", "Rates rise again", 24 * 200)
    before, state = catalog_of([one])
    after, _ = catalog_of([one, two], state)
    assert before.stories["one.md"].background[0].record_id == ""
    assert after.stories["one.md"].background[0].record_id == "two.md"
    assert {item.record_id for item in after.coverage["one.md"]} == {"", "two.md"}


def test_a_topic_that_gets_another_name_is_shown_by_it_among_the_reasons() -> None:
    records = [
        record("one", "Rates rise", 0, topics=("Money",)),
        record("two", "Harbour opens", 2, topics=("Money",)),
        *(record(f"r{n}", f"X{n} votes", n, topics=("Other",)) for n in range(9)),
    ]

    def details(name: str, state: CatalogState) -> tuple[str, CatalogState]:
        topics = (TopicMetadata("content/topics/1-m.yaml", "m", name, 1, "Money"),)
        made = make_catalog(records, topics, (), (), SHOWN, CLOCK, state)
        return made.catalog.related["one.md"][0].detail, made.state

    detail, state = details("Finance", NO_STATE)
    assert detail == "Finance"
    assert details("Markets", state)[0] == "Markets"


def test_other_options_of_stories_are_followed_at_once() -> None:
    records = [record("one", QUAKE, 0), record("two", QUAKE, 48)]
    before, state = catalog_of(records)
    after, _ = catalog_of(records, state, CONFIGS[1])
    assert set(before.stories["one.md"].members) == {"one.md", "two.md"}
    assert "one.md" not in after.stories
