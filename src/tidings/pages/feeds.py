"""Feeds as values; how they are written down is rendering's matter. Part of planning."""

from __future__ import annotations

from functools import partial
from urllib.parse import quote

from tidings.model.page import FeedEntry, FeedPlan, PagePlan, PageSketch
from tidings.model.record import Record
from tidings.pages.bodies import resolve_body
from tidings.pages.material import Material
from tidings.pages.urls import feed_path, file_of, topic_path

AUTHORITY = "records.tidings,2026"
"""Tagging entity of entry ids (RFC 4151). Fixed: ids outlive hosts, titles and releases."""


def sketch_feeds(material: Material) -> list[PageSketch]:
    """The Atom feeds of the site, of every topic and of every source that has records."""
    catalog, addresses, site = material.catalog, material.addresses, material.config.site
    entries = _Entries(material)
    feeds = [
        ("/", site.title, site.tagline or site.description, tuple(catalog.records)),
        *(
            (
                topic_path(topic.slug),
                f"{site.title}: {topic.name}",
                topic.description,
                topic.record_ids,
            )
            for topic in catalog.topics.values()
        ),
        *(
            (
                addresses.sources[source.domain],
                f"{site.title}: {source.name}",
                "",
                source.record_ids,
            )
            for source in catalog.sources.values()
        ),
    ]
    newest = material.config.lists.feed
    return [
        PageSketch(
            file_of(feed_path(home)),
            "",
            partial(_plan, home, title, subtitle, ids[:newest], entries),
            material.bases.feed((home, title, subtitle), ids[:newest]),
        )
        for home, title, subtitle, ids in feeds
        if ids[:newest]
    ]


class _Entries(dict[str, FeedEntry]):
    """The entries made so far, by record id: most are in several feeds."""

    def __init__(self, material: Material) -> None:
        super().__init__()
        self.material = material

    def __missing__(self, identity: str) -> FeedEntry:
        entry = _entry(self.material.catalog.records[identity], self.material)
        self[identity] = entry
        return entry


def _plan(
    home: str, title: str, subtitle: str, ids: tuple[str, ...], entries: _Entries
) -> PagePlan:
    material = entries.material
    site = material.config.site
    shown = tuple(entries[identity] for identity in ids)
    path = feed_path(home)
    feed = FeedPlan(
        id=material.absolute(path),
        title=title,
        url=material.absolute(path),
        home_url=material.absolute(home),
        updated_at=max(entry.updated_at for entry in shown),
        subtitle=subtitle,
        author=site.author or site.title,
        language=site.language,
        entries=shown,
    )
    return PagePlan(path=file_of(path), template="atom", origin="", feed=feed)


def _entry(record: Record, material: Material) -> FeedEntry:
    card = material.cards[record.id]
    return FeedEntry(
        id=f"tag:{AUTHORITY}:{quote(record.id)}",
        title=record.title,
        url=material.absolute(material.addresses.records[record.id]),
        external_url=record.url,
        updated_at=record.updated_at or record.published_at,
        published_at=record.published_at,
        summary=record.excerpt,
        # Readers of feeds are elsewhere, so addresses within the text are whole.
        html=resolve_body(record.body, record.file, material, material.addresses.origin).html,
        source_name=card.source.name if card.source else "",
        source_url=f"https://{card.source.domain}/" if card.source else "",
        topics=tuple(topic.name for topic in card.topics),
        language=record.locale,
    )
