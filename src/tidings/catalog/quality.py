"""What records show of their quality beside each other: repeats, odd days, odd outlets.

Part of the catalog step, for `tidings check` and `tidings explain`; a build has no need of it.
What a file shows alone is found in the sources step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime

import msgspec

from tidings.catalog.duplicates import merge_duplicates
from tidings.catalog.group import find_metadata, local_dates
from tidings.catalog.left_out import LeftOut, left_out, owners_of
from tidings.catalog.rank import by_time
from tidings.catalog.visibility import fold
from tidings.model.catalog import Catalog
from tidings.model.finding import Finding, Level, Rule
from tidings.model.record import ProviderMetadata, Record

WORDS = {
    "itself": "is the record's own article",
    "same-url": "has the same URL as",
    "same-title": "is of the same outlet and tells the same as",
    "repeat": "repeats another entry",
}
"""Why an entry of `related` is not listed, before the title of the one that is."""


class Scene(msgspec.Struct, frozen=True):
    """Everything that records are compared with."""

    records: tuple[Record, ...]
    """All records as their files have them, held ones too, newest first."""
    catalog: Catalog
    providers: Mapping[str, ProviderMetadata]
    """What is declared of outlets, by domain."""
    timezone: str
    clock: datetime
    """Aware UTC instant."""


def _repeated_related(scene: Scene) -> Iterator[Finding]:
    owners = owners_of(scene.catalog, scene.records)
    for record in scene.catalog.records.values():
        for each in left_out(record, scene.catalog.coverage.get(record.id, ()), owners):
            yield Finding("repeated-related", record.file, in_words(each))


def in_words(found: LeftOut) -> str:
    """Why the entry is not listed, in one line."""
    text = f"{found.coverage.title!r} {WORDS[found.reason]}"
    if found.kept is None:
        return text
    same = found.kept.title == found.coverage.title
    return f"{text} {'the entry that is listed' if same else repr(found.kept.title)}"


def _related_records(scene: Scene) -> Iterator[Finding]:
    shown = scene.catalog.records
    for identity, items in scene.catalog.coverage.items():
        for item in items:
            for each in (item, *item.also):
                if each.record_id:
                    yield Finding(
                        "related-record",
                        shown[identity].file,
                        repr(each.coverage.title),
                        (shown[each.record_id].file,),
                    )


def _same_urls(scene: Scene) -> Iterator[Finding]:
    by_id = {record.id: record for record in scene.records}
    groups: dict[str, list[str]] = {}
    for identity, first in merge_duplicates(scene.records).redirects.items():
        groups.setdefault(first, [first]).append(identity)
    for first, group in groups.items():
        # Records that are held back count for nothing where another one is shown.
        lead = next((each for each in group if each in scene.catalog.records), first)
        for identity in group:
            if identity != lead:
                to = scene.catalog.redirects.get(identity)
                detail = f"redirects to {by_id[to].file}" if to else "is held back"
                if identity in scene.catalog.records:
                    detail = "is shown too: only a record that is held back joins the two"
                yield Finding("same-url", by_id[identity].file, detail, (by_id[lead].file,))


def _same_titles(scene: Scene) -> Iterator[Finding]:
    shelves: dict[str, list[Record]] = {}
    for record in scene.records:
        if record.id not in scene.catalog.redirects:
            shelves.setdefault(fold(record.title), []).append(record)
    for shelf in shelves.values():
        files = sorted(record.file for record in shelf)
        if len(files) > 1:
            yield Finding("same-title", files[0], repr(shelf[0].title), tuple(files[1:]))


def _placeholders(scene: Scene) -> Iterator[Finding]:
    for record in scene.records:
        for picture in record.pictures:
            if picture.url in scene.catalog.placeholders:
                yield Finding("placeholder", record.file, picture.url)


def _other_days(scene: Scene) -> Iterator[Finding]:
    days = local_dates(scene.records, scene.timezone)
    for record in scene.records:
        utc = record.published_at.astimezone(UTC).date()
        if days[record.id] != utc:
            detail = f"{utc} in UTC is {days[record.id]} in {scene.timezone}"
            yield Finding("utc-day", record.file, detail)


def _future(scene: Scene) -> Iterator[Finding]:
    for record in scene.records:
        if record.published_at > scene.clock:
            yield Finding("future", record.file, f"{record.published_at:%Y-%m-%d %H:%M} UTC")


def _other_names(scene: Scene) -> Iterator[Finding]:
    for record in scene.records:
        given = record.provider
        known = find_metadata(given.domain, scene.providers) if given else None
        if given is None or known is None or given.name == given.domain:
            continue
        if given.name not in (known.name, *known.other_names):
            detail = f"{given.name!r} for {given.domain}; declared is {known.name!r}"
            yield Finding("provider-renamed", record.file, detail)


def _unsettled_names(scene: Scene) -> Iterator[Finding]:
    names: dict[str, dict[str, int]] = {}
    for record in scene.records:
        if record.provider is not None:
            counts = names.setdefault(record.provider.domain, {})
            counts[record.provider.name] = counts.get(record.provider.name, 0) + 1
    for record in scene.records:
        given = record.provider
        if given is None or find_metadata(given.domain, scene.providers) is not None:
            continue
        counts = names[given.domain]
        usual = min(counts, key=lambda name: (-counts[name], name))
        if given.name != usual and given.name != given.domain:
            detail = f"{given.name!r} for {given.domain}; others say {usual!r}"
            yield Finding("provider-names", record.file, detail)


CATALOG_RULES: tuple[tuple[Rule, Callable[[Scene], Iterator[Finding]]], ...] = (
    (
        Rule(
            "repeated-related",
            Level.REPAIRED,
            "`related` names one article twice, or the record's own article.",
            "One entry, the better one.",
        ),
        _repeated_related,
    ),
    (
        Rule(
            "related-record",
            Level.REPAIRED,
            "An entry of `related` is another record of the site.",
            "A link to its page here, beside that to its source.",
        ),
        _related_records,
    ),
    (
        Rule(
            "same-url",
            Level.WARNING,
            "Two records have the same URL. The other record named is the one that leads.",
            "One page; the other record's redirects to it. Remove one of the files.",
        ),
        _same_urls,
    ),
    (
        Rule(
            "same-title",
            Level.NOTE,
            "Records with different URLs have the same title.",
            "A page for each.",
        ),
        _same_titles,
    ),
    (
        Rule(
            "placeholder",
            Level.REPAIRED,
            "The picture is one that many records repeat, or that the config names.",
            "No picture.",
        ),
        _placeholders,
    ),
    (
        Rule(
            "utc-day",
            Level.NOTE,
            "The day in the site's time zone is another than in UTC.",
            "Listed under the site's day.",
        ),
        _other_days,
    ),
    (
        Rule(
            "future",
            Level.NOTE,
            "The record is dated after the clock of the run.",
            "Held back until then, unless `future` is set.",
        ),
        _future,
    ),
    (
        Rule(
            "provider-renamed",
            Level.REPAIRED,
            "The provider's name is another than the one declared for its domain.",
            "The declared name.",
        ),
        _other_names,
    ),
    (
        Rule(
            "provider-names",
            Level.WARNING,
            "Records give one domain different names, and none is declared.",
            "Declare the right one in `content/providers/`.",
        ),
        _unsettled_names,
    ),
)
"""What is looked for among all records."""

RULES = tuple(rule for rule, _ in CATALOG_RULES)


def catalog_findings(scene: Scene) -> Iterator[Finding]:
    """What the records show beside each other."""
    ordered = tuple(sorted(scene.records, key=by_time))
    scene = msgspec.structs.replace(scene, records=ordered)
    for _, find in CATALOG_RULES:
        yield from find(scene)
