"""The front page: the latest day's stories by topic, and ways into everything else.

Part of planning.
"""

from __future__ import annotations

from functools import partial

from tidings.model.page import PagePlan, PageSketch
from tidings.model.view import FrontView, LinkView, PageView, SectionView
from tidings.pages.archive import latest_days, long_date, month_view, topic_sections
from tidings.pages.entries import entries_by_rank
from tidings.pages.follow import followed
from tidings.pages.material import Material, addressed
from tidings.pages.shelves import topic_view
from tidings.pages.urls import day_path, file_of

SOURCES_SHOWN = 12
"""Sources in the front's side column, the busiest first."""


def sketch_front(material: Material) -> PageSketch:
    """The front page."""
    basis = material.bases.everything("front")
    return PageSketch(file_of("/"), "", "front.html", partial(_plan_front, material), basis)


def _plan_front(material: Material) -> PagePlan:
    site = material.config.site
    description = site.description or site.tagline or f"{site.title}, by topic and by day."
    front = _front_view(material)
    view = PageView(
        kind="front",
        title=site.title,
        **addressed("/", material),
        description=description,
        date=front.date,
        front=front,
        **followed("/", material.catalog.records, material),
        picture=front.lead.picture if front.lead else None,
        count=len(material.catalog.records),
        held=material.held_back,
    )
    return PagePlan(path=file_of("/"), template="front.html", origin="", view=view)


def _front_view(material: Material) -> FrontView:
    catalog, lists = material.catalog, material.config.lists
    if not catalog.days:
        return FrontView()
    latest = catalog.days[0]
    entries = entries_by_rank(latest.record_ids, catalog.stories)
    lead = entries[0]
    counts = {day.date: len(day.record_ids) for day in catalog.days}
    return FrontView(
        date=latest.date,
        day_url=material.addresses.href(day_path(latest.date)),
        lead=material.cards[lead],
        sections=_limited(topic_sections(latest, material, lead), lists.front_stories - 1),
        days=latest_days(lists.front_days, material),
        month=month_view(latest.date.replace(day=1), counts, material),
        topics=tuple(
            topic_view(topic, material, deep=False)
            for topic in catalog.topics.values()
            if topic.record_ids and not topic.root
        ),
        sources=_sources(material),
        more=_days_before(material, lists.front_stories - len(entries)),
    )


def _limited(sections: tuple[SectionView, ...], most: int) -> tuple[SectionView, ...]:
    """The sections with at most so many cards in all: fewer of each before fewer sections."""
    total = sum(len(section.cards) for section in sections)
    if total <= most:
        return sections
    share = dict.fromkeys(range(len(sections)), 0)
    left = most
    # Round by round one more card for every section that has one left.
    depth = 0
    while left > 0:
        for index, section in enumerate(sections):
            if depth < len(section.cards) and left > 0:
                share[index] += 1
                left -= 1
        depth += 1
    return tuple(
        SectionView(
            name=section.name,
            url=section.url,
            cards=section.cards[: share[index]],
            anchor=section.anchor,
        )
        for index, section in enumerate(sections)
        if share[index]
    )


def _days_before(material: Material, room: int) -> tuple[SectionView, ...]:
    """The best stories of the days before the latest, as far as the front has room for them."""
    sections = []
    for day in material.catalog.days[1 : material.config.lists.front_days]:
        if room <= 0:
            break
        ids = entries_by_rank(day.record_ids, material.catalog.stories)[:room]
        room -= len(ids)
        sections.append(
            SectionView(
                name=long_date(day.date),
                url=material.addresses.href(day_path(day.date)),
                cards=material.cards_of(ids),
                date=day.date,
                anchor=f"day-{day.date.isoformat()}",
            )
        )
    return tuple(sections)


def _sources(material: Material) -> tuple[LinkView, ...]:
    busiest = sorted(
        material.catalog.sources.values(),
        key=lambda source: (-len(source.record_ids), source.name.casefold(), source.domain),
    )
    return tuple(
        LinkView(
            name=source.name,
            url=material.addresses.href(material.addresses.sources[source.domain]),
            count=len(source.record_ids),
        )
        for source in busiest[:SOURCES_SHOWN]
    )
