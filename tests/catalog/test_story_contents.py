"""What a story tells: its lead, its coverage, its outlets, its id and its reasons."""

from __future__ import annotations

from datetime import timedelta

import msgspec
from story_pairs import FOLDERS, read_records, stories_of
from story_records import QUAKE, START, groups, listed, record, together

from tidings.catalog.storytelling.stories import make_stories
from tidings.model.config import StoriesConfig

SEEDS = (
    "2020-11-17-new-orleans-police-dept-admits-to-facial-recognition-use.md",
    "2020-12-14-city-releases-dozens-of-pages-of-emails-on-police-use-of-facial-recognition.md",
)


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
