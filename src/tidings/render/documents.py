"""Documents to bytes: the files that no template makes. Part of rendering, beside the
templates.
"""

from __future__ import annotations

from tidings.model.documents import (
    Document,
    Headers,
    Json,
    NewsSitemap,
    Redirects,
    Robots,
    Sitemap,
    SitemapIndex,
)
from tidings.render.servers import write_headers, write_redirects, write_robots
from tidings.render.sitemaps import write_index, write_news, write_sitemap


def write_document(document: Document) -> bytes:
    """The document in UTF-8, as its format has it."""
    match document:
        case Json():
            return document.data + b"\n"
        case Sitemap():
            return write_sitemap(document)
        case SitemapIndex():
            return write_index(document)
        case NewsSitemap():
            return write_news(document)
        case Robots():
            return write_robots(document)
        case Headers():
            return write_headers(document)
        case Redirects():
            return write_redirects(document)
