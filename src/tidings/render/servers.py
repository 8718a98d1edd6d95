"""What servers and robots read: `robots.txt` (RFC 9309), and `_headers` and `_redirects` as
Netlify and Cloudflare Pages take them. Part of rendering.

The same headers for nginx and Apache are in docs/reference, made from here.
"""

from __future__ import annotations

from collections.abc import Iterator

from tidings.model.documents import Headers, Redirects, Robots
from tidings.model.media import FEEDS
from tidings.render.policy import site_policy

REFERRER = "strict-origin-when-cross-origin"
FOR_EVER = "public, max-age=31536000, immutable"
"""For files whose names change with their bytes."""

FEED_PLACES = ("", "topics/:slug/", "sources/:domain/", "stories/:id/", "newsletters/")
"""Where feeds are. Both hosts know such a placeholder, and stars only at the end of a path."""


def write_robots(robots: Robots) -> bytes:
    """Robots may go everywhere, and are told where the sitemaps are.

    Also where nothing is to be listed: a robot reads that on the pages themselves.
    """
    lines = ["User-agent: *", "Disallow:"]
    if robots.sitemaps:
        lines += ["", *(f"Sitemap: {url}" for url in robots.sitemaps)]
    return _lines(lines)


def write_headers(headers: Headers) -> bytes:
    """The headers of all files, of hashed ones, of feeds and of the API."""
    return _lines(_header_lines(headers))


def general_headers(headers: Headers) -> list[tuple[str, str]]:
    """What a server is to say with every file of the site: names and values."""
    found = [
        (
            "Content-Security-Policy",
            site_policy(headers.remote_pictures, headers.frames, headers.search),
        ),
        ("Referrer-Policy", REFERRER),
        ("X-Content-Type-Options", "nosniff"),
    ]
    if headers.noindex:
        found.append(("X-Robots-Tag", "noindex"))
    return found


def _header_lines(headers: Headers) -> Iterator[str]:
    base = headers.base
    yield f"{base}*"
    yield from (f"  {name}: {value}" for name, value in general_headers(headers))
    yield f"{base}static/*"
    yield f"  Cache-Control: {FOR_EVER}"
    if headers.api:
        yield f"{base}api/*"
        # The API is for apps, those in browsers too, and holds nothing that is not public.
        yield "  Access-Control-Allow-Origin: *"
    for place in FEED_PLACES:
        for name, kind in FEEDS.items():
            yield f"{base}{place}{name}"
            yield f"  Content-Type: {kind}"


def write_redirects(redirects: Redirects) -> bytes:
    """One line for each address that leads elsewhere for good."""
    return _lines(f"{move.old} {move.new} 301" for move in redirects.moves)


def _lines(lines: Iterator[str] | list[str]) -> bytes:
    return ("\n".join(lines) + "\n").encode("utf-8", "replace")
