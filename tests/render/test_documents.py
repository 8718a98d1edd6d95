"""Files for machines, written from values that no site has let through yet."""

from __future__ import annotations

import datetime as dt
import json
import xml.etree.ElementTree as ET

import msgspec
import pytest
from fixtures import PAGES, SITE

from tidings.model.documents import Headers, NewsEntry, NewsSitemap, Sitemap, SitemapEntry
from tidings.model.view import PageView
from tidings.pages.sharing import share_page
from tidings.render.documents import write_document

NOON = dt.datetime(2025, 6, 1, 14, 0, 0, 999_999, dt.timezone(dt.timedelta(hours=2)))
NASTY = "\x00a\x0b\ud800\ufffe\u2028</script><![CDATA[ ]]> & 'b' \"c\" <!--\U0001f389"


def test_a_sitemap_holds_only_what_xml_can() -> None:
    entry = NewsEntry("https://x.example/?a='&b", NASTY, "en", NOON)
    data = write_document(NewsSitemap(NASTY, (entry,)))
    root = ET.fromstring(data)
    texts = [each.text for each in root.iter() if each.text and each.text.strip()]
    clean = "a\u2028</script><![CDATA[ ]]> & 'b' \"c\" <!--\U0001f389"
    assert texts == ["https://x.example/?a='&b", clean, "en", "2025-06-01T12:00:00Z", clean]


def test_an_entry_without_an_instant_has_no_lastmod() -> None:
    data = write_document(Sitemap((SitemapEntry("https://x.example/"),)))
    assert b"lastmod" not in data
    assert data.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<urlset ')


@pytest.mark.parametrize("name", sorted(PAGES))
def test_data_in_a_page_cannot_end_its_element(name: str) -> None:
    view = msgspec.structs.replace(PAGES[name], title=NASTY.replace("\ud800", ""))
    text = share_page(view, SITE, "self").json_ld
    if view.kind in ("redirect", "not-found"):
        assert text == ""
        return
    assert not set("<>&\u2028\u2029") & set(text)
    names = [each.get("name") for each in json.loads(text)["@graph"]]
    assert view.title in names


def test_a_search_page_is_told_on_the_front_alone() -> None:
    site = msgspec.structs.replace(SITE, search_url="/search/")

    def told(name: str) -> object:
        graph = json.loads(share_page(PAGES[name], site, "self").json_ld)["@graph"]
        return graph[0].get("potentialAction")

    assert told("front") == {
        "@type": "SearchAction",
        "target": {
            "@type": "EntryPoint",
            "urlTemplate": f"{site.base_url}search/?q={{search_term_string}}",
        },
        "query-input": "required name=search_term_string",
    }
    assert told("article") is None


def test_a_description_is_never_empty() -> None:
    page = PageView(kind="page", title="About", url="/a/", absolute_url="https://x.example/a/")
    for description in ("", "  "):
        view = msgspec.structs.replace(page, description=description)
        assert share_page(view, SITE, "self").description == "About"


def test_a_players_address_cannot_widen_the_policy() -> None:
    frames = ("https://a.example; script-src *", "http://b.example/", "https://c.example/")
    data = write_document(Headers("/", False, frames, False, False, True)).decode()
    (policy,) = [line for line in data.splitlines() if "Content-Security-Policy" in line]
    assert "frame-src https://c.example;" in policy
    assert "*" not in policy
