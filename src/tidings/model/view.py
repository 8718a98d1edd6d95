"""What templates see: frozen views, made when a page is planned, complete and safe.

All text is plain and is escaped by the template engine; fields named `html` hold sanitised
HTML. URLs of this site start with its base path and are ready for `href`. Instants are aware
UTC; the `date` filter makes them local. The docstrings here are the template reference.
"""

from __future__ import annotations

import datetime as dt

import msgspec


# A view is looked up by its value wherever it is shown again, so its hash is kept.
class View(msgspec.Struct, frozen=True, omit_defaults=True, cache_hash=True):
    """Base of all views: a frozen struct, encoded without what is left at its default."""


class LinkView(View, frozen=True):
    """A link within the site."""

    name: str
    url: str
    count: int = 0
    """How many records lie behind it; 0 where that is not said."""
    current: bool = False
    """Whether it names the page that it stands on."""
    locale: str = ""
    """BCP 47 tag of a name that is an article's title; empty for the site's language."""
    rtl: bool = False
    """Whether such a name runs from right to left."""


class FeedView(View, frozen=True):
    """A feed that readers may follow."""

    name: str
    """Its format: `Atom`, `RSS` or `JSON Feed`."""
    url: str
    type: str
    """Its media type: `application/atom+xml`."""


class PictureView(View, frozen=True):
    """A picture that may be shown."""

    url: str
    width: int = 0
    """Pixels; 0 when unknown."""
    height: int = 0
    """Pixels; 0 when unknown."""
    alt: str = ""
    attribution: str = ""
    remote: bool = False
    """Whether showing it asks another host."""


class SourceView(View, frozen=True):
    """The outlet that published something."""

    name: str
    domain: str
    url: str = ""
    """Its page here; empty when it has none."""
    logo: str = ""
    """URL of a logo of this site's own; empty when there is none."""
    monogram: str = ""
    """One or two letters that stand for it where there is no logo."""


class VideoView(View, frozen=True):
    """A video, to be loaded only on request."""

    host: str
    watch_url: str
    embed_url: str
    poster: PictureView | None = None


class CoverageView(View, frozen=True):
    """Another outlet's article on the same story."""

    title: str
    url: str
    """Where its headline leads: its page if it is a record of this site, else its source."""
    host: str
    """Host of `source_url`, without `www.`."""
    source_url: str
    """The article at its outlet."""
    internal: bool = False
    """Whether `url` is a page of this site."""
    excerpt: str = ""
    published_at: dt.datetime | None = None
    source: SourceView | None = None
    video: bool = False
    locale: str = ""
    """BCP 47 tag of title and excerpt, where it is a record of this site that has one."""
    rtl: bool = False
    """Whether title and excerpt run from right to left."""
    also: tuple[CoverageView, ...] = ()
    """Further articles of the same outlet."""


class CardView(View, frozen=True):
    """A record as lists show it."""

    title: str
    url: str
    """Its page here."""
    published_at: dt.datetime
    source_url: str
    """The article at its outlet."""
    host: str
    """Host of `source_url`, without `www.`."""
    excerpt: str = ""
    source: SourceView | None = None
    topics: tuple[LinkView, ...] = ()
    picture: PictureView | None = None
    video: bool = False
    locale: str = ""
    """BCP 47 tag of title and excerpt; empty for the site's language."""
    rtl: bool = False
    """Whether title and excerpt run from right to left."""
    outlets: int = 1
    """Distinct outlets that report the story."""
    coverage: tuple[CoverageView, ...] = ()
    """One or two other outlets' headlines."""
    story_url: str = ""
    """The story's page; empty when it has none."""


class RelatedView(View, frozen=True):
    """An entry of the sidebar "More on this"."""

    card: CardView
    reason: str = ""
    """Why it is there, as a reader would say it: "also on Computer Vision"."""


class ArticleView(View, frozen=True):
    """One record in full."""

    card: CardView
    updated_at: dt.datetime | None = None
    html: str = ""
    """The body, sanitised; empty as a rule."""
    featured_html: str = ""
    """Sanitised HTML that the record brought beside its body."""
    reading_minutes: int = 0
    """Minutes to read the body; 0 without one."""
    video: VideoView | None = None
    tags: tuple[str, ...] = ()


