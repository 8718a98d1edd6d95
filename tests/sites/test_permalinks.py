"""Permalinks: one address for each record, readable, and the same tomorrow."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from fixture_site import Site, codes, dead_links, only


def articles(site: Site, day: str = "2024/01/01") -> dict[str, str]:
    """Title by address of the day's article pages."""
    found = {}
    for path in site.files():
        url = "/" + path.removesuffix("index.html")
        if path.startswith(f"{day}/") and path.count("/") == 4 and not site.page(url).refresh:
            found[url] = site.page(url).title
    return found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Same words", "Same words"),
        ("Same words", "SAME   words!"),
        ("Straße frei", "STRASSE FREI"),
        ("Café opens", unicodedata.normalize("NFD", "Café opens")),
        ("Ἀθῆναι", unicodedata.normalize("NFD", "ἀθῆναι")),
    ],
)
def test_two_at_one_address_both_have_pages_and_the_older_keeps_it(
    tmp_path: Path, one: str, other: str
) -> None:
    site = Site(tmp_path)
    site.news("b-first", one, "2024-01-01T08:00:00Z", webUrl="https://a.example/1")
    site.built()
    (plain,) = articles(site)
    site.news("a-second", other, "2024-01-01T09:00:00Z", webUrl="https://a.example/2")
    note = only(site.built(), "shared-permalink")
    assert note.severity == "info"
    assert note.place.file == "content/news/a-second.md"
    assert "content/news/b-first.md" in note.message
    both = articles(site)
    assert len(both) == 2
    assert unicodedata.normalize("NFC", one) == both[plain]
    (suffixed,) = set(both) - {plain}
    assert suffixed.startswith(plain.rstrip("/") + "-")
    assert site.page("/2024/01/01/").main.links[" ".join(both[suffixed].split())]
    assert dead_links(site, "http://localhost:8000/") == []
    # The suffix is the record's own: what else is published that day does not matter.
    site.news("0-third", one, "2024-01-01T10:00:00Z", webUrl="https://a.example/3")
    site.built()
    assert set(both) <= set(articles(site))


