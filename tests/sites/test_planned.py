"""What an edit has planned, rendered and written: the pages that show it, and no others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fixture_builds import fresh_files, outside, planned_of
from fixture_site import Site, record


def test_an_edit_renders_only_what_it_can_reach(tmp_path: Path) -> None:
    site = Site(tmp_path, UNRELATED)
    for number in range(1, 6):
        site.news(f"{number}", f"Story {number}", f"2024-0{number}-01T10:00:00Z", topics=["X"])
    site.built()
    text = record("Story 3", "2024-03-01T10:00:00Z", "A body now.", topics=["X"])
    site.write("content/news/3.md", text)
    # Feeds and the API carry bodies; lists do not.
    assert site.built().written == (
        "2024/03/01/story-3/index.html",
        "api/news/2024/03/01/story-3/index.json",
        "api/news/index.json",
        "api/sources/outlet.example/index.json",
        "api/topics/x/index.json",
        "feed.json",
        "feed.xml",
        "rss.xml",
        "sources/outlet.example/feed.json",
        "sources/outlet.example/feed.xml",
        "sources/outlet.example/rss.xml",
        "topics/x/feed.json",
        "topics/x/feed.xml",
        "topics/x/rss.xml",
    )
    site.news("3", "Story 3, corrected", "2024-03-01T10:00:00Z", topics=["X"], slug="story-3")
    written = site.built().written
    assert "2024/03/01/index.html" in written
    assert "2024/01/01/index.html" not in written
    assert "2024/05/01/story-5/index.html" not in written


def test_a_changed_template_renders_only_the_pages_that_reach_it(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.news("1", "Story", topics=["X"])
    site.built()
    site.write("templates/year.html", "{% extends 'base.html' %}\n")
    assert site.built().written == ("2024/index.html",)
    site.remove("templates/year.html")
    assert site.built().written == ("2024/index.html",)


def test_a_clash_is_found_though_none_was_before(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.news("1", "Story")
    site.built()
    site.write("static/root/2024/INDEX.html", "mine")
    failed = site.build()
    assert [(each.code, failed.exit_code) for each in failed.diagnostics] == [("path-clash", 1)]
    assert failed.diagnostics[0].hint == "give the file in static/root/ another name"
    site.write("content/news/1.md", record("Story", "2024-01-01T10:00:00Z", "Edited."))
    assert [each.code for each in site.build().diagnostics] == ["path-clash"]
    site.remove("static/root/2024/INDEX.html")
    assert site.built().written


def test_a_body_has_only_pages_planned_that_may_show_it(tmp_path: Path) -> None:
    site = Site(tmp_path, UNRELATED)
    for number in range(1, 10):
        site.news(f"{number}", f"Story {number}", f"2024-0{number}-01T10:00:00Z")
    site.built()
    text = record("Story 1", "2024-01-01T10:00:00Z", "A body now.")
    site.write("content/news/1.md", text)
    planned = planned_of(site)
    assert "2024/01/01/story-1/index.html" in planned
    assert planned.isdisjoint(
        ("404.html", "sources/index.html", "2024/09/01/index.html", "robots.txt")
    )


UNRELATED = "-- tidings.toml --\n[related]\nenabled = false\n"

SHOWING: dict[str, tuple[dict[str, Any], str]] = {
    "picture": ({"images": [{"url": "/p.svg"}]}, "2024/01/01/story-1/index.html"),
    "body": ({"body": "![p](/p.svg)"}, "2024/01/01/story-1/index.html"),
    "link": ({"body": "See [that](/p.svg)."}, "2024/01/01/story-1/index.html"),
    "logo": (
        {"provider": {"name": "O", "domain": "o.example", "images": [{"url": "/p.svg"}]}},
        "2024/01/01/story-1/index.html",
    ),
    "coverage": (
        {"related": [outside("Elsewhere", 3, "/p.svg")]},
        "api/news/2024/01/01/story-1/index.json",
    ),
}
"""What of a record shows the picture, and a page that does."""


@pytest.mark.parametrize("how", SHOWING)
def test_a_picture_has_only_pages_planned_that_show_it(tmp_path: Path, how: str) -> None:
    shown, page = SHOWING[how]
    site = Site(tmp_path, f"{UNRELATED}-- static/p.svg --\n<svg/>\n")
    site.news("1", "Story 1", "2024-01-01T10:00:00Z", topics=["A"], **shown)
    site.news("2", "Quite another", "2024-02-01T10:00:00Z", topics=["B"])
    site.built()
    site.write("static/other.svg", "<svg id='new'/>")
    assert planned_of(site) == set()
    site.write("static/p.svg", "<svg id='new'/>")
    planned = planned_of(site)
    assert page in planned
    assert planned.isdisjoint(("2024/02/01/quite-another/index.html", "2024/02/01/index.html"))
    assert site.files() == fresh_files(site)


def test_a_picture_that_keeps_its_name_is_measured_anew(tmp_path: Path) -> None:
    site = Site(tmp_path, "-- static/root/p.svg --\n<svg width='10' height='10'/>\n")
    site.news("1", "Story 1", "2024-01-01T10:00:00Z", images=[{"url": "/p.svg"}])
    site.built()
    site.write("static/root/p.svg", "<svg width='30' height='20'/>")
    assert "2024/01/01/story-1/index.html" in planned_of(site)
    assert site.files() == fresh_files(site)


def test_logos_that_are_declared_are_looked_at(tmp_path: Path) -> None:
    site = Site(
        tmp_path,
        "-- static/p.svg --\n<svg/>\n-- static/q.svg --\n<svg/>\n"
        "-- content/providers/o.example.md --\n---\nname: O\ndomain: o.example\nimages:\n"
        "  - {url: /p.svg, width: 50}\n  - {url: /q.svg, width: 400}\n---\n",
    )
    site.news("1", "Story 1", provider={"name": "O", "domain": "o.example"})
    site.built()
    for picture in ("p.svg", "q.svg"):
        site.write(f"static/{picture}", f"<svg id='{picture}'/>")
        assert "sources/o.example/index.html" in planned_of(site)
        assert site.files() == fresh_files(site)


def test_an_outlet_has_only_pages_planned_that_name_it(tmp_path: Path) -> None:
    file = "content/providers/o1.example.md"
    site = Site(tmp_path, f"{UNRELATED}-- static/p.svg --\n<svg/>\n")
    outlet = {"name": "O", "domain": "blog.o1.example"}
    listed = {**outside("Elsewhere", 3, "/p.svg"), "provider": outlet}
    site.news("1", "Story 1", "2024-01-01T10:00:00Z", topics=["A"], provider=outlet)
    site.news("2", "Quite another", "2024-02-01T10:00:00Z", topics=["B"], related=[listed])
    site.news("3", "Of no concern", "2024-03-01T10:00:00Z", topics=["C"])
    site.built()
    for declared in ("name: The O", "name: The O\nimages:\n  - url: /p.svg"):
        site.write(file, f"---\n{declared}\ndomain: o1.example\n---\n")
        planned = planned_of(site)
        assert "2024/01/01/story-1/index.html" in planned
        assert "api/news/2024/02/01/quite-another/index.json" in planned
        assert planned.isdisjoint(("2024/03/01/of-no-concern/index.html", "2024/03/index.html"))
        assert site.files() == fresh_files(site)


def test_a_topic_has_only_pages_planned_that_tell_of_it(tmp_path: Path) -> None:
    topic = "content/topics/01-alpha.yaml"
    site = Site(tmp_path, f"-- {topic} --\nname: Alpha\n")
    site.news("1", "Story 1", "2024-01-01T10:00:00Z", topics=["Alpha"])
    site.news("2", "Quite another", "2024-02-01T10:00:00Z", topics=["Beta"])
    site.built()
    site.write(topic, "name: Alpha\ndescription: What comes first.\n")
    planned = planned_of(site)
    assert "topics/alpha/index.html" in planned
    assert planned.isdisjoint(
        ("2024/01/01/story-1/index.html", "2024/02/01/index.html", "topics/beta/index.html")
    )
    assert site.files() == fresh_files(site)


def test_a_template_has_only_pages_planned_that_reach_it(tmp_path: Path) -> None:
    site = Site(tmp_path, "-- templates/partials/mine.html --\nold\n")
    site.write("templates/year.html", "{% include 'partials/mine.html' %}\n")
    site.news("1", "Story 1")
    site.built()
    site.write("templates/partials/mine.html", "new\n")
    assert planned_of(site) == {"2024/index.html"}
    site.remove("templates/year.html")
    assert planned_of(site) == {"2024/index.html"}
    assert site.files() == fresh_files(site)


def test_a_new_topic_in_the_navigation_makes_no_new_feeds(tmp_path: Path) -> None:
    site = Site(tmp_path, UNRELATED)
    site.news("1", "Story 1", "2024-01-01T10:00:00Z", topics=["A"])
    site.built()
    site.news("2", "Quite another", "2024-02-01T10:00:00Z", topics=["B"])
    planned = planned_of(site)
    assert {"2024/01/01/story-1/index.html", "feed.xml", "topics/b/feed.xml"} <= planned
    assert planned.isdisjoint(("topics/a/feed.xml", "api/news/2024/01/01/story-1/index.json"))
    assert site.files() == fresh_files(site)


def test_coverage_of_a_record_that_another_stands_for_is_that_of_the_other(
    tmp_path: Path,
) -> None:
    site = Site(tmp_path, UNRELATED)
    url = "https://outlet.example/1"
    site.news("1", "Story 1", "2024-01-01T10:00:00Z", webUrl=url, quality=5)
    for title in ("Elsewhere", "Elsewhere, corrected"):
        listed = [outside(title, 3, "https://x.example/p.png")]
        site.news("2", "Story one", "2024-01-02T10:00:00Z", webUrl=url, related=listed)
        assert "2024/01/01/story-1/index.html" in site.built().written
        assert site.files() == fresh_files(site)


def test_a_link_to_a_record_follows_it(tmp_path: Path) -> None:
    site = Site(tmp_path, UNRELATED)
    site.news("1", "Story 1", "2024-01-01T10:00:00Z", body="See [that](2.md).")
    site.news("2", "Quite another", "2024-02-01T10:00:00Z", topics=["A"])
    site.built()
    site.news("3", "Of no concern", "2024-03-01T10:00:00Z", topics=["A"])
    assert "2024/01/01/story-1/index.html" not in planned_of(site)
    site.news("2", "By another name", "2024-02-01T10:00:00Z", topics=["A"])
    assert "2024/01/01/story-1/index.html" in planned_of(site)
    assert site.files() == fresh_files(site)
