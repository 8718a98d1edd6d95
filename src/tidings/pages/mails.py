"""The newsletter as an e-mail: the view that its template and its plain text are made from.

Part of planning. Readers of e-mail are elsewhere, so all addresses are absolute here.
"""

from __future__ import annotations

from datetime import date
from unicodedata import category
from urllib.parse import urlsplit

import msgspec

from tidings.model.catalog import Topic
from tidings.model.view import (
    CardView,
    NewsletterView,
    PageView,
    PictureView,
    SectionView,
    SourceView,
)
from tidings.pages.entries import entries_by_rank
from tidings.pages.issues import Issue, finished_issues, sections_of
from tidings.pages.material import Material
from tidings.pages.urls import day_path, month_path, newsletter_path, topic_path

LONGEST_TITLE = 240
"""Characters of a headline; strangers write them."""

LONGEST_NAME = 80
"""Characters of an outlet's or topic's name."""

LONGEST_LINE = 150
"""Characters of a preheader, and of a headline in the subject."""

LONGEST_ADDRESS = 2_000
"""Characters of a picture's address."""

UNSHOWN = (".svg", ".webp", ".avif")
"""Endings of pictures that Gmail or Outlook do not show."""


def stories_of(issue: Issue, material: Material) -> int:
    """How many stories the issue has."""
    return len(entries_by_rank(issue.record_ids, material.catalog.stories))


def plan_mail(
    issue: Issue, most: int, today: date, topic: Topic | None, material: Material
) -> PageView:
    """The e-mail of an issue that has records, with its best `most` stories (at least one).

    `today` is the site's local day at the clock; `topic` is the one that the issue is cut to.
    """
    catalog, site = material.catalog, material.config.site
    entries = entries_by_rank(issue.record_ids, catalog.stories)
    lead = _card(material.cards[entries[0]], material)
    following = [catalog.records[each].title for each in entries[1:4]]
    said = " · ".join(following) or lead.excerpt or issue.title
    web = _on_the_web(issue, today, topic, material)
    return PageView(
        kind="mail",
        title=issue.title,
        url=web,
        absolute_url=web,
        date=issue.period.first,
        lead=lead,
        sections=tuple(
            _section(section, material) for section in sections_of(issue, most, material)
        ),
        count=len(entries),
        newsletter=NewsletterView(
            subject=f"{cut(lead.title, LONGEST_LINE)} · {site.title}, {issue.title}",
            preheader=cut(said, LONGEST_LINE),
            period=issue.title,
            more=max(0, len(entries) - most),
            more_url=web,
            web_url=web,
            unsubscribe_url=material.config.newsletter.list_unsubscribe,
            address=material.config.newsletter.address,
        ),
    )


def cut(text: str, most: int) -> str:
    """The text in one line, within `most` characters; "…" says that there was more."""
    line = " ".join(text.split())
    if not line.isprintable():
        # Neither a header nor HTML has a place for control characters.
        line = "".join(char for char in line if category(char) not in ("Cc", "Cs"))
    if len(line) <= most:
        return line
    start = line[: most - 1]
    # Better a broken word than next to nothing.
    end = start.rfind(" ")
    return (start[:end] if end > most // 2 else start).rstrip(" ,;:-–—") + "…"


def _on_the_web(issue: Issue, today: date, topic: Topic | None, material: Material) -> str:
    """The page of the site that tells of the issue, or the one nearest to it."""
    catalog, options = material.catalog, material.config.newsletter
    if topic is not None:
        return material.absolute(topic_path(topic.slug))
    issues = finished_issues(catalog, options, today) if options.enabled else ()
    if issue in issues:
        return material.absolute(newsletter_path(issue.period.first))
    first, last = issue.period.first, issue.period.last
    days = [each.date for each in catalog.days if first <= each.date <= last]
    if len(days) == 1:
        return material.absolute(day_path(days[0]))
    months = {month_path(day) for day in days}
    return material.absolute(months.pop() if len(months) == 1 else "/")


def _section(section: SectionView, material: Material) -> SectionView:
    return SectionView(
        name=cut(section.name, LONGEST_NAME),
        url=_whole(section.url, material),
        cards=tuple(_card(card, material) for card in section.cards),
    )


def _card(card: CardView, material: Material) -> CardView:
    """The card with absolute addresses, without what an e-mail has no room for."""
    return msgspec.structs.replace(
        card,
        title=cut(card.title, LONGEST_TITLE),
        url=_whole(card.url, material),
        host=cut(card.host, LONGEST_NAME),
        story_url=_whole(card.story_url, material),
        source=_source(card.source, material),
        topics=(),
        coverage=(),
        picture=_picture(card.picture, material),
    )


def _source(source: SourceView | None, material: Material) -> SourceView | None:
    if source is None:
        return None
    return SourceView(
        name=cut(source.name, LONGEST_NAME),
        domain=source.domain,
        url=_whole(source.url, material),
    )


def _picture(picture: PictureView | None, material: Material) -> PictureView | None:
    """The picture, where mail programs can show it."""
    if picture is None or len(picture.url) > LONGEST_ADDRESS:
        return None
    if urlsplit(picture.url).path.lower().endswith(UNSHOWN):
        return None
    return msgspec.structs.replace(
        picture,
        url=_whole(picture.url, material),
        alt=cut(picture.alt, LONGEST_LINE),
        attribution=cut(picture.attribution, LONGEST_LINE),
    )


def _whole(url: str, material: Material) -> str:
    return material.addresses.origin + url if url.startswith("/") else url