def test_a_title_that_is_anothers_suffix_takes_nothing(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.news("a", "Twin", "2024-01-01T08:00:00Z", webUrl="https://a.example/1")
    site.news("b", "Twin", "2024-01-01T09:00:00Z", webUrl="https://a.example/2")
    site.built()
    (taken,) = [url for url in articles(site) if url != "/2024/01/01/twin/"]
    words = taken.rstrip("/").rpartition("/")[2].replace("-", " ")
    site.news("c", words, "2024-01-01T10:00:00Z", webUrl="https://a.example/3")
    assert site.built().counts.records == 3
    assert sorted(articles(site).values()) == sorted(["Twin", "Twin", words])


@pytest.mark.parametrize(
    "title",
    [
        "الأخبار اليوم",
        "新闻与观点",
        "Ünïcödé ŝlüg — und mehr",
        "🚀🚀🚀",
        "!!! ??? …",
        "...",
        "CON",
        "nul",
        "com1",
        "page",
        "index.html",
        "../../../etc/passwd",
        "a/b\\c%2f?d#e",
        "word " * 400,
        "ก็" * 300,
        "x" * 5000,
        "<script>alert(1)</script>",
        "\"quoted\" & 'quoted'",
    ],
)
def test_every_title_has_a_page_that_links_reach(tmp_path: Path, title: str) -> None:
    site = Site(tmp_path)
    site.news("a", title, webUrl="https://a.example/1", topics=[title[:60]])
    assert codes(site.built()) == []
    ((url, shown),) = articles(site).items()
    assert shown == " ".join(title.split())
    slug = url.split("/")[4]
    assert 0 < len(slug.encode()) <= 100
    assert slug.casefold().partition(".")[0] not in ("con", "nul", "com1")
    assert dead_links(site, "http://localhost:8000/") == []


def test_a_record_may_choose_its_slug(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.news("a", "A very long headline about bridges", slug="Bridges!")
    site.built()
    assert list(articles(site)) == ["/2024/01/01/bridges/"]


def test_aliases_redirect(tmp_path: Path) -> None:
    site = Site(tmp_path)
    aliases = [
        "/old/path/",
        "2019/old.html",
        "/old.php",
        "/caf%C3%A9/",
        "/v1.2/notes",
        "/a//b/./c/",
    ]
    site.news("a", "Bridge opens", aliases=aliases)
    assert codes(site.built()) == []
    for url in (
        "/old/path/",
        "/2019/old.html",
        "/old.php/",
        "/café/",
        "/v1.2/notes/",
        "/a/b/c/",
    ):
        assert site.page(url).refresh == "/2024/01/01/bridge-opens/", url


@pytest.mark.parametrize(
    "alias", ["/.tidings/manifest.json", "/.git/x/", "/x%00y/", "/" + "y" * 300]
)
def test_an_alias_that_cannot_be_is_left_out_and_the_rest_is_built(
    tmp_path: Path, alias: str
) -> None:
    site = Site(tmp_path)
    site.news("a", "Bridge opens", aliases=[alias, "/fine/"])
    report = site.built()
    assert codes(report) == ["wrong-alias"]
    assert site.page("/fine/").refresh == "/2024/01/01/bridge-opens/"


def test_an_alias_that_is_the_records_own_address_is_no_redirect(tmp_path: Path) -> None:
    site = Site(tmp_path)
    own = "/2024/01/01/bridge-opens/"
    site.news("a", "Bridge opens", aliases=[own, "/2024/01/01/Bridge-Opens/"])
    site.built()
    assert site.page(own).title == "Bridge opens"
    assert site.page(own).refresh == ""


@pytest.mark.parametrize(
    ("alias", "owner"),
    [
        ("/about/", "content/pages/about.md"),
        ("/2024/01/01/second/", "content/news/b.md"),
        ("/topics/", "the site"),
        ("/Topics/", "the site"),
        ("/feed.xml/", "the site"),
        ("/2024/01/01/second/index.html/deeper/", "content/news/b.md"),
        ("/robots.txt/", "static/root/robots.txt"),
    ],
)
def test_an_alias_that_another_page_has_stops_the_build_and_names_both(
    tmp_path: Path, alias: str, owner: str
) -> None:
    site = Site(
        tmp_path,
        "-- content/pages/about.md --\n---\ntitle: About\n---\nUs.\n"
        "-- static/root/robots.txt --\nUser-agent: *\n",
    )
    site.news("a", "First")
    site.news("b", "Second", "2024-01-01T11:00:00Z")
    site.built()
    before = site.files()
    site.news("a", "First, changed", aliases=[alias])
    report = site.build()
    assert (report.ok, report.exit_code) == (False, 1)
    problem = only(report, "path-clash")
    assert problem.severity == "error"
    said = f"{problem.message} {problem.place.file}"
    assert "content/news/a.md" in said
    assert owner in said
    assert site.files() == before
    assert report.written == ()


def test_pages_of_the_publisher_cannot_take_a_days_place(tmp_path: Path) -> None:
    site = Site(tmp_path, "-- content/pages/2024.md --\n---\ntitle: My year\n---\nText.\n")
    site.news("a", "First")
    problem = only(site.build(), "path-clash")
    assert "content/pages/2024.md" in problem.message
    assert problem.hint == "give one of them another slug or alias"


def test_sources_named_alike_or_oddly_have_pages_of_their_own(tmp_path: Path) -> None:
    site = Site(tmp_path)
    domains = [
        "straße.example", "strasse.example", "con.example", "x" * 300 + ".test", "a*b.example",
        "xn--bcher-kva.example", "é.example", unicodedata.normalize("NFD", "é.example"),
    ]  # fmt: skip
    for number, domain in enumerate(domains):
        site.news(
            f"{number}", f"Story {number}", provider={"name": f"O{number}", "domain": domain}
        )
    site.built()
    links = site.page("/sources/").main.links
    for number in range(len(domains)):
        assert f"Story {number}" in site.page(links[f"O{number}"]).headlines
    assert links["O1"] == "/sources/strasse.example/"
    assert links["O5"] == "/sources/xn--bcher-kva.example/"
    assert dead_links(site, "http://localhost:8000/") == []
