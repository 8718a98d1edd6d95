"""The Atom feed, as a feed reader sees it."""

from __future__ import annotations

import datetime as dt
from xml.etree import ElementTree as ET

import feedparser
import msgspec
import pytest
from fixtures import SITE, default_theme
from hypothesis import given
from hypothesis import strategies as st

from tidings.model.page import FeedEntry, FeedPlan, PagePlan
from tidings.render.feeds import render_atom
from tidings.render.html import render_page

ENTRY = FeedEntry(
    id="tag:news.example,2020:2020-12-14-city",
    title='Emails & "searches" <b>of</b> faces',
    url="https://news.example/2020/12/14/city/",
    external_url="https://thelensnola.org/x?a=1&b=2",
    updated_at=dt.datetime(2020, 12, 15, 8, 0, tzinfo=dt.UTC),
    published_at=dt.datetime(2020, 12, 14, 19, 4, tzinfo=dt.UTC),
    summary="The emails show that …",
    html="<p>A <em>body</em> &amp; more</p>",
    source_name="The Lens",
    source_url="https://thelensnola.org/",
    topics=("Computer Vision", "AI"),
    language="en-US",
)
FEED = FeedPlan(
    id="tag:news.example,2020:feed",
    title="The Open Ledger",
    url="https://news.example/feed.xml",
    home_url="https://news.example/",
    updated_at=dt.datetime(2020, 12, 15, 8, 0, tzinfo=dt.UTC),
    subtitle="Day by day",
    entries=(
        ENTRY,
        msgspec.structs.replace(ENTRY, id="tag:2", html="", summary="", title="Two"),
    ),
)


def test_a_feed_reader_finds_everything() -> None:
    parsed = feedparser.parse(render_atom(FEED))
    assert not parsed.bozo, parsed.get("bozo_exception")
    assert parsed.version == "atom10"
    assert parsed.feed.id == FEED.id
    assert parsed.feed.title == "The Open Ledger"
    assert {link.rel: link.href for link in parsed.feed.links} == {
        "self": FEED.url,
        "alternate": FEED.home_url,
    }
    entry = parsed.entries[0]
    assert entry.id == ENTRY.id
    assert {link.rel: link.href for link in entry.links} == {
        "alternate": ENTRY.url,
        "via": ENTRY.external_url,
    }
    assert entry.author_detail == {"name": "The Lens", "href": "https://thelensnola.org/"}
    assert [tag.term for tag in entry.tags] == ["Computer Vision", "AI"]
    assert entry.content[0].value == "<p>A <em>body</em> &amp; more</p>"
    assert entry.published == "2020-12-14T19:04:00Z"
    assert entry.updated == "2020-12-15T08:00:00Z"


def test_titles_stay_text() -> None:
    root = ET.fromstring(render_atom(FEED))
    title = root.find("{*}entry/{*}title")
    assert title is not None
    assert title.text == ENTRY.title


def test_an_entry_with_neither_summary_nor_body_still_has_a_summary() -> None:
    assert feedparser.parse(render_atom(FEED)).entries[1].summary == "Two"


def test_a_feed_without_author_is_by_its_title() -> None:
    root = ET.fromstring(render_atom(msgspec.structs.replace(FEED, author="")))
    name = root.find("{*}author/{*}name")
    assert name is not None
    assert name.text == FEED.title


@pytest.mark.parametrize("bad", ["\0", "\x0b", "\ud83d", "\ufffe", "\uffff"])
def test_what_xml_cannot_hold_is_left_out_and_nothing_else(bad: str) -> None:
    entry = msgspec.structs.replace(ENTRY, title=f"a{bad}<b", topics=(f"t{bad}&", "u"))
    root = ET.fromstring(render_atom(msgspec.structs.replace(FEED, entries=(entry, ENTRY))))
    assert [one.text for one in root.findall("{*}entry/{*}title")] == ["a<b", ENTRY.title]
    terms = [one.get("term") for one in root.findall("{*}entry/{*}category")]
    assert terms == ["t&", "u", *ENTRY.topics]


@given(st.text())
def test_no_text_can_break_the_feed(text: str) -> None:
    entry = msgspec.structs.replace(ENTRY, title=text, summary=text, source_name=text)
    ET.fromstring(render_atom(msgspec.structs.replace(FEED, title=text, entries=(entry,))))


def test_the_same_feed_gives_the_same_bytes() -> None:
    assert render_atom(FEED) == render_atom(msgspec.structs.replace(FEED))


def test_a_plan_of_the_format_atom_needs_no_template() -> None:
    plan = PagePlan("feed.xml", "atom", "", feed=FEED)
    assert render_page(default_theme(), SITE, plan).value == render_atom(FEED)
