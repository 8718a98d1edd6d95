"""Topics and sources: hubs, numbered pages, the topic tree and the list of sources.

Part of planning.
"""

from __future__ import annotations

from datetime import date
from functools import partial

from tidings.model.catalog import Source, Topic
from tidings.model.page import PagePlan, PageSketch
from tidings.model.view import (
    LinkView,
    PagerView,
    PageView,
    SectionView,
    SourcePageView,
    TopicView,
)
from tidings.pages.archive import long_date
from tidings.pages.entries import entries_by_time
from tidings.pages.follow import followed
from tidings.pages.material import Material, addressed, logo_href
from tidings.pages.paginate import Numbered, Pages, paginate
from tidings.pages.redirects import sketch_redirect
from tidings.pages.urls import (
    day_path,
    file_of,
    numbered_path,
    topic_path,
)

TOPICS_PATH = "/topics/"
SOURCES_PATH = "/sources/"


def sketch_topics(material: Material) -> list[PageSketch]:
    """The topic tree, and every topic's hub and numbered pages."""
    bases = material.bases
    tree = bases.everything("topics")
    plan_tree = partial(_plan_tree, material)
    sketches = [PageSketch(file_of(TOPICS_PATH), "", "topics.html", plan_tree, tree)]
    for topic in material.catalog.topics.values():
        hub = topic_path(topic.slug)
        pages = paginate(
            topic.record_ids, material.config.lists.page_size, hub, material.addresses
        )
        sketches.append(
            PageSketch(
                file_of(hub),
                "",
                "topic.html",
                partial(_plan_hub, topic, pages, material),
                bases.listed("hub", bases.topic(topic), pages.hub_ids, pages.hub_pager),
            )
        )
        sketches.extend(
            PageSketch(
                file_of(numbered_path(hub, page.number)),
                "",
                "topic_page.html",
                partial(_plan_topic_page, topic, page, material),
                bases.listed("page", bases.label(topic.slug), page.ids, page.pager),
            )
            for page in pages.full
        )
        sketches.extend(_filling(hub, pages, material))
    return sketches


def _plan_tree(material: Material) -> PagePlan:
    topics = material.catalog.topics
    return PagePlan(
        path=file_of(TOPICS_PATH),
        template="topics.html",
        origin="",
        view=PageView(
            kind="topics",
            title="Topics",
            **addressed(TOPICS_PATH, material),
            description=f"All topics of {material.config.site.title}.",
            topics=tuple(
                topic_view(topic, material, deep=True)
                for topic in topics.values()
                if not topic.parent
            ),
            count=len(topics),
            held=material.held_back,
        ),
    )


def topic_view(topic: Topic, material: Material, *, deep: bool) -> TopicView:
    """The topic with its place in the tree; `deep` for all levels below, else only the next."""
    topics = material.catalog.topics
    parent = topics.get(topic.parent)
    return TopicView(
        name=topic.name,
        url=material.addresses.href(topic_path(topic.slug)),
        slug=topic.slug,
        description=topic.description,
        count=len(topic.record_ids),
        held=topic.held,
        parent=topic_link(parent, material) if parent else None,
        children=tuple(
            topic_view(topics[child], material, deep=True)
            if deep
            else _leaf(topics[child], material)
            for child in topic.children
        ),
    )


def topic_link(topic: Topic, material: Material) -> LinkView:
    """A link to the topic's hub."""
    return LinkView(
        name=topic.shortname or topic.name, url=material.addresses.href(topic_path(topic.slug))
    )


def _leaf(topic: Topic, material: Material) -> TopicView:
    return TopicView(
        name=topic.name,
        url=material.addresses.href(topic_path(topic.slug)),
        slug=topic.slug,
        count=len(topic.record_ids),
    )


def _plan_hub(topic: Topic, pages: Pages, material: Material) -> PagePlan:
    hub = topic_path(topic.slug)
    return PagePlan(
        path=file_of(hub),
        template="topic.html",
        origin="",
        view=PageView(
            kind="topic",
            title=topic.name,
            **addressed(hub, material),
            description=topic.description or f"News on {topic.name}, newest first.",
            breadcrumbs=_crumbs(topic, material),
            sections=sections_by_day(
                _without_story(topic.lead, pages.hub_ids, material), material
            ),
            pager=pages.hub_pager,
            topic=topic_view(topic, material, deep=False),
            **followed(hub, topic.record_ids, material),
            lead=material.cards[topic.lead] if topic.lead else None,
            count=len(topic.record_ids),
            held=topic.held,
        ),
    )


def _plan_topic_page(topic: Topic, page: Numbered, material: Material) -> PagePlan:
    hub = topic_path(topic.slug)
    href = material.addresses.href(hub)
    path = numbered_path(hub, page.number)
    return PagePlan(
        path=file_of(path),
        template="topic_page.html",
        origin="",
        view=PageView(
            kind="topic-page",
            title=f"{topic.name}, page {page.number}",
            **addressed(path, material),
            description=f"News on {topic.name}, page {page.number} from the oldest.",
            breadcrumbs=(*_crumbs(topic, material), LinkView(topic.name, href)),
            sections=sections_by_day(
                entries_by_time(page.ids, material.catalog.stories), material
            ),
            pager=page.pager,
            # What numbered pages tell of the topic must not change with its count.
            topic=TopicView(name=topic.name, url=href, slug=topic.slug),
        ),
    )


def _crumbs(topic: Topic, material: Material) -> tuple[LinkView, ...]:
    return (
        LinkView("Topics", material.addresses.href(TOPICS_PATH)),
        *_ancestors(topic, material),
    )


