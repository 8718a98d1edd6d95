"""Addresses as values: what is a path, what clashes, what is cut into pages."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidings.model.slug import MAX_BYTES, make_slug
from tidings.pages.cards import host_shown, monogram, runs_right_to_left
from tidings.pages.paginate import paginate
from tidings.pages.redirects import alias_path
from tidings.pages.urls import Addresses, base_path, clashes, file_of, fold_path

ADDRESSES = Addresses(origin="https://x.example", base="/sub/", records={}, sources={})


@given(st.text(max_size=200))
@settings(max_examples=300, deadline=None)
def test_a_slug_is_a_safe_part_of_a_path_and_stays_what_it_is(text: str) -> None:
    slug = make_slug(text, "fallback")
    assert slug
    assert len(slug.encode()) <= MAX_BYTES + 2
    assert not set(slug) & set("/\\?#%&\"'<>:. ")
    assert fold_path(slug) == slug


@given(
    count=st.integers(0, 30),
    more=st.integers(0, 12),
    size=st.integers(1, 7),
)
def test_full_pages_stay_and_nothing_is_left_out(count: int, more: int, size: int) -> None:
    ids = tuple(f"{n}" for n in range(count + more, 0, -1))
    before = paginate(ids[more:], size, "/topics/x/", ADDRESSES)
    after = paginate(ids, size, "/topics/x/", ADDRESSES)
    assert after.full[: len(before.full)] == before.full
    assert all(len(page.ids) == size for page in after.full)
    listed = [identity for page in after.full for identity in page.ids]
    assert set(ids) == {*listed, *after.hub_ids}
    # The hub ends where the page that it leads to begins.
    older = (len(after.full) - 1) * size
    assert len(after.hub_ids) == len(ids) - max(0, older)
    assert bool(after.hub_pager.older_url) == (len(after.full) > 1)


@pytest.mark.parametrize(
    ("alias", "path"),
    [
        ("/old", "/old/"),
        ("/old/", "/old/"),
        ("old.html", "/old.html"),
        ("/old.html/", "/old.html/"),
        ("/a//b/./c", "/a/b/c/"),
        ("/a/../b", "/b/"),
        ("/caf%C3%A9", "/café/"),
        ("/cafe\u0301", "/café/"),
        ("/", ""),
        ("/..", ""),
        ("/%2e%2e/", ""),
        ("/.Git/config", ""),
        ("/.tidings/lock", ""),
        ("/x/.tidings-0123456789ab", ""),
        ("/.htaccess/", ""),
        ("/2024/.htaccess/x.html", ""),
        ("/x/.git/", ""),
        ("/x%5C.git/", ""),
        ("/Git~1/", ""),
        ("/x/gitmod~4 /", ""),
        ("/_redirects", ""),
        ("/_Headers/x", ""),
        ("/CNAME", ""),
        ("/x/web.config/", ""),
        ("/_worker.js/index.html", ""),
        ("/~gina/digit~1/x.y", "/~gina/digit~1/x.y/"),
        ("/a\u0000b", ""),
        ("/%0a", ""),
        ("/" + "ä" * 101, ""),
    ],
)
def test_aliases_become_paths_or_nothing(alias: str, path: str) -> None:
    assert alias_path(alias) == path


def test_files_clash_by_case_by_spelling_and_as_folders() -> None:
    def told(*paths: tuple[str, str]) -> list[str]:
        return [problem.message for problem in clashes(paths)]

    assert told(("a/index.html", "x.md"), ("b/index.html", "y.md")) == []
    assert told(("a/index.html", "x.md"), ("A/index.html", "y.md")) == [
        "x.md and y.md both make /a/"
    ]
    assert told(("caf\u00e9/index.html", ""), ("cafe\u0301/index.html", "y.md")) != []
    assert told(("feed.xml", ""), ("feed.xml/index.html", "y.md")) == [
        "y.md and the site need /feed.xml as a folder and as a file for /feed.xml/"
    ]
    assert told(("feed.xml", ""), ("feed.xmls/index.html", "y.md"), ("feed", "z.md")) == []


def test_paths_files_and_links() -> None:
    assert file_of("/") == "index.html"
    assert file_of("/topics/ai/") == "topics/ai/index.html"
    assert file_of("/404.html") == "404.html"
    assert ADDRESSES.href("/topics/ünï/") == "/sub/topics/%C3%BCn%C3%AF/"
    assert ADDRESSES.absolute("/") == "https://x.example/sub/"
    assert base_path("https://x.example") == "/"
    assert base_path("https://x.example//a//") == "/a/"


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("The New York Times", "NY"),
        ("nola.com", "NC"),
        ("Wired", "W"),
        ("The", "T"),
        ("«Le Monde»", "M"),
        ("…", ""),
        ("", ""),
    ],
)
def test_monograms(name: str, letters: str) -> None:
    assert monogram(name) == letters


def test_the_host_shown_is_that_of_the_link() -> None:
    assert host_shown("https://www.Nola.com/x") == "nola.com"
    assert host_shown("https://youtu.be/x") == "youtu.be"
    assert host_shown("http://m.x.example:8080/y") == "m.x.example"


def test_direction_follows_the_language_then_the_first_strong_letter() -> None:
    assert runs_right_to_left("Nobel", "ar")
    assert not runs_right_to_left("نوبل", "en-GB")
    assert runs_right_to_left("2024: نوبل", "")
    assert not runs_right_to_left("2024", "")


PARTS = st.sampled_from(["a", "A", "b", "a\nb", "K", "\u212a", "\u00e4", "a\u0308", "x.html"])


@given(st.lists(st.lists(PARTS, min_size=1, max_size=3).map("/".join), max_size=6))
@settings(max_examples=300, deadline=None)
def test_paths_clash_in_whatever_order_they_are_asked_for(paths: list[str]) -> None:
    folded = [fold_path(path) for path in paths]
    folders = {
        path[:place] for path in folded for place in range(len(path)) if path[place] == "/"
    }
    meeting = len(set(folded)) < len(folded) or not folders.isdisjoint(folded)
    assert bool(clashes((path, "") for path in paths)) == meeting
    assert clashes((path, "") for path in paths) == clashes((path, "") for path in paths[::-1])
