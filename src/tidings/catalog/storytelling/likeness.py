"""How alike records are, as far as it speaks for one event: pairs within the time window.

Part of finding stories. Two measures, both in 1024ths. *Likeness* is the cosine of two
records' words, made smaller by the time between them. *Company* compares whom the two records
are near to: it finds that headlines without a common word tell of one event, and that a chance
likeness does not. Pairs that conflict, and pairs without a shared name or number, are no pairs.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import isqrt
from typing import NamedTuple

from tidings.catalog.storytelling.marks import conflict, read_marks
from tidings.catalog.storytelling.texts import UNIT, Text, Texts

LEAST = 102
"""Likeness from which two records are a pair."""
NEIGHBOURS = 20
"""How many nearest records make up a record's company."""
LEAST_SELF = 410
"""A record is at least this near to itself: lists of faint likeness must not look alike."""
LEAST_COMPANY = 51

TWO = 2
MOST_OF_ONE = 300
"""Likeness of two records that share one telling word only: never enough for two alone."""
MANY = 8
"""Common neighbours from which that word is taken for the name of an event: many tell of it."""

SAME_WORDS = 3
"""Words that near-same titles share, at least: two may be "morning briefing"."""
SAME_PERCENT = 60
"""Percent of two titles' words, by rarity, that near-same titles share."""
LEAST_SAME = 341
"""Likeness from which titles are compared word by word."""
SAME_LIKENESS, SAME_COMPANY = 900, 614
"""What near-same titles count for at least."""
SERIES_SECONDS = 20 * 3600
"""An outlet that tells the same later than this has another edition of a series."""
SAME_EXCERPT = 60
"""Percent of shared words from which two excerpts are one text sent twice."""


class Pairs(NamedTuple):
    """Pairs of records as positions, the smaller first."""

    likeness: dict[tuple[int, int], int]
    company: dict[tuple[int, int], int]
    same_title: frozenset[tuple[int, int]]
    vetoes: frozenset[tuple[int, int]]
    """Alike, and yet different events."""


NO_PAIRS = Pairs({}, {}, frozenset(), frozenset())


