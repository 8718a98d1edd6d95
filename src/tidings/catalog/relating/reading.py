"""The terms of many records at once: what `terms.read_terms` gives, with NumPy.

Each different word is read once and numbered; from there on all is done with numbers, and text
is made again at the end. Part of the fast way of `neighbours`.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any, NamedTuple

import numpy as np

from tidings.catalog.relating.layers import Stored
from tidings.catalog.relating.relating_types import Relatable, RelatedOptions
from tidings.catalog.relating.terms import (
    FIRST,
    SENTENCE_CASE,
    SIDE,
    SIDE_TERMS,
    SLOPE,
    Terms,
    side_pieces,
    title_pieces,
)
from tidings.catalog.relating.words import LIGHT, WHOLE, read_word

Numbers = np.ndarray[Any, np.dtype[np.int64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]


EMPTY: Numbers = np.zeros(0, np.int64)

PART = 8192
"""Records whose terms are worked on together."""


class Rows(NamedTuple):
    """Numbers of terms for each record, record by record."""

    sizes: Numbers
    numbers: Numbers


class Reading(NamedTuple):
    """The terms of all records, as numbers."""

    names: dict[str, int]
    """The number of each term."""
    terms: Rows
    """Each record's terms, by rising numbers."""
    weights: Numbers
    """The weight of each within its record."""
    common: Rows
    """Each record's stems in small letters."""
    capital: Rows
    """Each record's stems written as names."""
    words: Rows
    """Each title's words by their first stems; words without any are left out."""
    pieces: Numbers
    """For each word its place in `shown`."""
    shown: list[str]
    """Words as written."""


class _Words(NamedTuple):
    """What the different pieces are read as; stems are numbers of terms."""

    starts: Numbers
    sizes: Numbers
    stems: Numbers
    weights: Numbers
    lowered: Numbers
    joined: Numbers
    """Number of the piece written as one, or -1."""
    shown: list[str]


class _Stems(NamedTuple):
    """The stems of one kind of text of all records, in order."""

    rows: Numbers
    stems: Numbers
    weights: Numbers
    lowered: Numbers
    places: Numbers
    """Places of their words within the record's text."""


def read_all(items: Sequence[Relatable], options: RelatedOptions) -> Reading:
    """The terms of each of these records."""
    pieces: defaultdict[str, int] = defaultdict(count().__next__)
    titles, sides = array("i"), array("i")
    lengths, sizes, shouted, excerpts = [], [], [], []
    # Numbered at once: the words of all records together would take a great deal of memory, and
    # so, further down, would what is made of each of them for all records.
    for item in items:
        words, loud = title_pieces(item)
        titles.extend(map(pieces.__getitem__, words))
        lengths.append(len(words))
        shouted.append(loud)
    for item in items:
        words, own = side_pieces(item)
        sides.extend(map(pieces.__getitem__, words))
        sizes.append(len(words))
        excerpts.append(own)
    names: defaultdict[str, int] = defaultdict(count().__next__)
    known = _read_pieces(pieces, names)
    title_words = np.array(titles, np.int64)
    title_rows = np.repeat(np.arange(len(items)), lengths)
    title = _expand(known, title_rows, title_words)
    together = [
        _pairs(title, names),
        _joined(known, title_rows, title_words),
        _outlets(items, names, options),
    ]
    side = _Side(np.array(sides), np.array(sizes, np.int64), np.array(excerpts, np.int64))
    loud_titles = np.array(shouted, bool)
    parts = [
        _read_part(known, title, together, side, loud_titles, len(names), start)
        for start in range(0, len(items), PART)
    ]
    telling = known.sizes[title_words] > 0
    said = title_words[telling]
    return Reading(
        dict(names),
        _joined_rows([part.terms for part in parts]),
        np.concatenate([part.weights for part in parts] or [EMPTY]),
        _joined_rows([part.common for part in parts]),
        _joined_rows([part.capital for part in parts]),
        Rows(
            np.bincount(title_rows[telling], minlength=len(items)),
            known.stems[known.starts[said]],
        ),
        said,
        known.shown,
    )


