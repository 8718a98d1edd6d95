"""Told stories as bytes: what `retelling` keeps in memory, for the next process.

Part of finding stories, and of speed only. Each record has a row with its mark, what links see
of it, the coverage that is shown of it, and the story that is kept under its id. Coverage
is not written out but pointed at in the records that list it: a record with the mark of its row
is the record that the row was made of. Rows do not depend on each other, so that those of what
has not changed are written again as they were read.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property, partial
from hashlib import blake2b
from itertools import chain
from typing import NamedTuple

import msgspec

from tidings.catalog.storytelling.kept import Digested
from tidings.catalog.storytelling.links import UrlLink
from tidings.catalog.storytelling.retelling import NOTHING, Places, Shown, Told, ToldOnce
from tidings.model.catalog import CoverageItem, Story, StoryJoin
from tidings.model.config import StoriesConfig
from tidings.model.record import Coverage, Record

FORMAT = f"told-4-{sys.byteorder}"
DIGEST = 16

Data = bytes | memoryview
At = tuple[int, int, str]
"""An entry of coverage: the place of the record among a story's members, the place of the entry
in its list, and the record of the site that it is."""


class _Item(msgspec.Struct, frozen=True, array_like=True, gc=False):
    entry: At
    also: list[At]


class _Story(msgspec.Struct, frozen=True, array_like=True, gc=False):
    id: str
    order: list[int]
    """The members by place, best first."""
    coverage: list[_Item] | None
    """None where it is that of the only member."""
    outlets: int
    first_at: datetime
    last_at: datetime
    background: list[_Item]
    joins: list[tuple[int, int, str, str]]


class _Linked(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What links depend on."""

    title: str
    published_at: datetime
    urls: tuple[str, ...]
    listed: list[tuple[str, datetime | None]]


class _Row(msgspec.Struct, frozen=True, array_like=True, gc=False):
    id: str
    mark: bytes
    """Empty where nothing says whether the record is the same."""
    digest: bytes
    """What pairs know the record by; empty where texts are not compared."""
    linked: msgspec.Raw
    """A `_Linked`, for the row of a record that is not the same any more."""
    plain: list[int]
    """The coverage where it is entries with nothing below them, which are no records of the
    site; most is."""
    coverage: list[_Item]
    """Any other coverage."""
    members: list[str]
    """Of the story that is kept under this record, oldest first; none where none is."""
    story: _Story | None


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

    mark: bytes
    record: Record
    coverage: Shown
    told: ToldOnce | None


def _is_of(one: _Kind, other: _Kind) -> bool:
    return (
        one.mark == other.mark
        and one.record is other.record
        and one.coverage is other.coverage
        and one.told is other.told
    )


Rows = dict[str, tuple[_Kind, bytes]]
"""By id what a row was made of, and the row."""
Covered = dict[str, tuple[Record, Shown]]


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


_ENCODER = msgspec.msgpack.Encoder()


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
        kind = _Kind(
            marks.get(identity, b""),
            record,
            coverage.get(identity, NOTHING),
            stories.get(identity),
        )
        known = old.get(identity)
        if known is None or not _is_of(known[0], kind):
            known = (kind, _ENCODER.encode(_row(kind, told)))
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
    data = _ENCODER.encode(kept)
    records = {identity: kind.record for identity, (kind, _) in rows.items()}
    return (
        blake2b(data, digest_size=DIGEST).digest() + data,
        Written(records, len(rows), lambda: rows),
    )


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
    larger: list[_Row] = []
    # One look at each record: they are scattered over so much memory that looking takes long.
    for row in rows:
        record = now.get(row.id)
        if record is None or not row.mark or marks.get(record.id) != row.mark:
            every.append(_stand_in(row))
            continue
        # Whoever looks for a record brings this very text, which then need not be compared.
        identity = record.id
        every.append(record)
        same[identity] = record
        digests.append(row.digest)
        shown = NOTHING
        if record.coverage:
            shown = _coverage(record, row)
            covered[identity] = (record, shown)
        if len(row.members) == 1:
            stories[identity] = _told_one(row, record, shown)
        elif row.members:
            larger.append(row)
    for row in larger:
        if all(map(same.__contains__, row.members)):
            members = tuple(map(same.__getitem__, row.members))
            stories[members[0].id] = _told(row, members, covered)

    told = Told(
        config,
        every,
        dict(_verdicts(kept.verdicts)),
        kept.links,
        kept.groups,
        stories,
        kept.owners,
        digested=_digested(same, digests),
    )
    taken = partial(_taken, kept, rows, same, covered, stories)
    return Revived(told, covered, Written(same, len(rows), taken))


def _read(data: Data, basis: bytes, config: StoriesConfig) -> tuple[_Kept, list[_Row]] | None:
    view = memoryview(data)
    if blake2b(view[DIGEST:], digest_size=DIGEST).digest() != view[:DIGEST]:
        return None
    try:
        # Most sites are small and have nothing to decode, so no decoder is made beforehand.
        kept = msgspec.msgpack.decode(view[DIGEST:], type=_Kept)
        if (kept.form, kept.basis, kept.config) != (FORMAT, basis, config):
            return None
        rows = msgspec.msgpack.decode(_ENCODER.encode(kept.rows), type=list[_Row])
    except msgspec.DecodeError:
        return None
    return kept, rows


