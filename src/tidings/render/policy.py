"""The content security policy of a page: what a browser may load for it. Part of rendering.

The policy is made from the page's views, so a page without remote pictures or a video cannot
ask another host for anything, whatever the third-party text on it says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from tidings.model.view import CardView, PageView, PictureView

BASE = (
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
)


def content_policy(page: PageView, remote_bodies: bool = False) -> str:
    """The policy as the content of a meta element.

    `remote_bodies` says whether pictures within bodies may come from other hosts.
    """
    article = page.article
    pictures = "img-src 'self'"
    if any(picture.remote for picture in page_pictures(page)) or (
        remote_bodies and article is not None and "<img" in article.html + article.featured_html
    ):
        pictures += " https:"
    parts = [*BASE, pictures]
    if article is not None and article.video is not None:
        parts.append(f"frame-src {_origin(article.video.embed_url)}")
    return "; ".join(parts)


def page_pictures(page: PageView) -> Iterator[PictureView]:
    """Every picture in the page's views."""
    for card in _cards(page):
        if card.picture is not None:
            yield card.picture
    if page.picture is not None:
        yield page.picture
    video = page.article.video if page.article else None
    if video is not None and video.poster is not None:
        yield video.poster


def _cards(page: PageView) -> Iterator[CardView]:
    yield from page.items
    yield from page.story
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
