"""The content security policy of a page: what a browser may load for it. Part of rendering.

The policy is made from the page's views, so a page without remote pictures or a video cannot
ask another host for anything, whatever the third-party text on it says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from tidings.model.view import CardView, PageView

BASE = (
    "default-src 'none'",
    "style-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
)
SCRIPTS = "script-src 'self'"
SEARCH_SCRIPTS = "script-src 'self' 'wasm-unsafe-eval'"
"""Pagefind searches with WebAssembly, which browsers count as code made on the spot (CSP 3).
JavaScript is still only run from files of the site."""


def content_policy(page: PageView, remote_bodies: bool = False) -> str:
    """The policy as the content of a meta element.

    `remote_bodies` says whether pictures within bodies may come from other hosts.
    """
    article = page.article
    in_body = article is not None and "<img" in article.html + article.featured_html
    remote = shows_remote_pictures(page) or (remote_bodies and in_body)
    scripts = SEARCH_SCRIPTS if page.kind == "search" else SCRIPTS
    parts = [*BASE, scripts, "img-src 'self' https:" if remote else "img-src 'self'"]
    if article is not None and article.video is not None:
        parts.append(f"frame-src {_origin(article.video.embed_url)}")
    return "; ".join(parts)


def site_policy(remote_pictures: bool, frames: Iterable[str], search: bool = False) -> str:
    """The policy that a server may send with every file of the site: the least that all of its
    pages' own policies keep to. A browser holds a page to both.

    `frames` are addresses of players; `search` says whether the site has a search page, whose
    worker is held to what the server sends with it. Only a server can say who may frame a page.
    """
    players = sorted({_origin(each) for each in frames} - {"'none'"})
    return "; ".join(
        [
            *BASE,
            SEARCH_SCRIPTS if search else SCRIPTS,
            "img-src 'self' https:" if remote_pictures else "img-src 'self'",
            *([f"frame-src {' '.join(players)}"] if players else ()),
            "frame-ancestors 'none'",
        ]
    )


def shows_remote_pictures(page: PageView) -> bool:
    """Whether any picture or logo in the page's views lies on another host."""
    video = page.article.video if page.article else None
    pictures = (page.picture, video.poster if video else None)
    return (
        any(picture is not None and picture.remote for picture in pictures)
        or any(card.picture is not None and card.picture.remote for card in _cards(page))
        or any(logo.startswith("http") for logo in _logos(page))
    )


def _logos(page: PageView) -> Iterator[str]:
    if page.article is not None and page.article.card.source is not None:
        yield page.article.card.source.logo
    for entry in (*page.sources, *([page.source] if page.source else ())):
        yield entry.source.logo
        yield entry.large_logo


def _cards(page: PageView) -> Iterator[CardView]:
    yield from page.items
    yield from _single(page.lead)
    yield from (entry.card for entry in page.related)
    for section in page.sections:
        yield from section.cards
    if page.article is not None:
        yield page.article.card
    if page.front is not None:
        yield from _single(page.front.lead)
        for section in (*page.front.sections, *page.front.more):
            yield from section.cards


def _single(card: CardView | None) -> Iterable[CardView]:
    return () if card is None else (card,)


def _origin(url: str) -> str:
    """Scheme and host of `url`; `'none'` where a policy could not name it safely."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme != "https" or not host.replace("-", "").replace(".", "").isalnum():
        return "'none'"
    return f"https://{host}"
