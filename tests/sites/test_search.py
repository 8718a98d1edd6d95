"""The site's own search: its page, its index, and builds with and without Pagefind."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from fixture_site import CLOCK, Site, codes, dead_links

from tidings.engine import unchanged
from tidings.engine.report import BuildRequest
from tidings.engine.verifying import verify
from tidings.model.diagnostic import Severity
from tidings.output.manifest import read_manifest

BASE = "http://localhost:8000/"
MOST_BYTES = 20_000
"""Bytes of HTML that the search page may have."""


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """Two stories, and a search that is made as for readers."""
    site = Site(tmp_path, preview=False)
    site.news("bridge", "A bridge opens", excerpt="Ferries stop.", topics=["Transport"])
    site.news("vote", "A vote fails", "2024-02-01T10:00:00Z", provider={"name": "The Post"})
    return site


@pytest.fixture
def without_pagefind(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which the extra `search` is not installed."""
    monkeypatch.setattr("tidings.engine.run.has_indexer", lambda: False)


def index_of(site: Site) -> dict[str, bytes]:
    """The files of the index."""
    return {path: data for path, data in site.files().items() if path.startswith("pagefind/")}


def fragments(site: Site) -> dict[str, dict[str, Any]]:
    """What the index shows of each story, by title."""
    found = [
        json.loads(gzip.decompress(data).removeprefix(b"pagefind_dcd"))
        for path, data in index_of(site).items()
        if path.endswith(".pf_fragment")
    ]
    return {each["meta"]["title"]: each for each in found}


def test_stories_are_found_by_their_own_words_topic_source_and_month(site: Site) -> None:
    site.built()
    shown = fragments(site)
    assert shown.keys() == {"A bridge opens", "A vote fails"}  # Lists are not in the index.
    bridge = shown["A bridge opens"]
    assert bridge["url"] == "/2024/01/01/a-bridge-opens/"
    assert bridge["content"] == "Ferries stop."
    assert bridge["meta"]["topics"] == "Transport."
    assert bridge["filters"]["topic"] == ["Transport"]
    assert bridge["filters"]["date"] == ["2024-01"]
    assert bridge["meta"]["date"] == "1 Jan 2024"
    assert shown["A vote fails"]["filters"]["source"] == ["The Post"]
    assert shown["A vote fails"]["content"] == "A vote fails."  # Nothing else is known of it.


def test_readers_find_the_search_page_on_every_page(site: Site) -> None:
    site.built()
    assert site.has("/search/")
    for url in ("/", "/2024/01/01/a-bridge-opens/", "/404.html"):
        path = url if url.endswith(".html") else f"{url}index.html"
        assert b'action="/search/"' in site.files()[path.lstrip("/")]
    assert dead_links(site, BASE) == []


def test_the_search_page_is_small_and_leads_on_without_script(site: Site) -> None:
    site.built()
    page = site.output / "search/index.html"
    assert page.stat().st_size < MOST_BYTES
    html = page.read_text("utf-8")
    for link in ('href="/topics/"', 'href="/sources/"', 'href="/2024/"', 'name="q"'):
        assert link in html


def test_only_the_search_page_may_run_webassembly(site: Site) -> None:
    site.built()
    allowed = [
        path
        for path, data in site.files().items()
        if path.endswith(".html") and b"wasm-unsafe-eval" in data
    ]
    assert allowed == ["search/index.html"]
    # A server's policy adds to each page's own, so it must leave the search page room.
    assert "'wasm-unsafe-eval'" in (site.output / "_headers").read_text("utf-8")


def test_search_engines_are_not_sent_to_the_search_page(site: Site) -> None:
    site.built()
    assert site.holders("/search/")
    assert b"/search/" not in (site.output / "sitemap-pages-1.xml").read_bytes()


