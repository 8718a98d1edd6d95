"""Feeds: feed plans to Atom (RFC 4287). Part of rendering, beside the templates.

XML is written by hand-sized helpers, since its order and spacing must be the same everywhere.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Sequence

from tidings.model.page import FeedEntry, FeedPlan
from tidings.render.filters import write_instant

ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold, not even escaped."""
CONTROLS = bytes(range(1, 9)) + b"\x0b\x0c" + bytes(range(14, 32))
"""Those of them that are one byte in UTF-8, but for the null."""
NO_CHARACTERS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")
"""The others, but for surrogates, which UTF-8 cannot hold either."""

ENTRY = b"""\
  <entry%b>
    <id>%b</id>
    <title>%b</title>
    <link rel="alternate" type="text/html" href="%b"/>
%b    <published>%b</published>
    <updated>%b</updated>
%b%b%b%b  </entry>"""


def render_atom(feed: FeedPlan) -> bytes:
    """The feed as an Atom document in UTF-8."""
    groups = [_head_texts(feed), *map(_texts, feed.entries)]
    escaped = iter(_escape_all([text for group in groups for text in group]))
    head, *entries = [list(itertools.islice(escaped, len(group))) for group in groups]
    return b"\n".join(
        [*_head(feed, head), *map(_entry, feed.entries, entries), b"</feed>", b""]
    )


def _escape_all(texts: Sequence[str]) -> list[bytes]:
    """The texts in UTF-8 for element content and double-quoted attributes, in their order.

    All are escaped as one, and as bytes: that costs a fraction of escaping each as text.
    """
    try:
        joined = b"\0".join([text.encode("utf-8") for text in texts])
    except UnicodeEncodeError:
        return _escape_all([ILLEGAL.sub("", text) for text in texts])
    if (
        joined.count(b"\0") >= len(texts)
        or len(joined.translate(None, CONTROLS)) < len(joined)
        or any(sequence in joined for sequence in NO_CHARACTERS)
    ):
        return _escape_all([ILLEGAL.sub("", text) for text in texts])
    joined = joined.replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b">", b"&gt;")
    return joined.replace(b'"', b"&quot;").replace(b"\r", b"&#13;").split(b"\0")


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
    ]


def _head(feed: FeedPlan, escaped: Sequence[bytes]) -> list[bytes]:
    language, id_, title, subtitle, author, url, home_url = escaped
    lines = [
        b'<?xml version="1.0" encoding="utf-8"?>',
        b'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="%b">' % language,
        b"  <id>%b</id>" % id_,
        b"  <title>%b</title>" % title,
    ]
    if subtitle:
        lines.append(b"  <subtitle>%b</subtitle>" % subtitle)
    return [
        *lines,
        b"  <updated>%b</updated>" % _instant(feed.updated_at),
        # Every entry needs an author, and the feed's own stands for those without a source.
        b"  <author><name>%b</name></author>" % (author or title),
        b'  <link rel="self" type="application/atom+xml" href="%b"/>' % url,
        b'  <link rel="alternate" type="text/html" href="%b"/>' % home_url,
        b"  <generator>tidings</generator>",
    ]


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
        *entry.topics,
    ]


def _entry(entry: FeedEntry, escaped: Sequence[bytes]) -> bytes:
    language, id_, title, url, via, source, source_url, summary, html, *topics = escaped
    published = _instant(entry.published_at)
    same = entry.updated_at == entry.published_at
    # RFC 4287 asks for a summary where a link is all there is.
    summary = summary or (b"" if html else title)
    return ENTRY % (
        b' xml:lang="%b"' % language if language else b"",
        id_,
        title,
        url,
        b'    <link rel="via" href="%b"/>\n' % via if via else b"",
        published,
        published if same else _instant(entry.updated_at),
        _author(source, source_url) if source else b"",
        b"".join([b'    <category term="%b"/>\n' % topic for topic in topics]),
        b"    <summary>%b</summary>\n" % summary if summary else b"",
        b'    <content type="html">%b</content>\n' % html if html else b"",
    )


def _author(name: bytes, url: bytes) -> bytes:
    uri = b"      <uri>%b</uri>\n" % url if url else b""
    return b"    <author>\n      <name>%b</name>\n%b    </author>\n" % (name, uri)


def _instant(value: dt.datetime) -> bytes:
    return write_instant(value).encode("ascii")
