"""Told stories as bytes: what `retelling` keeps in memory, for the next process.

Part of finding stories, and of speed only. Each record has a row (see `rows`). Rows do not
depend on each other, so that those of what has not changed are written again as they were read.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from itertools import chain
from typing import NamedTuple

import msgspec

from tidings.catalog.storytelling.links import UrlLink
from tidings.catalog.storytelling.retelling import NOTHING, Places, Shown, Told, ToldOnce
from tidings.catalog.storytelling.rows import (
    ENCODER,
    Covered,
    Row,
    row_of,
    shown_in,
    stand_in,
    told_alone,
    told_together,
)
from tidings.model.config import StoriesConfig
from tidings.model.record import Record
from tidings.model.sealing import Data, seal, unseal

FORMAT = f"told-4-{sys.byteorder}"


class _Kept(msgspec.Struct, frozen=True, array_like=True):
    form: str
    basis: bytes
    config: StoriesConfig
    rows: list[msgspec.Raw]
    """Oldest first."""
    owners: dict[str, str]
    links: list[UrlLink]
    groups: list[Places]
    verdicts: bytes


class _Kind(NamedTuple):
    """What a row was made of."""

    record: Record
    coverage: Shown
    told: ToldOnce | None


def _is_of(one: _Kind, other: _Kind) -> bool:
    return (
        one.record is other.record and one.coverage is other.coverage and one.told is other.told
    )


Rows = dict[str, tuple[_Kind, bytes]]
"""By id what a row was made of, and the row."""


class Written:
    """The rows that are written, for as much as is still the same."""

    def __init__(
        self, records: Mapping[str, Record], size: int, rows: Callable[[], Rows]
    ) -> None:
        """`size` is how many rows are written, `records` are those that rows are right for."""
        self._records = records
        self._size = size
        self._rows = rows

    def stale(self, records: Sequence[Record]) -> int:
        """How many of these records have no row that is right, or how many rows are wrong."""
        known = self._records.get
        right = sum([known(record.id) is record for record in records])
        return max(len(records), self._size) - right

    @cached_property
    def rows(self) -> Rows:
        """By id; many readers need none."""
        return self._rows()


NOTHING_WRITTEN = Written({}, 0, dict)


class Revived(NamedTuple):
    """What another process knew of one catalog."""

    told: Told
    covered: Covered
    """By id each record that is still the same, with its coverage."""
    written: Written


def pack_told(
    told: Told,
    coverage: Mapping[str, Shown],
    marks: Mapping[str, bytes],
    basis: bytes,
    written: Written,
) -> tuple[bytes, Written]:
    """What `revive` takes; of what is `written` rows are taken again."""
    rows: Rows = {}
    old = written.rows
    stories = told.stories
    for record in told.records:
        identity = record.id
        kind = _Kind(record, coverage.get(identity, NOTHING), stories.get(identity))
        known = old.get(identity)
        if known is None or not _is_of(known[0], kind):
            row = row_of(record, marks.get(identity, b""), kind.coverage, kind.told, told)
            known = (kind, ENCODER.encode(row))
        rows[identity] = known
    verdicts = array("I", chain.from_iterable((*pair, v) for pair, v in told.verdicts.items()))
    kept = _Kept(
        FORMAT,
        basis,
        told.config,
        [msgspec.Raw(data) for _, data in rows.values()],
        dict(told.owners),
        list(told.links),
        list(told.groups),
        verdicts.tobytes(),
    )
    records = {identity: kind.record for identity, (kind, _) in rows.items()}
    return seal(ENCODER.encode(kept)), Written(records, len(rows), lambda: rows)


def revive(
    data: Data,
    records: Iterable[Record],
    marks: Mapping[str, bytes],
    basis: bytes,
    config: StoriesConfig,
) -> Revived | None:
    """What `pack_told` was given, as far as it is still so; None for anything else.

    A record is the same where it has the mark that it had, on the same `basis`.
    """
    read = _read(data, basis, config)
    if read is None:
        return None
    kept, rows = read
    now = {record.id: record for record in records}
    same: dict[str, Record] = {}
    covered: Covered = {}
    digests: list[bytes] = []
    every: list[Record] = []
    stories: dict[str, ToldOnce] = {}
    larger: list[Row] = []
    # One look at each record: they are scattered over so much memory that looking takes long.
    for row in rows:
        record = now.get(row.id)
        if record is None or marks.get(record.id) != row.mark:
            every.append(stand_in(row))
            continue
        # Whoever looks for a record brings this very text, which then need not be compared.
        identity = record.id
        every.append(record)
        same[identity] = record
        digests.append(row.digest)
        shown = NOTHING
        if record.coverage:
            shown = shown_in(record, row)
            covered[identity] = (record, shown)
        if len(row.members) == 1:
            stories[identity] = told_alone(row, record, shown)
        elif row.members:
            larger.append(row)
    for row in larger:
        if all(map(same.__contains__, row.members)):
            members = tuple(map(same.__getitem__, row.members))
            stories[members[0].id] = told_together(row, members, covered)

    told = Told(
        config,
        every,
        dict(_verdicts(kept.verdicts)),
        kept.links,
        kept.groups,
        stories,
        kept.owners,
        digested=dict(zip(same, zip(same.values(), digests, strict=True), strict=True)),
    )
    taken = partial(_taken, kept, rows, same, covered, stories)
    return Revived(told, covered, Written(same, len(rows), taken))


def _read(data: Data, basis: bytes, config: StoriesConfig) -> tuple[_Kept, list[Row]] | None:
    payload = unseal(data)
    if payload is None:
        return None
    try:
        # Most sites are small and have nothing to decode, so no decoder is made beforehand.
        kept = msgspec.msgpack.decode(payload, type=_Kept)
        if (kept.form, kept.basis, kept.config) != (FORMAT, basis, config):
            return None
        rows = msgspec.msgpack.decode(ENCODER.encode(kept.rows), type=list[Row])
    except msgspec.DecodeError:
        return None
    return kept, rows


def _taken(
    kept: _Kept,
    rows: Sequence[Row],
    same: Mapping[str, Record],
    covered: Covered,
    stories: Mapping[str, ToldOnce],
) -> Rows:
    """The rows of what is the same; their stories are too."""
    taken: Rows = {}
    for row, raw in zip(rows, kept.rows, strict=True):
        once = stories.get(row.id)
        if row.id in same and (once is not None or not row.members):
            record, shown = covered.get(row.id) or (same[row.id], NOTHING)
            taken[row.id] = (_Kind(record, shown, once), bytes(raw))
    return taken


def _verdicts(data: bytes) -> Iterator[tuple[tuple[int, int], int]]:
    numbers = iter(memoryview(data).cast("I"))
    for one, other, verdict in zip(numbers, numbers, numbers, strict=True):
        yield (one, other), verdict
