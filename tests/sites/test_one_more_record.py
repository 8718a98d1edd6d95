"""One more record changes the pages that show it, and no others."""

from __future__ import annotations

from pathlib import Path

from fixture_site import Site

CONFIG = """\
-- tidings.toml --
[related]
enabled = false
[lists]
page_size = 5
[search]
enabled = false
"""


def test_one_more_record_rewrites_what_shows_it_and_nothing_else(tmp_path: Path) -> None:
    site = Site(tmp_path, CONFIG)
    for number in range(1, 25):
        topic = ("Rail", "Water", "Wood")[number % 3]
        site.news(
            f"{number:02}",
            f"Story {number}",
            f"2024-0{1 + number // 9}-{1 + number % 9:02}T10:00:00Z",
            topics=[topic],
            webUrl=f"https://o{number % 4}.example/{number}",
        )
    site.built()
    site.news(
        "new", "Fresh", "2024-03-07T12:00:00Z", topics=["Rail"], webUrl="https://o1.example/new"
    )
    report = site.built()
    assert report.deleted == ()
    shown = {
        "2024/03/07/fresh/index.html",
        "2024/03/07/index.html",
        "topics/rail/index.html",
        "sources/o1.example/index.html",
        "index.html",
    }
    calendars = {"2024/03/index.html", "2024/index.html"}
    # What links to the record as the next one, or names the latest stories or counts.
    beside = {
        "2024/03/07/story-24/index.html",
        "404.html",
        "topics/index.html",
        "sources/index.html",
    }
    machines = {
        path
        for path in report.written
        if path.rpartition("/")[2] in ("feed.xml", "rss.xml", "feed.json")
        or path.startswith(("api/", "sitemap"))
    }
    assert set(report.written) - machines == shown | calendars | beside
    homes = {path.rpartition("/")[0] for path in machines if "feed" in path or "rss" in path}
    assert homes == {"", "topics/rail", "sources/o1.example"}
    lists = {path for path in machines if path.startswith("api/")}
    assert lists == {
        "api/news/2024/03/07/fresh/index.json",
        "api/news/index.json",
        "api/topics/rail/index.json",
        "api/sources/o1.example/index.json",
    }
    assert {path for path in machines if path.startswith("sitemap")} == {
        "sitemap.xml",
        "sitemap-articles-1.xml",
        "sitemap-pages-1.xml",
    }
    assert site.built().written == ()


def test_the_first_record_of_a_new_day_changes_only_the_day_before(tmp_path: Path) -> None:
    site = Site(tmp_path, CONFIG)
    for number in range(1, 8):
        site.news(f"{number:02}", f"Story {number}", f"2024-03-0{number}T10:00:00Z")
    site.built()
    site.news("new", "Fresh", "2024-03-08T12:00:00Z")
    days = {
        path for path in site.built().written if path.count("/") == 3 and path[:4] == "2024"
    }
    assert days == {"2024/03/08/index.html", "2024/03/07/index.html"}
