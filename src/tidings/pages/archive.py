"""Days, months and years: each day's digest, and calendars with counts. Part of planning."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import date
from functools import partial

from tidings.model.catalog import Day
from tidings.model.page import PagePlan, PageSketch
from tidings.model.view import CalendarDayView, LinkView, MonthView, PageView, SectionView
from tidings.pages.entries import entries_by_rank
from tidings.pages.material import Material, addressed
from tidings.pages.urls import day_path, file_of, month_path, topic_path, year_path

LEVELS = (1, 3, 6, 12)
"""Records from which a day has level 1, 2, 3 and 4. Fixed: one busy day repaints no other."""

HEADLINES_A_DAY = 3
"""Stories of each day on its month's page."""

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def long_date(day: date) -> str:
    """The date as a title says it: `17 November 2020`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def sketch_archive(material: Material) -> list[PageSketch]:
    """The pages of all days, months and years that have records."""
    days = material.catalog.days  # Newest first.
    counts = {day.date: len(day.record_ids) for day in days}
    return [
        *_sketch_days(days, material),
        *_sketch_months(days, counts, material),
        *_sketch_years(counts, material),
    ]


def topic_sections(day: Day, material: Material, without: str = "") -> tuple[SectionView, ...]:
    """The day's stories by main topic, but for the one of the record `without`."""
    catalog = material.catalog
    entries = entries_by_rank(day.record_ids, catalog.stories)
    sections = []
    for section in day.sections:
        ids = tuple(
            identity
            for identity in entries
            if catalog.main_topics.get(identity, "") == section.topic and identity != without
        )
        if not ids:
            continue
        topic = material.catalog.topics.get(section.topic)
        sections.append(
            SectionView(
                name=topic.name if topic else "More",
                url=material.addresses.href(topic_path(topic.slug)) if topic else "",
                cards=material.cards_of(ids),
                anchor=f"topic-{topic.slug}" if topic else "topic-more",
            )
        )
    return tuple(sections)


def _sketch_days(days: tuple[Day, ...], material: Material) -> list[PageSketch]:
    return [
        PageSketch(
            file_of(day_path(day.date)),
            "",
            "day.html",
            partial(_plan_day, index, material),
            material.bases.day(
                day,
                (
                    days[index + 1] if index + 1 < len(days) else None,
                    days[index - 1] if index else None,
                ),
            ),
        )
        for index, day in enumerate(days)
    ]


def _plan_day(index: int, material: Material) -> PagePlan:
    """The page of the day at that place, counted from the latest."""
    days = material.catalog.days
    day = days[index]
    older = days[index + 1].date if index + 1 < len(days) else None
    newer = days[index - 1].date if index else None
    path = day_path(day.date)
    count = len(day.record_ids)
    view = PageView(
        kind="day",
        title=long_date(day.date),
        **addressed(path, material),
        description=f"{_articles(count)} of {long_date(day.date)}.",
        date=day.date,
        breadcrumbs=(
            LinkView(str(day.date.year), material.addresses.href(year_path(day.date))),
            LinkView(MONTHS[day.date.month - 1], material.addresses.href(month_path(day.date))),
        ),
        sections=topic_sections(day, material),
        previous=_day_link(older, material),
        next=_day_link(newer, material),
        count=count,
        # The front, not the latest day: a new day must not change the pages of all others.
        latest=LinkView(material.config.site.title, material.addresses.href("/"))
        if index
        else None,
    )
    return PagePlan(path=file_of(path), template="day.html", origin="", view=view)


def _articles(count: int) -> str:
    return "1 article" if count == 1 else f"{count} articles"


def _day_link(day: date | None, material: Material) -> LinkView | None:
    return (
        None
        if day is None
        else LinkView(long_date(day), material.addresses.href(day_path(day)))
    )


def month_view(first: date, counts: Mapping[date, int], material: Material) -> MonthView:
    """The calendar of the month that starts on `first`."""
    length = calendar.monthrange(first.year, first.month)[1]
    start = first.toordinal()
    weeks = tuple(
        tuple(
            _cell(monday + offset - start, first, length, counts, material)
            for offset in range(7)
        )
        for monday in range(start - first.weekday(), start + length, 7)
    )
    total = sum(cell.count for week in weeks for cell in week)
    return MonthView(
        date=first,
        url=material.addresses.href(month_path(first)) if total else "",
        count=total,
        weeks=weeks,
    )


def _cell(
    index: int, first: date, length: int, counts: Mapping[date, int], material: Material
) -> CalendarDayView:
    """The cell `index` days after the month's first; others than the month's stay empty."""
    # The weeks at both ends of the calendar have days that no date can name.
    ordinal = min(max(first.toordinal() + index, 1), date.max.toordinal())
    day = date.fromordinal(ordinal)
    outside = not 0 <= index < length
    count = 0 if outside else counts.get(day, 0)
    return CalendarDayView(
        date=day,
        count=count,
        url=material.addresses.href(day_path(day)) if count else "",
        level=_level(count),
        outside=outside,
    )


