"""Feeds: feed plans to JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/).

Part of rendering.
"""

from __future__ import annotations

from typing import Any

import msgspec

from tidings.model.page import FeedEntry, FeedPlan
from tidings.render.filters import write_instant
from tidings.render.xml_text import ILLEGAL, NO_CHARACTERS

VERSION = "https://jsonfeed.org/version/1.1"

SUSPECT = (rb"\u00", rb"\b", rb"\f", *NO_CHARACTERS)
"""What a JSON text has wherever a text in it has a character that XML cannot hold."""

ENCODER = msgspec.json.Encoder()


class _Struct(msgspec.Struct, frozen=True, omit_defaults=True):
    """Written down in the order of its fields, without those that are empty."""


class _Author(_Struct, frozen=True):
    name: str
    url: str = ""


class _Hub(_Struct, frozen=True):
    type: str
    url: str


class _Item(_Struct, frozen=True):
    id: str
    url: str
    title: str
    external_url: str = ""
    content_html: str = ""
    content_text: str = ""
    summary: str = ""
    image: str = ""
    date_published: str = ""
    date_modified: str = ""
    authors: tuple[_Author, ...] = ()
    tags: tuple[str, ...] = ()
    language: str = ""


class _Feed(_Struct, frozen=True):
    version: str
    title: str
    home_page_url: str
    feed_url: str
    items: tuple[_Item, ...]
    description: str = ""
    authors: tuple[_Author, ...] = ()
    language: str = ""
    hubs: tuple[_Hub, ...] = ()


def render_json_feed(feed: FeedPlan) -> bytes:
    """The feed as a JSON text in UTF-8, with a line's end behind it."""
    written = _Feed(
        version=VERSION,
        title=feed.title,
        home_page_url=feed.home_url,
        feed_url=feed.url,
        description=feed.subtitle,
        authors=(_Author(feed.author),) if feed.author else (),
        language=feed.language,
        hubs=(_Hub("WebSub", feed.hub),) if feed.hub else (),
        items=tuple([_item(entry) for entry in feed.entries]),
    )
    try:
        data = ENCODER.encode(written)
    except UnicodeEncodeError:  # Half of a surrogate pair.
        return _without_illegal(written)
    if any(mark in data for mark in SUSPECT):
        return _without_illegal(written)
    return data + b"\n"


def _item(entry: FeedEntry) -> _Item:
    same = entry.updated_at == entry.published_at
    # An item needs a content; where the excerpt is all there is, that is it.
    text = "" if entry.html else entry.summary or entry.title
    return _Item(
        id=entry.id,
        url=entry.url,
        title=entry.title,
        external_url=entry.external_url,
        content_html=entry.html,
        content_text=text,
        summary=entry.summary if entry.html else "",
        image=entry.picture.url if entry.picture else "",
        date_published=write_instant(entry.published_at),
        date_modified="" if same else write_instant(entry.updated_at),
        authors=(_Author(entry.source_name, entry.source_url),) if entry.source_name else (),
        tags=entry.topics,
        language=entry.language,
    )


def _without_illegal(feed: _Feed) -> bytes:
    return ENCODER.encode(_cleaned(msgspec.to_builtins(feed))) + b"\n"


def _cleaned(value: Any) -> Any:
    """The value without the characters that no other format of the feed can hold."""
    if isinstance(value, str):
        return ILLEGAL.sub("", value)
    if isinstance(value, dict):
        return {key: _cleaned(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_cleaned(each) for each in value]
    return value
