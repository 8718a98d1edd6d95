"""The composer of the catalog step: records and metadata in, the catalog out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from tidings.catalog.coverage import coverage_of
from tidings.catalog.duplicates import merge_duplicates
from tidings.catalog.group import (
    group_by_day,
    group_by_source,
    local_dates,
    settle_provider,
)
from tidings.catalog.more import relate_records
from tidings.catalog.rank import by_time
from tidings.catalog.topics import make_taxonomy
from tidings.catalog.visibility import decide
from tidings.model.catalog import Catalog, Held, Visibility
from tidings.model.config import Config
from tidings.model.diagnostic import Diagnostic, Outcome, Place, Severity
from tidings.model.record import ProviderMetadata, Record, StaticPage, TopicMetadata

REPEATED = 4
"""Records that show the same picture before it counts as a placeholder."""


def make_catalog(
    records: Iterable[Record],
    topics: Iterable[TopicMetadata],
    providers: Iterable[ProviderMetadata],
    pages: Iterable[StaticPage],
    config: Config,
    clock: datetime,
) -> Outcome[Catalog]:
    """Everything that pages are planned from, and what is wrong between the files.

    The order of the inputs does not matter; `clock` is an aware UTC instant.
    """
    by_domain, problems = _by_domain(providers)
    settled = sorted((_settle(record, by_domain) for record in records), key=by_time)
    shown, held, held_records = _divide(settled, config, clock)
    shown, redirects = merge_duplicates(shown)
    dates = local_dates(settled, config.site.timezone)
    taxonomy = make_taxonomy(shown, held_records, topics, config.site.root_topic)
    owners = {key: record.id for record in shown for key in record.url_keys}
    coverage = {record.id: coverage_of(record, owners) for record in shown if record.coverage}
    duplicates = tuple(
        Held(each, Visibility.DUPLICATE, f"same article as {first}")
        for each, first in redirects.items()
    )
    visible = {*(record.id for record in shown), *redirects}
    return Outcome(
        Catalog(
            records={record.id: record for record in shown},
            held=tuple(sorted((*held, *duplicates), key=lambda each: each.id)),
            redirects=redirects,
            local_dates={each: dates[each] for each in sorted(visible)},
            main_topics=taxonomy.main_topics,
            record_topics=taxonomy.record_topics,
            record_sources={
                record.id: record.provider.domain
                for record in shown
                if record.provider is not None
            },
            days=group_by_day(shown, dates, taxonomy.main_topics, taxonomy.topics),
            topics=taxonomy.topics,
            sources=group_by_source(shown, by_domain),
            coverage={identity: items for identity, items in coverage.items() if items},
            related=relate_records(shown, coverage, taxonomy, config.related),
            stories={},
            placeholders=_placeholders(shown, config.content.placeholder_pictures),
            pages=_ordered_pages(pages),
        ),
        (*problems, *taxonomy.diagnostics),
    )


def _by_domain(
    providers: Iterable[ProviderMetadata],
) -> tuple[dict[str, ProviderMetadata], list[Diagnostic]]:
    found: dict[str, ProviderMetadata] = {}
    problems: list[Diagnostic] = []
    for each in sorted(providers, key=lambda provider: provider.file):
        if each.domain in found:
            problems.append(
                Diagnostic(
                    "repeated-provider",
                    Severity.ERROR,
                    f"domain {each.domain!r} is also declared in {found[each.domain].file}",
                    Place(each.file),
                    "remove one of the two files",
                )
            )
            continue
        found[each.domain] = each
    return found, problems


def _settle(record: Record, providers: Mapping[str, ProviderMetadata]) -> Record:
    """The record with its outlets as the site's metadata knows them."""
    if not providers:
        return record
    provider = settle_provider(record.provider, providers)
    coverage = tuple(
        msgspec.structs.replace(entry, provider=settled)
        if (settled := settle_provider(entry.provider, providers)) is not entry.provider
        else entry
        for entry in record.coverage
    )
    if provider is record.provider and coverage == record.coverage:
        return record
    return msgspec.structs.replace(record, provider=provider, coverage=coverage)


def _divide(
    records: Sequence[Record], config: Config, clock: datetime
) -> tuple[tuple[Record, ...], tuple[Held, ...], tuple[Record, ...]]:
    """Shown records, why the others are held, and the others themselves."""
    decisions = [(record, decide(record, config, clock)) for record in records]
    return (
        tuple(record for record, held in decisions if held is None),
        tuple(held for _, held in decisions if held is not None),
        tuple(record for record, held in decisions if held is not None),
    )


def _placeholders(records: Iterable[Record], named: Iterable[str]) -> frozenset[str]:
    """Pictures that show no story: those the config names, and those that records repeat."""
    counts: dict[str, int] = {}
    for record in records:
        for url in dict.fromkeys(picture.url for picture in record.pictures):
            counts[url] = counts.get(url, 0) + 1
    return frozenset((*named, *(url for url, count in counts.items() if count >= REPEATED)))


def _ordered_pages(pages: Iterable[StaticPage]) -> tuple[StaticPage, ...]:
    return tuple(sorted(pages, key=lambda page: (page.order, page.title, page.file)))
