"""HTML from strangers and from Markdown, through a sanitiser that parses (nh3, ammonia)."""

from __future__ import annotations

import functools
import html
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tidings.model.record import Video
from tidings.sources.addresses import clean_url, host_of, video_id

if TYPE_CHECKING:
    import nh3

BODY_TAGS = {
    *("p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "em", "strong", "s", "code", "pre"),
    *("blockquote", "ul", "ol", "li", "a", "img", "sup", "div"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
BODY_ATTRIBUTES = {
    "a": {"href", "rel", "class", "id", "aria-label", "title"},
    "img": {"src", "alt", "title", "loading", "decoding"},
    "ol": {"start", "class"},
    "li": {"id", "class"},
    "sup": {"class"},
    "hr": {"class"},
    "div": {"class"},
    "code": {"class"},
    "th": {"class"},
    "td": {"class"},
    "pre": {"tabindex"},
}
BODY_SCHEMES = {"http", "https", "mailto", "tidings-root", "tidings-record"}
"""The last two are marks of ours for addresses that are known only when pages are planned; no
author can write them, because the Markdown step refuses every scheme but the first three."""

FEATURED_TAGS = {
    *("p", "br", "em", "strong", "b", "i", "blockquote", "ul", "ol", "li", "a", "code"),
}
# Elements whose content is not text for readers.
HIDDEN_TAGS = {"script", "style", "iframe", "noscript", "template", "title", "textarea", "svg"}

STRANGERS = "nofollow noopener noreferrer"
"""What a stranger's link is to this site: nothing that search engines should count."""

TAG = re.compile(r"""<[A-Za-z/](?:[^"<>]|"[^"]*")*>""")
FRAME = re.compile(r'<iframe src="([^"]*)"')


def sanitise_body(markup: str) -> str:
    """The Markdown step's HTML with nothing in it but what a body may hold."""
    return _body_cleaner().clean(markup)


@functools.cache
def _body_cleaner() -> nh3.Cleaner:
    import nh3  # Only sites with bodies pay for loading it.

    return nh3.Cleaner(
        tags=BODY_TAGS,
        attributes=BODY_ATTRIBUTES,
        url_schemes=BODY_SCHEMES,
        link_rel=None,
    )


def sanitise_featured(markup: str) -> str:
    """A stranger's HTML with text markup and http(s) links; "" without visible text."""
    clean = _featured_cleaner().clean(markup).strip()
    visible = html.unescape(TAG.sub("", clean))
    return clean if visible and not visible.isspace() else ""


@functools.cache
def _featured_cleaner() -> nh3.Cleaner:
    import nh3

    return nh3.Cleaner(
        tags=FEATURED_TAGS,
        clean_content_tags=HIDDEN_TAGS,
        attributes={"a": {"href"}},
        # The filter is asked about the `rel` that the sanitiser adds, too; strangers have none.
        attribute_filter=lambda _tag, name, value: (
            value if name == "rel" else clean_url(value) or None
        ),
        url_schemes={"http", "https"},
        link_rel=STRANGERS,
    )


def find_video(markup: str) -> Video | None:
    """The first video in the HTML's iframes, of the hosts that we know how to embed."""
    # Through the sanitiser, because it reads tags as browsers do and is quick on any input.
    for source in FRAME.findall(_frame_cleaner().clean(markup)):
        address = html.unescape(source).strip()
        if video := video_of(f"https:{address}" if address.startswith("//") else address):
            return video
    return None


@functools.cache
def _frame_cleaner() -> nh3.Cleaner:
    import nh3

    return nh3.Cleaner(
        tags={"iframe"},
        clean_content_tags=HIDDEN_TAGS - {"iframe"},
        attributes={"iframe": {"src"}},
        url_schemes={"http", "https"},
        link_rel=None,
    )


def video_of(url: str) -> Video | None:
    """The video that the URL names, when its host is one that we know how to embed."""
    url = clean_url(url)
    if not url:
        return None
    parts = urlsplit(url)
    identity = video_id(host_of(url).removeprefix("m."), parts.path.rstrip("/"), parts.query)
    if not identity:
        return None
    return Video(
        host="www.youtube.com",
        watch_url=f"https://www.youtube.com/watch?v={identity}",
        embed_url=f"https://www.youtube-nocookie.com/embed/{identity}",
    )
