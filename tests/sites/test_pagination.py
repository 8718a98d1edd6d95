"""Pages of long lists: numbered from the oldest, so that a full page is never written again."""

from __future__ import annotations

import re
from pathlib import Path

from fixture_site import Site, dead_links
from hypothesis import given, settings
from hypothesis import strategies as st


def test_hub_and_pages_hold_every_record_once_full(tmp_path: Path) -> None:
    site = Site(tmp_path, "-- tidings.toml --\n[lists]\npage_size = 3\n")
    titles = [f"Story number {number}" for number in range(1, 9)]
    for number, title in enumerate(titles, 1):
        site.news(f"{number:02}", title, f"2024-01-{number:02}T10:00:00Z", topics=["Harbour"])
    site.built()
    first, second = (site.page(f"/topics/harbour/page/{number}/") for number in (1, 2))
    assert [each for each in first.headlines if each in titles] == titles[2::-1]
    assert [each for each in second.headlines if each in titles] == titles[5:2:-1]
    hub = [each for each in site.page("/topics/harbour/").headlines if each in titles]
    assert sorted(set(hub)) == titles[3:]
    assert site.page("/topics/harbour/page/3/").refresh == "/topics/harbour/"
    assert not site.has("/topics/harbour/page/4/")


def test_pages_lead_to_each_other(tmp_path: Path) -> None:
    site = Site(tmp_path, "-- tidings.toml --\n[lists]\npage_size = 2\n")
    for number in range(1, 8):
        site.news(
            f"{number:02}", f"Story {number}", f"2024-01-{number:02}T10:00:00Z", topics=["X"]
        )
    site.built()

    def pager(url: str) -> dict[str, str]:
        (nav,) = [
            e for e in site.page(url).all("nav") if e.attributes.get("aria-label") == "Pages"
        ]
        return {re.sub(r"\W", "", text): href for text, href in nav.links.items()}

    assert pager("/topics/x/") == {"Older": "/topics/x/page/2/"}
    assert pager("/topics/x/page/2/") == {
        "Newer": "/topics/x/page/3/", "Latest": "/topics/x/", "Older": "/topics/x/page/1/",
    }  # fmt: skip
    assert pager("/topics/x/page/1/") == {"Newer": "/topics/x/page/2/", "Latest": "/topics/x/"}


def test_a_short_list_has_no_numbered_pages(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.news("a", "One", topics=["Harbour"])
    site.built()
    assert [path for path in site.files() if "/page/" in path] == []


LISTS = st.lists(
    st.tuples(
        st.sampled_from([("X",), ("Y",), ("X", "Y"), ()]),
        st.integers(0, 2),
        st.sampled_from(["one.example", "two.example"]),
    ),
    min_size=1,
    max_size=7,
)


@settings(max_examples=6, deadline=None)
@given(start=LISTS, later=LISTS)
def test_newer_records_leave_full_pages_as_they_were(
    tmp_path_factory: object,
    start: list[tuple[tuple[str, ...], int, str]],
    later: list[tuple[tuple[str, ...], int, str]],
) -> None:
    folder = tmp_path_factory.mktemp("list")  # type: ignore[attr-defined]
    site = Site(
        folder,
        "-- tidings.toml --\n[lists]\npage_size = 2\n"
        "-- content/topics/1.yaml --\nname: X\n-- content/topics/2.yaml --\nname: Y\n"
        # The frame of every page names the topics that have records, and the latest year.
        + "-- content/news/base.md --\n"
        + "---\ntitle: Base\npublishedDateTime: 2024-01-01\nwebUrl: https://b.example/\n"
        + "topics: [X, Y]\n---\n",
    )
    hour = 0

    def add(entries: list[tuple[tuple[str, ...], int, str]]) -> None:
        nonlocal hour
        for topics, gap, domain in entries:
            hour += gap * 13
            number = len(list((site.source / "content/news").iterdir()))
            site.news(
                f"{number:02}",
                f"Title {number}",
                f"2024-02-{1 + hour // 24:02}T{hour % 24:02}:{number:02}:00Z",
                topics=list(topics),
                webUrl=f"https://{domain}/{number}",
            )

    add(start)
    site.built()
    assert dead_links(site, "http://localhost:8000/") == []
    old = {
        path: data
        for path, data in site.files().items()
        if "/page/" in path and b'http-equiv="refresh"' not in data
    }
    everything(site)
    add(later)
    report = site.built()
    assert {path: data for path, data in site.files().items() if path in old} == old
    assert not set(report.written) & set(old)
    everything(site)


def everything(site: Site) -> None:
    """Each record of a topic or source is on its hub or on one of its pages."""
    for hub in ("topics/x", "topics/y", "sources/one.example", "sources/two.example"):
        pages = [
            path
            for path in site.files()
            if path.startswith(f"{hub}/") and path.endswith(".html")
        ]
        if not pages:
            continue
        shown = {title for path in pages for title in site.page(path).main.headlines}
        expected = set()
        for file in (site.source / "content/news").iterdir():
            text = file.read_text("utf-8")
            kind, _, name = hub.partition("/")
            if kind == "topics" and f'"{name.upper()}"' in text.partition("topics:")[2]:
                expected.add(text.partition('title: "')[2].partition('"')[0])
            if kind == "sources" and f"https://{name}/" in text:
                expected.add(text.partition('title: "')[2].partition('"')[0])
        assert expected <= shown, hub
