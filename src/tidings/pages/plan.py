"""The composer of planning: the catalog to all pages of the site, and what they share.

Planning comes after the catalog and before rendering: nothing is looked up later than here.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from operator import attrgetter
from urllib.parse import unquote, urlsplit

from tidings.model.catalog import Catalog
from tidings.model.config import Config
from tidings.model.diagnostic import Diagnostic, Outcome, Place, Severity
from tidings.model.measure import Measure
from tidings.model.page import PagePlan, PageSketch, SitePlan, SiteSketch
from tidings.model.record import Record, StaticPage
from tidings.model.view import LinkView, PageView, SiteView, ThemeView
from tidings.pages.api import sketch_api
from tidings.pages.archive import sketch_archive
from tidings.pages.article import sketch_articles
from tidings.pages.bodies import check_bodies, resolve_body
from tidings.pages.cards import make_material, runs_right_to_left, with_bases
from tidings.pages.entries import latest_entries
from tidings.pages.feeds import sketch_feeds
from tidings.pages.follow import followed
from tidings.pages.front import sketch_front
from tidings.pages.material import Material, addressed
from tidings.pages.newsletters import NEWSLETTERS_PATH, sketch_newsletters
from tidings.pages.redirects import find_moved, sketch_moved
from tidings.pages.redraw import open_redrawing
from tidings.pages.search import SEARCH_PATH, has_search, sketch_search
from tidings.pages.serving import sketch_serving
from tidings.pages.sharing import missing_picture, share_pages, site_picture
from tidings.pages.shelves import (
    SOURCES_PATH,
    TOPICS_PATH,
    sketch_sources,
    sketch_topics,
    topic_link,
)
from tidings.pages.sitemaps import sketch_sitemaps
from tidings.pages.stories import sketch_stories
from tidings.pages.urls import clashes, digest_of_paths, file_of, make_addresses, year_path

TOPICS_SHOWN = 10
"""Topics in the navigation, in the order of the tree."""

LATEST_SHOWN = 5
"""Latest stories on the page that says that there is no such page."""


def sketch_pages(
    catalog: Catalog,
    config: Config,
    assets: Mapping[str, str],
    duplicates: Iterable[Record],
    theme: ThemeView,
    marks: Mapping[str, bytes] | None = None,
    today: date | None = None,
    measures: Mapping[str, Measure] | None = None,
    apart: bytes = b"",
) -> Outcome[SiteSketch]:
    """All pages of the site, sorted by path; no value where two of them claim one path.

    `assets` has the output path of each asset by its name; `duplicates` are the records that
    `catalog.redirects` names; `marks` are as in `with_bases`, and without them
    pages have no basis; `measures` as in `make_material`. `today` is the site's local day at
    the build's clock; without it no issue of the newsletter is over.
    `apart` are the claims of an earlier sketch, of which no two were for one path.
    """
    records = {**catalog.records, **{record.id: record for record in duplicates}}
    addresses, notes = make_addresses(catalog, records, config.site.base_url)
    material = make_material(catalog, addresses, config, assets, measures)
    bodies = check_bodies(material)
    if marks is not None:
        material = with_bases(material, marks, bodies.resolved)
    static_pages, more_links, broken_pages = _plan_static(material)
    moved, wrong_aliases = find_moved(material, records)
    newsletters = sketch_newsletters(material, today or date.min)
    sketches = [
        sketch_front(material),
        *sketch_archive(material),
        *sketch_articles(material),
        *sketch_topics(material),
        *sketch_sources(material),
        *sketch_stories(material),
        *static_pages,
        *sketch_moved(moved, material),
        *sketch_feeds(material),
        *newsletters,
        *sketch_api(material),
        *sketch_search(material),
        PageSketch(
            "404.html",
            "",
            "not_found.html",
            partial(_plan_not_found, material),
            material.bases.listed("404", b"", _latest(catalog), None),
            indexed=False,
        ),
    ]
    site = _site_view(material, theme, bool(newsletters))
    sketches += sketch_sitemaps(sketches, material)
    sketches += sketch_serving([sketch.path for sketch in sketches], moved, site, material)
    paths = [*[sketch.path for sketch in sketches], *assets.values()]
    claims = digest_of_paths(paths)
    clashing = () if claims == apart else clashes(_claimed(sketches, assets))
    lost = _lost_links({**bodies.paths, **more_links}, paths)
    diagnostics = (
        *notes,
        *bodies.diagnostics,
        *broken_pages,
        *wrong_aliases,
        *lost,
        *clashing,
        *missing_picture(material),
    )
    if clashing:
        return Outcome(None, diagnostics)
    pages = sorted(share_pages(sketches, site, config), key=attrgetter("path"))
    redraw = open_redrawing(sketches, material, site)
    return Outcome(SiteSketch(site, tuple(pages), redraw, claims), diagnostics)


def _claimed(
    sketches: Iterable[PageSketch], assets: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Each output file, and what it is made from."""
    for sketch in sketches:
        yield sketch.path, sketch.origin
    for name, path in assets.items():
        yield path, f"static/{name}"


