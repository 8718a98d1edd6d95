"""Feeds: feed plans to Atom (RFC 4287). Part of rendering, beside the templates.

XML is written by hand-sized helpers, since its order and spacing must be the same everywhere.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from tidings.model.page import FeedEntry, FeedPlan

ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold, not even escaped."""


def render_atom(feed: FeedPlan) -> bytes:
    """The feed as an Atom document in UTF-8."""
    return "\n".join([*_feed(feed), ""]).encode("utf-8")


def _feed(feed: FeedPlan) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="utf-8"?>'
    yield f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{_escape(feed.language)}">'
    yield f"  <id>{_escape(feed.id)}</id>"
    yield f"  <title>{_escape(feed.title)}</title>"
    if feed.subtitle:
        yield f"  <subtitle>{_escape(feed.subtitle)}</subtitle>"
    yield f"  <updated>{_instant(feed.updated_at)}</updated>"
    # Every entry needs an author, and the feed's own stands for those without a source.
    yield f"  <author><name>{_escape(feed.author or feed.title)}</name></author>"
    yield f'  <link rel="self" type="application/atom+xml" href="{_escape(feed.url)}"/>'
    yield f'  <link rel="alternate" type="text/html" href="{_escape(feed.home_url)}"/>'
    yield "  <generator>tidings</generator>"
    for entry in feed.entries:
        yield from _entry(entry)
    yield "</feed>"


def _entry(entry: FeedEntry) -> Iterator[str]:
    language = f' xml:lang="{_escape(entry.language)}"' if entry.language else ""
    yield f"  <entry{language}>"
    yield f"    <id>{_escape(entry.id)}</id>"
    yield f"    <title>{_escape(entry.title)}</title>"
    yield f'    <link rel="alternate" type="text/html" href="{_escape(entry.url)}"/>'
    if entry.external_url:
        yield f'    <link rel="via" href="{_escape(entry.external_url)}"/>'
    yield f"    <published>{_instant(entry.published_at)}</published>"
    yield f"    <updated>{_instant(entry.updated_at)}</updated>"
    if entry.source_name:
        yield "    <author>"
        yield f"      <name>{_escape(entry.source_name)}</name>"
        if entry.source_url:
            yield f"      <uri>{_escape(entry.source_url)}</uri>"
        yield "    </author>"
    for topic in entry.topics:
        yield f'    <category term="{_escape(topic)}"/>'
    if entry.summary:
        yield f"    <summary>{_escape(entry.summary)}</summary>"
    if entry.html:
        yield f'    <content type="html">{_escape(entry.html)}</content>'
    elif not entry.summary:
        # RFC 4287 asks for a summary where a link is all there is.
        yield f"    <summary>{_escape(entry.title)}</summary>"
    yield "  </entry>"


def _escape(text: str) -> str:
    """The text for element content and double-quoted attributes."""
    text = ILLEGAL.sub("", text)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&quot;").replace("\r", "&#13;")


def _instant(value: dt.datetime) -> str:
    return f"{value.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%S}Z"
