"""`tidings verify` as its user meets it: is the output what a build from nothing makes?"""

from __future__ import annotations

from pathlib import Path

import pytest
from asking import ask
from fixture_site import Site


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A built site with two records."""
    site = Site(tmp_path, preview=False)
    site.news("one", "One thing", topics=["Things"])
    site.news("two", "Another thing", "2024-01-02T10:00:00Z", topics=["Things"])
    site.built()
    return site


def test_a_built_site_is_what_a_build_from_nothing_makes(site: Site) -> None:
    answer = ask(site, "verify")
    assert (answer.code, answer.errors) == (0, "")
    assert answer.text.startswith(f"{len(site.files())} files: ")


def test_so_is_a_site_that_was_built_after_each_edit(site: Site) -> None:
    site.news("one", "One thing, told better", topics=["Other things"])
    site.built()
    site.remove("content/news/two.md")
    site.news("three", "A third thing", topics=["Things"])
    site.built()
    assert ask(site, "verify").code == 0


def test_files_that_differ_or_are_missing_are_named(site: Site) -> None:
    page = site.output / "index.html"
    page.write_text(page.read_text().replace("One thing", "One thinG"))
    (site.output / "404.html").unlink()
    (site.output / "topics/index.html").unlink()
    (site.output / "topics/index.html").mkdir()
    answer = ask(site, "verify")
    assert answer.code == 1
    lines = answer.text.splitlines()
    number = next(
        n for n, line in enumerate(page.read_text().splitlines(), 1) if "thinG" in line
    )
    assert lines[0] == f"differs    index.html, line {number}"
    assert lines[1] == "differs    topics/index.html, no plain file"
    assert lines[2] == "missing    404.html"
    assert ", 2 differ, 1 missing: " in lines[3]


def test_what_no_longer_belongs_is_left_over_and_files_of_others_do_not_count(
    site: Site,
) -> None:
    (site.output / "mine.txt").write_text("not of tidings")
    assert ask(site, "verify").code == 0
    site.remove("content/news/two.md")
    answer = ask(site, "verify")
    assert answer.code == 1
    assert "left over  2024/01/02/another-thing/index.html" in answer.text
    assert "mine.txt" not in answer.text


def test_before_the_first_build_everything_is_missing(tmp_path: Path) -> None:
    site = Site(tmp_path, preview=False)
    site.news("one", "One thing")
    answer = ask(site, "verify")
    assert answer.code == 1
    assert "missing    index.html" in answer.text
    assert "nothing counts as left over" in answer.text


def test_a_site_that_cannot_be_built_is_not_compared(site: Site) -> None:
    site.write("templates/day.html", "{% if %}")
    answer = ask(site, "verify")
    assert answer.code == 1
    assert "templates/day.html" in answer.errors
    assert answer.text.startswith("Not compared")
    site.write("tidings.toml", "[sitte]\n")
    assert ask(site, "verify").code == 2


def test_other_options_make_another_site(site: Site) -> None:
    assert ask(site, "verify", "--base-url", "https://example.org/digest/").code == 1
