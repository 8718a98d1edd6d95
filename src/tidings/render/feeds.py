"""Feeds: feed plans to Atom (RFC 4287). Part of rendering, beside the templates.

XML is written by hand-sized helpers, since its order and spacing must be the same everywhere.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from tidings.model.page import FeedEntry, FeedPicture, FeedPlan
from tidings.render.filters import write_instant
from tidings.render.xml_text import escape_groups

ENTRY = b"""\
  <entry%b>
    <id>%b</id>
    <title>%b</title>
    <link rel="alternate" type="text/html" href="%b"/>
%b%b    <published>%b</published>
    <updated>%b</updated>
%b%b%b%b  </entry>"""


def render_atom(feed: FeedPlan) -> bytes:
    """The feed as an Atom document in UTF-8."""
    head, *entries = escape_groups([_head_texts(feed), *map(_texts, feed.entries)])
    write = _to_source if feed.to_source else _to_page
    return b"\n".join([*_head(feed, head), *map(write, feed.entries, entries), b"</feed>", b""])


def _head_texts(feed: FeedPlan) -> list[str]:
    """All texts of the feed itself, in the order in which `_head` takes them."""
    return [
        feed.language,
        feed.id,
        feed.title,
        feed.subtitle,
        feed.author,
        feed.url,
        feed.home_url,
        feed.hub,
    ]


def _head(feed: FeedPlan, escaped: Sequence[bytes]) -> list[bytes]:
    language, id_, title, subtitle, author, url, home_url, hub = escaped
    lines = [
        b'<?xml version="1.0" encoding="utf-8"?>',
        b'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="%b">' % language,
        b"  <id>%b</id>" % id_,
        b"  <title>%b</title>" % title,
    ]
    if subtitle:
        lines.append(b"  <subtitle>%b</subtitle>" % subtitle)
    lines += [
        b"  <updated>%b</updated>" % _instant(feed.updated_at),
        # Every entry needs an author, and the feed's own stands for those without a source.
        b"  <author><name>%b</name></author>" % (author or title),
        b'  <link rel="self" type="application/atom+xml" href="%b"/>' % url,
        b'  <link rel="alternate" type="text/html" href="%b"/>' % home_url,
    ]
    if hub:
        lines.append(b'  <link rel="hub" href="%b"/>' % hub)
    return [*lines, b"  <generator>tidings</generator>"]


def _texts(entry: FeedEntry) -> list[str]:
    """All texts of the entry, in the order in which `_entry` takes them."""
    return [
        entry.language,
        entry.id,
        entry.title,
        entry.url,
        entry.external_url,
        entry.source_name,
        entry.source_url,
        entry.summary,
        entry.html,
        entry.picture.url if entry.picture else "",
        *entry.topics,
    ]


def _to_page(entry: FeedEntry, escaped: Sequence[bytes]) -> bytes:
    """The entry, leading to its page here; `via` is what RFC 4287 calls an outlet's article."""
    source = escaped[4]
    via = b'    <link rel="via" href="%b"/>\n' % source if source else b""
    return _entry(entry, escaped, escaped[3], via)


def _to_source(entry: FeedEntry, escaped: Sequence[bytes]) -> bytes:
    """The entry, leading to the outlet's article where there is one; its page is `related`."""
    page, source = escaped[3:5]
    here = b'    <link rel="related" type="text/html" href="%b"/>\n' % page if source else b""
    return _entry(entry, escaped, source or page, here)


def _entry(entry: FeedEntry, escaped: Sequence[bytes], url: bytes, other: bytes) -> bytes:
    language, id_, title, _, _, source, source_url, summary, html, picture, *topics = escaped
    published = _instant(entry.published_at)
    same = entry.updated_at == entry.published_at
    # RFC 4287 asks for a summary where a link is all there is.
    summary = summary or (b"" if html else title)
    return ENTRY % (
        b' xml:lang="%b"' % language if language else b"",
        id_,
        title,
        url,
        other,
        _enclosure(entry.picture, picture) if entry.picture else b"",
        published,
        published if same else _instant(entry.updated_at),
        _author(source, source_url) if source else b"",
        b"".join([b'    <category term="%b"/>\n' % topic for topic in topics]),
        b"    <summary>%b</summary>\n" % summary if summary else b"",
        b'    <content type="html">%b</content>\n' % html if html else b"",
    )


def _enclosure(picture: FeedPicture, url: bytes) -> bytes:
    kind = b' type="%b"' % picture.type.encode("ascii") if picture.type else b""
    size = b' length="%d"' % picture.bytes if picture.bytes else b""
    return b'    <link rel="enclosure"%b%b href="%b"/>\n' % (kind, size, url)


def _author(name: bytes, url: bytes) -> bytes:
    uri = b"      <uri>%b</uri>\n" % url if url else b""
    return b"    <author>\n      <name>%b</name>\n%b    </author>\n" % (name, uri)


def _instant(value: dt.datetime) -> bytes:
    return write_instant(value).encode("ascii")
