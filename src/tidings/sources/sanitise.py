"""HTML from strangers and from Markdown, through a sanitiser that parses (nh3, ammonia)."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

from tidings.model.record import Video
from tidings.sources.repair import clean_url, host_of

BODY_TAGS = {
    *("p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "em", "strong", "s", "code", "pre"),
    *("blockquote", "ul", "ol", "li", "a", "img", "sup", "section"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
BODY_ATTRIBUTES = {
    "a": {"href", "rel", "class", "id", "aria-label", "title"},
    "img": {"src", "alt", "title", "loading", "decoding"},
    "ol": {"start", "class"},
    "li": {"id", "class"},
    "sup": {"class"},
    "hr": {"class"},
    "section": {"class", "aria-label"},
    "code": {"class"},
    "th": {"class"},
    "td": {"class"},
    "pre": {"tabindex"},
}
BODY_SCHEMES = {"http", "https", "mailto", "tidings-root", "tidings-record"}
"""The last two are marks of ours for addresses that are known only when pages are planned; no
author can write them, because the Markdown step refuses every scheme but the first three."""

FEATURED_TAGS = {"p", "br", "em", "strong", "b", "i", "blockquote", "ul", "ol", "li", "a", "code"}


def sanitise_body(html: str) -> str:
    """The Markdown step's HTML with nothing in it but what a body may hold."""
    import nh3  # Only sites with bodies pay for loading it.

    return nh3.clean(
        html,
        tags=BODY_TAGS,
        attributes=BODY_ATTRIBUTES,
        url_schemes=BODY_SCHEMES,
        link_rel=None,
    )


def sanitise_featured(html: str) -> str:
    """A stranger's HTML with text markup and http(s) links left in it, and nothing else."""
    import nh3

    return nh3.clean(
        html,
        tags=FEATURED_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https"},
        link_rel="nofollow noopener noreferrer",
    ).strip()


class _Frames(HTMLParser):
    """Collects the addresses of iframes, and whether there is any text beside them."""

    def __init__(self) -> None:
        super().__init__()
        self.sources: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "iframe":
            self.sources.extend(value or "" for name, value in attrs if name == "src")


def find_video(html: str) -> Video | None:
    """The first video in the HTML's iframes, of the hosts that we know how to embed."""
    frames = _Frames()
    frames.feed(html)
    frames.close()
    for source in frames.sources:
        address = f"https:{source}" if source.startswith("//") else source
        if video := video_of(clean_url(address)):
            return video
    return None


def video_of(url: str) -> Video | None:
    """The video that the URL names, when its host is one that we know how to embed."""
    if not url:
        return None
    parts = urlsplit(url)
    host = host_of(url).removeprefix("m.")
    segments = [part for part in parts.path.split("/") if part]
    identity = ""
    if host in ("youtube.com", "youtube-nocookie.com"):
        if segments and segments[0] in ("embed", "shorts", "live", "v") and len(segments) > 1:
            identity = segments[1]
        elif segments == ["watch"]:
            identity = parse_qs(parts.query).get("v", [""])[0]
    elif host == "youtu.be" and segments:
        identity = segments[0]
    if not _is_video_id(identity):
        return None
    return Video(
        host="www.youtube.com",
        watch_url=f"https://www.youtube.com/watch?v={identity}",
        embed_url=f"https://www.youtube-nocookie.com/embed/{identity}",
    )


def _is_video_id(text: str) -> bool:
    return 6 <= len(text) <= 20 and text.isascii() and text.replace("-", "").replace("_", "").isalnum()
