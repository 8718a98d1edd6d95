"""Records whose words are chosen to do harm: a site is built all the same, and soon.

No time is measured here. What was slow took minutes with inputs of these sizes.
"""

from __future__ import annotations

import posixpath
from pathlib import Path

import pytest
from fixture_site import Site, codes, dead_links

URL = {"webUrl": "https://outlet.example/a"}
HEADLINE = "Ministers agree on a long headline"


@pytest.mark.parametrize("joiner", ["’", "'", "`", "\u200c", "\u200d"])
def test_titles_that_differ_by_a_joiner_before_an_accent_have_a_page_each(
    tmp_path: Path, joiner: str
) -> None:
    site = Site(tmp_path)
    site.news("a", f"Cafe{joiner}\u0301")
    site.news("b", "Café", "2024-01-01T11:00:00Z")
    report = site.built()
    assert "shared-permalink" in codes(report)
    assert site.page("/2024/01/01/café/").title


def test_an_outlet_named_like_the_list_of_outlets_does_not_take_its_file(
    tmp_path: Path,
) -> None:
    site = Site(tmp_path)
    site.news("a", "First", provider={"name": "Odd", "domain": "index.html"})
    site.news("b", "Second", provider={"name": "Index", "domain": "index.hr"})
    site.built()
    links = site.page("/sources/").main.links
    assert "First" in site.page(links["Odd"]).headlines
    assert links["Index"] == "/sources/index.hr/"
    assert dead_links(site, "http://localhost:8000/") == []


def test_a_day_of_very_many_digits_is_none(tmp_path: Path) -> None:
    site = Site(tmp_path)
    for number in range(2):
        title = f"The harbour votes on May {'1' * (5000 + number)}th about ferries"
        site.news(f"{number}", title, webUrl=f"https://outlet{number}.example/")
    site.built()


@pytest.mark.parametrize(
    "title",
    [
        HEADLINE + " e" + "\u0315\u0316" * 1_000_000,
        HEADLINE + " " + "\uff9e\u0315" * 900_000,
        HEADLINE + " é" + " :: x" * 200_000 + " - y",
    ],
    ids=["marks", "marks to be", "rules"],
)
def test_a_title_that_is_slow_to_read_is_read_quickly(tmp_path: Path, title: str) -> None:
    site = Site(tmp_path)
    site.news("a", title, provider={"name": "Outlet", "domain": "outlet.example"}, **URL)
    site.news("b", HEADLINE, "2024-01-01T11:00:00Z")
    site.built()


def test_titles_of_very_many_identifiers_are_compared_quickly(tmp_path: Path) -> None:
    site = Site(tmp_path)
    named = " ".join(f"CVE-2024-{number:06}" for number in range(150_000))
    for number in range(2):
        title = f"{HEADLINE} and more {named} {number}"
        site.news(f"{number}", title, webUrl=f"https://outlet{number}.example/")
    site.built()


def test_a_domain_of_very_many_dots_is_refused_quickly(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.news("a", "First", provider={"name": "Outlet", "domain": "a." * 500_000 + "/"})
    assert codes(site.built()) == ["wrong-domain"]


def test_coverage_without_end_by_one_outlet_is_compared_quickly(tmp_path: Path) -> None:
    site = Site(tmp_path)
    related = [
        {"title": f"Cover {number}", "webUrl": f"https://c.example/{number}"}
        for number in range(30_000)
    ]
    site.news("a", "First", related=related)
    site.built()


def test_a_body_of_broken_links_is_not_compared_with_every_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = Site(tmp_path)
    count, asked = 200, 0
    for number in range(count):
        held = number % 2 == 0
        site.news(f"r{number}", f"Story {number}", published=not held)
    site.news("bad", "Bad", body=" ".join(f"[x](none{n}.md)" for n in range(count)))
    plain = posixpath.basename

    def basename(path: str) -> str:
        nonlocal asked
        asked += 1
        return plain(path)

    monkeypatch.setattr(posixpath, "basename", basename)
    assert codes(site.built()).count("broken-link") == count
    assert asked < 20 * count


@pytest.mark.parametrize("address", ["{}.md", "/{}", "/{}.png"])
def test_a_link_as_long_as_a_body_is_text(tmp_path: Path, address: str) -> None:
    site = Site(tmp_path)
    marks = "\u0315\u0316" * 45_000
    site.news("a", HEADLINE, body=f"Read [this](<{address.format(marks)}>)", **URL)
    site.built()
    assert "this" not in site.page("/2024/01/01/ministers-agree-on-a-long-headline/").links


def test_an_invisible_headline_is_told_and_makes_no_link_without_words(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.news("a", "\u3164", related=[{"title": "\u200d", "webUrl": "https://c.example/"}])
    site.news("b", "Seen", provider={"name": "\u2800", "domain": "o.example"})
    report = site.build()
    assert "missing-title" in codes(report)
    assert site.page("/sources/").main.links.get("o.example") == "/sources/o.example/"