def _filling(hub: str, pages: Pages, material: Material) -> list[PageSketch]:
    """The page that is being filled: its items are on the hub, so it leads there.

    Only the newest full page links to it, so there is none before a page is full.
    """
    if not pages.full:
        return []
    return [sketch_redirect(numbered_path(hub, pages.hub_pager.number), hub, "", material)]


def _ancestors(topic: Topic, material: Material) -> tuple[LinkView, ...]:
    links: list[LinkView] = []
    while topic.parent:
        topic = material.catalog.topics[topic.parent]
        links.append(topic_link(topic, material))
    return tuple(reversed(links))


def _without_story(lead: str, ids: tuple[str, ...], material: Material) -> tuple[str, ...]:
    """The ids, one for each story, without the lead's own story."""
    stories = material.catalog.stories
    told = stories[lead].members if lead in stories else (lead,)
    return entries_by_time((each for each in ids if each not in told), stories)


def sections_by_day(ids: tuple[str, ...], material: Material) -> tuple[SectionView, ...]:
    """The cards of the records (newest first) by local day."""
    # Clocks that go back over midnight enter a day twice, so a day is more than a run of ids.
    days: dict[date, list[str]] = {}
    for identity in ids:
        days.setdefault(material.catalog.local_dates[identity], []).append(identity)
    return tuple(
        SectionView(
            name=long_date(day),
            url=material.addresses.href(day_path(day)),
            cards=material.cards_of(tuple(days[day])),
            date=day,
            anchor=f"day-{day.isoformat()}",
        )
        for day in sorted(days, reverse=True)
    )


def sketch_sources(material: Material) -> list[PageSketch]:
    """The list of sources, and every source's hub and numbered pages."""
    bases = material.bases
    sources = material.catalog.sources.values()
    every = bases.together(("sources", material.held_back), map(bases.source, sources))
    plan_list = partial(_plan_sources, material)
    sketches = [PageSketch(file_of(SOURCES_PATH), "", "sources.html", plan_list, every)]
    for source in sources:
        hub = material.addresses.sources[source.domain]
        pages = paginate(
            source.record_ids, material.config.lists.page_size, hub, material.addresses
        )
        sketches.append(
            PageSketch(
                file_of(hub),
                "",
                "source.html",
                partial(_plan_source_hub, source, hub, pages, material),
                bases.listed("hub", bases.source(source), pages.hub_ids, pages.hub_pager),
            )
        )
        sketches.extend(
            PageSketch(
                file_of(numbered_path(hub, page.number)),
                "",
                "source.html",
                partial(_plan_source_page, source, hub, page, material),
                bases.listed("page", bases.outlet(source.domain), page.ids, page.pager),
            )
            for page in pages.full
        )
        sketches.extend(_filling(hub, pages, material))
    return sketches


def _plan_sources(material: Material) -> PagePlan:
    sources = material.catalog.sources
    return PagePlan(
        path=file_of(SOURCES_PATH),
        template="sources.html",
        origin="",
        view=PageView(
            kind="sources",
            title="Sources",
            **addressed(SOURCES_PATH, material),
            description=f"The outlets that {material.config.site.title} reads.",
            sources=tuple(_source_view(source, material) for source in sources.values()),
            count=len(sources),
            held=material.held_back,
        ),
    )


def _source_view(source: Source, material: Material) -> SourcePageView:
    counts: dict[str, int] = {}
    for identity in source.record_ids:
        slug = material.catalog.main_topics.get(identity)
        if slug:
            counts[slug] = counts.get(slug, 0) + 1
    topics = material.catalog.topics
    ordered = sorted(counts, key=lambda slug: (-counts[slug], topics[slug].name, slug))
    return SourcePageView(
        source=material.sources[source.domain],
        count=len(source.record_ids),
        topics=tuple(
            LinkView(
                name=topics[slug].name,
                url=material.addresses.href(topic_path(slug)),
                count=counts[slug],
            )
            for slug in ordered
        ),
        large_logo=logo_href(source.large_logo, material),
        home_url=f"https://{source.domain}/",
    )


def _plan_source_hub(source: Source, hub: str, pages: Pages, material: Material) -> PagePlan:
    about = _source_view(source, material)
    return _source_plan(
        hub, hub, source.name, (pages.hub_ids, pages.hub_pager), about, material
    )


def _plan_source_page(source: Source, hub: str, page: Numbered, material: Material) -> PagePlan:
    # As with topics: what numbered pages tell must not change with the count.
    still = SourcePageView(
        source=material.sources[source.domain], home_url=f"https://{source.domain}/"
    )
    path = numbered_path(hub, page.number)
    title = f"{source.name}, page {page.number}"
    return _source_plan(path, hub, title, (page.ids, page.pager), still, material)


def _source_plan(
    path: str,
    hub: str,
    title: str,
    listed: tuple[tuple[str, ...], PagerView],
    about: SourcePageView,
    material: Material,
) -> PagePlan:
    ids, pager = listed
    return PagePlan(
        path=file_of(path),
        template="source.html",
        origin="",
        view=PageView(
            kind="source",
            title=title,
            **addressed(path, material),
            description=f"Articles from {about.source.name}, newest first.",
            breadcrumbs=(LinkView("Sources", material.addresses.href(SOURCES_PATH)),),
            sections=sections_by_day(ids, material),
            pager=pager,
            source=about,
            **followed(hub, ids, material),
            count=about.count,
        ),
    )
