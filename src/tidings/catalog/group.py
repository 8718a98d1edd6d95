"""Grouping: local days with their sections, and the outlets with their records.

Part of the catalog step, after topics are known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from tidings.catalog.rank import by_rank
from tidings.model.catalog import Day, Section, Source, Topic
from tidings.model.record import Provider, ProviderMetadata, Record


def local_dates(records: Iterable[Record], timezone: str) -> dict[str, date]:
    """The day of each record in the site's time zone, by id."""
    zone = ZoneInfo(timezone)
    return {record.id: local_date(record.published_at, zone) for record in records}


def local_date(instant: datetime, zone: ZoneInfo) -> date:
    """The day of the instant in the time zone."""
    try:
        return instant.astimezone(zone).date()
    except OverflowError:
        # The first and last hours of the calendar have no local day everywhere.
        return instant.date()


def group_by_day(
    records: Sequence[Record],
    dates: Mapping[str, date],
    main_topics: Mapping[str, str],
    topics: Mapping[str, Topic],
) -> tuple[Day, ...]:
    """All days that have records, newest first, each with its records by rank and by topic.

    Sections come in the order of the topic tree; records without a topic come last.
    """
    shelves: dict[date, list[Record]] = {}
    for record in records:
        shelves.setdefault(dates[record.id], []).append(record)
    position = {slug: index for index, slug in enumerate(topics)}
    days = []
    main_of = main_topics.get
    for day in sorted(shelves, reverse=True):
        ranked = [record.id for record in sorted(shelves[day], key=by_rank)]
        sections: dict[str, list[str]] = {}
        for identity in ranked:
            sections.setdefault(main_of(identity, ""), []).append(identity)
        days.append(
            Day(
                date=day,
                record_ids=tuple(ranked),
                sections=tuple(
                    Section(slug, tuple(sections[slug]))
                    for slug in sorted(
                        sections, key=lambda slug: (position.get(slug, len(position)), slug)
                    )
                ),
            )
        )
    return tuple(days)


def find_metadata(
    domain: str, metadata: Mapping[str, ProviderMetadata]
) -> ProviderMetadata | None:
    """What is declared of the domain, or of the nearest domain above it: blog.x.org, x.org."""
    while "." in domain:
        if domain in metadata:
            return metadata[domain]
        domain = domain.partition(".")[2]
    return None


def settle_provider(
    provider: Provider | None, metadata: Mapping[str, ProviderMetadata]
) -> Provider | None:
    """The provider as the site shows it: what is declared outweighs what a record says."""
    if provider is None:
        return None
    known = find_metadata(provider.domain, metadata)
    if known is None:
        return provider
    return Provider(
        name=known.name,
        domain=known.domain,
        logo=known.logo or provider.logo,
        authors=provider.authors,
    )


def group_by_source(
    records: Sequence[Record], metadata: Mapping[str, ProviderMetadata]
) -> dict[str, Source]:
    """The outlets of the shown records by domain, ordered by name; `records` are newest first.

    An outlet that records name differently has the name used most, then the first by alphabet.
    """
    shelves: dict[str, list[str]] = {}
    names: dict[str, dict[str, int]] = {}
    logos: dict[str, str] = {}
    for record in records:
        if record.provider is None:
            continue
        domain = record.provider.domain
        shelves.setdefault(domain, []).append(record.id)
        counts = names.setdefault(domain, {})
        counts[record.provider.name] = counts.get(record.provider.name, 0) + 1
        if record.provider.logo and (
            domain not in logos or record.provider.logo < logos[domain]
        ):
            logos[domain] = record.provider.logo
    sources = []
    for domain, ids in shelves.items():
        known = metadata.get(domain)
        counts = names[domain]
        name = known.name if known else min(counts, key=lambda name: (-counts[name], name))
        sources.append(
            Source(
                domain=domain,
                name=name,
                logo=(known.logo if known else "") or logos.get(domain, ""),
                large_logo=known.large_logo if known else "",
                record_ids=tuple(ids),
            )
        )
    sources.sort(key=lambda source: (source.name.casefold(), source.domain))
    return {source.domain: source for source in sources}
