"""The composer of the catalog step: records and metadata in, the catalog out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import compress
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from tidings.catalog.arranging import Basis
from tidings.catalog.duplicates import merge_again
from tidings.catalog.filing import Filing, Standing, stand
from tidings.catalog.group import local_date, settle_provider
from tidings.catalog.horizon import recent_ids
from tidings.catalog.more import (
    Related,
    Relating,
    begin_relating,
    related_as_before,
    relating_here,
)
from tidings.catalog.rank import newest_first
from tidings.catalog.relating.kept import KeptRelations
from tidings.catalog.remembered import (
    Relatables,
    Remembered,
    all_relatables,
    coverages,
    made_of,
)
from tidings.catalog.storytelling.kept import KeptStories
from tidings.catalog.storytelling.retelling import Told
from tidings.catalog.storytelling.reviving import (
    NOTHING_WRITTEN,
    Written,
    pack_told,
    revive,
)
from tidings.catalog.storytelling.stories import keep_stories
from tidings.catalog.visibility import decide, is_blocked_coverage, plainly_shown
from tidings.model.catalog import Catalog, CoverageItem, Held, Visibility
from tidings.model.config import BlockConfig, Config, RelatedConfig
from tidings.model.diagnostic import Diagnostic, Place, Severity
from tidings.model.record import ProviderMetadata, Record, StaticPage, TopicMetadata
from tidings.model.sealing import Data

NOTHING_REMEMBERED = Remembered()


class CatalogState(msgspec.Struct, frozen=True):
    """What making one catalog leaves for making the next. It saves time and changes nothing."""

    relations: KeptRelations | None = None
    stories: KeptStories | None = None
    written: Data | None = None
    """What `Telling.pack` gave in another process; looked at when there is no `told`."""
    filed: Data | None = None
    """What `Filing.pack` gave in another process; looked at when there is no `filing`."""
    told: Told | None = None
    """In memory only, like what follows."""
    remembered: Remembered = NOTHING_REMEMBERED
    telling: Telling | None = None
    """What to write of the stories; None where nothing can be known again."""
    filing: Filing | None = None
    """What to write of where records stand; the same."""


class Telling(msgspec.Struct, frozen=True):
    """The stories of a catalog with all that the next process needs to know them again."""

    told: Told
    coverage: Mapping[str, tuple[CoverageItem, ...]]
    marks: Mapping[str, bytes]
    basis: bytes
    written: Written

    def pack(self) -> tuple[bytes | None, Telling]:
        """What to write, and the same as this for less work the next time.

        None where what is written need not be written anew; it may be wrong for a few records.
        """
        if self.written.stale(self.told.records) <= STALE:
            return None, self
        data, written = pack_told(
            self.told, self.coverage, self.marks, self.basis, self.written
        )
        return data, msgspec.structs.replace(self, written=written)


class Assembled(msgspec.Struct, frozen=True):
    """A catalog, what is wrong between the files, and what to keep."""

    catalog: Catalog
    diagnostics: tuple[Diagnostic, ...]
    state: CatalogState


STALE = 16
"""Records that may have changed since stories were written: telling theirs anew costs less than
writing all."""
NO_MARKS: Mapping[str, bytes] = {}
UNBLOCKED = BlockConfig()
NO_STATE = CatalogState()


def make_catalog(
    records: Iterable[Record],
    topics: Iterable[TopicMetadata],
    providers: Iterable[ProviderMetadata],
    pages: Iterable[StaticPage],
    config: Config,
    clock: datetime,
    state: CatalogState = NO_STATE,
    relating: Relating = relating_here,
    marks: Mapping[str, bytes] = NO_MARKS,
) -> Assembled:
    """Everything that pages are planned from, and what is wrong between the files.

    The order of the inputs does not matter; `clock` is an aware UTC instant. `state` is what an
    earlier catalog left. `relating` has the records related, perhaps elsewhere. `marks` has for
    records, by id, what differs whenever they do; it only saves time.
    """
    by_domain, problems = _by_domain(providers)
    divided = _divide(newest_first(records), config, clock)
    zone = config.site.timezone
    before = state.remembered
    basis = (by_domain, config.block, zone)
    settled = made_of(
        divided.shown,
        before.settled if basis == before.basis else {},
        _settler(by_domain, config.block, ZoneInfo(zone)),
    )
    everyone = [record for _, (record, _) in settled.values()]
    merged = merge_again(everyone, before.merged)
    shown = merged.records
    known = _known(shown, merged.redirects, by_domain, config, marks, state)
    before = known.remembered
    dates = {identity: day for identity, (_, (_, day)) in settled.items()}
    filed_by = Basis(
        tuple(topics),
        by_domain,
        config.site.root_topic,
        config.content.placeholder_pictures,
        zone,
    )
    standing = Standing(shown, divided.waiting, dates, known.marks, filed_by, config)
    filing = stand(standing, before.arranged, state.filing, state.filed)
    arranged = filing.arranged
    taxonomy = arranged.taxonomy
    covered = coverages(shown, merged.owners, before)
    coverage = {identity: items for identity, (_, items) in covered.items()}
    duplicates = tuple(
        Held(each, Visibility.DUPLICATE, f"same article as {first}")
        for each, first in merged.redirects.items()
    )
    wait_for_related, relatables = _begin_relating(
        shown, filing, config.related, state, before, relating
    )
    told, stories, retelling = keep_stories(
        shown, coverage, merged.owners, config.stories, state.stories, known.told
    )
    related, relations = wait_for_related()
    return Assembled(
        Catalog(
            records={record.id: record for record in shown},
            held=tuple(sorted((*divided.held, *duplicates), key=lambda each: each.id)),
            redirects=merged.redirects,
            local_dates=dates,
            main_topics=taxonomy.main_topics,
            record_topics=taxonomy.record_topics,
            record_sources=arranged.record_sources,
            days=arranged.days,
            topics=taxonomy.topics,
            sources=arranged.sources,
            coverage={identity: items for identity, items in coverage.items() if items},
            related=related,
            stories=told,
            placeholders=arranged.placeholders,
            pages=_ordered_pages(pages),
            recent=recent_ids(shown, clock),
        ),
        (*problems, *taxonomy.diagnostics),
        CatalogState(
            relations,
            stories,
            told=retelling,
            remembered=Remembered(
                basis, settled, merged.owners, covered, relatables, arranged, merged
            ),
            telling=Telling(
                retelling,
                coverage,
                known.marks,
                known.basis,
                known.written,
            )
            if retelling is not None and known.marks
            else None,
            filing=filing if known.marks else None,
        ),
    )


def _begin_relating(
    shown: Sequence[Record],
    filing: Filing,
    config: RelatedConfig,
    state: CatalogState,
    before: Remembered,
    relating: Relating,
) -> tuple[Callable[[], Related], Relatables]:
    """Begins to relate the records; gives what waits for it, and what was made of them."""
    kept, names = state.relations, filing.arranged.topic_names
    digests: Mapping[str, bytes] = {}
    if kept is not None and kept.is_stored:
        # What this process has not related itself is known by digests alone.
        digests = filing.near
        related = related_as_before(digests, config, kept)
        if related is not None:
            return lambda: (related, kept), {}
    relatables = all_relatables(shown, names, before)
    items = [item for _, (_, item) in relatables.values()]
    return begin_relating(items, config, kept, relating, digests), relatables


class _Known(NamedTuple):
    """What is known of the last catalog's stories."""

    told: Told | None
    remembered: Remembered
    written: Written
    marks: Mapping[str, bytes]
    """Of the records that they tell apart."""
    basis: bytes


