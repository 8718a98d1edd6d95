"""Entries of feeds: what is told of one record to readers elsewhere. Part of planning."""

from __future__ import annotations

import posixpath
import re
from functools import cached_property
from html import escape, unescape
from urllib.parse import quote, unquote, urljoin, urlsplit

from tidings.model.page import FeedEntry, FeedPicture
from tidings.model.record import Record
from tidings.model.view import PictureView
from tidings.pages.bodies import resolve_body
from tidings.pages.material import Material

AUTHORITY = "records.tidings,2026"
"""Tagging entity of ids (RFC 4151) where the publisher names none. Fixed: ids outlive hosts,
titles and releases."""

# Sanitised HTML escapes `<` and `>` wherever they are not a tag's own, so this finds only tags.
RELATIVE = re.compile(r'(<a\b[^>]* href=")(?!https?:|mailto:)([^"]*)')
"""A link that is not whole: to a place in the text itself, or as its author wrote it."""

PICTURE_TYPES = {
    ".avif": "image/avif",
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
}
"""Media types by the ending of a picture's address."""


KEPT = 2048
"""Entries that are kept: feeds of one list follow each other, and some tell the same."""


class Entries(dict[str, FeedEntry]):
    """The entries made last, by record id: most are in several feeds."""

    def __init__(self, material: Material) -> None:
        super().__init__()
        self.material = material

    @cached_property
    def places(self) -> dict[str, int]:
        """The place of each record among all, newest first."""
        return {each: place for place, each in enumerate(self.material.catalog.records)}

    def __missing__(self, identity: str) -> FeedEntry:
        entry = _entry(self.material.catalog.records[identity], self.material)
        if len(self) >= KEPT:
            self.clear()
        self[identity] = entry
        return entry


def _entry(record: Record, material: Material) -> FeedEntry:
    card = material.cards[record.id]
    url = material.absolute(material.addresses.records[record.id])
    full = material.config.feed.content == "full"
    return FeedEntry(
        id=tag_uri(record.id, material),
        title=record.title,
        url=url,
        external_url=plain_address(record.url),
        updated_at=record.updated_at or record.published_at,
        published_at=record.published_at,
        summary=record.excerpt,
        html=_html(record, url, material) if full else "",
        source_name=card.source.name if card.source else "",
        source_url=plain_address(f"https://{card.source.domain}/") if card.source else "",
        topics=tuple(topic.name for topic in card.topics),
        language=record.locale,
        picture=_picture(card.picture, material) if card.picture else None,
    )


def tag_uri(name: str, material: Material) -> str:
    """The permanent id of what has that name on this site."""
    return f"tag:{material.config.feed.authority or AUTHORITY}:{quote(name)}"


def _html(record: Record, url: str, material: Material) -> str:
    """The body with whole addresses only, since what is relative leads elsewhere there."""
    html = resolve_body(record.body, record.file, material, material.addresses.origin).html
    if ' href="' not in html:
        return html
    return RELATIVE.sub(lambda found: found[1] + _whole(found[2], url), html)


def _whole(href: str, url: str) -> str:
    """The address that a link on the page at `url` leads to, escaped for an attribute."""
    try:
        return escape(urljoin(url, unescape(href)))
    except ValueError:  # No address in any browser either.
        return escape(url)


def _picture(picture: PictureView, material: Material) -> FeedPicture:
    addresses = material.addresses
    address = plain_address(picture.url if picture.remote else addresses.origin + picture.url)
    ending = posixpath.splitext(urlsplit(address).path)[1].lower()
    known = None
    if not picture.remote:
        path = unquote(urlsplit(picture.url).path.removeprefix(addresses.base))
        known = material.measures.get(path)
    return FeedPicture(
        address,
        PICTURE_TYPES.get(ending, ""),
        picture.width,
        picture.height,
        known.bytes if known else 0,
    )


def plain_address(url: str) -> str:
    """The address as a URI (RFC 3986), which RSS asks for; "" where its host can be none.

    Addresses of records are URIs but for the letters of their host.
    """
    if url.isascii() and not any(mark in url for mark in ' "<>\\^`{|}'):
        return url
    try:
        parts = urlsplit(url)
        host = parts.netloc.encode("idna").decode("ascii")
    except ValueError:  # Names of hosts have parts of 1 to 63 letters.
        return ""
    if any(mark in host for mark in ' "<>\\^`{|}/?#'):
        return ""
    rest = quote(url.partition(parts.netloc)[2], safe="%/:=&?~#+!$,;'@()*[]-._")
    return f"{parts.scheme}://{host}{rest}"