def test_the_index_is_made_again_only_when_a_story_in_it_changes(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.built()
    before = index_of(site)
    with monkeypatch.context() as patch:
        patch.setattr("tidings.engine.searching.make_index", None)  # Fails when it is called.
        site.edit(
            "-- templates/partials/lead.html --\n{% macro lead(c, form='') %}{% endmacro %}"
        )
        assert site.built().counts.written > 0
        assert index_of(site) == before
        assert site.built().counts.written == 0
    site.news("vote", "A vote is won", "2024-02-01T10:00:00Z")
    report = site.built()
    assert fragments(site).keys() == {"A bridge opens", "A vote is won"}
    gone = {path for path in before if path not in index_of(site)}
    assert gone
    assert gone <= set(report.deleted)


def test_the_same_stories_give_the_same_index(site: Site, tmp_path: Path) -> None:
    for number in range(30):
        topics = [f"Topic {number % 7}", f"Kind {number % 3}"]
        site.news(
            f"n{number}", f"Story {number}", f"2024-03-{number % 28 + 1:02}", topics=topics
        )
    site.built()
    first = index_of(site)
    for number in range(3):
        site.output = tmp_path / f"other{number}"
        site.built(clean=True)
        assert index_of(site) == first


def test_an_index_with_a_missing_file_is_made_whole(site: Site) -> None:
    site.built()
    before = index_of(site)
    (site.output / "pagefind/pagefind-entry.json").unlink()
    site.built()
    assert index_of(site) == before


def test_what_a_killed_build_put_aside_is_removed_by_the_next(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(_program: Path, folder: Path, _pages: object) -> None:
        (folder / "pages").mkdir(parents=True)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("tidings.engine.searching.make_index", killed)
        patch.setattr("tidings.engine.searching.shutil.rmtree", lambda *_, **__: None)
        with pytest.raises(KeyboardInterrupt):
            site.build()
    assert list(site.output.glob(".tidings/*/pages"))
    site.built()
    assert not list(site.output.glob(".tidings/*/pages"))
    assert index_of(site)


def test_the_index_goes_with_the_search(site: Site) -> None:
    site.built()
    assert index_of(site)
    site.write("tidings.toml", "[search]\nenabled = false\n")
    report = site.built()
    assert not index_of(site)
    assert not (site.output / "pagefind").exists()
    assert not site.has("/search/")
    assert report.diagnostics == ()


def test_verify_knows_the_index_and_sees_damage(site: Site) -> None:
    site.built()
    request = BuildRequest(site.source, site.output, CLOCK)
    manifest = read_manifest(site.output).value
    assert manifest
    assert index_of(site).keys() <= manifest.files.keys()
    assert verify(request).exit_code == 0
    damaged = next(path for path in index_of(site) if path.endswith(".pf_index"))
    (site.output / damaged).write_bytes(b"damaged")
    assert [each.path for each in verify(request).differing] == [damaged]


@pytest.mark.usefixtures("without_pagefind")
def test_without_the_extra_there_is_no_search_and_one_line_says_so(site: Site) -> None:
    report = site.built()
    assert not site.has("/search/")
    assert not index_of(site)
    assert site.holders("/search/") == []
    assert dead_links(site, BASE) == []
    said = [each for each in report.diagnostics if each.code == "no-search"]
    assert [each.severity for each in said] == [Severity.INFO]
    assert "pip install tidings[search]" in said[0].hint
    assert codes(site.built()) == ["no-search"]
    assert site.built(strict=True).ok


@pytest.mark.usefixtures("without_pagefind")
def test_the_line_comes_and_goes_with_the_wish_for_search(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Else the files are too young for a build to end where it finds nothing changed.
    monkeypatch.setattr(unchanged, "proving_mtime", lambda file, _: file.mtime_ns)
    for wanted in (False, True, False):
        site.write("tidings.toml", f"[search]\nenabled = {str(wanted).lower()}\n")
        assert codes(site.built()) == (["no-search"] if wanted else [])


@pytest.mark.usefixtures("without_pagefind")
def test_nothing_is_said_where_no_search_is_wanted(site: Site) -> None:
    site.write("tidings.toml", "[search]\nenabled = false\n")
    assert site.built().diagnostics == ()


def test_a_preview_has_search_only_where_asked_for(site: Site) -> None:
    site.built(preview=True)
    assert not site.has("/search/")
    site.write("tidings.toml", "[search]\nserve = true\n")
    site.built(preview=True)
    assert site.has("/search/")
    assert index_of(site)


def test_a_site_without_stories_has_no_search(tmp_path: Path) -> None:
    site = Site(tmp_path, preview=False)
    report = site.built()
    assert not site.has("/search/")
    assert report.diagnostics == ()


def test_a_pagefind_that_fails_costs_the_index_alone(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.built()
    before = index_of(site)
    broken = tmp_path / "pagefind"
    broken.write_text("#!/bin/sh\necho 'out of memory' >&2\nexit 3\n", encoding="utf-8")
    broken.chmod(0o755)
    site.news("third", "A third story")
    with monkeypatch.context() as patch:
        patch.setattr("tidings.engine.searching.indexer", lambda: broken)
        report = site.built()
        assert codes(report) == ["search-failed"]
        assert "out of memory" in report.diagnostics[0].message
        assert site.has("/2024/01/01/a-third-story/")
        assert index_of(site) == before  # What readers had still finds the rest.
        assert not site.build(strict=True, clean=True).ok
    report = site.built()
    assert report.diagnostics == ()
    assert "A third story" in fragments(site)


def test_a_file_of_the_publishers_is_never_replaced_by_the_index(site: Site) -> None:
    site.write("static/root/pagefind/pagefind.js", "// mine")
    report = site.build()
    assert codes(report) == ["path-clash"]
    assert not report.ok
    assert not site.output.joinpath("index.html").exists()


@pytest.mark.parametrize("path", ["pagefind", "pagefind/index", "pagefind/pagefind.js/mine"])
def test_a_file_of_the_publishers_and_the_index_want_one_place(site: Site, path: str) -> None:
    """Nothing is written, into a new folder, which would be left in half, as little as into one
    where the index is already."""
    site.write(f"static/root/{path}", "mine")
    assert codes(site.build()) == ["path-clash"]
    assert not site.output.joinpath("robots.txt").exists()
    site.remove(f"static/root/{path}")
    site.built()
    before = site.files()
    site.write(f"static/root/{path}", "mine")
    assert codes(site.build()) == ["path-clash"]
    assert site.files() == before


def test_a_file_of_the_publishers_is_never_replaced_by_an_index_that_was_made_before(
    site: Site,
) -> None:
    site.built()
    site.write("static/root/pagefind/pagefind.js", "// mine")
    assert codes(site.build()) == ["path-clash"]


def test_the_index_is_not_made_again_for_a_file_of_the_publishers_beside_it(
    site: Site,
) -> None:
    site.write("static/root/pagefind/mine.txt", "mine")
    site.built()
    site.write("static/root/other.txt", "another")
    assert site.built().counts.rendered == 1


def test_settings_of_the_machine_do_not_reach_the_index(
    site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    site.built()
    before = index_of(site)
    monkeypatch.setenv("PAGEFIND_EXCLUDE_SELECTORS", ".standfirst")
    site.output = tmp_path / "other"
    site.built()
    assert index_of(site) == before


def test_a_theme_may_mark_what_search_sees_outside_of_main(site: Site) -> None:
    site.edit(
        "-- templates/article.html --\n"
        "<!doctype html><html lang=en><body><p data-pagefind-filter='shelf'>Top shelf</p>\n"
        "<main data-pagefind-body><h1>{{ page.title }}</h1></main></body></html>\n"
    )
    site.built()
    assert fragments(site)["A vote fails"]["filters"] == {"shelf": ["Top shelf"]}