def _known(
    shown: Iterable[Record],
    redirects: Mapping[str, str],
    providers: Mapping[str, ProviderMetadata],
    config: Config,
    marks: Mapping[str, bytes],
    state: CatalogState,
) -> _Known:
    remembered = state.remembered
    written = state.telling.written if state.telling else NOTHING_WRITTEN
    if redirects:
        # What stands for others is made of them too.
        stands = set(redirects.values())
        marks = {identity: mark for identity, mark in marks.items() if identity not in stands}
    if not marks:
        return _Known(state.told, remembered, written, marks, b"")
    encoded = msgspec.msgpack.encode((sorted(providers.items()), config.block))
    basis = hashlib.blake2b(encoded, digest_size=16).digest()
    if state.told is None and state.written is not None:
        revived = revive(state.written, shown, marks, basis, config.stories)
        if revived is not None:
            told = revived.told
            remembered = msgspec.structs.replace(
                remembered, owners=told.owners, coverage=revived.covered
            )
            return _Known(told, remembered, revived.written, marks, basis)
    return _Known(state.told, remembered, written, marks, basis)


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


def _settler(
    providers: Mapping[str, ProviderMetadata], block: BlockConfig, zone: ZoneInfo
) -> Callable[[Record], tuple[Record, date]]:
    """What settles a record and tells its day."""
    return lambda record: (
        _settle(record, providers, block),
        local_date(record.published_at, zone),
    )


def _settle(
    record: Record, providers: Mapping[str, ProviderMetadata], block: BlockConfig
) -> Record:
    """The record with its outlets as the metadata knows them, without blocked coverage."""
    if block == UNBLOCKED and not providers:
        return record
    coverage = record.coverage
    if block != UNBLOCKED:
        coverage = tuple(entry for entry in coverage if not is_blocked_coverage(entry, block))
    if not providers:
        return msgspec.structs.replace(record, coverage=coverage)
    return msgspec.structs.replace(
        record,
        provider=settle_provider(record.provider, providers),
        coverage=tuple(
            msgspec.structs.replace(entry, provider=settle_provider(entry.provider, providers))
            for entry in coverage
        ),
    )


class _Divided(msgspec.Struct, frozen=True):
    """Records by what was decided of them, each in the order given."""

    shown: tuple[Record, ...]
    waiting: tuple[Record, ...]
    """Held back, but not blocked: the publisher may still show them, so topics count them."""
    held: tuple[Held, ...]
    """Why each one that is not shown is not."""


def _divide(records: Sequence[Record], config: Config, clock: datetime) -> _Divided:
    shown = plainly_shown(records, config, clock)
    held: list[Held] = []
    waiting: list[Record] = []
    for place in [place for place, plain in enumerate(shown) if not plain]:
        found = decide(records[place], config, clock)
        if found is None:
            shown[place] = True
            continue
        held.append(found)
        if found.visibility is not Visibility.BLOCKED:
            waiting.append(records[place])
    return _Divided(tuple(compress(records, shown)), tuple(waiting), tuple(held))


def _ordered_pages(pages: Iterable[StaticPage]) -> tuple[StaticPage, ...]:
    return tuple(sorted(pages, key=lambda page: (page.order, page.title, page.file)))
