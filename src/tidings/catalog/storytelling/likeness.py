"""How alike records are, as far as it speaks for one event: pairs within the time window.

Part of finding stories. *Likeness* is the cosine of two records' words, in 1024ths, made
smaller by the time between them. Pairs that conflict, and pairs without a shared name or
number, are no pairs. What is found of a pair depends on its two texts alone; `company` looks at
all pairs.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from tidings.catalog.storytelling.counting import STEPS
from tidings.catalog.storytelling.marks import conflict, read_marks
from tidings.catalog.storytelling.texts import UNIT, Text, excerpt_of, names_of, title_of

LEAST = 102
"""Likeness from which two records are a pair."""

TWO = 2
MOST_OF_ONE = 300
"""Likeness of two records that share one telling word only: never enough for two alone."""

SAME_WORDS = 3
"""Words that near-same titles share, at least: two may be "morning briefing"."""
SAME_PERCENT = 60
"""Percent of two titles' words, by rarity, that near-same titles share."""
LEAST_SAME = 341
"""Likeness from which titles are compared word by word."""
SAME_LIKENESS = 900
"""What near-same titles count for at least."""
SERIES_SECONDS = 20 * 3600
"""An outlet that tells the same later than this has another edition of a series."""
SAME_EXCERPT = 60
"""Percent of shared words from which two excerpts are one text sent twice."""

PLAIN, SAME, WEAK, VETO = range(4)
"""What a pair is: alike; of near-same titles; alike by one telling word; alike, and yet
different events."""
KINDS = 4
"""A verdict is likeness × `KINDS` + what the pair is."""


def judge(one: Text, other: Text, window: int) -> int:
    """The verdict on two records at most `window` seconds apart; 0 where there is nothing to
    say."""
    common = one.rare.keys() & other.rare.keys()
    # What only the two excerpts share is context.
    if common <= one.aside & other.aside:
        return 0
    alike = sum([one.rare[term] * other.rare[term] for term in common])
    for term in one.others.keys() & other.others.keys():
        alike += one.others[term] * other.others[term]
    return judge_alike(one, other, alike // UNIT, common, window)


def judge_alike(
    one: Text, other: Text, alike: int, common: AbstractSet[str], window: int
) -> int:
    """The verdict on two records of this likeness, whatever the time between them.

    `common` are the rare terms that they share, not all of them in the excerpts alone.
    """
    if alike < LEAST:
        return 0
    evidence = _evidence(one, other, common)
    titles = alike >= LEAST_SAME and near_same(one, other)
    if not (evidence or titles):
        return 0
    if differ(one, other, titles):
        return VETO
    alike = alike * closeness(abs(other.seconds - one.seconds), window // 2) // UNIT
    if titles:
        return max(alike, SAME_LIKENESS) * KINDS + SAME
    if alike < LEAST:
        return 0
    weak = evidence < TWO and alike > MOST_OF_ONE
    return alike * KINDS + (WEAK if weak else PLAIN)


def needed(hours: int, window: int) -> int:
    """The least likeness that matters so many hours apart, unless both titles have marks."""
    close = closeness(hours * 3600, window // 2)
    return min(LEAST_SAME, -(-LEAST * UNIT // close)) if close else LEAST_SAME


def _evidence(one: Text, other: Text, common: AbstractSet[str]) -> int:
    """What says that like texts have one subject: nothing, one name, or more (at least `TWO`).

    Words that few records have speak for it only in company, unless they are names or numbers.
    """
    if len(common) >= TWO:
        return len(common)
    return len(common & names_of(one) & names_of(other))


def closeness(apart: int, half: int) -> int:
    """What the time between leaves of a likeness, in 1024ths: half where `half` seconds lie."""
    hours, middle = apart // 3600, max(half // 3600, 1)
    return UNIT * middle * middle // (middle * middle + hours * hours)


def near_same(one: Text, other: Text) -> bool:
    """Whether the two titles say the same in nearly the same words."""
    common = title_of(one.reading) & title_of(other.reading)
    if len(common) < SAME_WORDS:
        return False
    ones, others = _rarities(one), _rarities(other)
    shared = sum([ones[stem] for stem in common])
    whole = sum(ones.values()) + sum(others.values()) - shared
    return shared * 100 >= SAME_PERCENT * whole


def _rarities(text: Text) -> dict[str, int]:
    """Of each word of the title: from 1 for one that most records have to 9."""
    return {
        stem: 1 + (code & STEPS)
        for stem, code in zip(
            text.reading.terms[: text.reading.words], text.codes, strict=False
        )
    }


def differ(one: Text, other: Text, titles: bool) -> str:
    """Why two records that are alike are different events: a mark's key, `series`, or "".

    `titles` says whether their titles are near-same.
    """
    if key := conflict(read_marks(one.reading.headline), read_marks(other.reading.headline)):
        return key
    late = abs(one.seconds - other.seconds) > SERIES_SECONDS
    if titles and late and one.outlet == other.outlet:
        ones, others = excerpt_of(one.reading), excerpt_of(other.reading)
        shared, whole = len(ones & others), len(ones | others)
        if not whole or shared * 100 < SAME_EXCERPT * whole:
            return "series"
    return ""
