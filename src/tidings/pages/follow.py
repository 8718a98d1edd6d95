"""The formats of feeds, and what a page says of its own feed. Part of planning."""

from __future__ import annotations

from collections.abc import Collection
from typing import TypedDict

import msgspec

from tidings.model.view import FeedView
from tidings.pages.material import Material


class Format(msgspec.Struct, frozen=True):
    """One way to write a feed."""

    file: str
    """The feed's file name beside its page."""
    template: str
    """What rendering knows it by."""
    name: str
    """What readers know it by."""
    type: str
    """Media type."""


FORMATS = {
    "atom": Format("feed.xml", "atom", "Atom", "application/atom+xml"),
    "rss": Format("rss.xml", "rss", "RSS", "application/rss+xml"),
    "json": Format("feed.json", "json-feed", "JSON Feed", "application/feed+json"),
}
"""By their names in `[feed] formats`."""


class Followed(TypedDict):
    """The feed of a page, as its view says it."""

    feed_url: str
    feeds: tuple[FeedView, ...]


def formats_of(material: Material) -> tuple[Format, ...]:
    """The formats that the site's feeds have, in the publisher's order."""
    return tuple(FORMATS[name] for name in dict.fromkeys(material.config.feed.formats))


def followed(home: str, listed: Collection[object], material: Material) -> Followed:
    """The feed of the page at `home`; nothing where it lists nothing."""
    if not listed:
        return Followed(feed_url="", feeds=())
    href = material.addresses.href
    feeds = tuple(
        FeedView(each.name, href(home + each.file), each.type) for each in formats_of(material)
    )
    return Followed(feed_url=feeds[0].url if feeds else "", feeds=feeds)
