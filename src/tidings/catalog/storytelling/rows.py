"""One record's row among told stories: what links see of it, its coverage, the story it keeps.

Part of finding stories. Coverage is not written out but pointed at in the records that list it:
a record with the mark of its row is the record that the row was made of.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from tidings.catalog.storytelling.retelling import NOTHING, Shown, Told, ToldOnce
from tidings.model.catalog import CoverageItem, Story, StoryJoin
from tidings.model.record import Coverage, Record

ENCODER = msgspec.msgpack.Encoder()

Covered = dict[str, tuple[Record, Shown]]
"""By id a record and the coverage that is shown of it."""
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


class Row(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A record's row."""

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


def stand_in(row: Row) -> Record:
    """A record in the place of one that is not the same any more: as links see it."""
    old = msgspec.msgpack.decode(row.linked, type=_Linked)
    listed = tuple([Coverage("", "", key, "", at) for key, at in old.listed])
    return Record(row.id, "", old.title, old.published_at, "", old.urls, coverage=listed)


def shown_in(record: Record, row: Row) -> Shown:
    """The coverage that is shown of the row's record."""
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


def told_together(row: Row, members: tuple[Record, ...], covered: Covered) -> ToldOnce:
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


def told_alone(row: Row, record: Record, shown: Shown) -> ToldOnce:
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


def row_of(
    record: Record, mark: bytes, shown: Shown, told: ToldOnce | None, catalog: Told
) -> Row:
    """The row of a record with this mark, with the coverage and the story that are its own."""
    places = _places((record,))
    items = [_pointing(each, places) for each in shown]
    plain = [item.entry[1] for item in items if not (item.also or item.entry[2])]
    are_plain = len(plain) == len(items)
    return Row(
        record.id,
        mark,
        catalog.digested[record.id][1] if catalog.digested else b"",
        msgspec.Raw(ENCODER.encode(_linked(record))),
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
    # That of a story which has a background is another one.
    own = len(told.records) == 1 and story.coverage is told.coverage[0]
    places = _places(told.records) if not own else {}
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
