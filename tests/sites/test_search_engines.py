"""What search engines and previews of links are told: sitemaps, JSON-LD, OpenGraph."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from fixture_examples import EXAMPLES, example_site
from fixture_machines import (
    HOSTILE,
    TOP,
    all_sitemaps,
    canonical,
    hostile_site,
    metas,
    news_sitemap,
    pages_of,
    sitemap,
    things,
)
from fixture_site import Page, Site, only

LISTS = ("front", "day", "topic", "topic-page", "source", "story")


@pytest.fixture(scope="module", params=EXAMPLES)
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Site:
    return example_site(request.param, tmp_path_factory.mktemp(request.param))


def base_of(site: Site) -> str:
    base: str = site.options["base_url"]
    return base


def address(site: Site, file: str) -> str:
    """The absolute address of a page by its output file."""
    return base_of(site) + quote(file.removesuffix("index.html"))


def kind_of(page: Page) -> str:
    return page.first("body").attributes["class"].split()[0].removeprefix("kind-")


def test_the_sitemaps_name_every_page_that_may_be_listed_and_no_other(built: Site) -> None:
    wanted = {
        address(built, path)
        for path, page in pages_of(built)
        if "noindex" not in metas(page).get("robots", [])
    }
    assert set(all_sitemaps(built, base_of(built))) == wanted


def test_robots_are_told_where_the_sitemaps_are(built: Site) -> None:
    lines = built.files()["robots.txt"].decode().splitlines()
    assert lines[:2] == ["User-agent: *", "Disallow:"]
    told = [line.removeprefix("Sitemap: ") for line in lines if line.startswith("Sitemap: ")]
    there = [name for name in ("sitemap.xml", "news-sitemap.xml") if name in built.files()]
    assert told == [base_of(built) + name for name in there]


def test_every_page_says_what_it_is(built: Site) -> None:
    for path, page in pages_of(built):
        told, kind = things(page), kind_of(page)
        if kind == "not-found":
            assert told == {}
            continue
        own = told["CollectionPage" if "CollectionPage" in told else "WebPage"]
        assert own["url"] == address(built, path)
        assert own["isPartOf"] == {"@id": told["WebSite"]["@id"]}
        assert told["WebSite"]["url"] == base_of(built)
        searched = kind == "front" and built.has("/search/")
        assert ("potentialAction" in told["WebSite"]) == searched
        assert ("CollectionPage" in told) == (kind not in ("article", "page", "search"))
        assert ("mainEntity" in own) == (kind in LISTS)
        if kind == "front":
            assert "BreadcrumbList" not in told
            continue
        crumbs = told["BreadcrumbList"]["itemListElement"]
        assert (crumbs[0]["item"], crumbs[-1]["item"]) == (base_of(built), own["url"])


def test_lists_name_what_they_show(built: Site) -> None:
    for path, page in pages_of(built):
        if kind_of(page) not in LISTS:
            continue
        listed = things(page)["CollectionPage"]["mainEntity"]
        shown = {urlsplit(link).path: link for link in page.main.references()}
        assert listed["numberOfItems"] == len(listed["itemListElement"]) > 0, path
        for entry in listed["itemListElement"]:
            assert urlsplit(entry["url"]).path in shown


def test_an_article_is_about_its_outlets_article(built: Site) -> None:
    articles = [(path, page) for path, page in pages_of(built) if kind_of(page) == "article"]
    assert articles
    for _, page in articles:
        own = things(page)["WebPage"]
        original = own["about"]
        assert original["@type"] == "NewsArticle"
        assert original["url"] in set(page.main.references())
        assert own["citation"] == {"@id": original["@id"]}
        assert " ".join(original["headline"].split()) == page.title
        assert original["datePublished"][:19] == metas(page)["article:published_time"][0][:19]
        assert original["publisher"]["@type"] == "Organization"


def test_every_page_can_be_shared(built: Site) -> None:
    files = built.files()
    for path, page in pages_of(built):
        said = metas(page)
        for name in ("title", "type", "url", "image", "site_name", "description"):
            (value,) = said[f"og:{name}"]
            assert value.strip(), (path, name)
        assert said["og:url"] == [address(built, path)]
        (image,) = said["og:image"]
        assert image.startswith(base_of(built))
        assert image.removeprefix(base_of(built)) in files
        assert not image.endswith(".svg")
        width, height = said["og:image:width"], said["og:image:height"]
        assert int(width[0]) > 0
        assert int(height[0]) > 0
        assert said["twitter:card"] == ["summary_large_image"]
        assert [len(said["description"]), said["description"][0].strip() != ""] == [1, True]
        assert (said["og:type"] == ["article"]) == ("article:published_time" in said)
        if kind_of(page) != "not-found":
            assert canonical(page) == address(built, path)


@pytest.mark.parametrize("place", ["static", "static/root"])
def test_a_picture_of_the_sites_own_is_measured(tmp_path: Path, place: str) -> None:
    theme = TOP / "templates/static"
    site = Site(tmp_path, base_url="https://x.example/")
    site.write(f"{place}/own.png", (theme / "og.png").read_bytes())
    site.news("a", "Own", images=[{"url": "/own.png"}])
    site.built()
    said = metas(site.page("/2024/01/01/own/"))
    assert (said["og:image:width"], said["og:image:height"]) == (["1200"], ["630"])
    site.write(f"{place}/own.png", (theme / "touch-icon.png").read_bytes())
    site.built()
    said = metas(site.page("/2024/01/01/own/"))
    assert (said["og:image:width"], said["og:image:height"]) == (["180"], ["180"])


def test_a_title_is_text_everywhere(tmp_path: Path) -> None:
    site = hostile_site(tmp_path)
    site.built()
    headlines = set()
    for _, page in pages_of(site):
        about = things(page).get("WebPage", {}).get("about")
        if about:
            headlines.add(about["headline"])
        for script in page.all("script"):
            assert script.attributes.get("src") or "ld+json" in script.attributes["type"]
    assert '</script><script>alert("x")</script>' in headlines
    assert len(headlines) == len(HOSTILE)
    assert len({entry["title"] for entry in news_sitemap(site)}) == len(HOSTILE)


def test_lastmod_is_that_of_the_contents(tmp_path: Path) -> None:
    site = Site(tmp_path, base_url="https://x.example/")
    site.news("a", "Old", "2024-01-01T10:00:00Z", topics=["X"])
    site.news(
        "b", "New", "2024-02-02T10:00:00Z", updatedDateTime="2024-03-03T10:00:00Z", topics=["Y"]
    )
    site.write("content/pages/about.md", "---\ntitle: About\n---\nWords.\n")
    site.built()
    found = all_sitemaps(site, "https://x.example/")
    told = {url.removeprefix("https://x.example"): changed for url, changed in found.items()}
    assert told["/2024/01/01/old/"] == told["/topics/x/"] == "2024-01-01T10:00:00Z"
    assert told["/2024/02/02/new/"] == told["/topics/y/"] == "2024-03-03T10:00:00Z"
    assert told["/"] == told["/2024/02/"] == "2024-03-03T10:00:00Z"
    assert told["/2024/01/"] == "2024-01-01T10:00:00Z"
    # These only count records, so what was said of one later changed nothing here.
    assert told["/2024/"] == told["/topics/"] == told["/sources/"] == "2024-02-02T10:00:00Z"
    assert told["/about/"] == ""
    site.built(clock=datetime(2030, 1, 1, tzinfo=UTC), clean=True)
    assert all_sitemaps(site, "https://x.example/") == found


def test_the_front_has_not_changed_with_a_record_that_it_does_not_show(tmp_path: Path) -> None:
    config = "-- tidings.toml --\n[lists]\nfront_days = 2\n"
    site = Site(tmp_path, config, base_url="https://x.example/")
    for day in (1, 2, 3):
        site.news(f"{day}", f"Story {day}", f"2024-01-0{day}T10:00:00Z")
    site.built()
    before = site.files()["index.html"]
    site.news("1", "Story 1", "2024-01-01T10:00:00Z", updatedDateTime="2024-02-02T10:00:00Z")
    site.built()
    found = all_sitemaps(site, "https://x.example/")
    assert site.files()["index.html"] == before
    assert found["https://x.example/"] == "2024-01-03T10:00:00Z"
    site.news("2", "Story 2", "2024-01-02T10:00:00Z", updatedDateTime="2024-02-02T10:00:00Z")
    site.built()
    found = all_sitemaps(site, "https://x.example/")
    assert found["https://x.example/"] == "2024-02-02T10:00:00Z"


@pytest.mark.parametrize("every", ["day", "week"])
def test_issues_of_the_newsletter_change_with_their_articles(
    tmp_path: Path, every: str
) -> None:
    config = f'-- tidings.toml --\n[newsletter]\nenabled = true\nevery = "{every}"\n'
    site = Site(tmp_path, config, base_url="https://x.example/")
    site.news("a", "Old", "2024-01-01T10:00:00Z", updatedDateTime="2024-01-02T10:00:00Z")
    site.news("b", "New", "2024-01-10T10:00:00Z", updatedDateTime="2024-03-03T10:00:00Z")
    site.built()
    found = all_sitemaps(site, "https://x.example/")
    told = {
        url.removeprefix("https://x.example/newsletters/"): changed
        for url, changed in found.items()
        if "/newsletters/" in url
    }
    first, second = ("2024-01-01/", "2024-01-10/")
    over = "2024-01-02T10:00:00Z"
    if every == "week":
        second, over = "2024-01-08/", "2024-01-08T00:00:00Z"
    mended = "2024-03-03T10:00:00Z"
    assert told == {"": mended, first: over, second: mended}


def test_a_full_sitemap_is_followed_by_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tidings.pages.sitemaps.MOST_ENTRIES", 2)
    site = Site(tmp_path, base_url="https://x.example/")
    for number in range(5):
        site.news(f"{number}", f"Story {number}", f"2024-01-0{number + 1}T10:00:00Z")
    site.built()
    first = sitemap(site, "sitemap-articles-1.xml")
    # The oldest first, so that what comes later changes no full one.
    assert [url[-8:] for url, _ in first] == ["story-0/", "story-1/"]
    assert len(sitemap(site, "sitemap-articles-3.xml")) == 1
    assert len(all_sitemaps(site, "https://x.example/")) > 10
    site.news("6", "Story 6", "2024-01-07T10:00:00Z")
    assert "sitemap-articles-1.xml" not in site.built().written


def test_a_sitemap_ends_before_it_is_too_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tidings.pages.sitemaps.MOST_BYTES", 4_000)
    site = Site(tmp_path, base_url="https://x.example/")
    for number in range(9):
        site.news(
            f"{number}", f"{'Späte Züge ' * 9}{number}", f"2024-01-0{number + 1}T10:00:00Z"
        )
    site.built()
    parts = [path for path in site.files() if path.startswith("sitemap-articles-")]
    assert len(parts) > 1
    assert all(len(site.files()[path]) <= 4_000 for path in parts)
    assert len(all_sitemaps(site, "https://x.example/")) > 9


HOUR = timedelta(hours=1)
NOON = datetime(2025, 6, 1, 12, tzinfo=UTC)


def test_news_leave_their_sitemap_after_two_days(tmp_path: Path) -> None:
    site = Site(tmp_path, base_url="https://x.example/")
    site.news("a", "First", "2025-05-31T12:00:00Z", locale="zh-Hant-TW")
    site.news("b", "Second", "2025-06-01T12:00:00Z")
    report = site.built(clock=NOON)
    assert [(entry["title"], entry["language"]) for entry in news_sitemap(site)] == [
        ("Second", "en"),
        ("First", "zh-tw"),
    ]
    # The build says when that changes, and a build before then has nothing to do.
    assert report.next_change == NOON + 24 * HOUR
    early = site.built(clock=NOON + 23 * HOUR)
    assert (early.counts.written, early.next_change) == (0, NOON + 24 * HOUR)
    later = site.built(clock=NOON + 24 * HOUR)
    assert later.written == ("news-sitemap.xml",)
    assert [entry["title"] for entry in news_sitemap(site)] == ["Second"]
    assert later.next_change == NOON + 48 * HOUR
    last = site.built(clock=NOON + 48 * HOUR)
    # No sitemap is better than one that no schema allows.
    assert (last.written, last.deleted) == (("robots.txt",), ("news-sitemap.xml",))
    assert last.next_change is None


def test_of_many_news_the_newest_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tidings.catalog.horizon.MOST_NEWS", 2)
    site = Site(tmp_path, base_url="https://x.example/")
    for hour in (1, 2, 3, 4):
        site.news(f"{hour}", f"Story {hour}", f"2025-06-01T0{hour}:00:00Z")
    site.built(clock=NOON)
    assert [entry["title"] for entry in news_sitemap(site)] == ["Story 4", "Story 3"]


def test_news_are_told_of_with_their_pages_here(tmp_path: Path) -> None:
    site = Site(tmp_path, base_url="https://x.example/sub/")
    site.news("a", "Ours", "2025-06-01T10:00:00Z", webUrl="https://outlet.example/theirs")
    site.built(clock=NOON)
    (entry,) = news_sitemap(site)
    assert entry["url"] == "https://x.example/sub/2025/06/01/ours/"
    assert b"outlet.example" not in site.files()["news-sitemap.xml"]


def test_the_next_change_may_be_a_beginning_or_an_end(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.news("a", "Soon", "2025-06-03T12:00:00Z")
    site.news("b", "Ends", "2025-01-01T12:00:00Z", expires="2025-06-02T12:00:00Z")
    assert site.built(clock=NOON).next_change == NOON + 24 * HOUR
    assert site.built(clock=NOON + 24 * HOUR).next_change == NOON + 48 * HOUR
    assert site.built(clock=NOON + 49 * HOUR).next_change == NOON + 96 * HOUR


def test_indexing_by_the_source(tmp_path: Path) -> None:
    config = '-- tidings.toml --\n[site]\nindexing = "source"\n'
    site = Site(tmp_path, config, base_url="https://x.example/")
    site.news("a", "Story", "2025-06-01T10:00:00Z", topics=["X"])
    site.built()
    page = site.page("/2025/06/01/story/")
    assert canonical(page) == "https://outlet.example/Story"
    assert metas(page)["og:url"] == ["https://x.example/2025/06/01/story/"]
    assert canonical(site.page("/topics/x/")) == "https://x.example/topics/x/"
    listed = all_sitemaps(site, "https://x.example/")
    assert "https://x.example/2025/06/01/story/" not in listed
    assert "https://x.example/2025/06/01/" in listed
    assert "news-sitemap.xml" not in site.files()


def test_indexing_of_nothing(tmp_path: Path) -> None:
    config = '-- tidings.toml --\n[site]\nindexing = "noindex"\n'
    site = Site(tmp_path, config, base_url="https://x.example/")
    site.news("a", "Story", "2025-06-01T10:00:00Z", topics=["X"])
    site.built()
    for _, page in pages_of(site):
        assert metas(page)["robots"] == ["noindex"]
    files = site.files()
    assert not [path for path in files if "sitemap" in path]
    assert b"Sitemap" not in files["robots.txt"]
    assert b"X-Robots-Tag: noindex" in files["_headers"]


def test_the_publishers_picture_stands_for_pages_without_one(tmp_path: Path) -> None:
    config = """\
