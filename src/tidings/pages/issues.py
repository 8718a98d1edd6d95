"""Issues of the newsletter: which records one tells of, in which order, under which name.

Part of planning. Web pages and e-mails are made from the same issues.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec

from tidings.model.catalog import Catalog, Day
from tidings.model.config import NewsletterConfig
from tidings.model.period import Period, period_of
from tidings.model.rank import by_rank
from tidings.model.view import SectionView
from tidings.pages.archive import long_date
from tidings.pages.entries import entries_by_rank
from tidings.pages.material import Material
from tidings.pages.urls import topic_path

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Issue(msgspec.Struct, frozen=True):
    """What one issue tells of."""

    period: Period
    title: str
    """The period in words: `Monday, 7 October 2024`."""
    record_ids: tuple[str, ...]
    """By rank."""


def finished_issues(
    catalog: Catalog, options: NewsletterConfig, today: date
) -> tuple[Issue, ...]:
    """The issues that have web pages, newest first: of periods with records that are over
    before `today`, the site's local day."""
    periods: dict[Period, list[Day]] = {}
    for day in catalog.days:  # Newest first.
        period = period_of(day.date, options.every)
        if period.last < today:
            if period not in periods and len(periods) == options.keep:
                break
            periods.setdefault(period, []).append(day)
    return tuple(
        Issue(
            period,
            period_title(period),
            ranked((each for day in days for each in day.record_ids), catalog),
        )
        for period, days in periods.items()
    )


def issue_of(period: Period, catalog: Catalog) -> Issue:
    """The issue of any period, over or not; it may have no records."""
    ids = (
        each
        for day in catalog.days
        if period.first <= day.date <= period.last
        for each in day.record_ids
    )
    return Issue(period, period_title(period), ranked(ids, catalog))


def ranked(ids: Iterable[str], catalog: Catalog) -> tuple[str, ...]:
    """The records by rank, as within a day."""
    records = sorted((catalog.records[each] for each in ids), key=by_rank)
    return tuple(record.id for record in records)


def period_title(period: Period) -> str:
    """The period in words: `Monday, 7 October 2024`, `7 October to 13 October 2024`."""
    first, last = period.first, period.last
    if first == last:
        return f"{WEEKDAYS[first.weekday()]}, {long_date(first)}"
    start = long_date(first)
    if first.year == last.year:
        start = start.rpartition(" ")[0]
    return f"{start} to {long_date(last)}"


def sections_of(issue: Issue, most: int, material: Material) -> tuple[SectionView, ...]:
    """The issue's best stories, `most` of them, by main topic, but for the first: the lead.

    Sections come in the order of the topic tree; records without a topic come last.
    """
    catalog = material.catalog
    entries = entries_by_rank(issue.record_ids, catalog.stories)[:most]
    shelves: dict[str, list[str]] = {}
    for identity in entries[1:]:
        shelves.setdefault(catalog.main_topics.get(identity, ""), []).append(identity)
    sections = []
    for slug in topic_order(shelves, catalog):
        topic = catalog.topics.get(slug)
        sections.append(
            SectionView(
                name=topic.name if topic else "More",
                url=material.addresses.href(topic_path(topic.slug)) if topic else "",
                cards=material.cards_of(tuple(shelves[slug])),
                anchor=f"topic-{topic.slug}" if topic else "topic-more",
            )
        )
    return tuple(sections)


def topic_order(slugs: Iterable[str], catalog: Catalog) -> tuple[str, ...]:
    """The slugs as the topic tree has them; "" for no topic comes last."""
    wanted = set(slugs)
    known = tuple(slug for slug in catalog.topics if slug in wanted)
    return (*known, *sorted(wanted - catalog.topics.keys()))
