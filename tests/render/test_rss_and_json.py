"""RSS and JSON Feed, as programs read them."""

from __future__ import annotations

import datetime as dt
import json
from email.utils import parsedate_to_datetime
from typing import Any
from xml.etree import ElementTree as ET

import feedparser
import msgspec
import pytest
from fixtures import SITE, default_theme
from hypothesis import given
from hypothesis import strategies as st
from test_atom import ENTRY, FEED

from tidings.model.page import FeedPicture, FeedPlan, PagePlan
from tidings.render.feeds import render_atom
from tidings.render.html import render_page
from tidings.render.json_feed import render_json_feed
from tidings.render.rss import render_rss, write_rfc_822

CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
DC = "{http://purl.org/dc/elements/1.1/}"
MEDIA = "{http://search.yahoo.com/mrss/}"
SPAN = (dt.datetime.fromisoformat("1970-01-01"), dt.datetime.fromisoformat("9999-01-01"))


def changed(**fields: Any) -> FeedPlan:
    """The feed with its first entry changed."""
    entry = msgspec.structs.replace(ENTRY, **fields)
    return msgspec.structs.replace(FEED, entries=(entry, *FEED.entries[1:]))


def rss(feed: FeedPlan = FEED) -> ET.Element:
    channel = ET.fromstring(render_rss(feed)).find("channel")
    assert channel is not None
    return channel


def items(feed: FeedPlan = FEED) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(render_json_feed(feed))["items"]
    return found


def test_a_feed_reader_finds_everything_in_rss() -> None:
    parsed = feedparser.parse(render_rss(FEED))
    assert not parsed.bozo, parsed.get("bozo_exception")
    assert parsed.version == "rss20"
    assert (parsed.feed.title, parsed.feed.link) == ("The Open Ledger", FEED.home_url)
    assert parsed.feed.subtitle == "Day by day"
    entry = parsed.entries[0]
    assert (entry.id, entry.guidislink, entry.link) == (ENTRY.id, False, ENTRY.url)
    assert entry.published == "Mon, 14 Dec 2020 19:04:00 GMT"
    assert entry.updated == "2020-12-15T08:00:00Z"
    assert entry.author == "The Lens"
    assert entry.source == {"title": "The Lens", "href": "https://thelensnola.org/"}
    assert [tag.term for tag in entry.tags] == ["Computer Vision", "AI"]
    assert entry.content[0].value == "<p>A <em>body</em> &amp; more</p>"


def test_text_is_html_only_where_rss_has_html() -> None:
    (first, _) = rss(changed(summary="1 < 2 & <b>", title="1 < 2 & <b>")).findall("item")
    assert first.findtext("title") == "1 < 2 & <b>"
    assert first.findtext("description") == "1 &lt; 2 &amp; &lt;b&gt;"
    assert first.findtext(f"{CONTENT}encoded") == ENTRY.html


def test_an_outlet_without_an_address_is_an_author_and_no_source() -> None:
    (first, _) = rss(changed(source_url="")).findall("item")
    assert first.find("source") is None
    assert first.findtext(f"{DC}creator") == "The Lens"
    assert items(changed(source_url=""))[0]["authors"] == [{"name": "The Lens"}]


def test_a_channel_without_a_subtitle_is_described_by_its_title() -> None:
    assert rss(msgspec.structs.replace(FEED, subtitle="")).findtext("description") == FEED.title


def test_a_picture_of_a_known_type_has_it() -> None:
    url = "https://news.example/p.png?a=1&b=2"
    feed = changed(picture=FeedPicture(url, "image/png", 8, 6))
    told = rss(feed).find(f"item/{MEDIA}content")
    assert told is not None
    assert told.attrib == {
        **{"url": url, "type": "image/png", "medium": "image", "width": "8", "height": "6"}
    }
    enclosure = feedparser.parse(render_atom(feed)).entries[0].enclosures[0]
    assert (enclosure.href, enclosure.type) == (url, "image/png")
    assert items(feed)[0]["image"] == url


