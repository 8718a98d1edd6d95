"""Who is shown: decided once, and no page of any kind knows of the others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fixture_site import Site

SHOWN = ("Open meeting on the harbour bridge", "2024-03-01T10:00:00Z")
HIDDEN = "Quiet word about the harbour bridge"

BLOCK_HOST = '[block]\ndomains = ["spam.example"]\n'

RULES: dict[str, tuple[dict[str, Any], str]] = {
    "unpublished": ({"published": False}, ""),
    "future": ({"when": "2999-01-01T00:00:00Z"}, ""),
    "expired": ({"expires": "2025-01-01T00:00:00Z"}, ""),
    "blocked by its outlet": (
        {"provider": {"name": "S", "domain": "spam.example"}},
        BLOCK_HOST,
    ),
    "blocked by its host": ({"webUrl": "https://www.news.spam.example/1"}, BLOCK_HOST),
    "blocked by its topic": ({"topics": ["Gambling"]}, '[block]\ntopics = ["gambling"]\n'),
    "blocked by its title": ({}, '[block]\ntitles = ["QUIET word"]\n'),
    "blocked by its address": (
        {"webUrl": "https://outlet.example/ads/1"},
        '[block]\nurls = ["https://outlet.example/ads/"]\n',
    ),
}


@pytest.mark.parametrize("rule", RULES)
def test_a_hidden_record_is_named_nowhere(tmp_path: Path, rule: str) -> None:
    keys, config = RULES[rule]
    site = Site(tmp_path, f"-- tidings.toml --\n{config}")
    site.news("shown", *SHOWN, topics=["Harbour"])
    usual = {"when": "2024-03-01T11:00:00Z", "topics": ["Harbour"], "quality": 99}
    site.news("hidden", HIDDEN, **{**usual, **keys})
    report = site.built()
    assert site.holders(HIDDEN) == []
    assert site.holders("quiet-word") == []
    assert site.page("/").headlines.count(SHOWN[0]) >= 1
    assert report.counts.records == 1
    assert sum(report.counts.held.values()) == 1
    assert "1 article" in site.page("/2024/03/01/").text


def test_each_page_that_could_show_a_hidden_record_changes_when_it_is_shown(
    tmp_path: Path,
) -> None:
    site = Site(tmp_path)
    site.news("shown", *SHOWN, topics=["Harbour"])
    site.news("hidden", HIDDEN, "2024-03-01T11:00:00Z", topics=["Harbour"], published=False)
    site.built()
    site.built(unpublished=True)
    holders = site.holders(HIDDEN)
    for place in (
        "feed.xml",
        "index.html",
        "2024/03/01/index.html",
        "topics/harbour/index.html",
    ):
        assert place in holders
    article = site.page("/2024/03/01/open-meeting-on-the-harbour-bridge/")
    assert HIDDEN in [*article.more, *article.coverage]
    assert "2 articles" in site.page("/2024/03/01/").text


def test_a_hidden_record_says_how_to_show_it(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.news("a", "First of the two", published=False)
    assert site.built().notes == (
        "1 of 1 record is unpublished; show it with --unpublished or unpublished = true",
    )
    site.news("b", "Second of the two", published=False)
    assert site.built().notes == (
        "2 of 2 records are unpublished; show them with --unpublished or unpublished = true",
    )
    site.news("c", "Third one", "2999-01-01T00:00:00Z")
    assert site.built().notes[1] == (
        "1 of 3 records is dated in the future; show it with --future or future = true"
    )


def test_the_clock_decides_and_nothing_else(tmp_path: Path) -> None:
    from datetime import UTC, datetime

    site = Site(tmp_path)
    site.news("a", "On the dot", "2024-03-01T10:00:00Z", expires="2024-03-02T10:00:00Z")
    before = datetime(2024, 3, 1, 9, 59, 59, tzinfo=UTC)
    assert site.built(clock=before).counts.held == {"future": 1}
    assert site.built(clock=datetime(2024, 3, 1, 10, tzinfo=UTC)).counts.records == 1
    assert site.built(clock=datetime(2024, 3, 2, 9, 59, tzinfo=UTC)).counts.records == 1
    assert site.built(clock=datetime(2024, 3, 2, 10, tzinfo=UTC)).counts.held == {"expired": 1}


def test_a_blocked_phrase_is_whole_words(tmp_path: Path) -> None:
    site = Site(tmp_path, '-- tidings.toml --\n[block]\ntitles = ["AI", "广告", "C++"]\n')
    site.news("a", "She said it plainly")
    site.news("b", "Laws for AI, at last")
    site.news("c", "最新广告消息")
    site.news("d", "What is new in C++ 26")
    site.built()
    assert site.holders("She said it plainly") != []
    for title in ("Laws for AI", "最新广告消息", "What is new in C++ 26"):
        assert site.holders(title) == []


def test_a_blocked_outlet_is_not_linked_as_coverage_either(tmp_path: Path) -> None:
    site = Site(
        tmp_path,
        '-- tidings.toml --\n[block]\ndomains = ["spam.example"]\ntitles = ["miracle cure"]\n'
        'urls = ["https://good.example/ads/"]\n',
    )
    site.news(
        "a",
        "Bridge opens",
        related=[
            {"title": "Bridge opens, says spam", "webUrl": "https://www.spam.example/1"},
            {"title": "Miracle cure under bridge", "webUrl": "https://other.example/2"},
            {"title": "Buy a bridge", "webUrl": "https://good.example/ads/3"},
            {"title": "A bridge has opened", "webUrl": "https://good.example/4"},
        ],
    )
    site.built()
    assert site.page("/2024/01/01/bridge-opens/").coverage == ["A bridge has opened"]
    for words in ("spam", "Miracle", "Buy a bridge"):
        assert site.holders(words) == []


def test_a_topic_that_only_blocked_records_name_has_no_page(tmp_path: Path) -> None:
    site = Site(tmp_path, '-- tidings.toml --\n[block]\ntopics = ["Gambling"]\n')
    site.news("a", "Bridge opens", topics=["Harbour"])
    site.news("b", "Casino opens", topics=["Gambling", "Night life"])
    site.built()
    assert site.holders("Gambling") == []
    assert site.holders("Night life") == []


def test_a_topic_whose_records_are_all_held_says_so(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.news("a", "Bridge opens", topics=["Harbour"])
    site.news("b", "Not chosen", topics=["Night life"], published=False)
    site.built()
    assert "1 story is held back" in site.page("/topics/night-life/").text
    assert "Night life" not in site.page("/").text