def plan_all(sketch: SiteSketch) -> SitePlan:
    """The plans of all pages."""
    return SitePlan(sketch.site, tuple(page.draw() for page in sketch.pages))


def _site_view(material: Material, theme: ThemeView, newsletter: bool) -> SiteView:
    catalog, addresses, site = material.catalog, material.addresses, material.config.site
    return SiteView(
        title=site.title,
        url=addresses.href("/"),
        base_url=addresses.absolute("/"),
        tagline=site.tagline,
        description=site.description,
        language=site.language,
        timezone=site.timezone,
        author=site.author,
        nav=_navigation(material),
        pages=tuple(
            LinkView(page.title, addresses.href(f"/{page.slug}/")) for page in catalog.pages
        ),
        topics_url=addresses.href(TOPICS_PATH),
        sources_url=addresses.href(SOURCES_PATH),
        archive_url=addresses.href(year_path(catalog.days[0].date)) if catalog.days else "",
        **followed("/", catalog.records, material),
        newsletter_url=addresses.href(NEWSLETTERS_PATH) if newsletter else "",
        search_url=addresses.href(SEARCH_PATH) if has_search(material) else "",
        rtl=runs_right_to_left("", site.language),
        remote_pictures=material.config.media.remote_pictures,
        theme=theme,
        minify=material.config.output.minify,
        picture=site_picture(material),
    )


def _navigation(material: Material) -> tuple[LinkView, ...]:
    """The topics below the root, or at the top where no topic stands for the whole digest."""
    topics = material.catalog.topics
    roots = {topic.slug for topic in topics.values() if topic.root}
    shown = [
        topic
        for topic in topics.values()
        if topic.record_ids and not topic.root and (topic.parent in roots or not topic.parent)
    ]
    return tuple(topic_link(topic, material) for topic in shown[:TOPICS_SHOWN])


def _lost_links(
    links: Mapping[str, Iterable[str]], there: Iterable[str]
) -> Iterator[Diagnostic]:
    """A warning for each path that a body links and no page is at; `links` has them by file,
    `there` are all output files."""
    files = frozenset(there)
    for file, paths in links.items():
        for path in paths:
            name = unicodedata.normalize("NFC", unquote(urlsplit(path).path)).lstrip("/")
            if files.isdisjoint((name, f"{name}index.html", f"{name}/index.html")):
                yield Diagnostic(
                    "broken-link",
                    Severity.WARNING,
                    f"the link to {path} leads to no page of this site",
                    Place(file),
                    "correct it, or write the whole address of a page that is not of this site",
                )


def _plan_static(
    material: Material,
) -> tuple[list[PageSketch], dict[str, tuple[str, ...]], list[Diagnostic]]:
    """The publisher's own pages, the site's paths that each links by file, and broken links."""
    sketches: list[PageSketch] = []
    links: dict[str, tuple[str, ...]] = {}
    problems: list[Diagnostic] = []
    for page in material.catalog.pages:
        body = resolve_body(page.body, page.file, material)
        problems.extend(body.diagnostics)
        links[page.file] = body.paths
        sketches.append(
            PageSketch(
                file_of(f"/{page.slug}/"),
                page.file,
                "page.html",
                partial(_static_plan, page, body.html, material),
                material.bases.fixed(
                    "page", page.file, page.slug, page.title, page.description, body.html
                ),
            )
        )
    return sketches, links, problems


def _static_plan(page: StaticPage, html: str, material: Material) -> PagePlan:
    path = f"/{page.slug}/"
    return PagePlan(
        path=file_of(path),
        template="page.html",
        origin=page.file,
        view=PageView(
            kind="page",
            title=page.title,
            **addressed(path, material),
            description=page.description or page.title,
            html=html,
        ),
    )


def _latest(catalog: Catalog) -> tuple[str, ...]:
    return latest_entries(catalog.records, catalog.stories, LATEST_SHOWN)


def _plan_not_found(material: Material) -> PagePlan:
    return PagePlan(
        path="404.html",
        template="not_found.html",
        origin="",
        view=PageView(
            kind="not-found",
            title="Page not found",
            url=material.addresses.href("/404.html"),
            absolute_url=material.absolute("/404.html"),
            description="There is no page at this address.",
            robots="noindex",
            items=material.cards_of(_latest(material.catalog)),
        ),
    )
