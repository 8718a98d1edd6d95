"""JSON-LD and OpenGraph as extruct finds them: a reader that others use to learn of pages."""

from __future__ import annotations

from typing import Any

import extruct
import pytest
from fixture_examples import EXAMPLES, example_site
from fixture_machines import canonical, metas, pages_of, things
from fixture_site import Page, Site


@pytest.fixture(scope="module", params=EXAMPLES)
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Site:
    return example_site(request.param, tmp_path_factory.mktemp(request.param))


def found_on(site: Site, path: str, *syntaxes: str) -> dict[str, list[dict[str, Any]]]:
    """What extruct finds on the page; raises where it cannot read something."""
    html = (site.output / path).read_text("utf-8")
    found: dict[str, list[dict[str, Any]]] = extruct.extract(
        html, base_url=site.options["base_url"] + path, syntaxes=list(syntaxes), errors="strict"
    )
    return found


def kind_of(page: Page) -> str:
    return page.first("body").attributes["class"].split()[0].removeprefix("kind-")


def test_what_pages_are_is_found_by_others(built: Site) -> None:
    seen = set()
    for path, page in pages_of(built):
        graphs = found_on(built, path, "json-ld")["json-ld"]
        if kind_of(page) == "not-found":
            assert graphs == []
            continue
        (graph,) = graphs
        assert graph["@context"] == "https://schema.org"
        told = {each["@type"]: each for each in graph["@graph"]}
        assert told == things(page)
        seen.update(told)
        if kind_of(page) == "article":
            about = told["WebPage"]["about"]
            assert about["@type"] == "NewsArticle"
            assert {"url", "headline", "datePublished", "publisher"} <= about.keys()
            assert " ".join(about["headline"].split()) == page.title
            assert told["WebPage"]["citation"]["@id"] == about["@id"]
    assert seen == {"WebSite", "WebPage", "CollectionPage", "BreadcrumbList"}


def test_what_previews_show_is_found_by_others(built: Site) -> None:
    for path, page in pages_of(built):
        (graph,) = found_on(built, path, "opengraph")["opengraph"]
        told = dict(graph["properties"])
        assert len(told) == len(graph["properties"]), path  # Nothing is said twice.
        said = {name: values for name, values in metas(page).items() if name in told}
        assert {name: [text] for name, text in told.items()} == said
        for name in ("title", "type", "url", "image", "site_name", "description"):
            assert told[f"og:{name}"].strip(), (path, name)
        assert int(told["og:image:width"]) > 0
        assert int(told["og:image:height"]) > 0
        assert ("article:published_time" in told) == (told["og:type"] == "article")
        if kind_of(page) != "not-found":
            assert told["og:url"] == canonical(page)


def test_no_page_says_more_in_other_ways(built: Site) -> None:
    for path, _ in pages_of(built):
        found = found_on(built, path, "microdata", "microformat")
        assert found == {"microdata": [], "microformat": []}, path
