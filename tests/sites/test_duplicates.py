"""Records of one article: one page, the others redirect to it, nothing is lost."""

from __future__ import annotations

from pathlib import Path

from fixture_site import Site, dead_links

FIRST = "/2024/01/01/bridge-opens/"


def test_one_page_and_the_other_redirects(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.news("a", "Bridge opens", webUrl="https://a.example/1", quality=50,
              related=[{"title": "From B", "webUrl": "https://b.example/1"}])  # fmt: skip
    site.news("b", "The bridge has opened", "2024-01-02T10:00:00Z", quality=40,
              webUrl="http://www.a.example/1/?utm_source=x",
              related=[{"title": "From C", "webUrl": "https://c.example/1"}])  # fmt: skip
    report = site.built()
    assert report.counts.records == 1
    assert report.notes == (
        "1 of 2 records repeats another record's article and redirects to it",
    )
    assert site.page(FIRST).coverage == ["From B", "From C"]
    assert site.page("/2024/01/02/the-bridge-has-opened/").refresh == FIRST
    assert not site.has("/2024/01/02/")
    assert site.holders("The bridge has opened") == []
    assert dead_links(site, "http://localhost:8000/") == []
    assert "held back" not in site.page("/").text


def test_chains_are_one_article(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.news(
        "a", "One", originalUrl="https://x.example/1", webUrl="https://x.example/2", quality=3
    )
    site.news(
        "b", "Two", originalUrl="https://x.example/2", webUrl="https://x.example/3", quality=9
    )
    site.news("c", "Three", originalUrl="https://x.example/3", webUrl="https://x.example/4")
    assert site.built().counts.records == 1
    for url in ("/2024/01/01/one/", "/2024/01/01/three/"):
        assert site.page(url).refresh == "/2024/01/01/two/"


def test_the_other_is_kept_as_coverage_where_it_is_at_another_outlet(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.news("a", "Bridge opens", webUrl="https://a.example/1", quality=50,
              provider={"name": "A", "domain": "a.example"})  # fmt: skip
    site.news("b", "Harbour crossing in use", originalUrl="https://a.example/1",
              webUrl="https://b.example/copy", quality=10,
              provider={"name": "B", "domain": "b.example"})  # fmt: skip
    site.built()
    section = site.page(FIRST).section("Related coverage")
    assert section is not None
    assert section.links["Harbour crossing in use"] == "https://b.example/copy"


def test_the_other_is_no_coverage_where_its_outlet_says_the_same_again(tmp_path: Path) -> None:
    site = Site(tmp_path)
    outlet = {"name": "A", "domain": "a.example"}
    site.news("a", "Bridge opens", webUrl="https://a.example/1", quality=50, provider=outlet)
    site.news("b", "Bridge opens again", originalUrl="https://a.example/1",
              webUrl="https://a.example/2", quality=10, provider=outlet)  # fmt: skip
    site.built()
    assert site.page(FIRST).coverage == []


def test_coverage_that_names_the_other_leads_to_the_page(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.news("a", "Bridge opens", originalUrl="https://x.example/1", quality=50)
    site.news("b", "Copy", originalUrl="https://x.example/1", webUrl="https://y.example/2")
    site.news("c", "Elsewhere", "2024-02-01T10:00:00Z",
              related=[{"title": "The copy", "webUrl": "https://y.example/2"}])  # fmt: skip
    site.built()
    section = site.page("/2024/02/01/elsewhere/").section("Related coverage")
    assert section is not None
    assert section.links["The copy"] == FIRST


def test_a_hidden_version_neither_hides_nor_shows_itself(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.news("a", "Bridge opens", webUrl="https://a.example/1", quality=5)
    related = [{"title": "Secret source", "webUrl": "https://s.example/1"}]
    site.news("b", "Secret bridge", webUrl="https://a.example/1", quality=90, published=False,
              aliases=["/secret/"], related=related)  # fmt: skip
    site.built()
    assert site.page(FIRST).title == "Bridge opens"
    assert site.page(FIRST).coverage == []
    assert site.holders("ecret") == []
    site.built(unpublished=True)
    assert site.page(FIRST).refresh == "/2024/01/01/secret-bridge/"


def test_aliases_of_the_other_lead_to_the_page(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.news("a", "Bridge opens", webUrl="https://a.example/1", quality=5, aliases=["/x/"])
    site.news("b", "Copy", webUrl="https://a.example/1", aliases=["/old-copy/", "/x/"])
    site.built()
    assert site.page("/old-copy/").refresh == FIRST
    assert site.page("/x/").refresh == FIRST


def test_two_versions_with_one_title_on_one_day_have_an_address_each(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.news("a", "Bridge opens", webUrl="https://a.example/1", quality=5)
    site.news("b", "Bridge opens", "2024-01-01T09:00:00Z", webUrl="https://a.example/1")
    site.built()
    pages = [path for path in site.files() if path.startswith("2024/01/01/bridge-opens")]
    assert len(pages) == 2
    (shown,) = ["/" + path for path in pages if not site.page("/" + path).refresh]
    (other,) = ["/" + path for path in pages if site.page("/" + path).refresh]
    assert site.page(other).refresh == shown.removesuffix("index.html")
