"""The newsletter on the web: which issues there are, what they tell, and when they change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import feedparser
import pytest
from fixture_feeds import read_feed
from fixture_site import Site, dead_links

ON = "-- tidings.toml --\n[newsletter]\nenabled = true\n"
WEEKLY = f'{ON}every = "week"\n'
BASE = "http://localhost:8000/"
NOON = datetime(2024, 3, 6, 12, tzinfo=UTC)


def daily(folder: Path, text: str = ON, days: int = 6) -> Site:
    """A site with a story on each of the first days of March 2024; the sixth is today."""
    site = Site(folder, text, clock=NOON)
    for day in range(1, days + 1):
        site.news(
            f"{day}", f"Story {day}", f"2024-03-0{day}T10:00:00Z", topics=["X", "Y"][day % 2 :]
        )
    return site


def issues(site: Site) -> list[str]:
    """The names of the issues that have pages, in order."""
    folder = site.output / "newsletters"
    return sorted(each.name for each in folder.iterdir() if each.is_dir())


def test_there_is_no_newsletter_unless_the_publisher_wants_one(tmp_path: Path) -> None:
    site = daily(tmp_path, "")
    site.built()
    # What the server is told of feeds, it is told whether or not there are any.
    assert set(site.holders("newsletter")) <= {"_headers"}


def test_an_issue_comes_when_its_day_is_over(tmp_path: Path) -> None:
    site = daily(tmp_path)
    site.built()
    assert issues(site) == [f"2024-03-0{day}" for day in range(1, 6)]
    site.built(clock=datetime(2024, 3, 6, 23, 59, 59, tzinfo=UTC))
    assert not site.has("/newsletters/2024-03-06/")
    midnight = datetime(2024, 3, 7, tzinfo=UTC)
    # Nothing but time has passed, and still the next build must look.
    assert "newsletters/2024-03-06/index.html" in site.built(clock=midnight).written


def test_days_end_when_they_do_in_the_time_zone_of_the_site(tmp_path: Path) -> None:
    site = daily(tmp_path, f'{ON}[site]\ntimezone = "Asia/Tokyo"\n')
    site.built(clock=datetime(2024, 3, 6, 14, 59, tzinfo=UTC))
    assert not site.has("/newsletters/2024-03-06/")
    site.built(clock=datetime(2024, 3, 6, 15, tzinfo=UTC))
    assert site.has("/newsletters/2024-03-06/")


def test_only_the_last_issues_are_kept(tmp_path: Path) -> None:
    site = daily(tmp_path, f"{ON}keep = 2\n")
    site.built()
    assert issues(site) == ["2024-03-04", "2024-03-05"]
    report = site.built(clock=NOON + timedelta(days=1))
    assert "newsletters/2024-03-04/index.html" in report.deleted


def test_a_week_runs_from_monday_to_sunday(tmp_path: Path) -> None:
    site = daily(tmp_path, WEEKLY)
    site.built()
    # 1 March 2024 was a Friday, 4 March a Monday: the second week is not over.
    assert issues(site) == ["2024-02-26"]
    page = site.page("/newsletters/2024-02-26/")
    assert page.title == "Newsletter of 26 February to 3 March 2024"
    assert {each.text for each in page.main.all("h2", "h3") if "Story" in each.text} == {
        "Story 1",
        "Story 2",
        "Story 3",
    }


def test_the_best_story_leads_and_the_others_follow_by_topic(tmp_path: Path) -> None:
    site = Site(tmp_path, ON, clock=NOON)
    for name, heat, topic in (("One", 1, "Alpha"), ("Two", 9, "Alpha"), ("Three", 5, "Beta")):
        site.news(name, name, "2024-03-05T10:00:00Z", topics=[topic], heat=heat)
    site.built()
    page = site.page("/newsletters/2024-03-05/")
    said = [each.text for each in page.main.all("h2", "h3")]
    assert said == ["Two", "Alpha", "One", "Beta", "Three"]


def test_one_story_told_by_two_records_is_one_entry(tmp_path: Path) -> None:
    site = Site(tmp_path, ON, clock=NOON)
    other = [{"title": "The same", "webUrl": "https://other.example/same"}]
    site.news("a", "Bridge opens", "2024-03-05T10:00:00Z", related=other)
    site.news("b", "A new bridge", "2024-03-05T11:00:00Z", related=other)
    site.built()
    assert "1 story" in site.page("/newsletters/2024-03-05/").main.text


def test_every_link_of_its_pages_leads_somewhere(tmp_path: Path) -> None:
    site = daily(tmp_path)
    site.built()
    assert dead_links(site, BASE) == []
    front = {each.attributes.get("href") for each in site.page("/").all("a")}
    assert "/newsletters/" in front


def test_before_the_first_issue_nothing_leads_to_the_newsletter(tmp_path: Path) -> None:
    site = daily(tmp_path)
    site.built(clock=datetime(2024, 3, 1, 12, tzinfo=UTC))
    assert dead_links(site, BASE) == []
    assert [path for path in site.files() if "newsletters" in path] == []
    assert site.holders('href="/newsletters/"') == []


def test_a_publishers_own_page_at_its_address_is_a_clash(tmp_path: Path) -> None:
    site = daily(tmp_path)
    site.write("content/pages/newsletters.md", "---\ntitle: Mine\n---\nWords.\n")
    report = site.build()
    assert [each.code for each in report.diagnostics if each.code == "path-clash"]


def test_the_feed_has_an_entry_for_each_issue(tmp_path: Path) -> None:
    site = daily(tmp_path)
    site.built()
    feed = feedparser.parse(site.files()["newsletters/feed.xml"])
    assert not feed.bozo
    assert feed.entries[0].title == "Tuesday, 5 March 2024"
    assert len({entry.id for entry in feed.entries}) == len(feed.entries) == 5
    first = feed.entries[0]
    assert first.link == f"{BASE}newsletters/2024-03-05/"
    # The issue is there once its day is over.
    assert first.published == "2024-03-06T00:00:00Z"
    assert f'<a href="{BASE}2024/03/05/story-5/">Story 5</a>' in first.content[0].value


def test_it_can_be_followed_in_every_format(tmp_path: Path) -> None:
    site = daily(tmp_path, f"{ON}[feed]\nentries = 2\n")
    site.built()
    for name in ("feed.xml", "rss.xml", "feed.json"):
        path = f"newsletters/{name}"
        feed = read_feed(path, site.files()[path])
        assert [entry.title for entry in feed.entries] == [
            "Tuesday, 5 March 2024",
            "Monday, 4 March 2024",
        ]
    assert dead_links(site, BASE) == []


def test_titles_are_escaped_in_the_feeds_html(tmp_path: Path) -> None:
    site = Site(tmp_path, ON, clock=NOON)
    site.news("a", "<img src=x onerror=alert(1)> & co", "2024-03-05T10:00:00Z")
    site.built()
    entry = feedparser.parse(site.files()["newsletters/feed.xml"], sanitize_html=False)
    assert "&lt;img src=x" in entry.entries[0].content[0].value


def test_a_changed_record_renders_its_own_issue_and_no_other(tmp_path: Path) -> None:
    site = daily(tmp_path)
    site.built()
    site.news("2", "Story 2, corrected", "2024-03-02T10:00:00Z", topics=["X", "Y"])
    written = site.built().written
    assert "newsletters/2024-03-02/index.html" in written
    assert "newsletters/index.html" in written
    others = [each for each in written if each.startswith("newsletters/2024")]
    assert others == ["newsletters/2024-03-02/index.html"]


def test_the_next_issue_rewrites_only_the_one_before_it(tmp_path: Path) -> None:
    site = daily(tmp_path)
    site.built()
    written = site.built(clock=NOON + timedelta(days=1)).written
    assert [each for each in written if each.startswith("newsletters/2024")] == [
        "newsletters/2024-03-05/index.html",
        "newsletters/2024-03-06/index.html",
    ]


@pytest.mark.parametrize("name", ["newsletter.html", "newsletters.html"])
def test_a_site_may_bring_templates_of_its_own(tmp_path: Path, name: str) -> None:
    site = daily(tmp_path)
    site.write(f"templates/{name}", "<p>Mine: {{ page.title }}</p>\n")
    site.built()
    page = "newsletters/" + ("" if name == "newsletters.html" else "2024-03-05/") + "index.html"
    assert site.files()[page].startswith(b"<p>Mine: Newsletter")