def _taken(
    kept: _Kept,
    rows: Sequence[_Row],
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
            taken[row.id] = (_Kind(row.mark, record, shown, once), bytes(raw))
    return taken


def _digested(same: Mapping[str, Record], digests: Sequence[bytes]) -> Digested:
    pairs = zip(same.values(), digests, strict=True)
    return {record.id: (record, digest) for record, digest in pairs if digest}


def _verdicts(data: bytes) -> Iterator[tuple[tuple[int, int], int]]:
    numbers = iter(memoryview(data).cast("I"))
    for one, other, verdict in zip(numbers, numbers, numbers, strict=True):
        yield (one, other), verdict


def _stand_in(row: _Row) -> Record:
    """A record in the place of one that is not the same any more: as links see it."""
    old = msgspec.msgpack.decode(row.linked, type=_Linked)
    listed = tuple([Coverage("", "", key, "", at) for key, at in old.listed])
    return Record(row.id, "", old.title, old.published_at, "", old.urls, coverage=listed)


def _coverage(record: Record, row: _Row) -> Shown:
    if row.plain:
        return tuple(map(CoverageItem, map(record.coverage.__getitem__, row.plain)))
    return tuple([_item(item, (record,)) for item in row.coverage])


def _item(item: _Item, members: Sequence[Record]) -> CoverageItem:
    place, number, owner = item.entry
    entry = members[place].coverage[number]
    if not item.also:
        return CoverageItem(entry, owner)
    also = [CoverageItem(members[n].coverage[at], own) for n, at, own in item.also]
    return CoverageItem(entry, owner, tuple(also))


def _told(row: _Row, members: tuple[Record, ...], covered: Covered) -> ToldOnce:
    """The story of several records."""
    ids = [record.id for record in members]
    shown = tuple([covered[each][1] if each in covered else NOTHING for each in ids])
    story = row.story
    if story is None:
        return ToldOnce(members, shown, None)
    return ToldOnce(
        members,
        shown,
        Story(
            story.id,
            ids[story.order[0]],
            tuple([ids[place] for place in story.order]),
            tuple([_item(each, members) for each in story.coverage or ()]),
            story.outlets,
            story.first_at,
            story.last_at,
            tuple([_item(each, members) for each in story.background]),
            tuple([StoryJoin(ids[one], ids[two], *why) for one, two, *why in story.joins]),
        ),
    )


def _told_one(row: _Row, record: Record, shown: Shown) -> ToldOnce:
    """The same for a record alone, as most are."""
    story, own = row.story, (record,)
    if story is None:
        return ToldOnce(own, (shown,), None)
    coverage = story.coverage
    told = Story(
        story.id,
        record.id,
        (record.id,),
        shown if coverage is None else tuple([_item(each, own) for each in coverage]),
        story.outlets,
        story.first_at,
        story.last_at,
        tuple([_item(each, own) for each in story.background]) if story.background else (),
    )
    return ToldOnce(own, (shown,), told)


def _row(kind: _Kind, catalog: Told) -> _Row:
    record = kind.record
    places = _places((record,))
    items = [_pointing(shown, places) for shown in kind.coverage]
    plain = [item.entry[1] for item in items if not (item.also or item.entry[2])]
    are_plain = len(plain) == len(items)
    told = kind.told
    return _Row(
        record.id,
        kind.mark,
        catalog.digested[record.id][1] if catalog.digested else b"",
        msgspec.Raw(_ENCODER.encode(_linked(record))),
        plain if are_plain else [],
        [] if are_plain else items,
        [each.id for each in told.records] if told is not None else [],
        _story(told) if told is not None else None,
    )


def _linked(record: Record) -> _Linked:
    listed = [(entry.url_key, entry.published_at) for entry in record.coverage]
    return _Linked(record.title, record.published_at, record.url_keys, listed)


def _story(told: ToldOnce) -> _Story | None:
    story = told.story
    if story is None:
        return None
    number = {record.id: place for place, record in enumerate(told.records)}
    own = len(told.records) == 1 and story.coverage is told.coverage[0]
    places = _places(told.records) if not own or story.background else {}
    return _Story(
        story.id,
        [number[identity] for identity in story.members],
        None if own else [_pointing(each, places) for each in story.coverage],
        story.outlets,
        story.first_at,
        story.last_at,
        [_pointing(each, places) for each in story.background],
        [
            (number[each.id], number[each.other], each.reason, each.detail)
            for each in story.joins
        ],
    )


def _places(records: Sequence[Record]) -> dict[int, tuple[int, int]]:
    """Where each entry of coverage is, by the entry's identity."""
    return {
        id(entry): (place, number)
        for place, record in enumerate(records)
        for number, entry in enumerate(record.coverage)
    }


def _pointing(item: CoverageItem, places: Mapping[int, tuple[int, int]]) -> _Item:
    also: list[At] = [(*_at(each.coverage, places), each.record_id) for each in item.also]
    return _Item((*_at(item.coverage, places), item.record_id), also)


def _at(entry: Coverage, places: Mapping[int, tuple[int, int]]) -> tuple[int, int]:
    return places[id(entry)]
