"""Kept relations of sites without topics, where one step of the weights is crossed alone.

Topics have shares of the site, so that most changes of a small site with topics are done from
nothing; without them a change is worked in as long as nothing else forbids it.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from unittest import mock

import msgspec
import pytest
from related_sites import DAY, FASTS, NOW, links_of, some_site, written

from tidings.catalog.relating import kept as kept_module
from tidings.catalog.relating.kept import KeptRelations, relate_kept
from tidings.catalog.relating.related import Relatable, RelatedOptions
from tidings.catalog.relating.updates import Neighbourhood

OPTIONS = RelatedOptions(fill_below=0)
"""So that links are made anew where a change leads, as on large sites, and not everywhere."""


@pytest.fixture(params=FASTS, autouse=True)
def _both_ways(request: pytest.FixtureRequest) -> object:
    """With small sites made from nothing plainly, and with SciPy."""
    with mock.patch("tidings.catalog.relating.related.WORTH_IMPORTING", request.param):
        yield


@pytest.fixture
def worked_in(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """For each change whether it was worked in, or all done from nothing."""
    found: list[bool] = []
    update = kept_module.update

    def watched(*given: object) -> Neighbourhood | None:
        after = update(*given)  # type: ignore[arg-type]
        found.append(after is not None)
        return after

    monkeypatch.setattr(kept_module, "update", watched)
    return found


def topicless(count: int, seed: int, words: int = 60) -> list[Relatable]:
    """Records of no topic."""
    items = some_site(count, random.Random(seed), words)
    return [msgspec.structs.replace(item, topics=()) for item in items]


def through(
    sites: Sequence[Sequence[Relatable]], options: RelatedOptions = OPTIONS
) -> KeptRelations | None:
    """What is kept after each of these sites has followed the one before it."""
    kept = None
    for site in sites:
        links, kept = relate_kept(site, options, written(kept))
        assert list(links.items()) == links_of(site, options)
    return kept


def test_a_site_that_has_doubled_is_weighed_anew() -> None:
    """Nothing but the number of records says so."""
    every = topicless(66, 9)
    through([every[:size] for size in (60, 63, 64, 65, 66, 63, 60)])


def test_a_record_may_go_and_come_back_as_it_was(worked_in: list[bool]) -> None:
    """One that was there from the start, and one that came later."""
    items = topicless(40, 10)
    through([items[:-1], items, items[:-1], items, items[1:], items, items[1:-1], items])
    assert all(worked_in)


@pytest.mark.parametrize("lost", [10, 11, 12, 13])
def test_lists_that_lose_many_are_filled_again(lost: int, worked_in: list[bool]) -> None:
    """They are kept longer than is shown, and what is missing in them is not known."""
    words = ("tunnel", "bridge")
    alike = [
        Relatable(f"{n:02}", f"Quake harbour {words[n * n % 3 % 2]}", NOW + n * DAY)
        for n in range(60)
    ]
    # So many that what the others share is rare, before and after.
    rest = [Relatable(f"x{n}", f"solo{n} lone{n}", NOW) for n in range(100)]
    near = alike[30 - lost // 2 : 30] + alike[31 : 31 + lost - lost // 2]
    left = [item for item in alike if item not in near]
    through([[*alike, *rest], [*left, *rest], [*alike, *rest]])
    assert all(worked_in)


@pytest.mark.parametrize("above", [0, 1])
def test_a_list_that_is_emptied_is_filled_by_what_is_just_near_enough(
    above: int, worked_in: list[bool]
) -> None:
    """All are as near as the last that was listed, and as near as is asked, or not quite."""
    alike = [Relatable(f"{n:02}", "Quake harbour tunnel", NOW) for n in range(60)]
    rest = [Relatable(f"x{n}", f"solo{n} lone{n}", NOW) for n in range(100)]
    options = msgspec.structs.replace(OPTIONS, count=1)
    sites = [[*alike, *rest], [*alike[5:], *rest], [*alike, *rest]]
    scores = {dict(links_of(site, options))["30"][0].score for site in sites}
    assert len(scores) == 1
    least = scores.pop() + above
    through(sites, msgspec.structs.replace(options, minimum_score=least))
    assert all(worked_in)


def test_a_list_that_has_lost_some_takes_nothing_that_is_less_near_than_they_were(
    worked_in: list[bool],
) -> None:
    """Others are nearer, which it had no room for."""
    title = "Quake harbour tunnel"
    far = [Relatable(f"{n:02}", title, NOW - 100 * DAY) for n in range(42)]
    rest = [Relatable(f"x{n}", f"solo{n} lone{n}", NOW) for n in range(100)]
    near = [Relatable(f"near{n}", title, NOW) for n in range(6)]
    options = msgspec.structs.replace(OPTIONS, count=1)
    every = [*near, *far[:40], *rest]
    fewer = [near[0], *near[3:], *far, *rest]
    fewest = [near[0], *near[4:], *far, *rest]
    names = [dict(links_of(site, options))["near0"][0].id for site in (every, fewer, fewest)]
    assert names == ["near1", "near3", "near4"]
    through([every, fewer, fewest], options)
    assert all(worked_in)


def test_a_list_knows_nothing_of_what_it_had_no_room_for(worked_in: list[bool]) -> None:
    """Others were nearer when that came, and what was there before is too far."""
    title = "Quake harbour tunnel"
    far = [Relatable(f"{n:02}", title, NOW - 100 * DAY) for n in range(40)]
    rest = [Relatable(f"x{n}", f"solo{n} lone{n}", NOW) for n in range(100)]
    here, *near = [Relatable(f"near{n}", title, NOW) for n in range(5)]
    before = [here, *far, *rest]
    options = msgspec.structs.replace(OPTIONS, count=1)
    least = dict(links_of(before, options))["near0"][0].score + 1
    options = msgspec.structs.replace(options, minimum_score=least)
    left = [here, near[3], *far, *rest]
    assert dict(links_of(left, options))["near0"][0].id == near[3].id
    through([before, [*before, *near], left], options)
    assert all(worked_in)


def test_a_site_that_is_no_longer_filled_up_by_topics_has_other_links(
    worked_in: list[bool],
) -> None:
    """Also those of records that the change leads to in no other way."""
    items = [
        Relatable(f"{n}", f"solo{n} lone{n}", NOW, topics=("A",) if n % 4 == 1 else ())
        for n in range(57)
    ]
    more = [Relatable(f"x{n}", f"more{n}", NOW) for n in range(4)]
    sites = [[*items, *more[:number]] for number in (2, 4, 2)]
    options = RelatedOptions(fill_below=60)
    assert dict(links_of(sites[0], options))["1"]
    assert not dict(links_of(sites[1], options))["1"]
    through(sites, options)
    assert all(worked_in)


def test_a_link_says_how_the_other_record_is_worded_now(worked_in: list[bool]) -> None:
    """Where nothing else of it has changed, the score has not either."""
    options = msgspec.structs.replace(OPTIONS, minimum_score=1)
    here = Relatable("a", "Zeta opens", NOW, excerpt="quokka wombat")
    there = Relatable("b", "quokka wombat", NOW)
    changed = msgspec.structs.replace(there, title="Quokka wombat")
    rest = [Relatable(f"x{n}", f"solo{n} lone{n}", NOW) for n in range(40)]
    before, after = [here, there, *rest], [here, changed, *rest]
    (link,), (now,) = (dict(links_of(site, options))["a"] for site in (before, after))
    assert (link.score, link.detail) == (now.score, now.detail.lower())
    assert link.detail != now.detail
    through([before, after], options)
    assert all(worked_in)


def test_a_record_that_has_changed_twice_is_counted_out_as_it_last_was() -> None:
    """Not as it was at the start, which lies in another file."""
    urls = ("a.example/", "b.example/", "c.example/")
    first = Relatable("0", "Quake harbour tunnel", NOW, urls=urls[:1])
    items = [
        Relatable(f"{n}", f"Quake harbour {word}", NOW + 9 * DAY, urls=urls[at : at + 1])
        for n, word, at in ((1, "bridge", 0), (2, "vote", 1), (3, "wind", 2))
    ]
    rest = [Relatable(f"x{n}", f"solo{n} lone{n}", NOW) for n in range(40)]
    through(
        [
            [msgspec.structs.replace(first, urls=urls[at : at + 1]), *items, *rest]
            for at in (0, 1, 2, 0)
        ]
    )


@pytest.mark.parametrize("seed", [3, 14])
def test_links_change_places_where_only_the_cut_off_part_of_scores_does(
    seed: int, worked_in: list[bool]
) -> None:
    """Scores are told in thousandths, and two that are told alike may still differ."""
    dice = random.Random(seed)
    items = topicless(100, seed, 100)
    sites = [list(items)]
    for _ in range(8):
        place, like = dice.randrange(len(items)), dice.choice(items)
        items[place] = msgspec.structs.replace(items[place], title=like.title)
        sites.append(list(items))
    through(sites, msgspec.structs.replace(OPTIONS, count=10))
    assert any(worked_in)


def test_a_url_of_too_many_records_joins_none(worked_in: list[bool]) -> None:
    """It is a front page then; one record less, and it joins those that are left."""
    every = topicless(80, 11, 400)
    front = [msgspec.structs.replace(item, urls=("a.example/",)) for item in every[:65]]
    few, many = [*front[:64], *every[64:]], [*front, *every[65:]]
    assert links_of(few, OPTIONS) != links_of(many, OPTIONS)
    through([few, many, few])
    # It is found by the count of the address alone.
    assert worked_in == [False, False]


@pytest.mark.parametrize("word", ["quokka", "Quokka"])
def test_a_word_is_common_by_uses_that_are_no_terms(word: str) -> None:
    """Of a long excerpt some words are no terms, and still say how words are written."""
    long = " ".join(f"filler{number}" for number in range(25))
    items = [
        Relatable("a", "One small town saw the Quokka", NOW),
        Relatable("b", "the harbour has one quokka in a cage", NOW + DAY),
        Relatable("c", "Nothing of the kind", NOW + 900 * DAY, excerpt=long),
    ]
    if word == "Quokka":
        items.insert(0, Relatable("d", "here a quokka was seen", NOW - 900 * DAY))
    last = msgspec.structs.replace(items[-1], excerpt=f"{long} {word}")
    assert links_of(items, OPTIONS) != links_of([*items[:-1], last], OPTIONS)
    through([items, [*items[:-1], last], items])


def test_a_word_that_only_excerpts_have_is_set_aside_when_it_is_no_longer_rare(
    monkeypatch: pytest.MonkeyPatch, worked_in: list[bool]
) -> None:
    """On sites of up to 65535 records its weight changes then, too; on larger ones it need
    not."""
    for module in ("nearness", "matrices", "recounting"):
        monkeypatch.setattr(f"tidings.catalog.relating.{module}.MOST_ASIDE", 12)
    options = msgspec.structs.replace(OPTIONS, minimum_score=1)
    pair = [
        Relatable(name, f"{name} opens", NOW, excerpt="quokka") for name in ("zeta", "yota")
    ]
    far = [
        Relatable(f"h{n}", f"hom{n} hut{n}", NOW - 900 * DAY, excerpt="quokka")
        for n in range(10)
    ]
    rest = [Relatable(f"x{n}", f"solo{n} lone{n}", NOW) for n in range(40)]
    few, many = [*pair, *far[:9], *rest], [*pair, *far, *rest]
    assert dict(links_of(few, options))["zeta"] != dict(links_of(many, options))["zeta"]
    through([few, many, few], options)
    assert all(worked_in)
