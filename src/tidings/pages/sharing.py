"""What every page says to search engines and to sites that preview links. Part of planning.

It is made from the page's own view, last of all, so it can tell no more than the page shows.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from urllib.parse import urlsplit

import msgspec

from tidings.model.config import Config
from tidings.model.diagnostic import Diagnostic, Place, Severity
from tidings.model.page import PagePlan, PageSketch
from tidings.model.structured import (
    BreadcrumbList,
    CollectionPage,
    EntryPoint,
    Graph,
    ItemList,
    ListedPage,
    ListItem,
    NewsArticle,
    Organization,
    Reference,
    SearchAction,
    WebPage,
    WebSite,
)
from tidings.model.view import CardView, CoverageView, PageView, PictureView, SiteView
from tidings.pages.material import Material

LISTS = frozenset(("front", "day", "topic", "topic-page", "source", "story", "newsletter"))
"""Kinds of pages that list records."""
OVERVIEWS = frozenset(("month", "year", "topics", "sources", "newsletters"))
"""Kinds of pages that lead to lists."""
SILENT = frozenset(("redirect", "not-found"))
"""Kinds of pages that nobody is to find."""

# In a `script` element nothing may look like its end, nor like a comment; the two separators
# end a line in older scripts. JSON has an escape for each (RFC 8259, section 7).
ESCAPES = (
    (b"&", b"\\u0026"),
    (b"<", b"\\u003c"),
    (b">", b"\\u003e"),
    ("\u2028".encode(), b"\\u2028"),
    ("\u2029".encode(), b"\\u2029"),
)

ENCODER = msgspec.json.Encoder()


def share_pages(
    sketches: Iterable[PageSketch], site: SiteView, config: Config
) -> list[PageSketch]:
    """The sketches, with pages that say to machines what they are."""
    share = partial(share_page, site=site, indexing=config.site.indexing)
    return [
        msgspec.structs.replace(sketch, draw=partial(_draw, sketch.draw, share))
        if sketch.path.endswith(".html")
        else sketch
        for sketch in sketches
    ]


def _draw(draw: Callable[[], PagePlan], share: Callable[[PageView], PageView]) -> PagePlan:
    plan = draw()
    if plan.view is None:
        return plan
    return msgspec.structs.replace(plan, view=share(plan.view))


def site_picture(material: Material) -> PictureView | None:
    """The publisher's picture for pages without one of their own; None where none is set."""
    site = material.config.site
    path = f"/{site.picture.lstrip('/')}"
    href = material.asset_href(path) if site.picture else ""
    if not href:
        return None
    width, height = site.picture_width, site.picture_height
    known = material.measure(path)
    if known is not None and not (width and height):
        width, height = known.width, known.height
    return PictureView(href, width, height, alt=site.title)


def missing_picture(material: Material) -> Iterator[Diagnostic]:
    """A warning where that picture is not there."""
    name = material.config.site.picture
    if name and site_picture(material) is None:
        yield Diagnostic(
            "missing-picture",
            Severity.WARNING,
            f"site.picture names {name!r}, which is not in static/",
            Place("tidings.toml"),
            f"the theme's own picture is used instead; put it at static/{name.lstrip('/')}",
        )


def share_page(page: PageView, site: SiteView, indexing: str) -> PageView:
    """The page with its place in search engines, as `[site] indexing` says, and its JSON-LD."""
    if page.kind in SILENT:
        return page
    canonical, robots = page.canonical_url, page.robots
    if indexing == "noindex":
        robots = robots or "noindex"
    elif indexing == "source" and page.article is not None:
        canonical = page.article.card.source_url
    description = page.description.strip() or page.title or site.title
    return msgspec.structs.replace(
        page,
        description=description,
        canonical_url=canonical,
        robots=robots,
        json_ld=write_json_ld(graph_of(page, description, site)),
    )


def write_json_ld(graph: Graph) -> str:
    """The graph as JSON that may stand in a `script` element as it is."""
    data = ENCODER.encode(graph)
    for sign, escape in ESCAPES:
        data = data.replace(sign, escape)
    return data.decode("utf-8", "replace")


def graph_of(page: PageView, description: str, site: SiteView) -> Graph:
    """What the page says of itself."""
    home = _website(site, page.kind == "front")
    crumbs = _breadcrumbs(page, site)
    url, part = page.absolute_url, Reference(home.id)
    breadcrumb = Reference(crumbs.id) if crumbs else None
    said = (url, url, page.title, description, site.language, part, breadcrumb)
    own: WebPage | CollectionPage
    if page.kind in LISTS:
        own = CollectionPage(*said, main_entity=_list(page, site))
    elif page.kind in OVERVIEWS:
        own = CollectionPage(*said)
    else:
        about = _original(page)
        own = WebPage(*said, about=about, citation=Reference(about.id) if about else None)
    return Graph(things=(home, own, crumbs) if crumbs else (home, own))


@functools.lru_cache(maxsize=4)
def _website(site: SiteView, front: bool) -> WebSite:
    """The site, as its front page tells of it, or as all others do."""
    return WebSite(
        id=f"{site.base_url}#website",
        url=site.base_url,
        name=site.title,
        description=site.description or site.tagline,
        in_language=site.language,
        potential_action=_search(site) if front else None,
    )


def _search(site: SiteView) -> SearchAction | None:
    if not site.search_url:
        return None
    address = _absolute(site.search_url, site)
    return SearchAction(EntryPoint(f"{address}?q={{search_term_string}}"))


def _breadcrumbs(page: PageView, site: SiteView) -> BreadcrumbList | None:
    """The way from the front to the page; None on the front itself."""
    if page.kind == "front":
        return None
    way = [
        (site.title, site.base_url),
        *((crumb.name, _absolute(crumb.url, site)) for crumb in page.breadcrumbs),
        (page.title, page.absolute_url),
    ]
    return BreadcrumbList(
        f"{page.absolute_url}#breadcrumb",
        tuple(ListItem(place, name, url) for place, (name, url) in enumerate(way, 1)),
    )


def _original(page: PageView) -> NewsArticle | None:
    """The outlet's article that the page is about."""
    article = page.article
    if article is None:
        return None
    card = article.card
    publisher = None
    if card.source is not None:
        publisher = Organization(card.source.name, f"https://{card.source.domain}/")
    return NewsArticle(
        id=card.source_url,
        url=card.source_url,
        headline=card.title,
        date_published=card.published_at,
        date_modified=article.updated_at,
        in_language=card.locale,
        publisher=publisher,
    )


def _list(page: PageView, site: SiteView) -> ItemList:
    """What the page lists, in its order, each address once."""
    names: dict[str, str] = {}
    for entry in _entries(page):
        names.setdefault(_absolute(entry.url, site), entry.title)
    listed = enumerate(names.items(), 1)
    return ItemList(
        len(names), tuple(ListedPage(place, url, name) for place, (url, name) in listed)
    )


def _entries(page: PageView) -> Iterator[CardView | CoverageView]:
    if page.lead is not None:
        yield page.lead
    if page.front is not None:
        if page.front.lead is not None:
            yield page.front.lead
        for section in (*page.front.sections, *page.front.more):
            yield from section.cards
    for section in page.sections:
        yield from section.cards
    yield from page.items
    if page.kind == "story":
        yield from page.coverage


def _absolute(url: str, site: SiteView) -> str:
    """The whole address of one that may begin with the site's base path."""
    if not url.startswith("/"):
        return url
    return _origin(site.base_url) + url


@functools.cache
def _origin(base_url: str) -> str:
    parts = urlsplit(base_url)
    return f"{parts.scheme}://{parts.netloc}"
