"""Page plans: everything that a page may show, before a template is chosen to show it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

import msgspec

from tidings.model.documents import Document
from tidings.model.record import Record
from tidings.model.view import PageView, SiteView


class FeedPicture(msgspec.Struct, frozen=True):
    """An entry's picture."""

    url: str
    """Absolute."""
    type: str = ""
    """Media type; empty when unknown."""
    width: int = 0
    """Pixels; 0 when unknown."""
    height: int = 0
    """Pixels; 0 when unknown."""
    bytes: int = 0
    """Size of its file; 0 when unknown."""


class FeedEntry(msgspec.Struct, frozen=True):
    """One entry of a feed."""

    id: str
    """A permanent tag URI (RFC 4151), made from the record alone."""
    title: str
    url: str
    """Absolute address of the page here."""
    external_url: str
    """Address of the article at its outlet."""
    updated_at: dt.datetime
    published_at: dt.datetime
    summary: str = ""
    html: str = ""
    source_name: str = ""
    source_url: str = ""
    topics: tuple[str, ...] = ()
    language: str = ""
    picture: FeedPicture | None = None


class FeedPlan(msgspec.Struct, frozen=True):
    """A feed, complete."""

    id: str
    title: str
    url: str
    """Absolute address of the feed."""
    home_url: str
    """Absolute address of the page that it belongs to."""
    updated_at: dt.datetime
    subtitle: str = ""
    author: str = ""
    language: str = "en"
    entries: tuple[FeedEntry, ...] = ()
    hub: str = ""
    """Absolute address of its WebSub hub; empty for none."""
    to_source: bool = False
    """Whether entries lead to the outlet rather than to the page here."""


class PagePlan(msgspec.Struct, frozen=True, omit_defaults=True):
    """One output file that is rendered."""

    path: str
    """Path below the output folder: `topics/ai/index.html`."""
    template: str
    """Template name, `article.html`; or the name of a built-in format: `atom`, `rss`,
    `json-feed`, or that of a document."""
    origin: str
    """The record or metadata file that it is mostly made from, for messages; may be empty."""
    view: PageView | None = None
    feed: FeedPlan | None = None
    document: Document | None = None
    """What the file holds, where no template and no feed format makes it."""


class PageSketch(msgspec.Struct, frozen=True):
    """A page that the site has, not yet planned: enough to know that it is there."""

    path: str
    """Path below the output folder."""
    origin: str
    """As in the plan."""
    template: str
    """As in the plan."""
    draw: Callable[[], PagePlan]
    """Plans the page. Pure: it gives the same plan whenever, and in whatever process, it is
    called."""
    basis: bytes = b""
    """A digest of what the plan is made from, beside what all pages share: equal bases promise
    equal plans. Empty where nobody asked for it."""
    indexed: bool = True
    """Whether search engines may list it, where it is a page."""
    searched: bool = False
    """Whether the site's own search finds it."""


class Redrawn(msgspec.Struct, frozen=True):
    """The site with some records in an edited form, and all else as it was."""

    draw: Callable[[str], PagePlan | None]
    """Plans the page at a path below the output folder; None where there is none, or where it
    is not made from records."""


class SiteSketch(msgspec.Struct, frozen=True):
    """All pages before they are planned, and what they share."""

    site: SiteView
    pages: tuple[PageSketch, ...]
    """Sorted by path; no two share one."""
    redraw: Callable[[Mapping[str, Record]], Redrawn | None]
    """Gives the site with records, by id, in edited forms that differ in their texts only; None
    where these lead to addresses that are taken."""
    claims: bytes = b""
    """A digest of the paths of all files of the site, assets too."""


class SitePlan(msgspec.Struct, frozen=True):
    """All pages, and what they share."""

    site: SiteView
    pages: tuple[PagePlan, ...]
    """Sorted by path; no two share one."""
