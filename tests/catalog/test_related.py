"""Related articles: one definition, three ways to it, and how good they are on real
headlines."""

from __future__ import annotations

import csv
import hashlib
import importlib.util
import random
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from related_sites import DAY, NOW, TOPICS, options, sites

from tidings.catalog.relating.related import (
    Relatable,
    RelatedOptions,
    explain,
    relate,
    relate_fast,
    relate_plainly,
)
from tidings.catalog.relating.settling import settle
from tidings.catalog.relating.terms import read_terms, without_outlet
from tidings.catalog.relating.updates import update
from tidings.catalog.relating.weights import closeness, reach
from tidings.catalog.relating.words import read_word

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "story-clusters.csv"
SEEDS = [
    Relatable(
        id="2020-11-17-admits.md",
        title="New Orleans Police Dept. Admits to Facial Recognition Use",
        excerpt="After years of denial, NOPD has confirmed the use of the technology.",
        topics=("Computer Vision", "AI"),
        instant=NOW,
        provider="Governing",
    ),
    Relatable(
        id="2020-12-14-emails.md",
        title="City releases dozens of pages of emails on police use of facial recognition",
        excerpt="The emails show that the NOPD and Louisiana State Police have had a formal "
        "relationship since at least 2018.",
        topics=("Computer Vision", "AI"),
        instant=NOW + 27 * DAY,
        provider="The Lens",
    ),
]

needs_scipy = pytest.mark.skipif(
    importlib.util.find_spec("scipy") is None, reason="the fast way needs SciPy"
)


@needs_scipy
@settings(max_examples=60, deadline=None)
@given(sites(), options)
def test_fast_equals_plain(items: list[Relatable], chosen: RelatedOptions) -> None:
    """The matrices give what the definition gives, to the last digit."""
    assert relate_fast(items, chosen) == relate_plainly(items, chosen)


@needs_scipy
@settings(max_examples=60, deadline=None)
@given(sites(), options)
def test_fast_equals_plain_in_small_parts(
    items: list[Relatable], chosen: RelatedOptions
) -> None:
    """Nor does it matter how many records are worked on together."""
    with pytest.MonkeyPatch.context() as patch:
        for name, number in {
            "reading.PART": 5,
            "matrices.PART": 3,
            "neighbours.BLOCK": 4,
            "neighbours.MOST_HELD": 20,
            "ranking.FEW": 0,
        }.items():
            patch.setattr(f"tidings.catalog.relating.{name}", number)
        assert relate_fast(items, chosen) == relate_plainly(items, chosen)


@needs_scipy
def test_ways_agree_on_a_url_of_very_many_records() -> None:
    """A front page that many records name brings none of them nearer; one of few does."""
    items = [
        Relatable(
            id=f"{number}.md",
            title=f"Police in {'Orleans' if number % 2 else 'Boston'} storm bank {number // 9}",
            instant=NOW + number * DAY,
            urls=("front.example/", f"few.example/{number // 3}"),
        )
        for number in range(70)
    ]
    links = relate_fast(items)
    assert links == relate_plainly(items)
    shared = [
        link for own in links.values() for link in own if link.reason == "shared-coverage"
    ]
    assert 0 < len(shared) <= 2 * len(items)


