"""Stories: what is joined, what is not, and what a story then tells."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from story_pairs import FOLDERS, judge, read_pairs, read_records, stories_of

from tidings.catalog.stories import Stories, make_stories
from tidings.model.catalog import Story
from tidings.model.config import StoriesConfig
from tidings.model.record import Coverage, Provider, Record

START = datetime(2024, 3, 4, 9, tzinfo=UTC)
SEEDS = (
    "2020-11-17-new-orleans-police-dept-admits-to-facial-recognition-use.md",
    "2020-12-14-city-releases-dozens-of-pages-of-emails-on-police-use-of-facial-recognition.md",
)


def record(
    name: str, title: str, hours: float = 0, *related: Coverage | str, **keys: Any
) -> Record:
    """A record by an outlet of its own, so many hours after the start."""
    outlet = keys.pop("outlet", name)
    url = keys.pop("url", f"{outlet}.example/{name}")
    return Record(
        id=f"{name}.md",
        file=f"content/news/{name}.md",
        title=title,
        published_at=START + timedelta(hours=hours),
        url=f"https://{url}",
        url_keys=(url,),
        provider=Provider(outlet, f"{outlet}.example"),
        coverage=tuple(
            entry if isinstance(entry, Coverage) else listed(entry) for entry in related
        ),
        **keys,
    )


def listed(url: str, title: str = "", days: float | None = None, **keys: Any) -> Coverage:
    """An entry of `related`, so many days after the start."""
    host = url.partition("/")[0]
    return Coverage(
        title=title or f"What {url} says",
        url=f"https://{url}",
        url_key=url,
        published_at=None if days is None else START + timedelta(days=days),
        provider=Provider(host, host),
        **keys,
    )


def groups(stories: Stories) -> set[frozenset[str]]:
    """The stories of more than one member, each as the set of its members."""
    found = {frozenset(story.members) for story in stories.values()}
    return {members for members in found if len(members) > 1}


def together(*records: Record) -> Story | None:
    """The one story that all the records are in, or None."""
    stories = stories_of(records)
    found = {story.id: story for story in stories.values()}
    if len(found) == 1 and len(stories) == len(records):
        return next(iter(found.values()))
    return None


PLACES = "Arlo Brin Cato Dova Elko Faro Gibs Hask Ivor Jule Kade Lomo"
QUAKE = "Strong earthquake shakes Valparaiso and its harbour"


# What is joined.


def test_a_record_that_lists_another_s_url_is_in_its_story() -> None:
    story = together(
        record("a", "Harbour bridge opens", 0, "b.example/b"), record("b", "A walk in the wind")
    )
    assert story is not None
    assert [(join.id, join.other, join.reason, join.detail) for join in story.joins] == [
        ("b.md", "a.md", "covers", "b.example/b")
    ]


def test_two_records_that_list_the_same_url_are_one_story() -> None:
    story = together(
        record("a", "Harbour bridge opens", 0, "c.example/1"),
        record("b", "A walk in the wind", 5, "c.example/1"),
    )
    assert story is not None
    assert [join.reason for join in story.joins] == ["shared-coverage"]


def test_near_same_titles_within_days_are_one_story_whoever_posts_them() -> None:
    story = together(
        record("a", QUAKE),
        record("b", "UPDATE: " + QUAKE, 7, outlet="a"),
        record("c", QUAKE + "!", 30),
    )
    assert story is not None
    assert {join.reason for join in story.joins} == {"same-title"}


def test_five_notices_of_one_release_are_one_story() -> None:
    notice = "Lumen Works releases DeskPilot, a new family of service desk products"
    story = together(
        record("a", notice),
        record("b", "RE-TRANSMISSION: " + notice, 3),
        record("c", "Lumen Works Releases DeskPilot: A New Family of Service Desk Products", 5),
        record("d", "CORRECTION: " + notice, 20, outlet="b"),
        record("e", notice + " | Wire", 26),
    )
    assert story is not None
    assert len(story.members) == 5


def test_titles_in_other_words_with_shared_names_are_one_story() -> None:
    story = together(
        record("a", "Kestrel browser 4.2 patches flaw found by Marta Quill"),
        record(
            "b",
            "Researcher Marta Quill tells how she broke into Kestrel; version 4.2 stops it",
            9,
        ),
    )
    assert story is not None
    (join,) = story.joins
    assert join.reason == "similar"
    assert "Kestrel" in join.detail


# What is not.


def test_a_url_that_very_many_records_list_joins_nothing() -> None:
    words = "amber birch cedar dune elm fern grove heath iris juniper kelp laurel moss nettle"
    names = [*words.split(), "oak", "pine", "quince", "reed", "sage", "thyme"]
    records = [
        record(name, f"All about {name}", n, "hub.example/p") for n, name in enumerate(names)
    ]
    assert groups(stories_of(records)) == set()
    assert groups(stories_of(records[:2])) == {frozenset(("amber.md", "birch.md"))}


def test_a_front_page_that_two_records_list_joins_nothing() -> None:
    assert not together(
        record("a", "Harbour bridge opens", 0, "c.example"),
        record("b", "A walk in the wind", 5, "c.example"),
    )


def test_an_old_article_that_two_records_list_is_background_and_joins_nothing() -> None:
    old = listed("c.example/1", days=-400)
    assert not together(
        record("a", "Harbour bridge opens", 0, old), record("b", "A walk in the wind", 5, old)
    )


def test_a_record_of_another_year_is_not_joined_by_being_listed() -> None:
    assert not together(
        record("a", "Harbour bridge opens", 24 * 400, "b.example/b"),
        record("b", "A bridge is planned"),
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Overview of the Aurora release wave 1", "Overview of the Aurora release wave 2"),
        ("Python 3.12 is out for everyone to try", "Python 3.13 is out for everyone to try"),
        ("May 2021 Aurora community call", "June 2021 Aurora community call"),
        ("Aurora community call, May 19th: forms", "Aurora community call, May 26th: forms"),
        ("January Aurora community call: forms", "February Aurora community call: forms"),
        ("Kestrel 131 links to single sentences", "Kestrel 131.0.2 links to single sentences"),
        ("Second preview of Aurora reads faster", "Third preview of Aurora reads faster"),
        (
            "CVE-2024-1111: flaw in the Kestrel parser",
            "CVE-2024-2222: flaw in the Kestrel parser",
        ),
        (
            "Aurora results for Q1 2021 beat forecasts",
            "Aurora results for Q2 2021 beat forecasts",
        ),
    ],
)
def test_false_friends_are_two_events(one: str, other: str) -> None:
    assert not together(record("a", one), record("b", other, 12))


def test_the_same_version_written_twice_is_one_event() -> None:
    assert together(
        record("a", "Python 3.13 is out for everyone to try"),
        record("b", "Python 3.13.0 is out for everyone to try", 12),
    )


def test_a_death_toll_that_rises_does_not_part_a_story() -> None:
    assert together(
        record("a", "Quake Kills 12 in Valparaiso Harbour District"),
        record("b", "Quake Kills 15 in Valparaiso Harbour District", 12),
    )


def test_weekly_editions_of_one_outlet_are_different_events() -> None:
    weeks = [
        record(f"w{n}", "The Aurora week in review", 24 * 6 * n, outlet="aurora")
        for n in range(4)
    ]
    assert groups(stories_of(weeks)) == set()


def test_one_shared_name_is_not_enough() -> None:
    assert not together(
        record("a", "Kestrel fixes regressions of the spring release"),
        record("b", "Why Kestrel stands behind the pledge", 1),
    )


def test_the_same_title_a_year_later_is_another_event() -> None:
    assert not together(record("a", QUAKE), record("b", QUAKE, 24 * 365))


def test_likeness_does_not_run_along_a_chain() -> None:
    """Each headline is like the next; the first and the last have nothing in common."""
    names = PLACES.split()
    records = [
        record(f"r{n:02}", " ".join(names[n : n + 4]) + f" meet in room{n}", n)
        for n in range(9)
    ]
    for members in groups(stories_of(records)):
        numbers = sorted(int(member[1:3]) for member in members)
        assert numbers[-1] - numbers[0] < 4


def test_a_chain_of_urls_ends_with_the_span() -> None:
    records = [
        record(
            f"r{n}",
            f"Subject {'abcdefghijkl'[n] * 4}",
            24 * 5 * n,
            f"r{n + 1}.example/r{n + 1}",
        )
        for n in range(8)
    ]
    spans = [
        story.last_at - story.first_at for story in stories_of(records).values() if story.joins
    ]
    assert spans
    assert max(spans) <= timedelta(days=14)


# What a story tells.


def test_the_best_version_leads_by_quality_then_heat_then_time() -> None:
    def lead(*values: tuple[int, int, float]) -> str:
        records = [
            record(f"r{n}", QUAKE, hours, quality=quality, heat=heat)
            for n, (quality, heat, hours) in enumerate(values)
        ]
        story = together(*records)
        assert story is not None
        assert story.lead == story.members[0]
        return story.lead

    assert lead((50, 99, 0), (60, 10, 5)) == "r1.md"
    assert lead((50, 10, 0), (50, 99, 5)) == "r1.md"
    assert lead((50, 10, 5), (50, 10, 0)) == "r1.md"
    assert lead((50, 10, 0), (50, 10, 0)) == "r0.md"


def test_a_record_that_its_source_demoted_stands_under_the_better_version() -> None:
    better = record("b", "A walk in the wind", 3, quality=80, heat=80)
    demoted = record(
        "a", "Harbour bridge opens", 0, listed("b.example/b", quality=80), quality=40, heat=-1
    )
    story = together(demoted, better)
    assert story is not None
    assert story.members == ("b.md", "a.md")


def test_coverage_of_all_members_comes_once() -> None:
    story = together(
        record("a", QUAKE, 0, listed("c.example/1"), listed("d.example/2"), "b.example/b"),
        record("b", QUAKE, 2, listed("c.example/1"), listed("e.example/3")),
    )
    assert story is not None
    urls = [item.coverage.url_key for item in story.coverage]
    assert sorted(urls) == ["c.example/1", "d.example/2", "e.example/3"]
    assert story.outlets == 5


def test_an_outlet_counts_once() -> None:
    story = together(
        record("a", QUAKE, 0, listed("a.example/9", "A quite different piece")),
        record("b", QUAKE, 2, outlet="a"),
    )
    assert story is not None
    assert story.outlets == 1


def test_a_single_record_with_another_outlet_s_coverage_is_a_story() -> None:
    stories = stories_of([record("a", QUAKE, 0, listed("c.example/1", days=1))])
    story = stories["a.md"]
    assert (story.members, story.outlets, story.joins) == (("a.md",), 2, ())
    assert (story.first_at, story.last_at) == (START, START + timedelta(days=1))


def test_a_single_record_without_other_outlets_is_none() -> None:
    assert stories_of([record("a", QUAKE), record("b", "A walk in the wind")]) == {}


def test_old_coverage_is_background_and_neither_counts_nor_dates_the_story() -> None:
    story = stories_of(
        [record("a", QUAKE, 0, listed("c.example/1"), listed("d.example/2", days=-400))]
    )["a.md"]
    assert [item.coverage.url_key for item in story.coverage] == ["c.example/1"]
    assert [item.coverage.url_key for item in story.background] == ["d.example/2"]
    assert (story.outlets, story.first_at) == (2, START)


def test_the_id_stays_when_later_members_join_and_when_headlines_change() -> None:
    first, second = record("2024-03-04-quake", QUAKE), record("b", QUAKE, 2)
    before = together(first, second)
    later = together(
        msgspec.structs.replace(
            first, title="Strong earthquake shakes Valparaiso, its harbour"
        ),
        second,
        record("c", QUAKE, 9, quality=99),
    )
    assert before is not None
    assert later is not None
    assert before.id == later.id
    assert before.id.startswith("2024-03-04-quake-")
    assert later.lead == "c.md"


def test_every_member_has_a_reason_that_leads_to_the_lead() -> None:
    story = together(
        record("a", QUAKE, 0, "d.example/d"),
        *(record(n, QUAKE, 1) for n in "bc"),
        record("d", "x y"),
    )
    assert story is not None
    steps = {join.id: join.other for join in story.joins}
    assert set(steps) == set(story.members) - {story.lead}
    for member in story.members:
        for _ in story.members:
            member = steps.get(member, member)
        assert member == story.lead


def test_only_the_records_given_are_members() -> None:
    """A hidden record is not given; that a shown one lists it makes it coverage at most."""
    stories = stories_of([record("a", QUAKE, 0, "b.example/b")])
    assert set(stories) == {"a.md"}
    assert stories["a.md"].members == ("a.md",)


def test_stories_can_be_left_off_or_made_by_urls_alone() -> None:
    records = [record("a", QUAKE, 0, "c.example/c"), record("b", QUAKE), record("c", "A walk")]
    assert make_stories(records, {}, {}, StoriesConfig(enabled=False)) == {}
    alone = make_stories(records, {}, {}, StoriesConfig(by_text=False))
    assert groups(alone) == {frozenset(("a.md", "c.md"))}


def test_the_two_seed_records_are_two_stories() -> None:
    """The admission of November and the e-mails of December are a month apart."""
    records = [each for each in read_records(FOLDERS["content"]) if each.id in SEEDS]
    stories = stories_of(records)
    assert groups(stories) == set()
    assert [stories[seed].outlets for seed in SEEDS] == [3, 3]


# Laws.

TEXT = "quake harbour Valparaiso Kestrel 4.2 4.3 bridge opens Marta Quill wind vote May 12"
WORDS = TEXT.split()


@st.composite
def sites(draw: st.DrawFn) -> list[Record]:
    """A few records with words, instants and URLs that often meet."""
    records = []
    for number in range(draw(st.integers(2, 9))):
        title = " ".join(draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=7)))
        urls = draw(st.lists(st.sampled_from("stuvwxyz"), max_size=3, unique=True))
        records.append(
            record(
                f"r{number}",
                title,
                draw(st.integers(0, 500)),
                *(f"{name}.example/{name}" for name in urls),
                url=f"{name}.example/{name}"
                if (name := "stuvw"[number % 5]) and number < 5
                else "",
                excerpt=" ".join(draw(st.lists(st.sampled_from(WORDS), max_size=5))),
                quality=draw(st.integers(0, 2)),
            )
        )
    return [
        each if each.url_keys[0] else msgspec.structs.replace(each, url_keys=(each.id,))
        for each in records
    ]


@settings(max_examples=60, deadline=None)
@given(sites(), st.randoms(use_true_random=False))
def test_the_order_of_the_records_does_not_matter(
    records: list[Record], shuffler: random.Random
) -> None:
    mixed = list(records)
    shuffler.shuffle(mixed)
    assert encoded(stories_of(records)) == encoded(stories_of(mixed))


@settings(max_examples=60, deadline=None)
@given(sites())
def test_every_record_is_in_one_story_at_most_and_none_stretches_too_far(
    records: list[Record],
) -> None:
    stories = stories_of(records)
    instants = {each.id: each.published_at for each in records}
    for member, story in stories.items():
        assert member in story.members
        assert all(stories[other] is story for other in story.members)
        assert len(story.members) > 1 or story.outlets > 1
        times = [instants[other] for other in story.members]
        assert max(times) - min(times) <= timedelta(days=14)
        assert len({story.id for story in stories.values()}) == len(
            {frozenset(story.members) for story in stories.values()}
        )


def encoded(stories: Stories) -> bytes:
    """The stories as bytes, in their order."""
    return msgspec.json.encode(stories)


def test_one_more_record_changes_only_the_stories_near_it() -> None:
    records = [
        record(f"r{n}{side}", f"{name} town council votes on the {name} tunnel", 30 * n + k)
        for n, name in enumerate(PLACES.split()[:10])
        for k, side in enumerate("ab")
    ]
    before = stories_of(records)
    after = stories_of(
        [*records, record("new", "Dova town council votes on the Dova tunnel", 93)]
    )
    assert len(groups(before)) == 10
    changed = [each.id for each in records if before[each.id] != after[each.id]]
    assert changed == ["r3a.md", "r3b.md"]


# Judged pairs.


@pytest.mark.parametrize(("folder", "recall"), [("corpus", 0.3), ("content", 0.8)])
def test_judged_pairs_are_never_joined_wrongly(folder: str, recall: float) -> None:
    if not FOLDERS[folder].is_dir():
        pytest.skip(f"{FOLDERS[folder].name} of the {folder} is not here")
    pairs: Sequence[Any] = [pair for pair in read_pairs() if pair.folder == folder]
    found = judge(stories_of(read_records(FOLDERS[folder])), pairs)
    assert found.joined_wrongly == ()
    assert found.recall >= recall
