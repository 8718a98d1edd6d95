"""Records and metadata, as the sources step hands them to the catalog: typed, repaired, safe
to show.

Text is plain text (entities decoded, one line, trimmed), instants are aware and UTC, URLs are
absolute http(s) URLs or, for pictures, site-relative paths.

None of these values can hold itself, so Python's search for cycles need not look at them
(`gc=False`); a large site has millions.
"""

from __future__ import annotations

import enum
from datetime import datetime

import msgspec


class Kind(enum.StrEnum):
    """What a reader finds at the source. Unknown kinds are read as articles."""

    ARTICLE = "article"
    VIDEO = "video"


class Provider(msgspec.Struct, frozen=True, gc=False):
    """The outlet that published something, as one record names it."""

    name: str
    domain: str
    """Host name without `www.`, lower case: `nola.com`."""
    logo: str = ""
    """URL or site-relative path of its smallest logo; empty when there is none."""
    authors: tuple[str, ...] = ()


class Picture(msgspec.Struct, frozen=True, gc=False):
    """A picture of the story."""

    url: str
    """Absolute http(s) URL, or a path from the site's root (`/pictures/x.svg`)."""
    width: int = 0
    """Pixels; 0 when unknown."""
    height: int = 0
    """Pixels; 0 when unknown."""
    title: str = ""
    attribution: str = ""


class Video(msgspec.Struct, frozen=True, gc=False):
    """A video that may be embedded on a reader's request."""

    host: str
    """The host that a reader will watch it on: `www.youtube.com`."""
    watch_url: str
    embed_url: str
    """The address of its player, on a host that sets no cookie before playing where there is
    one."""


class Coverage(msgspec.Struct, frozen=True, gc=False):
    """Another outlet's article about the same story: one entry of a record's `related`."""

    title: str
    url: str
    """Where a reader should go."""
    url_key: str
    """`url` without what does not tell pages apart: equal keys mean the same article."""
    excerpt: str = ""
    published_at: datetime | None = None
    kind: Kind = Kind.ARTICLE
    provider: Provider | None = None
    quality: int | None = None
    pictures: tuple[Picture, ...] = ()
    amp_url: str = ""
    cdn_amp_url: str = ""


class BodyLink(msgspec.Struct, frozen=True, gc=False):
    """A link in a body that names another record's file and becomes a link to its page."""

    target: str
    """The file's name as written, without fragment: `2024-10-07-python-3-13.md`."""
    line: int
    """Line in the record's file, counted from 1."""
    mark: str
    """The text that stands in the body's HTML where the page's URL belongs."""


class Body(msgspec.Struct, frozen=True, gc=False):
    """A record's own text, as sanitised HTML."""

    data: bytes
    """The HTML in UTF-8. Bodies are the longest texts of a large site; with typographic quotes
    Python's own form would take twice as many bytes, and three times as many once encoded."""
    words: int
    """Words of visible text, for the reading time."""
    links: tuple[BodyLink, ...] = ()

    @property
    def html(self) -> str:
        """HTML with headings from level 2 down and `mark`s of links still to be resolved."""
        return self.data.decode()


class Record(msgspec.Struct, frozen=True, gc=False):
    """One news record."""

    id: str
    """Path below `content/news/`, NFC, with its ending: `2020-11-17-x.md`. Unique."""
    file: str
    """Path from the site's folder, for messages."""
    title: str
    published_at: datetime
    url: str
    """Where a reader should go: webUrl, or else originalUrl."""
    url_keys: tuple[str, ...]
    """Keys of all URLs of the article, that of `url` first: equal keys mean the same
    article."""
    excerpt: str = ""
    updated_at: datetime | None = None
    expires_at: datetime | None = None
    original_url: str = ""
    web_url: str = ""
    amp_url: str = ""
    cdn_amp_url: str = ""
    source_url: str = ""
    kind: Kind = Kind.ARTICLE
    quality: int | None = None
    heat: int | None = None
    published: bool = True
    provider: Provider | None = None
    """None only when neither the record nor its URL names an outlet."""
    topics: tuple[str, ...] = ()
    """Display names, in the record's order, without repeats."""
    tags: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    video: Video | None = None
    featured_html: str = ""
    """Sanitised HTML of `featuredContent` that is not a video; empty as a rule."""
    locale: str = ""
    """BCP 47 language tag of title and excerpt; empty for the site's own."""
    highlight: str = ""
    slug: str = ""
    """The last part of the permalink as the record wishes it; empty for one made from the
    title."""
    aliases: tuple[str, ...] = ()
    """Paths that redirect to the record's page: `/old/path/`."""
    body: Body | None = None


class TopicMetadata(msgspec.Struct, frozen=True, gc=False):
    """What `content/topics/NN-slug.yaml` says of a topic."""

    file: str
    slug: str
    name: str
    order: int
    """The NN of its file name; a large number when there is none."""
    shortname: str = ""
    parent: str = ""
    """The parent's name; empty at the root."""
    description: str = ""
    keywords: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    parent_line: int = 0
    """Line of `parent` in the file, for messages."""


class ProviderMetadata(msgspec.Struct, frozen=True, gc=False):
    """What `content/providers/<domain>.md` says of an outlet; it overrides what records say."""

    file: str
    name: str
    domain: str
    other_names: tuple[str, ...] = ()
    logo: str = ""
    """Smallest logo (50 × 50 as a rule)."""
    large_logo: str = ""
    """Largest logo (400 × 400 as a rule)."""
    description: str = ""


class StaticPage(msgspec.Struct, frozen=True, gc=False):
    """A page of the publisher's own: about, imprint."""

    file: str
    slug: str
    """Its path at the site's root: `about` for `/about/`; may hold slashes."""
    title: str
    description: str
    order: int
    """Place in the navigation; pages without one come last, by title."""
    body: Body
