"""Files of the site that no template makes, complete, before they are written down: sitemaps,
the JSON API, and what servers and robots read.

Addresses are absolute and percent-encoded unless a field says otherwise.
"""

from __future__ import annotations

import datetime as dt

import msgspec


class SitemapEntry(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One address in a sitemap, or one sitemap in the index."""

    url: str
    changed_at: dt.datetime | None = None
    """When what it shows last changed, as its records say; None where none do."""


class Sitemap(msgspec.Struct, frozen=True, tag="sitemap"):
    """Pages of this site."""

    entries: tuple[SitemapEntry, ...]


class SitemapIndex(msgspec.Struct, frozen=True, tag="sitemap-index"):
    """Sitemaps of this site."""

    entries: tuple[SitemapEntry, ...]


class NewsEntry(msgspec.Struct, frozen=True):
    """One recent article."""

    url: str
    title: str
    language: str
    """As the news protocol has it: two or three letters, or `zh-cn`, or `zh-tw`."""
    published_at: dt.datetime


class NewsSitemap(msgspec.Struct, frozen=True, tag="news-sitemap"):
    """The articles of the last two days."""

    publication: str
    """The site's name."""
    entries: tuple[NewsEntry, ...]


class Robots(msgspec.Struct, frozen=True, tag="robots"):
    """What crawlers are told."""

    sitemaps: tuple[str, ...]


class Headers(msgspec.Struct, frozen=True, tag="headers"):
    """What a server is to say of the site's files."""

    base: str
    """The site's base path: `/`, or `/digest/`."""
    remote_pictures: bool
    """Whether pages may show pictures from other hosts."""
    frames: tuple[str, ...]
    """Addresses of players that a reader may start, one of each host."""
    search: bool
    """Whether the site has a search page."""
    noindex: bool
    """Whether search engines are to list nothing of the site."""
    api: bool
    """Whether the site has the JSON API."""


class Move(msgspec.Struct, frozen=True, array_like=True):
    """An address that leads to another one for good; both begin with the base path."""

    old: str
    new: str


class Redirects(msgspec.Struct, frozen=True, tag="redirects"):
    """Where a server is to send those who ask for an old address."""

    moves: tuple[Move, ...]


class Json(msgspec.Struct, frozen=True, tag="json"):
    """A file of the JSON API."""

    data: bytes
    """The JSON text in UTF-8. A record stands in many files, and is put into JSON once."""


Document = Sitemap | SitemapIndex | NewsSitemap | Robots | Headers | Redirects | Json