@needs_scipy
@pytest.mark.parametrize("hours", [3, 36])
def test_all_ways_agree_on_a_site_with_rare_and_common_words(
    hours: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Large enough for most steps of the weights, and for records with more than 20 near ones;
    with many blocks of records, over two months and over almost two years."""
    monkeypatch.setattr("tidings.catalog.relating.neighbours.BLOCK", 64)
    monkeypatch.setattr("tidings.catalog.relating.neighbours.MOST_HELD", 3000)
    chance = random.Random(7)
    words = [f"word{number}" for number in range(400)]
    weights = [1 / (rank + 1) for rank in range(len(words))]
    items = [
        Relatable(
            id=f"{number}.md",
            title=" ".join(chance.choices(words, weights, k=7)),
            excerpt=" ".join(chance.choices(words, weights, k=12)),
            topics=(chance.choice(TOPICS), "Everything"),
            instant=NOW + number * hours * 3600,
        )
        for number in range(420)
    ]
    links = relate_plainly(items)
    assert relate_fast(items) == links
    known = settle(items[:-3], RelatedOptions())
    for item in items[-3:]:
        known = update(known, [item]) or settle(items, RelatedOptions())
    assert dict(known.links) == links


@settings(max_examples=40, deadline=None)
@given(sites(), st.randoms(use_true_random=False))
def test_order_does_not_matter(items: list[Relatable], chance: random.Random) -> None:
    """Shuffled records give the same lists in the same order."""
    shuffled = chance.sample(items, len(items))
    assert list(relate(shuffled).items()) == list(relate(items).items())


@settings(max_examples=40, deadline=None)
@given(sites())
def test_lists_keep_their_promises(items: list[Relatable]) -> None:
    """No record lists itself or another twice; best come first; scores stay in bounds."""
    for id_, links in relate(items).items():
        ids = [link.id for link in links]
        assert id_ not in ids
        assert len(set(ids)) == len(ids) <= 5
        scores = [link.score for link in links]
        assert scores == sorted(scores, reverse=True)
        assert all(score == 0 or 100 <= score <= 1000 for score in scores)


def test_equally_near_records_come_newest_first_then_by_id() -> None:
    """Ties go by time, then by id."""
    title = "Sprint merger storms bank"
    items = [
        Relatable(id=id_, title=title, instant=instant)
        for id_, instant in (
            ("b", NOW),
            ("a", NOW),
            ("c", NOW + DAY),
            ("d", NOW - DAY),
            ("q", NOW),
        )
    ]
    links = relate(items, RelatedOptions(half_life_days=0))
    assert [link.id for link in links["q"]] == ["c", "a", "b", "d"]


def test_the_two_seed_records_are_each_others_related() -> None:
    """Two records alone on a site find each other by their words."""
    links = relate(SEEDS)
    for item, other in zip(SEEDS, reversed(SEEDS), strict=True):
        (link,) = links[item.id]
        assert link.id == other.id
        assert link.score >= 100
        assert link.reason == "similar"
        assert "acial recognition" in link.detail.lower()


def test_unlike_records_fill_places_only_by_a_shared_topic() -> None:
    """Nothing in common: nothing listed, or the topic named on a small site."""
    cake = Relatable(id="cake", title="Grandmother bakes a cake", instant=NOW, topics=("AI",))
    links = relate([*SEEDS, cake])
    assert [(link.score, link.reason, link.detail) for link in links["cake"]] == [
        (0, "topic", "AI"),
        (0, "topic", "AI"),
    ]
    assert relate([*SEEDS, cake], RelatedOptions(fill_below=0))["cake"] == ()
    # One word of many is not enough, even where it is all that anyone shares.
    word = "Grandmother bakes a cake of many layers for the police"
    alike = msgspec.structs.replace(cake, title=word, topics=())
    assert relate([SEEDS[0], alike])["cake"] == ()
    bare = msgspec.structs.replace(cake, topics=())
    assert relate([*SEEDS, bare])["cake"] == ()


def test_a_year_old_report_of_the_same_words_is_not_related() -> None:
    """A follow-up next week is; config decides how fast time counts."""
    report = Relatable(id="now", title="Stocks slip on weak China data", instant=NOW)
    week = msgspec.structs.replace(report, id="week", instant=NOW + 7 * DAY)
    year = msgspec.structs.replace(report, id="year", instant=NOW - 365 * DAY)
    assert [link.id for link in relate([report, week, year])["now"]] == ["week"]
    timeless = RelatedOptions(half_life_days=0)
    assert len(relate([report, week, year], timeless)["now"]) == 2


def test_closeness_halves_at_its_half_life() -> None:
    """The documented curve."""
    assert [closeness(0, days * DAY, 60) for days in (0, 7, 60, 365)] == [1024, 1010, 512, 26]


@pytest.mark.parametrize("least", [1, 80, 103, 512, 1024])
def test_records_beyond_reach_are_never_near_enough(least: int) -> None:
    """The bound is exact: one second more is too far, one second less is not."""
    most = reach(least, 60)
    assert most is not None
    assert closeness(0, most, 60) >= least > closeness(0, most + 1, 60)
    assert reach(least, 0) is None


@needs_scipy
@settings(max_examples=60, deadline=None)
@given(sites(), options, st.sampled_from((1, 4, 100)))
def test_reading_all_at_once_equals_reading_one_by_one(
    items: list[Relatable], chosen: RelatedOptions, part: int
) -> None:
    """Terms with their weights, their case and the words to show, whatever the order, and in
    parts of any size."""
    from tidings.catalog.relating.reading import read_all, rows_of

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tidings.catalog.relating.reading.PART", part)
        read = rows_of(read_all(items, chosen), [item.id for item in items])
    for item in items:
        found, right = read[item.id], read_terms(item, chosen)
        assert found.weights == right.weights
        assert sorted(found.common) == sorted(right.common)
        assert sorted(found.names) == sorted(right.names)
        assert (found.stems, found.shown) == (right.stems, right.shown)


def test_a_shared_url_relates_records_without_a_common_word() -> None:
    """Coverage joins what words do not."""
    url = "https://x.example/1"
    first = Relatable(id="a", title="Grandmother bakes", instant=NOW, urls=(url,))
    second = Relatable(id="b", title="Stocks slip", instant=NOW, coverage_urls=(url,))
    (link,) = relate([first, second])["a"]
    assert (link.id, link.reason) == ("b", "shared-coverage")


def test_explain_gives_the_score_and_its_parts() -> None:
    """The parts belong to the score that the page has."""
    first, second = SEEDS
    found = explain(SEEDS, first.id, second.id)
    assert found.score == relate(SEEDS)[first.id][0].score
    assert {"facial", "polic"} <= {term.term for term in found.terms}


@pytest.mark.parametrize(
    ("title", "provider", "left"),
    [
        ("Asian stocks tumble on data - Forbes", "Forbes", "Asian stocks tumble on data"),
        ("Sbarro pizza chain files - WDRB 41 News", "WDRB", "Sbarro pizza chain files"),
        ("Titanfall - a review of a shooter", "Forbes", "Titanfall - a review of a shooter"),
    ],
)
def test_outlets_are_taken_off_titles(title: str, provider: str, left: str) -> None:
    """Only the outlet's own name is taken off."""
    assert without_outlet(title, provider) == left


@pytest.mark.parametrize(
    ("piece", "stems"),
    [
        ("NOPD’s", ("nopd",)),
        ("“Recalls,”", ("recall",)),
        ("Chinese", ("china",)),
        ("US", ("us",)),
        ("us", ()),
        ("T-Mobile", ("mobil",)),
        ("AT&T", ("at&t",)),
        ("東京で", ("東京", "京で")),
        ("नमस्ते", ("नमस्ते",)),
        ("Штормы", ("штормы",)),
        ("—", ()),
    ],
)
def test_words_of_many_kinds(piece: str, stems: tuple[str, ...]) -> None:
    """What single pieces of text are read as."""
    assert read_word(piece.replace("’", "'")).stems == stems


@needs_scipy
@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus is not part of the project")
def test_accuracy_on_real_headlines() -> None:
    """Precision at 5 on 3,833 headlines: of all, and of the half that was not tuned on."""
    with CORPUS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    items = [
        Relatable(
            id=f"{number:05}",
            title=row["title"],
            topics=(row["category"],),
            provider=row["publisher"],
            instant=NOW,
        )
        for number, row in enumerate(rows)
    ]
    links = relate(items, RelatedOptions(minimum_score=0))
    hits = [
        sum(rows[int(link.id)]["story"] == row["story"] for link in links[item.id]) / 5
        for item, row in zip(items, rows, strict=True)
    ]
    held_out = [
        hit
        for hit, row in zip(hits, rows, strict=True)
        if int(hashlib.sha256(row["story"].encode()).hexdigest(), 16) % 2
    ]
    assert sum(hits) / len(hits) >= 0.925
    assert sum(held_out) / len(held_out) >= 0.935
