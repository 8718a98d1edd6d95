"""Where records stand, as bytes: what `arranging` found, for the next process.

Part of the catalog step, and of speed only. Beside the arrangement each record has its mark and
two digests: of what it is filed under, and of what relating knows it by. A record with the mark
that is written has the digests that are written; for any other they are made anew. Where all
records are filed as they were, they stand where they stood.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from hashlib import blake2b
from itertools import compress, count
from operator import ne

import msgspec

from tidings.catalog.arranging import Arranged, Basis, arrange, filed_under
from tidings.catalog.more import known_by
from tidings.catalog.topics import Taxonomy
from tidings.model.catalog import Day, Section, Source, Topic
from tidings.model.config import Config
from tidings.model.diagnostic import Diagnostic
from tidings.model.record import Record
from tidings.model.sealing import Data, seal, unseal

DIGEST = 16
STALE = 16
"""Records that may have other marks than is written: writing all costs more than they do."""

Names = tuple[str, ...]
Numbers = list[int]
"""Places of records among those that are shown, newest first."""


class _Placed(msgspec.Struct, frozen=True, array_like=True):
    """An arrangement that names records by their numbers."""

    combinations: list[tuple[Names, str, Names]]
    """Slugs of topics, the main one of them, and their names."""
    combined: list[int]
    """For each record the place of its combination."""
    topics: list[tuple[Topic, Numbers]]
    days: list[tuple[date, Numbers, list[tuple[str, Numbers]]]]
    sources: list[tuple[Source, Numbers]]
    placeholders: list[str]
    diagnostics: tuple[Diagnostic, ...]


class _Kept(msgspec.Struct, frozen=True, array_like=True):
    basis: bytes
    ids: list[str]
    """Of the records that are shown, then of those that are only counted."""
    marks: list[bytes]
    """Empty where nothing says whether the record is the same."""
    filed: list[bytes]
    near: list[bytes]
    """Of the records that are shown; empty where records are not related."""
    dates: list[date]
    """Of the same."""
    placed: _Placed


class Standing(msgspec.Struct, frozen=True, dict=True):
    """The records of a catalog with all that the arrangement depends on."""

    shown: Sequence[Record]
    """Newest first."""
    waiting: Sequence[Record]
    """Only counted, newest first."""
    dates: Mapping[str, date]
    marks: Mapping[str, bytes]
    basis: Basis
    config: Config

    def digest(self) -> bytes:
        """Of what settling and arranging depend on beside the records and their days."""
        of = self.basis
        providers = sorted(of.providers.items())
        rest = (of.topics, of.root_topic, of.placeholders, self.config.block)
        encoded = _ENCODER.encode((providers, rest))
        return blake2b(encoded, digest_size=DIGEST).digest()

    @cached_property
    def records(self) -> list[Record]:
        """All of them."""
        return [*self.shown, *self.waiting]

    @cached_property
    def ids(self) -> list[str]:
        """Of all of them."""
        return [record.id for record in self.records]

    @cached_property
    def shown_ids(self) -> list[str]:
        """Of those that are shown."""
        return self.ids[: len(self.shown)]

    @cached_property
    def all_marks(self) -> list[bytes | None]:
        """Of all of them; None for one that has none."""
        return list(map(self.marks.get, self.ids))


class Filed:
    """What is written of one arrangement."""

    def __init__(self, kept: _Kept) -> None:
        self._kept = kept
        self.basis = kept.basis

    def is_of(self, standing: Standing) -> bool:
        """Whether just these records, filed alike, were arranged."""
        kept = self._kept
        return (
            kept.ids == standing.ids
            # The local time of a zone is not ours: another day needs no other record. There are
            # as many as there are records shown, so that none of them only waits now.
            and kept.dates == list(map(standing.dates.get, standing.shown_ids))
            and all(
                filed_digest(standing.records[place]) == kept.filed[place]
                for place in self.changed(standing)
            )
        )

    def changed(self, standing: Standing) -> list[int]:
        """The places of the records that need not be as they were; they have the same ids."""
        # None, for what has no mark, equals nothing.
        return list(compress(count(), map(ne, standing.all_marks, self._kept.marks)))

    def near(self, standing: Standing) -> list[bytes]:
        """What relating knows the shown records by, of a catalog that this is of; empty where
        they need not be as they were."""
        found = self._kept.near.copy()
        for place in self.changed(standing):
            if place < len(found):
                found[place] = b""
        return found

    def digests_of(
        self, identity: str, mark: bytes | None, names: Names
    ) -> tuple[bytes, bytes]:
        """What the record is filed under and, with topics of these names, known by; empty
        where that is not known."""
        kept = self._kept
        place = self._places.get(identity, -1)
        if place < 0 or kept.marks[place] != mark:
            return b"", b""
        if place < len(kept.near):
            placed = kept.placed
            if placed.combinations[placed.combined[place]][2] == names:
                return kept.filed[place], kept.near[place]
        return kept.filed[place], b""

    @cached_property
    def _places(self) -> dict[str, int]:
        return dict(zip(self._kept.ids, count(), strict=False))

    def arranged(self, standing: Standing) -> Arranged:
        """The arrangement of the records that it is of."""
        placed, ids = self._kept.placed, standing.shown_ids

        def named(numbers: Numbers) -> tuple[str, ...]:
            return tuple([ids[number] for number in numbers])

        put = msgspec.structs.replace
        combined = map(placed.combinations.__getitem__, placed.combined)
        every = list(zip(ids, combined, strict=True))
        sources = {
            source.domain: put(source, record_ids=named(own)) for source, own in placed.sources
        }
        return Arranged(
            standing.basis,
            standing.shown,
            standing.waiting,
            Taxonomy(
                {topic.slug: put(topic, record_ids=named(own)) for topic, own in placed.topics},
                {identity: slugs for identity, (slugs, _, _) in every if slugs},
                {identity: main for identity, (_, main, _) in every if main},
                placed.diagnostics,
            ),
            {identity: names for identity, (slugs, _, names) in every if slugs},
            tuple(
                [
                    Day(
                        day,
                        named(ranked),
                        tuple([Section(slug, named(own)) for slug, own in sections]),
                    )
                    for day, ranked, sections in placed.days
                ]
            ),
            sources,
            {id_: each.domain for each in sources.values() for id_ in each.record_ids},
            frozenset(placed.placeholders),
        )


def stand(
    standing: Standing, before: Arranged | None, last: Filing | None, data: Data | None
) -> Filing:
    """Where the records stand.

    `before` and `last` are what this process made of the last catalog, `data` is what another
    one wrote of it.
    """
    filed = written = None
    if last is not None:
        if last.filed is not None and last.filed.basis == standing.digest():
            filed, written = last.filed, last.written
    elif data is not None:
        filed = read_filed(data, standing.digest())
        if filed is not None and filed.is_of(standing):
            before = written = filed.arranged(standing)
    arranged = arrange(standing.shown, standing.waiting, standing.dates, standing.basis, before)
    return Filing(standing, arranged, filed, written)


class Filing(msgspec.Struct, frozen=True, dict=True):
    """What the next process needs to know where the records of a catalog stand."""

    standing: Standing
    arranged: Arranged
    filed: Filed | None = None
    """What was written on the same basis."""
    written: Arranged | None = None
    """The arrangement that was."""

    @cached_property
    def near(self) -> dict[str, bytes]:
        """By id what relating knows the shown records by."""
        shown = self.standing.shown
        if self.filed is not None and self.written is self.arranged:
            found = self.filed.near(self.standing)
        else:
            found = [near for _, near in self._known[: len(shown)]]
        unknown = [place for place, near in enumerate(found) if not near]
        made = known_by(
            [shown[place] for place in unknown],
            self.arranged.topic_names,
            self.standing.config.related,
        )
        for place, near in zip(unknown, made, strict=True):
            found[place] = near
        return dict(zip(self.standing.shown_ids, found, strict=True))

    @cached_property
    def _known(self) -> list[tuple[bytes, bytes]]:
        """Of each record what `Filed.digests_of` gives."""
        ids = self.standing.ids
        if self.filed is None:
            return [(b"", b"")] * len(ids)
        find, names = self.filed.digests_of, self.arranged.topic_names.get
        pairs = zip(ids, self.standing.all_marks, strict=True)
        return [find(identity, mark, names(identity, ())) for identity, mark in pairs]

    def pack(self) -> tuple[bytes | None, Filing]:
        """What to write, and the same as this for less work the next time.

        None where what is written need not be written anew; it may be wrong for a few records.
        """
        if (
            self.filed is not None
            and self.written is self.arranged
            and len(self.filed.changed(self.standing)) <= STALE
        ):
            return None, self
        kept = self._kept()
        data = seal(_ENCODER.encode(kept))
        return data, msgspec.structs.replace(self, filed=Filed(kept), written=self.arranged)

    def _kept(self) -> _Kept:
        standing = self.standing
        known = zip(standing.records, self._known, strict=True)
        return _Kept(
            standing.digest(),
            standing.ids,
            [mark or b"" for mark in standing.all_marks],
            [digest or filed_digest(record) for record, (digest, _) in known],
            list(self.near.values()),
            [standing.dates[identity] for identity in standing.shown_ids],
            _placed(self.arranged, standing.shown_ids),
        )


_ENCODER = msgspec.msgpack.Encoder()


def read_filed(data: Data, basis: bytes) -> Filed | None:
    """What `Filing.pack` wrote on this basis; None for anything else."""
    payload = unseal(data)
    if payload is None:
        return None
    try:
        kept = msgspec.msgpack.decode(payload, type=_Kept)
    except msgspec.DecodeError:
        return None
    return Filed(kept) if kept.basis == basis else None


def filed_digest(record: Record) -> bytes:
    """A digest of all of the record that the arrangement depends on."""
    return blake2b(_ENCODER.encode(filed_under(record)), digest_size=DIGEST).digest()


def _placed(arranged: Arranged, ids: Sequence[str]) -> _Placed:
    """The arrangement of records with these ids."""
    number = dict(zip(ids, count(), strict=False)).__getitem__

    def numbered(identities: Iterable[str]) -> Numbers:
        return list(map(number, identities))

    taxonomy, put = arranged.taxonomy, msgspec.structs.replace
    combinations: dict[tuple[Names, str, Names], int] = {}
    combined = []
    for each in ids:
        slugs = taxonomy.record_topics.get(each, ())
        names = arranged.topic_names.get(each, ())
        combination = (slugs, taxonomy.main_topics.get(each, ""), names)
        combined.append(combinations.setdefault(combination, len(combinations)))
    return _Placed(
        list(combinations),
        combined,
        [
            (put(each, record_ids=()), numbered(each.record_ids))
            for each in taxonomy.topics.values()
        ],
        [
            (
                day.date,
                numbered(day.record_ids),
                [(each.topic, numbered(each.record_ids)) for each in day.sections],
            )
            for day in arranged.days
        ],
        [
            (put(each, record_ids=()), numbered(each.record_ids))
            for each in arranged.sources.values()
        ],
        sorted(arranged.placeholders),
        taxonomy.diagnostics,
    )