class SectionView(View, frozen=True):
    """The cards of one topic, or of one day."""

    name: str
    url: str = ""
    cards: tuple[CardView, ...] = ()
    date: dt.date | None = None
    """The day, where the section is one."""
    anchor: str = ""
    """An id for links within the page."""


class PagerView(View, frozen=True):
    """Where a page stands in a list that is counted from its oldest page."""

    number: int
    """This page's number; on the hub, that of the page being filled."""
    newer_url: str = ""
    older_url: str = ""
    latest_url: str = ""
    """The hub; empty on the hub itself."""


class CalendarDayView(View, frozen=True):
    """One cell of a calendar."""

    date: dt.date
    count: int = 0
    url: str = ""
    """The day's page; empty on a day without records."""
    level: int = 0
    """How busy the day is: 0 without records, then 1 to 4."""
    outside: bool = False
    """Whether it belongs to the month before or after."""


class MonthView(View, frozen=True):
    """One month as a calendar."""

    date: dt.date
    """Its first day."""
    url: str = ""
    """The month's page; empty for a month without records."""
    count: int = 0
    weeks: tuple[tuple[CalendarDayView, ...], ...] = ()
    """Weeks from Monday to Sunday."""


class TopicView(View, frozen=True):
    """A topic with its place in the tree."""

    name: str
    url: str
    slug: str
    description: str = ""
    count: int = 0
    held: int = 0
    """Records that are held back."""
    parent: LinkView | None = None
    children: tuple[TopicView, ...] = ()
    feed_url: str = ""


class SourcePageView(View, frozen=True):
    """A source with what its page tells."""

    source: SourceView
    count: int = 0
    topics: tuple[LinkView, ...] = ()
    """Topics that it writes about, with counts."""
    large_logo: str = ""
    home_url: str = ""
    """The outlet's own site."""


class FrontView(View, frozen=True):
    """What only the front page shows."""

    date: dt.date | None = None
    """The latest day; None on a site without records."""
    day_url: str = ""
    lead: CardView | None = None
    sections: tuple[SectionView, ...] = ()
    days: tuple[CalendarDayView, ...] = ()
    """Latest days, newest first."""
    month: MonthView | None = None
    """The calendar of the latest day's month."""
    topics: tuple[TopicView, ...] = ()
    sources: tuple[LinkView, ...] = ()
    more: tuple[SectionView, ...] = ()
    """Stories of the days before, when the latest day alone would leave the front thin."""


class ThemeView(View, frozen=True):
    """What `[theme]` in `tidings.toml` says, as far as templates choose by it."""

    stylesheet: bool = False
    """Whether colours or fonts are set, so that pages need the generated `theme.css`."""
    logo: str = ""
    """Asset name of the masthead's logo, for the `asset` filter; empty for the title."""
    logo_width: int = 0
    """Pixels; 0 when unknown."""
    logo_height: int = 0
    """Pixels; 0 when unknown."""
    density: str = "comfortable"
    """`comfortable` or `compact`."""
    columns: tuple[str, ...] = ("days", "topics", "sources")
    """What the front page's side column shows, in order."""


class SiteView(View, frozen=True):
    """The site as a whole: the same on every page."""

    title: str
    url: str
    """The front page, with the base path: `/` or `/digest/`."""
    base_url: str
    """The absolute address of the front page, with a closing slash."""
    tagline: str = ""
    description: str = ""
    language: str = "en"
    timezone: str = "UTC"
    author: str = ""
    nav: tuple[LinkView, ...] = ()
    """Top topics."""
    pages: tuple[LinkView, ...] = ()
    """The publisher's own pages."""
    topics_url: str = ""
    sources_url: str = ""
    archive_url: str = ""
    """The latest year's calendar; empty on a site without records."""
    feed_url: str = ""
    """The feed of all records; empty on a site without records or feeds."""
    feeds: tuple[FeedView, ...] = ()
    """The same feed in each of its formats; `feed_url` is the first."""
    search_url: str = ""
    """Empty while the site has no search page."""
    newsletter_url: str = ""
    """The newsletter's archive; empty while the site has none."""
    rtl: bool = False
    """Whether the site's language is written from right to left."""
    remote_pictures: bool = False
    """Whether the publisher lets pages show pictures from other hosts."""
    theme: ThemeView = ThemeView()
    """The theme's options; templates also see them as `theme`."""
    minify: bool = False
    """Whether pages are minified after a template has made them."""
    picture: PictureView | None = None
    """The picture of pages without one when they are shared; None for the theme's."""


