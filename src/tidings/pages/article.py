"""Article pages: one record in full, with both sidebars and neighbours. Part of planning."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import partial

from tidings.model.catalog import CoverageItem, RelatedItem
from tidings.model.page import PagePlan, PageSketch
from tidings.model.record import Record
from tidings.model.view import (
    ArticleView,
    LinkView,
    PageView,
    RelatedView,
    VideoView,
)
from tidings.pages.archive import long_date
from tidings.pages.bodies import resolve_body
from tidings.pages.cards import coverage_view, member_view
from tidings.pages.material import Material, picture_view
from tidings.pages.urls import day_path, file_of, topic_path

WORDS_A_MINUTE = 230
"""Adults read 238 words of English prose a minute (Brysbaert, 2019); here a little less."""


def sketch_articles(material: Material) -> list[PageSketch]:
    """The page of every shown record."""
    shelved = _shelved(material)
    return [
        PageSketch(
            file_of(material.addresses.records[identity]),
            record.file,
            "article.html",
            partial(_plan, identity, around, material),
            material.bases.article(identity, *around),
            searched=True,
        )
        for identity, record in material.catalog.records.items()
        for around in [shelved[identity]]
    ]


def _plan(identity: str, neighbours: tuple[str, str], material: Material) -> PagePlan:
    catalog, addresses = material.catalog, material.addresses
    record = catalog.records[identity]
    card = material.cards[record.id]
    path = addresses.records[record.id]
    story = catalog.stories.get(record.id)
    items = (
        (*story.coverage, *story.background) if story else catalog.coverage.get(record.id, ())
    )
    coverage = tuple(coverage_view(item, material) for item in items)
    members = tuple(each for each in story.members if each != record.id) if story else ()
    shown = material.config.lists.coverage
    day = catalog.local_dates[record.id]
    view = PageView(
        kind="article",
        title=record.title,
        url=card.url,
        absolute_url=material.absolute(path),
        canonical_url=material.absolute(path),
        description=record.excerpt or record.title,
        date=day,
        breadcrumbs=_breadcrumbs(record, material),
        previous=_link(neighbours[0], material),
        next=_link(neighbours[1], material),
        article=ArticleView(
            card=card,
            updated_at=record.updated_at,
            html=resolve_body(record.body, record.file, material).html,
            featured_html=record.featured_html,
            reading_minutes=_minutes(record),
            video=_video(record, material),
            tags=record.tags,
        ),
        coverage=coverage[:shown],
        more_coverage=coverage[shown:],
        outlets=card.outlets,
        story=tuple(member_view(each, material) for each in members),
        story_url=card.story_url,
        related=_related(record.id, {*members, *_records_in(items)}, material),
        picture=card.picture,
    )
    return PagePlan(path=file_of(path), template="article.html", origin=record.file, view=view)


def _records_in(items: Iterable[CoverageItem]) -> Iterator[str]:
    """The ids of the records of this site among the coverage."""
    for item in items:
        if item.record_id:
            yield item.record_id
        yield from _records_in(item.also)


def _related(
    identity: str, told: Collection[str], material: Material
) -> tuple[RelatedView, ...]:
    """The related articles, one for each story, without those that the sidebar above names."""
    stories = material.catalog.stories
    nearest: dict[str, RelatedItem] = {}
    for item in material.catalog.related.get(identity, ()):
        if item.id not in told:
            story = stories.get(item.id)
            nearest.setdefault(story.id if story else item.id, item)
    shown = list(nearest.values())[: material.config.related.count]
    return tuple(RelatedView(material.cards[item.id], reason_text(item)) for item in shown)


def _breadcrumbs(record: Record, material: Material) -> tuple[LinkView, ...]:
    day = material.catalog.local_dates[record.id]
    crumbs = []
    slug = material.catalog.main_topics.get(record.id)
    if slug:
        topic = material.catalog.topics[slug]
        crumbs.append(LinkView(topic.name, material.addresses.href(topic_path(slug))))
    crumbs.append(LinkView(long_date(day), material.addresses.href(day_path(day))))
    return tuple(crumbs)


def _video(record: Record, material: Material) -> VideoView | None:
    if record.video is None:
        return None
    return VideoView(
        host=record.video.host,
        watch_url=record.video.watch_url,
        embed_url=record.video.embed_url,
        poster=picture_view(record.pictures, material, ""),
    )


def _minutes(record: Record) -> int:
    return 0 if record.body is None else -(-record.body.words // WORDS_A_MINUTE)


def reason_text(item: RelatedItem) -> str:
    """Why an article is related, as a reader would say it."""
    match item.reason:
        case "same-story":
            return "same story"
        case "shared-coverage":
            return "covered by the same outlets"
        case "topic":
            return f"also on {item.detail}" if item.detail else "on the same topic"
        case _:
            return ""


def _shelved(material: Material) -> dict[str, tuple[str, str]]:
    """The ids of the older and the newer record of the same main topic, for each record; empty
    where there is none."""
    shelves: dict[str, list[str]] = {}
    for identity in material.catalog.records:  # Newest first.
        shelves.setdefault(material.catalog.main_topics.get(identity, ""), []).append(identity)
    found: dict[str, tuple[str, str]] = {}
    for shelf in shelves.values():
        found.update(zip(shelf, zip([*shelf[1:], ""], ["", *shelf], strict=False), strict=True))
    return found


def _link(identity: str, material: Material) -> LinkView | None:
    if not identity:
        return None
    card = material.cards[identity]
    return LinkView(card.title, card.url, locale=card.locale, rtl=card.rtl)