class _Side(NamedTuple):
    """The words of excerpts and coverage titles of all records."""

    words: Numbers
    sizes: Numbers
    """How many each record has."""
    excerpts: Numbers
    """How many of these, the first ones, are the excerpt's."""


class _Part(NamedTuple):
    """What is read of some records."""

    terms: Rows
    weights: Numbers
    common: Rows
    capital: Rows


def _read_part(
    known: _Words,
    title: _Stems,
    together: Sequence[tuple[Numbers, Numbers, Numbers]],
    side: _Side,
    shouted: Flags,
    names: int,
    start: int,
) -> _Part:
    """The records of one part, the first of which has this number."""
    records = len(side.sizes[start : start + PART])
    own = _Stems(*_cut(title, start))
    sizes = side.sizes[start : start + records]
    first = int(side.sizes[:start].sum())
    rows = np.repeat(np.arange(records), sizes)
    others = _expand(known, rows, side.words[first : first + len(rows)])
    of_title = ~shouted[start:][own.rows]
    of_excerpt = others.places < side.excerpts[start:][others.rows]
    cased = [
        _by_case(stems, chosen, records)
        for stems, chosen in ((own, of_title), (others, of_excerpt))
    ]
    common, capital = (
        _different([found[which] for found in cased], records, names) for which in (0, 1)
    )
    held, numbers, weights = _cells(
        own, [_cut(each, start) for each in together], others, names
    )
    return _Part(Rows(np.bincount(held, minlength=records), numbers), weights, common, capital)


def _cut(columns: Sequence[Numbers], start: int) -> tuple[Numbers, ...]:
    """What belongs to the records of a part, which are numbered from 0 there; the first column
    has their rising numbers."""
    own = slice(*np.searchsorted(columns[0], (start, start + PART)))
    return (columns[0][own] - start, *(column[own] for column in columns[1:]))


def _joined_rows(parts: Sequence[Rows]) -> Rows:
    return Rows(
        *(np.concatenate(column) for column in zip((EMPTY, EMPTY), *parts, strict=True))
    )