class NewsletterView(View, frozen=True):
    """What only the newsletter's e-mail says. All addresses in an e-mail are absolute."""

    subject: str
    preheader: str
    """What mail programs show after the subject."""
    period: str
    """What the issue tells of: `Monday, 7 October 2024`."""
    more: int = 0
    """Stories that are only on the site."""
    more_url: str = ""
    """Where those are."""
    web_url: str = ""
    """The issue on the web, or the page nearest to it."""
    unsubscribe_url: str = ""
    address: str = ""
    """The publisher's postal address; may be empty."""


class PageView(View, frozen=True):
    """One page. Fields that do not concern its kind are left at their defaults."""

    kind: str
    """`front`, `day`, `month`, `year`, `article`, `topics`, `topic`, `topic-page`, `sources`,
    `source`, `story`, `newsletters`, `newsletter`, `mail`, `page`, `search`,
    `not-found`, `redirect`."""
    title: str
    url: str
    """With the base path."""
    absolute_url: str
    description: str = ""
    canonical_url: str = ""
    robots: str = ""
    """Content of the robots meta element; empty for none."""
    json_ld: str = ""
    """What the page says to machines, as JSON-LD that a `script` may hold; empty for none."""
    date: dt.date | None = None
    """The day, or the first day of the month or year that the page is about."""
    breadcrumbs: tuple[LinkView, ...] = ()
    items: tuple[CardView, ...] = ()
    """A plain list of cards."""
    sections: tuple[SectionView, ...] = ()
    """Cards by topic or by day."""
    pager: PagerView | None = None
    previous: LinkView | None = None
    """The day, month, year or article before."""
    next: LinkView | None = None
    """The day, month, year or article after."""
    front: FrontView | None = None
    article: ArticleView | None = None
    coverage: tuple[CoverageView, ...] = ()
    """Sidebar "Related coverage": shown at once."""
    more_coverage: tuple[CoverageView, ...] = ()
    """The rest of it, opened on request."""
    story: tuple[CoverageView, ...] = ()
    """Other records of this site about the same story."""
    outlets: int = 0
    """Distinct outlets that report the article's story."""
    related: tuple[RelatedView, ...] = ()
    """Sidebar "More on this"."""
    topic: TopicView | None = None
    topics: tuple[TopicView, ...] = ()
    """The topic tree."""
    source: SourcePageView | None = None
    sources: tuple[SourcePageView, ...] = ()
    months: tuple[MonthView, ...] = ()
    years: tuple[LinkView, ...] = ()
    """All years with records, oldest first. Only the page's own has a count."""
    html: str = ""
    """Sanitised HTML of a static page."""
    target_url: str = ""
    """Where a redirect page leads."""
    feed_url: str = ""
    """The feed of just this page's records."""
    feeds: tuple[FeedView, ...] = ()
    """The same feed in each of its formats; `feed_url` is the first."""
    picture: PictureView | None = None
    """The picture that stands for the page when it is shared."""
    count: int = 0
    """Records that the page is about."""
    held: int = 0
    """Records that are held back from it."""
    lead: CardView | None = None
    """A topic's best story of its latest week, on the hub."""
    latest: LinkView | None = None
    """The front, on the page of any but the latest day."""
    story_url: str = ""
    """The page of the article's story; empty when it has none."""
    first_at: dt.datetime | None = None
    """When a story was first told."""
    last_at: dt.datetime | None = None
    """When a story was last told."""
    newsletter: NewsletterView | None = None
    """What an e-mail says beside its stories."""
