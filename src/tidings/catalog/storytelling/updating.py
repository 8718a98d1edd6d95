"""The verdicts on all pairs after a change, from what was kept: as from nothing, but sooner.

Part of finding stories. Counts of terms move first, then the bytes of those that cross a step,
then the texts that hold them; only pairs of these and of new records are judged.
"""

from __future__ import annotations

import functools
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from tidings.catalog.storytelling.counting import (
    Counts,
    Scale,
    code_of,
    is_common,
    scale_of,
)
from tidings.catalog.storytelling.kept import (
    KeptStories,
    Row,
    checksum,
    pack_reading,
    pack_verdicts,
    start_keeping,
    unpack_reading,
    unpack_verdicts,
)
from tidings.catalog.storytelling.likeness import judge
from tidings.catalog.storytelling.pairing import Verdicts
from tidings.catalog.storytelling.texts import (
    Reading,
    Text,
    outlet_of,
    rare_terms,
    read_text,
    weigh_text,
)
from tidings.model.record import Record

FEW_CHANGES, SHARE = 64, 8
"""More changes than so many, or than one record in so many, are done from nothing."""


class _Shelves(NamedTuple):
    """Who may hold a term."""

    postings: memoryview
    later: dict[str, list[int]]
    """Of the slots that came after the postings were made."""

    def slots(self, term: str) -> Iterator[int]:
        """The slots that may hold the term: all that do, and hardly any other."""
        key = checksum(term)
        at = bisect_left(self.postings, key << 32)
        while at < len(self.postings) and (number := self.postings[at]) >> 32 == key:
            yield number & 0xFFFFFFFF
            at += 1
        yield from self.later.get(term, ())


class _Recounted(NamedTuple):
    counts: Counts
    codes: dict[str, int]
    """The bytes of all terms that a change touches."""
    crossing: set[str]
    """Those of them whose byte is another one than before."""


