"""Feeds as values; how they are written down is rendering's matter. Part of planning."""

from __future__ import annotations

from urllib.parse import quote

from tidings.model.page import FeedEntry, FeedPlan, PagePlan
from tidings.model.record import Record
from tidings.pages.bodies import resolve_body
from tidings.pages.material import Material

AUTHORITY = "records.tidings,2026"
"""Tagging entity of entry ids (RFC 4151). Fixed: ids outlive hosts, titles and releases."""


def plan_feeds(material: Material) -> list[PagePlan]:
    """The site's Atom feed; none while there is nothing to tell."""
    ids = tuple(material.catalog.records)[: material.config.lists.feed]
    if not ids:
        return []
    site = material.config.site
    entries = tuple(_entry(material.catalog.records[identity], material) for identity in ids)
    feed = FeedPlan(
        id=material.absolute("/feed.xml"),
        title=site.title,
        url=material.absolute("/feed.xml"),
        home_url=material.absolute("/"),
        updated_at=max(entry.updated_at for entry in entries),
        subtitle=site.tagline or site.description,
        author=site.author or site.title,
        language=site.language,
        entries=entries,
    )
    return [PagePlan(path="feed.xml", template="atom", origin="", feed=feed)]


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
