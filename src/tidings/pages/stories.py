"""Story pages: all that is told of one event, by this site's records and by other outlets.

Part of planning.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

from tidings.model.catalog import CoverageItem, Story
from tidings.model.page import PagePlan, PageSketch
from tidings.model.view import CoverageView, LinkView, PageView
from tidings.pages.archive import long_date
from tidings.pages.cards import coverage_view, member_view
from tidings.pages.feeds import has_feed
from tidings.pages.follow import followed
from tidings.pages.material import Material, addressed
from tidings.pages.urls import day_path, file_of, story_path, topic_path

NEVER = datetime.max.replace(tzinfo=UTC)
"""The place in a time line of what has no instant: the end."""


def sketch_stories(material: Material) -> list[PageSketch]:
    """The page of every story."""
    stories = {story.id: story for story in material.catalog.stories.values()}
    return [
        PageSketch(
            file_of(story_path(story.id)),
            material.catalog.records[story.lead].file,
            "story.html",
            partial(_plan, story, material),
            material.bases.story(story),
        )
        for story in stories.values()
    ]


def _plan(story: Story, material: Material) -> PagePlan:
    lead = material.catalog.records[story.lead]
    card = material.cards[story.lead]
    path = story_path(story.id)
    view = PageView(
        kind="story",
        title=lead.title,
        **addressed(path, material),
        description=f"{story.outlets} sources on: {lead.title}",
        date=material.catalog.local_dates[story.lead],
        breadcrumbs=_breadcrumbs(story, material),
        lead=card,
        coverage=_time_line(story, material),
        more_coverage=tuple(coverage_view(item, material) for item in story.background),
        outlets=story.outlets,
        **followed(path, story.members if has_feed(story, material) else (), material),
        first_at=story.first_at,
        last_at=story.last_at,
        picture=card.picture,
        count=len(story.members),
    )
    return PagePlan(path=file_of(path), template="story.html", origin=lead.file, view=view)


def _time_line(story: Story, material: Material) -> tuple[CoverageView, ...]:
    """Every article of the story from first to last; those without an instant follow."""
    entries = [member_view(identity, material) for identity in story.members]
    for item in story.coverage:
        entries.append(coverage_view(CoverageItem(item.coverage, item.record_id), material))
        entries.extend(coverage_view(other, material) for other in item.also)
    entries.sort(key=_by_time)
    return tuple(entries)


def _by_time(entry: CoverageView) -> tuple[datetime, str, str]:
    return (entry.published_at or NEVER, entry.source_url, entry.title)


def _breadcrumbs(story: Story, material: Material) -> tuple[LinkView, ...]:
    catalog, addresses = material.catalog, material.addresses
    crumbs = []
    slug = catalog.main_topics.get(story.lead)
    if slug:
        crumbs.append(LinkView(catalog.topics[slug].name, addresses.href(topic_path(slug))))
    day = catalog.local_dates[story.lead]
    crumbs.append(LinkView(long_date(day), addresses.href(day_path(day))))
    return tuple(crumbs)
