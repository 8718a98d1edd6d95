"""What machines read on a built site, by readers that share no code with what wrote it."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fixture_site import Page, Site, record

TOP = Path(__file__).parents[2]
CORPUS = TOP.parent / "shared/corpus/power-apps"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
W3C_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
ABSOLUTE = re.compile(r"https?://[!-~]+")

HOSTILE = (
    '</script><script>alert("x")</script>',
    "<!-- <script> & ]]> --> 'single' \"double\"",
    "Lines\u2028and\u2029paragraphs, \x0b \ufffe controls",
    "{{ page.title }} {% raw %} \\u003c \\",
    "العنوان — 标题 — 🎉",
)
"""Titles that try to be more than text."""


def hostile_site(folder: Path) -> Site:
    """A site of such titles, in one story of several outlets, below a path of its host."""
    site = Site(folder, base_url="https://x.example/a/deep%20place/")
    for number, title in enumerate(HOSTILE):
        text = record(
            title,
            f"{('2025-05-31', '2025-06-01')[number % 2]}T0{number}:00:00Z",
            webUrl=f"https://o{number}.example/?a=1&b='2'",
            excerpt=title,
            topics=[title[:30], "News"],
            tags=[title],
            provider={"name": title, "domain": f"o{number}.example"},
            related=[{"title": title, "webUrl": f"https://p{number}.example/<x>"}],
            aliases=[f"/old/{number}/"],
        )
        # YAML has this letter only as an escape.
        site.write(f"content/news/{number}.md", text.replace("\ufffe", "\\ufffe"))
    return site


def sitemap(site: Site, file: str) -> list[tuple[str, str]]:
    """Address and `lastmod` of each entry, after the rules of sitemap.xsd and siteindex.xsd."""
    root = ET.fromstring(site.files()[file])
    inner = {f"{SITEMAP}urlset": "url", f"{SITEMAP}sitemapindex": "sitemap"}[root.tag]
    found = []
    for entry in root:
        assert entry.tag == f"{SITEMAP}{inner}"
        parts = [child.tag.removeprefix(SITEMAP) for child in entry]
        assert [part for part in parts if not part.startswith("{")] in (
            ["loc"],
            ["loc", "lastmod"],
        )
        address, changed = entry.findtext(f"{SITEMAP}loc"), entry.findtext(f"{SITEMAP}lastmod")
        assert address is not None
        assert ABSOLUTE.fullmatch(address)
        assert 12 <= len(address) <= 2048
        assert changed is None or W3C_INSTANT.fullmatch(changed)
        found.append((address, changed or ""))
    assert 0 < len(found) <= 50_000
    assert len({address for address, _ in found}) == len(found)
    assert len(site.files()[file]) <= 50 * 1024 * 1024
    return found


def all_sitemaps(site: Site, base_url: str) -> dict[str, str]:
    """Every address that the index leads to, with its `lastmod`."""
    found: dict[str, str] = {}
    for address, changed in sitemap(site, "sitemap.xml"):
        entries = dict(sitemap(site, address.removeprefix(base_url)))
        assert changed == max(entries.values())
        assert not found.keys() & entries.keys()
        found |= entries
    return found


def news_sitemap(site: Site) -> list[dict[str, str]]:
    """The entries of the news sitemap, after the rules of sitemap-news.xsd."""
    root = ET.fromstring(site.files()["news-sitemap.xml"])
    found = []
    for url in root:
        assert [child.tag for child in url] == [f"{SITEMAP}loc", f"{NEWS}news"]
        publication, *rest = url[1]
        assert [child.tag for child in publication] == [f"{NEWS}name", f"{NEWS}language"]
        assert [child.tag for child in rest] == [f"{NEWS}publication_date", f"{NEWS}title"]
        language = publication[1].text or ""
        assert re.fullmatch(r"zh-cn|zh-tw|[a-z]{2,3}", language)
        assert W3C_INSTANT.fullmatch(rest[0].text or "")
        found.append(
            {
                "url": url[0].text or "",
                "name": publication[0].text or "",
                "language": language,
                "date": rest[0].text or "",
                "title": rest[1].text or "",
            }
        )
    assert 0 < len(found) <= 1000
    return found


def pages_of(site: Site) -> Iterator[tuple[str, Page]]:
    """Every page that is no redirect, by its output file."""
    for path, data in site.files().items():
        if path.endswith(".html"):
            page = Page(data.decode())
            if not page.refresh:
                yield path, page


def metas(page: Page) -> dict[str, list[str]]:
    """The contents of meta elements by `property` or `name`."""
    found: dict[str, list[str]] = {}
    for meta in page.all("meta"):
        name = meta.attributes.get("property") or meta.attributes.get("name")
        if name:
            found.setdefault(name, []).append(meta.attributes["content"])
    return found


def canonical(page: Page) -> str:
    """The page's canonical address; empty without one."""
    links = [each for each in page.all("link") if each.attributes.get("rel") == "canonical"]
    assert len(links) <= 1
    return links[0].attributes["href"] if links else ""


def things(page: Page) -> dict[str, dict[str, Any]]:
    """What the page's JSON-LD tells of, by type; all names are those of schema.org."""
    scripts = [
        each
        for each in page.all("script")
        if each.attributes.get("type") == "application/ld+json"
    ]
    assert len(scripts) <= 1
    if not scripts:
        return {}
    (text,) = scripts[0].children
    assert isinstance(text, str)
    assert not set("<>&\u2028\u2029") & set(text)
    graph = json.loads(text, object_pairs_hook=_once)
    assert graph.keys() == {"@context", "@graph"}
    assert graph["@context"] == "https://schema.org"
    found = {each["@type"]: each for each in graph["@graph"]}
    assert len(found) == len(graph["@graph"])
    for each in walk(graph):
        if isinstance(each, dict):
            _check_thing(each, graph)
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    assert len({name for name, _ in pairs}) == len(pairs)
    return dict(pairs)


def _check_thing(thing: dict[str, Any], graph: dict[str, Any]) -> None:
    assert not thing.keys() & {"author", "creator", "copyrightHolder"}
    for name in ("url", "@id", "item"):
        assert name not in thing or ABSOLUTE.fullmatch(thing[name]), thing[name]
    for name in ("name", "headline", "description", "inLanguage"):
        assert thing.get(name, "x").strip()
    for name in ("datePublished", "dateModified"):
        assert re.match(r"\d{4}-\d\d-\d\dT.*Z$", thing.get(name, "2020-01-01T00:00:00Z"))
    if thing.keys() == {"@id"}:  # Only a reference: what it means must be told.
        told = [each for each in walk(graph) if isinstance(each, dict) and len(each) > 1]
        assert thing["@id"] in [each.get("@id") for each in told]
    if "itemListElement" in thing:
        places = [each["position"] for each in thing["itemListElement"]]
        assert places == list(range(1, len(places) + 1))


def walk(value: Any) -> Iterator[Any]:
    """The value and all values in it."""
    yield value
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from walk(each)