def places_within(rows: Numbers) -> Numbers:
    """For each of these rising numbers how many of its equals are before it."""
    sizes = np.bincount(rows)
    found: Numbers = np.arange(len(rows)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return found


def rows_of(reading: Reading, ids: Sequence[str]) -> Mapping[str, Terms]:
    """The terms of each record as `terms.read_terms` gives them, made when asked for."""
    names = list(reading.names)
    parts = (reading.terms, reading.common, reading.capital, reading.words)
    ends = [np.concatenate(([0], np.cumsum(part.sizes))).tolist() for part in parts]

    def read(row: int) -> Terms:
        cuts = [slice(end[row], end[row + 1]) for end in ends]
        weights, common, capital, stems = (
            [names[number] for number in part.numbers[cut].tolist()]
            for part, cut in zip(parts, cuts, strict=True)
        )
        return Terms(
            dict(zip(weights, reading.weights[cuts[0]].tolist(), strict=True)),
            tuple(common),
            tuple(capital),
            tuple(stems),
            tuple([reading.shown[piece] for piece in reading.pieces[cuts[3]].tolist()]),
        )

    return Stored({id_: row for row, id_ in enumerate(ids)}, read)


def _read_pieces(
    pieces: Sequence[str] | dict[str, int], names: defaultdict[str, int]
) -> _Words:
    found = list(map(read_word, pieces))
    sizes = np.array([len(word.stems) for word in found], np.int64)
    stems = [names[stem] for word in found for stem in word.stems]
    return _Words(
        np.cumsum(sizes) - sizes,
        sizes,
        np.array(stems, np.int64),
        np.array([weight for word in found for weight in word.weights], np.int64),
        np.array([word.lowered for word in found], bool),
        np.array([names[word.joined] if word.joined else -1 for word in found], np.int64),
        [word.shown for word in found],
    )


def _expand(known: _Words, rows: Numbers, words: Numbers) -> _Stems:
    sizes = known.sizes[words]
    total = int(sizes.sum())
    within = np.arange(total) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    at = np.repeat(known.starts[words], sizes) + within
    places = places_within(rows)
    return _Stems(
        np.repeat(rows, sizes),
        known.stems[at],
        known.weights[at],
        np.repeat(known.lowered[words], sizes),
        np.repeat(places, sizes),
    )


def _by_case(
    found: _Stems, chosen: Any, records: int
) -> tuple[tuple[Numbers, Numbers], tuple[Numbers, Numbers]]:
    """`terms._by_case`: rows and stems in small letters, and those with a capital."""
    small = chosen & found.lowered
    large = chosen & ~found.lowered & (found.places > 0)
    low = np.bincount(found.rows[small], minlength=records)
    high = np.bincount(found.rows[large], minlength=records)
    sentence = (low > 0) & (low * 100 >= SENTENCE_CASE * (low + high))
    large &= sentence[found.rows]
    return (found.rows[small], found.stems[small]), (found.rows[large], found.stems[large])


def _pairs(title: _Stems, names: defaultdict[str, int]) -> tuple[Numbers, Numbers, Numbers]:
    stems = list(names)
    following = title.rows[:-1] == title.rows[1:]
    keys = title.stems[:-1][following] * len(stems) + title.stems[1:][following]
    different, places = np.unique(keys, return_inverse=True)
    first, second = np.divmod(different, max(len(stems), 1))
    written = [
        names[stems[one] + stems[two]]
        for one, two in zip(first.tolist(), second.tolist(), strict=True)
    ]
    found = np.array(written, np.int64)[places]
    return title.rows[:-1][following], found, np.full(len(found), LIGHT)


def _joined(known: _Words, rows: Numbers, words: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    joined = known.joined[words]
    there = joined >= 0
    return rows[there], joined[there], np.full(int(there.sum()), LIGHT)


def _outlets(
    items: Sequence[Relatable], names: defaultdict[str, int], options: RelatedOptions
) -> tuple[Numbers, Numbers, Numbers]:
    if not options.provider_weight:
        nothing = np.zeros(0, np.int64)
        return nothing, nothing, nothing
    rows = [row for row, item in enumerate(items) if item.provider]
    found = [names["@" + items[row].provider.casefold()] for row in rows]
    weights = np.full(len(rows), options.provider_weight)
    return np.array(rows, np.int64), np.array(found, np.int64), weights


def _cells(
    title: _Stems,
    together: Sequence[tuple[Numbers, ...]],
    side: _Stems,
    names: int,
) -> tuple[Numbers, Numbers, Numbers]:
    """Rows, terms and weights: each term of a record once, as the first of its kinds counts."""
    counts = np.bincount(title.rows)[title.rows] if len(title.rows) else title.rows
    places = places_within(title.rows)
    placed = WHOLE * (FIRST * counts - SLOPE * places) // np.maximum(100 * counts, 1)
    parts = [
        (title.rows, title.stems, title.weights * placed // WHOLE),
        *together,
        (side.rows, side.stems, np.full(len(side.rows), SIDE)),
    ]
    rows, terms, weights = (np.concatenate(column) for column in zip(*parts, strict=True))
    _, first = np.unique(rows * names + terms, return_index=True)
    aside = np.sort(first[first >= len(rows) - len(side.rows)])
    kept = np.ones(len(rows), bool)
    kept[aside[places_within(rows[aside]) >= SIDE_TERMS]] = False
    first = first[kept[first]]
    return rows[first], terms[first], weights[first]


def _different(parts: Sequence[tuple[Numbers, Numbers]], records: int, names: int) -> Rows:
    """Each stem of a record once."""
    rows, stems = (np.concatenate(column) for column in zip(*parts, strict=True))
    found = np.sort(rows * names + stems)
    found = found[np.diff(found, prepend=-1) > 0]
    rows, stems = np.divmod(found, max(names, 1))
    return Rows(np.bincount(rows, minlength=records), stems)
