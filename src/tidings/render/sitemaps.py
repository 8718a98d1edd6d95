"""Sitemaps as XML: the protocol of sitemaps.org (0.9), with Google's for news (0.9).

Part of rendering.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape

from tidings.model.documents import (
    NewsEntry,
    NewsSitemap,
    Sitemap,
    SitemapEntry,
    SitemapIndex,
)
from tidings.render.filters import write_instant

HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
NEWS_SPACE = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold, not even escaped."""


def write_sitemap(sitemap: Sitemap) -> bytes:
    """The sitemap in UTF-8."""
    return _whole(f"<urlset {SPACE}>", _entries("url", sitemap.entries), "</urlset>")


def write_index(index: SitemapIndex) -> bytes:
    """The index in UTF-8."""
    entries = _entries("sitemap", index.entries)
    return _whole(f"<sitemapindex {SPACE}>", entries, "</sitemapindex>")


def write_news(sitemap: NewsSitemap) -> bytes:
    """The sitemap of recent articles in UTF-8."""
    name = _text(sitemap.publication)
    entries = (_news(entry, name) for entry in sitemap.entries)
    return _whole(f"<urlset {SPACE} {NEWS_SPACE}>", entries, "</urlset>")


def _entries(tag: str, entries: Iterable[SitemapEntry]) -> Iterator[str]:
    for entry in entries:
        changed = ""
        if entry.changed_at is not None:
            changed = f"<lastmod>{write_instant(entry.changed_at)}</lastmod>"
        yield f"<{tag}><loc>{_text(entry.url)}</loc>{changed}</{tag}>"


def _news(entry: NewsEntry, publication: str) -> str:
    return (
        f"<url><loc>{_text(entry.url)}</loc><news:news><news:publication>"
        f"<news:name>{publication}</news:name>"
        f"<news:language>{_text(entry.language)}</news:language></news:publication>"
        f"<news:publication_date>{write_instant(entry.published_at)}</news:publication_date>"
        f"<news:title>{_text(entry.title)}</news:title></news:news></url>"
    )


def _text(text: str) -> str:
    """The text as it may stand between tags."""
    plain = escape(ILLEGAL.sub("", text), quote=False)
    return plain.replace("'", "&apos;").replace('"', "&quot;")


def _whole(start: str, entries: Iterable[str], end: str) -> bytes:
    return "\n".join((HEAD, start, *entries, end, "")).encode()