def test_a_picture_of_unknown_type_and_size_says_nothing_of_them() -> None:
    feed = changed(picture=FeedPicture("https://news.example/p"))
    told = rss(feed).find(f"item/{MEDIA}content")
    assert told is not None
    assert told.attrib == {"url": "https://news.example/p", "medium": "image"}
    assert b'<link rel="enclosure" href="https://news.example/p"/>' in render_atom(feed)


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        ("2024-02-29T23:59:59+00:00", "Thu, 29 Feb 2024 23:59:59 GMT"),
        ("2024-03-01T01:30:00.750000+02:00", "Thu, 29 Feb 2024 23:30:00 GMT"),
        ("0987-01-02T00:00:00+00:00", "Tue, 02 Jan 0987 00:00:00 GMT"),
    ],
)
def test_dates_are_those_of_rfc_822(instant: str, text: str) -> None:
    assert write_rfc_822(dt.datetime.fromisoformat(instant)).decode() == text


@given(st.datetimes(*SPAN, timezones=st.just(dt.UTC)))
def test_pythons_mail_reader_takes_the_dates(value: dt.datetime) -> None:
    text = write_rfc_822(value).decode()
    assert parsedate_to_datetime(text) == value.astimezone(dt.UTC).replace(microsecond=0)
    assert text.startswith(value.astimezone(dt.UTC).strftime("%a"))


def test_a_json_feed_has_both_addresses_and_no_empty_member() -> None:
    feed = json.loads(render_json_feed(FEED))
    assert feed | {"items": []} == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "The Open Ledger",
        "home_page_url": "https://news.example/",
        "feed_url": "https://news.example/feed.xml",
        "description": "Day by day",
        "language": "en",
        "items": [],
    }
    assert feed["items"][0] == {
        "id": ENTRY.id,
        "url": ENTRY.url,
        "external_url": ENTRY.external_url,
        "title": ENTRY.title,
        "content_html": ENTRY.html,
        "summary": ENTRY.summary,
        "date_published": "2020-12-14T19:04:00Z",
        "date_modified": "2020-12-15T08:00:00Z",
        "authors": [{"name": "The Lens", "url": "https://thelensnola.org/"}],
        "tags": ["Computer Vision", "AI"],
        "language": "en-US",
    }


def test_an_item_without_a_body_has_its_excerpt_or_its_title_as_text() -> None:
    assert items(changed(html=""))[0]["content_text"] == ENTRY.summary
    assert "summary" not in items(changed(html=""))[0]
    assert items()[1]["content_text"] == "Two"


def test_without_an_address_at_its_source_an_entry_leads_here() -> None:
    feed = msgspec.structs.replace(changed(external_url=""), to_source=True)
    assert feedparser.parse(render_atom(feed)).entries[0].link == ENTRY.url
    assert feedparser.parse(render_rss(feed)).entries[0].link == ENTRY.url
    assert items(feed)[0].keys().isdisjoint({"external_url"})


@pytest.mark.parametrize(
    "bad", ["\0", "\b", "\x0b", "\f", "\x1f", "\ud83d", "\ufffe", "\uffff"]
)
def test_what_xml_cannot_hold_is_in_no_format(bad: str) -> None:
    feed = changed(title=f"a{bad}<b\\u000b", topics=(f"t{bad}", "u"), html=f"<p>{bad}</p>")
    (first, _) = rss(feed).findall("item")
    assert first.findtext("title") == items(feed)[0]["title"] == "a<b\\u000b"
    assert (
        [each.text for each in first.iter("category")] == items(feed)[0]["tags"] == ["t", "u"]
    )
    assert first.findtext(f"{CONTENT}encoded") == items(feed)[0]["content_html"] == "<p></p>"


# Half of a surrogate pair is left out as well.
ANY = st.text(st.characters(exclude_categories=()))


@given(ANY, ANY)
def test_no_text_can_break_a_feed(text: str, other: str) -> None:
    feed = msgspec.structs.replace(
        changed(
            title=text, summary=other, html=text, source_name=other, topics=(text, other, "x")
        ),
        title=other,
        author=text,
    )
    (first, _) = rss(feed).findall("item")
    told = items(feed)[0]
    # XML reads a carriage return as it was only where it is escaped.
    assert (first.findtext("title") or "") == told["title"]
    assert [each.text or "" for each in first.iter("category")] == told["tags"]
    assert (first.findtext(f"{CONTENT}encoded") or "") == told.get("content_html", "")


@pytest.mark.parametrize(
    ("name", "write"), [("rss", render_rss), ("json-feed", render_json_feed)]
)
def test_a_plan_of_a_format_needs_no_template(name: str, write: Any) -> None:
    plan = PagePlan("x", name, "", feed=FEED)
    assert render_page(default_theme(), SITE, plan).value == write(FEED)