def find_pairs(texts: Texts, window: int) -> Pairs:
    """All pairs of the texts (oldest first) that are at most `window` seconds apart."""
    items = texts.items
    likeness: dict[tuple[int, int], int] = {}
    same: set[tuple[int, int]] = set()
    vetoes: set[tuple[int, int]] = set()
    weak: list[tuple[int, int]] = []
    for pair in _candidates(items, window):
        one, other = items[pair[0]], items[pair[1]]
        evidence = _evidence(one, other)
        if not evidence and len(one.title & other.title) < SAME_WORDS:
            continue
        alike = _likeness(one.vector, other.vector)
        titles = alike >= LEAST_SAME and near_same(one, other, texts.rarity)
        if alike < LEAST or not (evidence or titles):
            continue
        if differ(one, other, titles):
            vetoes.add(pair)
            continue
        alike = alike * closeness(other.seconds - one.seconds, window // 2) // UNIT
        if titles:
            same.add(pair)
            alike = max(alike, SAME_LIKENESS)
        elif evidence < TWO and alike > MOST_OF_ONE:
            weak.append(pair)
        if alike >= LEAST:
            likeness[pair] = alike
    company = _accompany(len(items), likeness, same, weak)
    return Pairs(likeness, company, frozenset(same), frozenset(vetoes))


def _accompany(
    records: int,
    likeness: dict[tuple[int, int], int],
    same: Iterable[tuple[int, int]],
    weak: Iterable[tuple[int, int]],
) -> dict[tuple[int, int], int]:
    """The company of all pairs. Weak pairs that have too little of it lose likeness."""
    near = _neighbours(records, likeness)
    company = _companies(near)
    for pair in same:
        company[pair] = max(company.get(pair, 0), SAME_COMPANY)
    for pair in weak:
        if len(near[pair[0]].keys() & near[pair[1]].keys()) < MANY:
            likeness[pair] = MOST_OF_ONE
    return company


def _evidence(one: Text, other: Text) -> int:
    """What says that like texts have one subject: nothing, one name, or more (at least `TWO`).

    Words that few records have speak for it only in company, unless they are names or numbers.
    """
    rare = len(one.rare & other.rare)
    return rare if rare >= TWO or not one.names.isdisjoint(other.names) else 0


def _candidates(texts: Sequence[Text], window: int) -> Iterator[tuple[int, int]]:
    """Each text after each earlier one within the window that shares a rare word with it.

    The word must be in one of the two titles: what only the excerpts share is context.
    """
    titles: dict[str, list[int]] = {}
    sides: dict[str, list[int]] = {}
    oldest = 0
    for place, text in enumerate(texts):
        while texts[oldest].seconds < text.seconds - window:
            oldest += 1
        found: set[int] = set()
        for term in text.rare:
            aside = term in text.excerpt and term not in text.title
            for shelves in (titles,) if aside else (titles, sides):
                if shelf := shelves.get(term):
                    # Newest last: what the window has left behind is cut off.
                    found.update(shelf[bisect_left(shelf, oldest) :])
            (sides if aside else titles).setdefault(term, []).append(place)
        for other in sorted(found):
            yield other, place


def _likeness(one: dict[str, int], other: dict[str, int]) -> int:
    """The cosine of the two, in 1024ths, whatever the time between them."""
    total = 0
    for term in one.keys() & other.keys():
        total += one[term] * other[term]
    return total // UNIT


def closeness(apart: int, half: int) -> int:
    """What the time between leaves of a likeness, in 1024ths: half where `half` seconds lie."""
    hours, middle = apart // 3600, max(half // 3600, 1)
    return UNIT * middle * middle // (middle * middle + hours * hours)


def near_same(one: Text, other: Text, rarity: Mapping[str, int]) -> bool:
    """Whether the two titles say the same in nearly the same words."""
    common = one.title & other.title
    if len(common) < SAME_WORDS:
        return False
    shared = sum([rarity[stem] for stem in common])
    whole = sum([rarity[stem] for stem in one.title | other.title])
    return shared * 100 >= SAME_PERCENT * whole


def differ(one: Text, other: Text, titles: bool) -> str:
    """Why two records that are alike are different events: a mark's key, `series`, or "".

    `titles` says whether their titles are near-same.
    """
    if key := conflict(read_marks(one.headline), read_marks(other.headline)):
        return key
    late = abs(one.seconds - other.seconds) > SERIES_SECONDS
    if titles and late and one.outlet == other.outlet:
        shared, whole = len(one.excerpt & other.excerpt), len(one.excerpt | other.excerpt)
        if not whole or shared * 100 < SAME_EXCERPT * whole:
            return "series"
    return ""


def _neighbours(records: int, likeness: Mapping[tuple[int, int], int]) -> list[dict[int, int]]:
    """The `NEIGHBOURS` nearest records of each record, by likeness."""
    near: list[list[tuple[int, int]]] = [[] for _ in range(records)]
    for (one, other), alike in likeness.items():
        near[one].append((-alike, other))
        near[other].append((-alike, one))
    return [
        {other: -alike for alike, other in sorted(found)[:NEIGHBOURS]} if found else {}
        for found in near
    ]


def _companies(near: Sequence[Mapping[int, int]]) -> dict[tuple[int, int], int]:
    """How alike the company of two records is, for all pairs that have some in common."""
    keepers: list[list[tuple[int, int]]] = [[] for _ in near]
    for place, found in enumerate(near):
        if not found:
            continue
        itself = max(LEAST_SELF, *found.values())
        # Squares make the nearest count most: a long tail of faint ones does little harm.
        weights = [(other, alike * alike) for other, alike in found.items()]
        weights.append((place, itself * itself))
        length = isqrt(sum([weight * weight for _, weight in weights]))
        for other, weight in weights:
            keepers[other].append((place, (weight * UNIT + length // 2) // length))
    sums: dict[tuple[int, int], int] = {}
    for keeping in keepers:
        for at, (one, weight) in enumerate(keeping):
            for other, others in keeping[at + 1 :]:
                pair = (one, other)
                sums[pair] = sums.get(pair, 0) + weight * others
    least = LEAST_COMPANY * UNIT
    return {pair: total // UNIT for pair, total in sums.items() if total >= least}
