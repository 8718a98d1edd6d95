"""One more record changes the pages that show it, and no others."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from fixture_examples import example_site
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


def test_a_new_record_leaves_the_pages_of_other_years_alone(tmp_path: Path) -> None:
    site = Site(tmp_path, CONFIG)
    for year in (2022, 2023, 2024):
        site.news(f"{year}", f"Story of {year}", f"{year}-03-01T10:00:00Z")
    site.built()
    site.news("new", "Fresh", "2024-03-01T12:00:00Z")
    years = {path for path in site.built().written if path.count("/") == 1 and path[0] == "2"}
    assert years == {"2024/index.html"}


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


NEW = {
    "sample": (
        "2024-10-09T12:34:00Z",
        {"topics": ["Python"], "provider": {"name": "Python", "domain": "python.org"}},
    ),
    "corpus": ("2020-11-18T10:00:00Z", {"topics": ["Power Apps"]}),
}
"""When the new record is published, and what else it says: on the latest day, in a story that
has a page, and on a day of its own long before the latest."""


@pytest.mark.parametrize("name", list(NEW))
def test_one_more_record_of_a_real_digest_rewrites_only_what_it_is_on(
    name: str, tmp_path: Path
) -> None:
    site = example_site(name, tmp_path)
    when, keys = NEW[name]
    title = "Python 3.13 packages arrive in distributions"
    site.news("new", title, when, webUrl="https://python.org/new", **keys)
    report = site.built(unpublished=True)
    day = when[:10].replace("-", "/")
    new = f"{day}/python-3-13-packages-arrive-in-distributions"
    item = json.loads(site.files()[f"api/news/{new}/index.json"])
    homes = {home for home in lists_of(site) if places(site, home, item["path"])}
    homes.add("")
    if item["story"]:
        homes.add(urlsplit(item["story"]["url"]).path.strip("/"))
    # Calendars and overviews count it; the page for lost readers has the latest stories.
    own = {"index.html", "404.html", "topics/index.html", "sources/index.html"}
    own |= {f"{place}/index.html" for place in (new, day, day[:7], day[:4])}
    own.add(f"api/news/{new}/index.json")
    for path in set(report.written) - own:
        home, _, file = path.rpartition("/")
        if path.startswith("api/"):
            # Its page of the list, and those that it moves on.
            (first,) = places(site, home[4:].partition("/page/")[0], item["path"])
            assert json.loads(site.files()[path])["page"] >= first, path
        elif file.endswith((".xml", ".json")):
            assert home in homes, path
        elif home.partition("/page/")[0] not in homes:
            # What names it: the articles and days beside it, and articles related to it.
            links = {urlsplit(each).path for each in site.page(f"/{home}/").references()}
            assert links & {item["path"], f"/{day}/"}, path
    assert site.built(unpublished=True).written == ()


def lists_of(site: Site) -> set[str]:
    """The lists that the API has, by their places below it."""
    return {
        path.removeprefix("api/").rpartition("/")[0].partition("/page/")[0]
        for path, data in site.files().items()
        if path.startswith("api/") and b'{"page":' in data[:8]
    }


def places(site: Site, home: str, path: str) -> list[int]:
    """The numbers of the pages of a list of the API that have the record with that path."""
    found = []
    for file, data in site.files().items():
        place = file.removeprefix("api/").rpartition("/")[0].partition("/page/")[0]
        if file.startswith("api/") and place == home and b'{"page":' in data[:8]:
            page = json.loads(data)
            found += [page["page"] for each in page["value"] if each["path"] == path]
    return found