def _sketch_months(
    days: tuple[Day, ...], counts: Mapping[date, int], material: Material
) -> list[PageSketch]:
    firsts = sorted({day.date.replace(day=1) for day in days})
    by_month: dict[date, list[Day]] = {first: [] for first in firsts}
    for day in days:
        by_month[day.date.replace(day=1)].append(day)
    return [
        PageSketch(
            file_of(month_path(first)),
            "",
            "month.html",
            partial(_plan_month, index, firsts, by_month[first], counts, material),
            material.bases.days(
                by_month[first],
                (first, firsts[index - 1 : index], firsts[index + 1 : index + 2]),
            ),
        )
        for index, first in enumerate(firsts)
    ]


def _plan_month(
    index: int,
    firsts: list[date],
    days: list[Day],
    counts: Mapping[date, int],
    material: Material,
) -> PagePlan:
    """The page of the month at that place among all that have records, oldest first."""
    first = firsts[index]
    older = firsts[index - 1] if index else None
    newer = firsts[index + 1] if index + 1 < len(firsts) else None
    path = month_path(first)
    month = month_view(first, counts, material)
    title = f"{MONTHS[first.month - 1]} {first.year}"
    view = PageView(
        kind="month",
        title=title,
        **addressed(path, material),
        description=f"{_articles(month.count)} of {title}, day by day.",
        date=first,
        breadcrumbs=(LinkView(str(first.year), material.addresses.href(year_path(first))),),
        sections=tuple(_day_section(day, material) for day in days),
        previous=_month_link(older, material),
        next=_month_link(newer, material),
        months=(month,),
        count=month.count,
    )
    return PagePlan(path=file_of(path), template="month.html", origin="", view=view)


def _day_section(day: Day, material: Material) -> SectionView:
    return SectionView(
        name=long_date(day.date),
        url=material.addresses.href(day_path(day.date)),
        cards=material.cards_of(
            entries_by_rank(day.record_ids, material.catalog.stories)[:HEADLINES_A_DAY]
        ),
        date=day.date,
        anchor=f"day-{day.date.isoformat()}",
    )


def _month_link(first: date | None, material: Material) -> LinkView | None:
    if first is None:
        return None
    name = f"{MONTHS[first.month - 1]} {first.year}"
    return LinkView(name, material.addresses.href(month_path(first)))


def _sketch_years(counts: Mapping[date, int], material: Material) -> list[PageSketch]:
    by_year: dict[int, dict[date, int]] = {}
    for day, number in sorted(counts.items()):
        by_year.setdefault(day.year, {})[day] = number
    years = list(by_year)
    return [
        PageSketch(
            file_of(year_path(date(year, 1, 1))),
            "",
            "year.html",
            partial(_plan_year, index, years, by_year[year], material),
            material.bases.fixed("year", year, years, by_year[year]),
        )
        for index, year in enumerate(years)
    ]


def _plan_year(
    index: int, years: list[int], counts: Mapping[date, int], material: Material
) -> PagePlan:
    """The page of the year at that place among all that have records, oldest first."""
    year = years[index]
    first = date(year, 1, 1)
    path = year_path(first)
    months = tuple(month_view(date(year, month, 1), counts, material) for month in range(1, 13))
    count = sum(month.count for month in months)
    view = PageView(
        kind="year",
        title=str(year),
        **addressed(path, material),
        description=f"{_articles(count)} of {year}, as a calendar.",
        date=first,
        previous=_year_link(years[index - 1] if index else None, material),
        next=_year_link(years[index + 1] if index + 1 < len(years) else None, material),
        months=months,
        years=tuple(
            LinkView(
                name=str(other),
                url=material.addresses.href(year_path(date(other, 1, 1))),
                # Of the others' counts each new record would change the pages of all years.
                count=count if other == year else 0,
                current=other == year,
            )
            for other in years
        ),
        count=count,
    )
    return PagePlan(path=file_of(path), template="year.html", origin="", view=view)


def _year_link(year: int | None, material: Material) -> LinkView | None:
    if year is None:
        return None
    return LinkView(str(year), material.addresses.href(year_path(date(year, 1, 1))))


def latest_days(number: int, material: Material) -> tuple[CalendarDayView, ...]:
    """The latest days that have records, newest first."""
    return tuple(
        CalendarDayView(
            date=day.date,
            count=len(day.record_ids),
            url=material.addresses.href(day_path(day.date)),
            level=_level(len(day.record_ids)),
        )
        for day in material.catalog.days[:number]
    )


def _level(count: int) -> int:
    return sum(count >= level for level in LEVELS)
