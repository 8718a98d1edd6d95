"""Feeds as values; how they are written down is rendering's matter. Part of planning.

All formats of one list are made from one plan: the Atom syndication format (RFC 4287), RSS 2.0
and JSON Feed 1.1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import msgspec

from tidings.model.catalog import Story
from tidings.model.page import FeedPlan, PagePlan, PageSketch
from tidings.pages.feed_entries import Entries, tag_uri
from tidings.pages.follow import Format, formats_of
from tidings.pages.material import Material
from tidings.pages.urls import file_of, story_path, topic_path


class FeedList(msgspec.Struct, frozen=True):
    """A list that has a feed."""

    home: str
    """The path of its page."""
    title: str
    subtitle: str
    ids: tuple[str, ...]
    """Its records, newest first, as many as the feed tells of."""


def sketch_feeds(material: Material) -> list[PageSketch]:
    """The feeds of the site, of every topic, source and story that has records, by format."""
    entries = Entries(material)
    sketches = []
    for each in _lists(material):
        if each.ids:
            basis = material.bases.feed((each.home, each.title, each.subtitle), each.ids)
            draw = partial(_plan, each, entries)
            sketches += sketch_formats(each.home, draw, basis, material)
    for story in {story.id: story for story in material.catalog.stories.values()}.values():
        if has_feed(story, material):
            basis = material.bases.story_feed(story)
            draw = partial(_plan_story, story, entries)
            sketches += sketch_formats(story_path(story.id), draw, basis, material)
    return sketches


def sketch_formats(
    home: str, draw: Callable[[], FeedPlan], basis: bytes, material: Material
) -> list[PageSketch]:
    """The feed of the page at `home` in each of the site's formats.

    `draw` plans it for all of them, with an address that is then replaced by each one's own.
    `basis` is a digest of what that plan is made from.
    """
    return [
        PageSketch(
            file_of(home + each.file),
            "",
            each.template,
            partial(_draw, home + each.file, each, draw, material),
            basis,
        )
        for each in formats_of(material)
    ]


def _draw(
    path: str, form: Format, draw: Callable[[], FeedPlan], material: Material
) -> PagePlan:
    address = material.absolute(path)
    # Another digest has a feed at the same path; only its publisher's name tells them apart.
    named = tag_uri(f"feed{path}", material) if material.config.feed.authority else address
    feed = msgspec.structs.replace(draw(), id=named, url=address)
    return PagePlan(path=file_of(path), template=form.template, origin="", feed=feed)


def has_feed(story: Story, material: Material) -> bool:
    """Whether the story's page has a feed."""
    wanted = material.config.feed.stories
    return wanted == "every" or (wanted == "several" and len(story.members) > 1)


def _lists(material: Material) -> Iterator[FeedList]:
    catalog, addresses = material.catalog, material.addresses
    site, most = material.config.site, material.config.feed.entries
    records = tuple(catalog.records)
    yield FeedList("/", site.title, site.tagline or site.description, records[:most])
    for topic in catalog.topics.values():
        title, ids = f"{site.title}: {topic.name}", topic.record_ids[:most]
        yield FeedList(topic_path(topic.slug), title, topic.description, ids)
    for source in catalog.sources.values():
        title, ids = f"{site.title}: {source.name}", source.record_ids[:most]
        yield FeedList(addresses.sources[source.domain], title, "", ids)


def _plan_story(story: Story, entries: Entries) -> FeedPlan:
    site, feed = entries.material.config.site, entries.material.config.feed
    title = f"{site.title}: {entries.material.catalog.records[story.lead].title}"
    ids = sorted(story.members, key=entries.places.__getitem__)[: feed.entries]
    return _plan(FeedList(story_path(story.id), title, "", tuple(ids)), entries)


def _plan(told: FeedList, entries: Entries) -> FeedPlan:
    material = entries.material
    site, options = material.config.site, material.config.feed
    shown = tuple(entries[identity] for identity in told.ids)
    home = material.absolute(told.home)
    return FeedPlan(
        id=home,
        title=told.title,
        url=home,
        home_url=home,
        updated_at=max(entry.updated_at for entry in shown),
        subtitle=told.subtitle,
        author=site.author or site.title,
        language=site.language,
        entries=shown,
        hub=options.hub,
        to_source=options.link == "source",
    )
