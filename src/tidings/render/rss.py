"""Feeds: feed plans to RSS 2.0, as the RSS Advisory Board has it. Part of rendering.

What the board's specification has no element for is said by modules that its profile of best
practices names: the address of the feed itself, whole texts, and names without an e-mail
address. Pictures are Media RSS, and the site's own enclosures, too: an enclosure must tell its
length in bytes, which is not known of another host's.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Sequence

from tidings.model.page import FeedEntry, FeedPicture, FeedPlan
from tidings.render.filters import write_instant
from tidings.render.xml_text import escape_groups

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

OPENING = b"""\
<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"\
 xmlns:content="http://purl.org/rss/1.0/modules/content/"\
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"\
 xmlns:media="http://search.yahoo.com/mrss/">
  <channel>"""
CLOSING = b"""\
  </channel>
</rss>
"""
ITEM = b"""\
    <item>
      <title>%b</title>
      <link>%b</link>
      <guid isPermaLink="false">%b</guid>
      <pubDate>%b</pubDate>
%b%b%b%b%b%b%b    </item>"""


def render_rss(feed: FeedPlan) -> bytes:
    """The feed as an RSS document in UTF-8."""
    groups = [_head_texts(feed), *[_texts(entry, feed.to_source) for entry in feed.entries]]
    head, *items = escape_groups(groups)
    return b"\n".join([OPENING, *_head(feed, head), *map(_item, feed.entries, items), CLOSING])


def _head_texts(feed: FeedPlan) -> list[str]:
    """All texts of the feed itself, in the order in which `_head` takes them."""
    return [
        feed.title,
        feed.home_url,
        feed.subtitle or feed.title,
        feed.url,
        feed.hub,
        feed.language,
        feed.author,
    ]


def _head(feed: FeedPlan, escaped: Sequence[bytes]) -> list[bytes]:
    title, home_url, description, url, hub, language, author = escaped
    lines = [
        b"    <title>%b</title>" % title,
        b"    <link>%b</link>" % home_url,
        b"    <description>%b</description>" % description,
        b'    <atom:link rel="self" type="application/rss+xml" href="%b"/>' % url,
    ]
    if hub:
        lines.append(b'    <atom:link rel="hub" href="%b"/>' % hub)
    lines.append(b"    <language>%b</language>" % language)
    if author:
        lines.append(b"    <dc:creator>%b</dc:creator>" % author)
    return [
        *lines,
        b"    <lastBuildDate>%b</lastBuildDate>" % write_rfc_822(feed.updated_at),
        b"    <generator>tidings</generator>",
    ]


def _texts(entry: FeedEntry, to_source: bool) -> list[str]:
    """All texts of the entry, in the order in which `_item` takes them."""
    return [
        entry.title,
        (to_source and entry.external_url) or entry.url,
        entry.id,
        entry.source_name,
        entry.source_url,
        entry.language,
        # Readers take a description for HTML, so text is escaped for that first.
        entry.summary.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"),
        entry.html,
        entry.picture.url if entry.picture else "",
        *entry.topics,
    ]


def _item(entry: FeedEntry, escaped: Sequence[bytes]) -> bytes:
    title, link, id_, source, source_url, language, summary, html, picture, *topics = escaped
    changed = entry.updated_at != entry.published_at
    return ITEM % (
        title,
        link,
        id_,
        write_rfc_822(entry.published_at),
        _modified(entry.updated_at) if changed else b"",
        _source(source, source_url) if source else b"",
        b"".join([b"      <category>%b</category>\n" % topic for topic in topics]),
        b"      <dc:language>%b</dc:language>\n" % language if language else b"",
        b"      <description>%b</description>\n" % summary if summary else b"",
        b"      <content:encoded>%b</content:encoded>\n" % html if html else b"",
        _media(entry.picture, picture) if entry.picture else b"",
    )


def _modified(value: dt.datetime) -> bytes:
    instant = write_instant(value).encode("ascii")
    return b"      <dcterms:modified>%b</dcterms:modified>\n" % instant


def _source(name: bytes, url: bytes) -> bytes:
    """Who published it, as an author (whose own element asks for an e-mail address), and as
    the place that it is from, which must have an address."""
    creator = b"      <dc:creator>%b</dc:creator>\n" % name
    return creator + b'      <source url="%b">%b</source>\n' % (url, name) if url else creator


def _media(picture: FeedPicture, url: bytes) -> bytes:
    kind = b' type="%b"' % picture.type.encode("ascii") if picture.type else b""
    size = b""
    if picture.width and picture.height:
        size = b' width="%d" height="%d"' % (picture.width, picture.height)
    media = b'      <media:content url="%b"%b medium="image"%b/>\n' % (url, kind, size)
    if not (picture.bytes and picture.type):
        return media
    return b'      <enclosure url="%b" length="%d"%b/>\n%b' % (url, picture.bytes, kind, media)


@functools.lru_cache(maxsize=1024)  # Most entries are in several feeds.
def write_rfc_822(value: dt.datetime) -> bytes:
    """The aware instant as RFC 822 has it, in UTC, with all digits of the year."""
    instant = write_instant(value)
    year, month, day, clock = instant[:4], instant[5:7], instant[8:10], instant[11:19]
    name = DAYS[dt.date(int(year), int(month), int(day)).weekday()]
    return f"{name}, {day} {MONTHS[int(month) - 1]} {year} {clock} GMT".encode("ascii")