-- tidings.toml --
[site]
picture = "share.png"
picture_width = 800
picture_height = 400
"""
    site = Site(tmp_path, config, base_url="https://x.example/sub/")
    site.write("static/share.png", b"\x89PNG")
    site.write("static/own.jpg", b"\xff\xd8")
    site.news("a", "Plain")
    site.news("b", "Own", images=[{"url": "/own.jpg", "width": 20, "height": 10}])
    site.built()
    said = metas(site.page("/2024/01/01/plain/"))
    assert said["og:image"][0].startswith("https://x.example/sub/static/share.")
    assert (said["og:image:width"], said["og:image:height"]) == (["800"], ["400"])
    own = metas(site.page("/2024/01/01/own/"))
    assert own["og:image"][0].startswith("https://x.example/sub/static/own.")
    assert (own["og:image:width"], own["og:image:height"]) == (["20"], ["10"])
    site.write("static/share.png", (TOP / "templates/static/og.png").read_bytes())
    site.write("tidings.toml", '[site]\npicture = "share.png"\n')
    site.built()
    said = metas(site.page("/2024/01/01/plain/"))
    assert (said["og:image:width"], said["og:image:height"]) == (["1200"], ["630"])
    site.remove("static/share.png")
    assert "static/share.png" in only(site.built(), "missing-picture").hint
    assert "/static/og." in metas(site.page("/2024/01/01/plain/"))["og:image"][0]
