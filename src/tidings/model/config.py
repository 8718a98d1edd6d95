"""What `tidings.toml` may say: the typed model that checks it and that its page is made from.

A docstring under a field is the reference text of that setting.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from tidings.model.publishing import AnyTarget

Colour = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^(#([0-9a-fA-F]{3}|[0-9a-fA-F]{6}))?\Z",
        description="a colour as `#rgb` or `#rrggbb`",
    ),
]
"""A colour as `#rgb` or `#rrggbb`; empty for the theme's own."""

Authority = Annotated[
    str,
    msgspec.Meta(
        # RFC 4151, section 2.1, without addresses of e-mail.
        pattern=r"^([A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+,[0-9]{4}(-[0-9]{2}){0,2})?\Z",
        max_length=200,
        description="a domain and a year, such as `example.org,2026`",
    ),
]
"""Who makes ids, and since when; empty for no one in particular."""

FontList = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^[A-Za-z0-9 ,_-]*\Z",
        max_length=200,
        description="names of font families with commas between",
    ),
]
"""Names of font families with commas between; empty for the theme's own."""

Pixels = Annotated[int, msgspec.Meta(ge=0, le=1200)]
"""A length on the screen; 0 where it is not said."""

Filled = Annotated[str, msgspec.Meta(min_length=1, description="a text that is not empty")]
"""A text that would match everything if it were empty."""


class SiteConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The digest as a whole."""

    title: str = "News digest"
    """The digest's name, in the masthead and in every page's title."""
    tagline: str = ""
    """One line under the masthead."""
    description: str = ""
    """One or two sentences for search engines and feeds; made from the title when empty."""
    base_url: str = "http://localhost:8000/"
    """Where the site will be reached, with its path if it has one: `https://example.org/news/`."""
    language: str = "en"
    """BCP 47 tag of the site's own texts."""
    timezone: str = "UTC"
    """IANA name of the time zone that decides which day a record belongs to:
    `Europe/Berlin`."""
    author: str = ""
    """Who publishes the digest; named in the feed and at the foot of pages."""
    indexing: Literal["self", "source", "noindex"] = "self"
    """What search engines are asked to list. `self`: all pages, those of articles too.
    `source`: articles at their outlets; their pages here name the outlet's address as the
    canonical one and are in no sitemap. `noindex`: nothing of this site."""
    picture: str = ""
    """A file in `static/` that stands for pages without a picture when they are shared:
    `share.png`, best a PNG or JPEG of 1200 by 630 pixels. Empty for the theme's own."""
    picture_width: Annotated[int, msgspec.Meta(ge=0, le=20_000)] = 0
    """Its width (pixels); 0 where it is not said."""
    picture_height: Annotated[int, msgspec.Meta(ge=0, le=20_000)] = 0
    """Its height (pixels); 0 where it is not said."""
    root_topic: str = ""
    """Name of the topic that stands for the whole digest. When empty: the only topic declared
    without a parent, when others are declared below it."""


class ContentConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which records are shown."""

    unpublished: bool = False
    """Show records with `published: false` too."""
    future: bool = False
    """Show records dated after the build's clock too."""
    max_file_bytes: Annotated[int, msgspec.Meta(ge=1_000, le=1_000_000_000)] = 5_000_000
    """A larger record is refused (bytes)."""
    placeholder_pictures: tuple[str, ...] = ()
    """Picture URLs that are never shown. One that many records repeat is found without being
    named."""


class BlockConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Records that are never shown, whatever they say themselves. Other outlets' articles are
    not listed as coverage either when their host, title or URL is blocked."""

    domains: tuple[Filled, ...] = ()
    """Hosts, with all hosts below them: `example.com` blocks `news.example.com`."""
    topics: tuple[Filled, ...] = ()
    """Topic names."""
    titles: tuple[Filled, ...] = ()
    """Words or phrases in a title, compared without regard to case: `AI` blocks `Laws for AI`,
    but not `She said`."""
    urls: tuple[Filled, ...] = ()
    """Beginnings of URLs."""


class ListsConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How much a list shows."""

    page_size: Annotated[int, msgspec.Meta(ge=1, le=1_000)] = 25
    """Stories on one page of a topic or source."""
    front_stories: Annotated[int, msgspec.Meta(ge=1, le=1_000)] = 40
    """Stories on the front page, at most."""
    front_days: Annotated[int, msgspec.Meta(ge=0, le=366)] = 7
    """Latest days named on the front page."""
    coverage: Annotated[int, msgspec.Meta(ge=0, le=100)] = 6
    """Other outlets' articles shown at once in the sidebar; the rest opens on request."""


class FeedConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Feeds of the site, of every topic, every source and every story."""

    formats: tuple[Literal["atom", "rss", "json"], ...] = ("atom", "rss", "json")
    """Which are made: `feed.xml` (Atom), `rss.xml` (RSS 2.0) and `feed.json` (JSON Feed 1.1).
    Pages name them in this order, and their visible link leads to the first. Empty for none."""
    entries: Annotated[int, msgspec.Meta(ge=1, le=1_000)] = 30
    """Entries of a feed: the newest ones."""
    content: Literal["full", "summary"] = "full"
    """What an entry holds: `full` for its excerpt and the body written here, `summary` for the
    excerpt alone."""
    link: Literal["page", "source"] = "page"
    """Where an entry's headline leads: to its `page` here, or to its `source`. JSON Feed names
    both in any case."""
    stories: Literal["every", "several", "none"] = "every"
    """Which stories have feeds: `every` one that has a page, those with `several` records here,
    or `none`. They are many small files on a large digest."""
    authority: Authority = ""
    """A domain of yours and a year in which it was yours, such as `example.org,2026`: ids are
    made with it, so that no other digest has the same ones, and the feeds themselves have ids
    that stay when the site moves. Set it before the first readers come, and never change it."""
    hub: str = ""
    """Address of a WebSub hub that tells feed readers of changes at once; feeds name it. To let
    it know of them, give a publish target the same address as `websub`."""


class RelatedConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The sidebar "More on this"."""

    enabled: bool = True
    """Show the sidebar."""
    count: Annotated[int, msgspec.Meta(ge=0, le=50)] = 5
    """Articles in it, at most."""
    minimum_score: Annotated[int, msgspec.Meta(ge=0, le=1000)] = 100
    """Articles that are less near are left out (0 to 1000, where 1000 is the same text)."""
    half_life_days: Annotated[int, msgspec.Meta(ge=0, le=36_500)] = 60
    """Articles this many days apart count half as near; 0: time does not count."""
    topic_weight: Annotated[int, msgspec.Meta(ge=0, le=100)] = 50
    """Percent of nearness that is lost without a shared topic."""
    coverage_weight: Annotated[int, msgspec.Meta(ge=0, le=100)] = 50
    """Percent by which a shared URL, their own or another outlet's, brings two articles
    nearer."""


class StoriesConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Stories: records and outside coverage that report the same event."""

    enabled: bool = True
    """Bring them together."""
    window_days: Annotated[int, msgspec.Meta(ge=1, le=60)] = 7
    """Days between two records of one event, at most. What is further apart is never joined,
    and
    coverage further from all members is kept as background."""
    span_days: Annotated[int, msgspec.Meta(ge=1, le=366)] = 14
    """Days from a story's first record to its last, at most."""
    by_text: bool = True
    """Join records by their texts too, not only by shared URLs."""
    likeness: Annotated[int, msgspec.Meta(ge=100, le=1000)] = 320
    """How alike the texts of two records must be to start a story, in thousandths. Lower finds
    more and errs more."""


class MediaConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Pictures from other hosts."""

    remote_pictures: bool = False
    """Show pictures straight from the hosts that records name. Every reader's browser then asks
    those hosts for them; left off, only the site's own pictures are shown."""


class OutputConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How pages are written."""

    minify: bool = False
    """Take blanks and optional marks out of the pages: smaller, no longer pleasant to read.
    Needs
    the extra `minify`: `pip install tidings[minify]`."""


class NewsletterConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The digest as an e-mail, and as pages below `/newsletters/`."""

    enabled: bool = False
    """Make web pages of the newsletter, with an archive and a feed. `tidings newsletter` works
    without them."""
    every: Literal["day", "week"] = "day"
    """How much one issue tells of: `day`, or `week` from Monday to Sunday."""
    keep: Annotated[int, msgspec.Meta(ge=1, le=10_000)] = 30
    """Issues that have web pages: the last ones that are over and have stories."""
    stories: Annotated[int, msgspec.Meta(ge=1, le=1_000)] = 40
    """Stories in one e-mail, at most; fewer where it would grow too large for mail programs."""
    sender: str = ""
    """Who the e-mail is from: `Software Commons <news@example.org>`. Needed for an e-mail."""
    to: str = ""
    """Its `To:` line, such as the address of a mailing list; empty for none."""
    list_unsubscribe: str = ""
    """Where readers leave: an address that starts with `https://`, for leaving with one click
    (RFC 8058), or with `mailto:`. Needed for an e-mail."""
    address: str = ""
    """Postal address at the foot of the e-mail; the law asks for one in many countries."""


class ApiConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The JSON API below `/api/`, for apps."""

    enabled: bool = True
    """Make it."""
    page_size: Annotated[int, msgspec.Meta(ge=1, le=1_000)] = 25
    """Records on one page of a list. Pages count from the newest, so a new record changes every
    page of its lists: larger pages are fewer to change."""


class SearchConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The site's own search, at `/search/`. It needs the extra `search`:
    `pip install tidings[search]`."""

    enabled: bool = True
    """Make it. Without the extra there is none, and a build says so."""
    serve: bool = False
    """Make it in `tidings serve` too, where it is left out to show changes sooner."""


class ThemeConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the default theme looks."""

    accent: Colour = ""
    """Colour of links and marks: `#0b5cad`. It is darkened for the light look and lightened
    for the
    dark one as far as the text needs it to be read with ease."""
    headline_font: FontList = ""
    """Font families of headlines, first choice first, as readers have them installed:
    `Georgia, serif`."""
    text_font: FontList = ""
    """Font families of article bodies and excerpts."""
    interface_font: FontList = ""
    """Font families of everything small: outlets, times, navigation."""
    logo: str = ""
    """A file in `static/` shown in the masthead in place of the title: `logo.svg`."""
    logo_width: Pixels = 0
    """Width of the logo as shown (pixels)."""
    logo_height: Pixels = 0
    """Height of the logo as shown (pixels)."""
    density: Literal["comfortable", "compact"] = "comfortable"
    """How close stories stand: `comfortable`, or `compact` for more on a screen."""
    columns: tuple[Literal["days", "topics", "sources"], ...] = ("days", "topics", "sources")
    """What the front page's side column shows, in this order. Empty for no side column."""


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that `tidings.toml` may say."""

    site: SiteConfig = SiteConfig()
    content: ContentConfig = ContentConfig()
    block: BlockConfig = BlockConfig()
    lists: ListsConfig = ListsConfig()
    feed: FeedConfig = FeedConfig()
    related: RelatedConfig = RelatedConfig()
    stories: StoriesConfig = StoriesConfig()
    media: MediaConfig = MediaConfig()
    output: OutputConfig = OutputConfig()
    newsletter: NewsletterConfig = NewsletterConfig()
    api: ApiConfig = ApiConfig()
    search: SearchConfig = SearchConfig()
    theme: ThemeConfig = ThemeConfig()
    publish: dict[str, AnyTarget] = {}
    """Where `tidings publish` takes the site, by the name of each target."""
