"""Stories: what is joined and what is not, and the laws that hold for every site."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from story_pairs import FOLDERS, judge, read_pairs, read_records, stories_of
from story_records import PLACES, QUAKE, encoded, groups, listed, record, together

from tidings.model.record import Record

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