def keep_pairs(
    records: Sequence[Record],
    seconds: Sequence[int],
    digests: Sequence[bytes],
    window: int,
    kept: KeptStories | None,
) -> tuple[Verdicts, KeptStories]:
    """What `survey` finds of the records (oldest first), and what to keep for the next time.

    `digests` are those of `digest_records`. The very state that is given comes back where
    nothing has changed.
    """
    if kept is None or kept.window != window:
        return start_keeping(records, seconds, digests, window)
    new = [place for place, digest in enumerate(digests) if digest not in kept.slots]
    gone = [kept.slots[digest] for digest in kept.slots.keys() - set(digests)]
    if not new and not gone:
        return _by_place(unpack_verdicts(kept.verdicts), kept.slots, digests), kept
    idle = 2 * len(kept.readings) - len(kept.slots) - kept.posted
    limit = max(FEW_CHANGES, len(records) // SHARE)
    scale = scale_of(len(records))
    if scale.site != scale_of(kept.counts.records).site or len(new) + len(gone) + idle > limit:
        return start_keeping(records, seconds, digests, window)

    fresh = [read_text(records[place]) for place in new]
    lost = [unpack_reading(kept.readings[slot]) for slot in gone]
    slots = {digest: slot for digest, slot in kept.slots.items() if slot not in set(gone)}
    first = len(kept.readings)
    slots.update((digests[place], first + at) for at, place in enumerate(new))
    readings = [*kept.readings, *map(pack_reading, fresh)]
    for slot in gone:
        readings[slot] = b""
    shelves = _Shelves(
        memoryview(kept.postings).cast("Q"), _later(readings, kept.posted, len(readings))
    )
    recounted = _recount(kept, shelves, lost, fresh, scale)
    codes, moved = _recode(kept.codes, readings[:first], shelves, recounted)
    codes += [bytes([recounted.codes[term] for term in each.terms]) for each in fresh]
    reached = moved.union(range(first, len(readings)))
    if len(reached) > limit:
        return start_keeping(records, seconds, digests, window)
    order = [slots[digest] for digest in digests]
    rows = [
        row
        for row in unpack_verdicts(kept.verdicts)
        if reached.isdisjoint(row[:2]) and readings[row[0]] and readings[row[1]]
    ]
    rows += _judge_again(reached, readings, codes, shelves, order, records, seconds, window)
    rows.sort()
    changed = KeptStories(
        kept.form,
        window,
        slots,
        readings,
        codes,
        recounted.counts,
        kept.postings,
        kept.posted,
        pack_verdicts(rows),
    )
    return _by_place(rows, slots, digests), changed


def _by_place(
    rows: Iterable[Row], slots: Mapping[bytes, int], digests: Sequence[bytes]
) -> Verdicts:
    """The verdicts by the records' positions."""
    places = {slots[digest]: place for place, digest in enumerate(digests)}
    verdicts: Verdicts = {}
    for one, other, verdict in rows:
        first, second = places[one], places[other]
        pair = (first, second) if first < second else (second, first)
        verdicts[pair] = verdict
    return verdicts


def _later(readings: Sequence[bytes], since: int, until: int) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for slot in range(since, until):
        if readings[slot]:
            for term in unpack_reading(readings[slot]).terms:
                found.setdefault(term, []).append(slot)
    return found


def _recount(
    kept: KeptStories,
    shelves: _Shelves,
    lost: Sequence[Reading],
    fresh: Sequence[Reading],
    scale: Scale,
) -> _Recounted:
    """The counts after these readings have gone and those have come."""
    before = kept.counts
    shifts = _shifts([each.terms for each in lost], [each.terms for each in fresh])
    counts = Counts(
        before.records - len(lost) + len(fresh),
        before.holders.copy(),
        _shifted(before.lowered, [r.lowered for r in lost], [r.lowered for r in fresh]),
        _shifted(before.capital, [r.capital for r in lost], [r.capital for r in fresh]),
    )
    known = scale_of(before.records)
    low, high = sorted((known.most, scale.most))
    touched = set(shifts)
    if low != high:
        touched.update(term for term, held in before.holders.items() if low < held <= high)
    taken = set(chain.from_iterable(each.terms for each in lost))
    codes: dict[str, int] = {}
    crossing: set[str] = set()
    for term in touched:
        held = before.holders.get(term) or int(term in taken or _has(term, kept, shelves))
        now = held + shifts[term]
        if now > 1:
            counts.holders[term] = now
        else:
            counts.holders.pop(term, None)
        if now:
            codes[term] = code_of(now, is_common(term, counts), scale)
            if held and codes[term] != code_of(held, is_common(term, before), known):
                crossing.add(term)
    return _Recounted(counts, codes, crossing)


def _has(term: str, kept: KeptStories, shelves: _Shelves) -> bool:
    """Whether a record that was there and is still there holds the term."""
    for slot in shelves.slots(term):
        data = kept.readings[slot] if slot < len(kept.readings) else b""
        if data and term in unpack_reading(data).terms:
            return True
    return False


def _shifts(lost: Iterable[Collection[str]], fresh: Iterable[Collection[str]]) -> Counter[str]:
    shifts = Counter(chain.from_iterable(fresh))
    shifts.subtract(Counter(chain.from_iterable(lost)))
    return shifts


def _shifted(
    counts: Mapping[str, int],
    lost: Iterable[Collection[str]],
    fresh: Iterable[Collection[str]],
) -> dict[str, int]:
    shifted = dict(counts)
    for term, shift in _shifts(lost, fresh).items():
        count = shifted.pop(term, 0) + shift
        if count:
            shifted[term] = count
    return shifted


def _recode(
    codes: Sequence[bytes],
    readings: Sequence[bytes],
    shelves: _Shelves,
    recounted: _Recounted,
) -> tuple[list[bytes], set[int]]:
    """The bytes of the texts that were there before, and those texts that they change."""
    crossing, now = recounted.crossing, recounted.codes
    fresh = list(codes)
    moved: set[int] = set()
    for slot in sorted(set(chain.from_iterable(map(shelves.slots, crossing)))):
        if slot < len(readings) and readings[slot]:
            terms = unpack_reading(readings[slot]).terms
            found = bytes(
                [
                    now[term] if term in crossing else code
                    for term, code in zip(terms, codes[slot], strict=True)
                ]
            )
            if found != codes[slot]:
                fresh[slot] = found
                moved.add(slot)
    for slot, data in enumerate(readings):
        if not data:
            fresh[slot] = b""
    return fresh, moved


def _judge_again(
    reached: Collection[int],
    readings: Sequence[bytes],
    codes: Sequence[bytes],
    shelves: _Shelves,
    order: Sequence[int],
    records: Sequence[Record],
    seconds: Sequence[int],
    window: int,
) -> Iterator[Row]:
    """The verdicts on all pairs of these texts; `order` has the slot of each record."""
    places = {slot: place for place, slot in enumerate(order)}
    texts: dict[int, Text] = {}

    def text(slot: int) -> Text:
        if slot not in texts:
            place = places[slot]
            reading = unpack_reading(readings[slot])
            texts[slot] = weigh_text(
                reading, codes[slot], seconds[place], outlet_of(records[place])
            )
        return texts[slot]

    @functools.cache
    def holders(term: str) -> list[int]:
        return sorted({places[slot] for slot in shelves.slots(term) if slot in places})

    done: set[tuple[int, int]] = set()
    for slot in sorted(reached):
        at = seconds[places[slot]]
        first, end = bisect_left(seconds, at - window), bisect_right(seconds, at + window)
        near: set[int] = set()
        for term in rare_terms(text(slot).reading, codes[slot]):
            shelf = holders(term)
            near.update(shelf[bisect_left(shelf, first) : bisect_left(shelf, end)])
        for other in sorted(order[place] for place in near):
            pair = (min(slot, other), max(slot, other))
            if other != slot and pair not in done:
                done.add(pair)
                if verdict := judge(text(slot), text(other), window):
                    yield *pair, verdict
