"""Stories: one event, told by several records and outlets, is one entry in every list."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fixture_site import Site


def entry(title: str, url: str, when: str, outlet: str) -> dict[str, Any]:
    """One entry of `related`."""
    return {
        "title": title,
        "webUrl": url,
        "publishedDateTime": when,
        "provider": {"name": outlet.title(), "domain": f"{outlet}.example"},
    }


def bridge(tmp_path: Path) -> Site:
    """Three outlets on one event: two records, and an article that both of them list."""
    site = Site(tmp_path)
    shared = entry(
        "Old bridge shut", "https://gazette.example/1", "2024-03-01T07:00:00Z", "gazette"
    )
    site.news(
        "a",
        "Harbour bridge closed after crack found",
        "2024-03-01T10:00:00Z",
        webUrl="https://times.example/1",
        provider={"name": "Times", "domain": "times.example"},
        topics=["Harbour"],
        quality=50,
        related=[shared],
    )
    site.news(
        "b",
        "Crack closes harbour bridge",
        "2024-03-01T12:00:00Z",
        webUrl="https://post.example/1",
        provider={"name": "Post", "domain": "post.example"},
        topics=["Harbour"],
        quality=90,
        related=[shared],
    )
    site.news("c", "Ferry gets a new captain", "2024-03-01T09:00:00Z", topics=["Harbour"])
    site.built()
    return site


def test_lists_show_one_entry_for_a_story_with_its_sources(tmp_path: Path) -> None:
    site = bridge(tmp_path)
    for url in ("/", "/2024/03/01/", "/topics/harbour/"):
        page = site.page(url)
        assert "Crack closes harbour bridge" in page.headlines
        assert "Harbour bridge closed after crack found" not in page.headlines
        # The other record is named beneath, and linked to its own page.
        assert (
            page.links["Harbour bridge closed after crack found"]
            == "/2024/03/01/harbour-bridge-closed-after-crack-found/"
        )
        assert page.links["3 sources"].startswith("/stories/")
    assert site.has("/2024/03/01/harbour-bridge-closed-after-crack-found/")


def test_the_page_of_a_story_tells_it_in_the_order_of_time(tmp_path: Path) -> None:
    site = bridge(tmp_path)
    page = site.page(site.page("/").links["3 sources"])
    section = page.section("As it was told")
    assert section is not None
    assert [title.text for title in section.all("h3")] == [
        "Old bridge shut",
        "Harbour bridge closed after crack found",
        "Crack closes harbour bridge",
    ]


def test_the_sidebar_of_each_member_starts_with_the_story(tmp_path: Path) -> None:
    site = bridge(tmp_path)
    lead = site.page("/2024/03/01/crack-closes-harbour-bridge/")
    assert lead.coverage == ["Harbour bridge closed after crack found", "Old bridge shut"]
    other = site.page("/2024/03/01/harbour-bridge-closed-after-crack-found/")
    assert other.coverage == ["Crack closes harbour bridge", "Old bridge shut"]
    assert "Crack closes harbour bridge" not in other.more


def test_a_later_member_does_not_move_the_page_of_its_story(tmp_path: Path) -> None:
    site = bridge(tmp_path)
    before = site.page("/").links["3 sources"]
    site.news(
        "d",
        "Bridge with crack stays shut",
        "2024-03-02T08:00:00Z",
        webUrl="https://echo.example/1",
        provider={"name": "Echo", "domain": "echo.example"},
        quality=99,
        related=[entry("Crack closes bridge", "https://times.example/1", "", "times")],
    )
    site.built()
    assert site.page("/").links["4 sources"] == before


def test_a_record_that_its_source_demoted_stands_under_the_lead(tmp_path: Path) -> None:
    site = bridge(tmp_path)
    site.news(
        "a",
        "Harbour bridge closed after crack found",
        "2024-03-01T10:00:00Z",
        webUrl="https://times.example/1",
        quality=50,
        heat=-1,
        published=True,
        topics=["Harbour"],
        related=[
            entry("Crack closes harbour bridge", "https://post.example/1", "", "post"),
        ],
    )
    site.built()
    assert "Harbour bridge closed after crack found" not in site.page("/2024/03/01/").headlines
    assert "Crack closes harbour bridge" in site.page("/2024/03/01/").headlines


def test_hidden_records_tell_no_story(tmp_path: Path) -> None:
    site = bridge(tmp_path)
    site.news(
        "b",
        "Crack closes harbour bridge",
        "2024-03-01T12:00:00Z",
        webUrl="https://post.example/1",
        published=False,
        topics=["Harbour"],
    )
    site.built()
    assert site.holders("Crack closes harbour bridge") == []
    assert site.page("/").links["2 sources"].startswith("/stories/")


def test_stories_can_be_switched_off(tmp_path: Path) -> None:
    site = bridge(tmp_path)
    site.write("tidings.toml", "[stories]\nenabled = false\n")
    site.built()
    assert [path for path in site.files() if path.startswith("stories/")] == []
    assert "Harbour bridge closed after crack found" in site.page("/2024/03/01/").headlines
