"""How near records are to each other, one record at a time: plain Python and whole numbers.

Two rounds of one comparison. The first compares the records' own terms and keeps each one's
nearest records. The second compares the terms again after each record has taken on the terms of
its nearest: headlines of one story that share no word meet through the others, and accidental
likeness fades, for an accident has no company. This is relevance feedback (Rocchio 1971)
without asking anyone.

`relate_plainly` in `related` applies these functions to every record, which defines the result;
`neighbours` and `updates` are faster ways to the same numbers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from math import isqrt
from operator import mul
from typing import NamedTuple

import msgspec

from tidings.catalog.relating.relating_types import Relatable, RelatedOptions
from tidings.catalog.relating.sums import Postings
from tidings.catalog.relating.terms import SIDE, Terms
from tidings.catalog.relating.weights import (
    MOST_ASIDE,
    TOPIC_DAMPING,
    UNIT,
    closeness,
    lone_weight,
    site_step,
    unit_vector,
    unit_weights,
)

NEIGHBOURS = 20
"""Nearest records that a record takes terms from, at most."""
LEAST_TEXT = 80
"""Likeness of texts, in 1024ths, from which two records are compared at all."""
TAKEN = 3
"""How much the terms of the nearest count beside a record's own."""
LEAST_TERM = 51
"""A term below this share of a vector, in 1024ths, is left off after taking on others."""
NOTHING: Mapping[str, int] = {}
MOST_SHARERS = 64
"""A URL in more records than this is a front page or a placeholder, not a story."""


class Counts(msgspec.Struct, frozen=True):
    """How many records hold what; all that weights depend on."""

    records: int
    holders: Mapping[str, int]
    """Of each term; an index that is only read once leaves out those of one record."""
    common: Mapping[str, int]
    """Of each stem in small letters."""
    names: Mapping[str, int]
    """Of each stem written as a name."""
    topics: dict[str, int]


class TellingTopics(NamedTuple):
    """A record's topics that weigh anything, and their length as a vector; 0 without any."""

    names: frozenset[str]
    length: int


class Index(msgspec.Struct, frozen=True):
    """What direct likeness is read from. Never changed; an update makes a new one."""

    items: dict[str, Relatable]
    terms: Mapping[str, Terms]
    counts: Counts
    term_weights: Mapping[str, int]
    """Of each term that some records share."""
    topic_weights: dict[str, int]
    topics: Mapping[str, TellingTopics]
    """Each record's topics that tell something."""
    sharers: Mapping[str, frozenset[str]]
    """The records of each URL that more than one has."""


class Vectors(msgspec.Struct, frozen=True):
    """The records' terms as numbers, by record and by term."""

    by_record: Mapping[str, Mapping[str, int]]
    """Each record's terms, at length `UNIT`."""
    by_term: Mapping[str, Mapping[str, int]]
    """Each term's records, with the same numbers, but for those that are stale."""
    stale: frozenset[str] = frozenset()
    """Records that have other vectors by now, or have gone, than `by_term` says."""
    newer: Mapping[str, Mapping[str, int]] = {}
    """By term what is not in `by_term`."""


def order_key(item: Relatable) -> tuple[int, str]:
    """Newest first, then by id: the order of records that are equally near."""
    return (-item.instant, item.id)


def url_keys(item: Relatable) -> frozenset[str]:
    """All URLs that tell what the record is about."""
    return frozenset(item.urls).union(item.coverage_urls)


def weigh_terms(
    terms: Terms, term_weights: Mapping[str, int], counts: Counts
) -> dict[str, int]:
    """The record's vector: its terms by weight and rarity.

    Terms of no other record only make it longer: two records that share one word of many are
    not alike, even where that word is all that could be shared.
    """
    rarity_of, holders = term_weights.get, counts.holders
    shared: dict[str, int] = {}
    alone = 0
    for term, weight in terms.weights.items():
        rarity = rarity_of(term)
        if rarity is None:
            if holders[term] == 1:
                alone += weight * weight
        elif weight > SIDE or holders[term] < MOST_ASIDE:
            shared[term] = weight * rarity
    return unit_vector(shared, alone * lone_weight(site_step(counts.records)) ** 2)


def tell_topics(topics: Iterable[str], topic_weights: Mapping[str, int]) -> TellingTopics:
    """Those of a record's topics that weigh anything."""
    names = frozenset([topic for topic in topics if topic_weights[topic]])
    squares = sum([topic_weights[topic] ** 2 for topic in names])
    return TellingTopics(names, isqrt(TOPIC_DAMPING + squares) if names else 0)


def topic_factor(index: Index, id_: str, other: str, percent: int) -> int:
    """What the records' topics leave of their likeness, in 1024ths.

    All when they share all telling topics, `percent` less when none. Half of that is lost when
    one of them has no telling topic, for then nothing is known.
    """
    held = UNIT * percent // 100
    names, length = index.topics[id_]
    others, other_length = index.topics[other]
    if not length or not other_length:
        return UNIT - held // 2
    if names.isdisjoint(others):
        return UNIT - held
    shared = sum([index.topic_weights[topic] ** 2 for topic in names & others])
    return UNIT - held + held * min(shared, length * other_length) // (length * other_length)


def covered_with(index: Index, item: Relatable) -> set[str]:
    """The records that share a URL with this one."""
    found: set[str] = set()
    for key in url_keys(item):
        sharers = index.sharers.get(key, frozenset())
        if len(sharers) <= MOST_SHARERS:
            found |= sharers
    found.discard(item.id)
    return found


def likenesses(
    index: Index, vectors: Vectors, id_: str, options: RelatedOptions
) -> dict[str, int]:
    """The record's likeness, in 1024ths, to every other that it has enough in common with."""
    item, items = index.items[id_], index.items
    vector = vectors.by_record[id_]
    texts = _products(vectors, vector, LEAST_TEXT * UNIT)
    texts.pop(id_, None)
    covered = covered_with(index, item) if options.coverage_weight else set()
    instant, half_life = item.instant, options.half_life_days
    least = LEAST_TEXT * UNIT * UNIT
    # Many records have the same topics.
    factors: dict[tuple[str, ...], int] = {}
    scores = {}
    for other, text in texts.items():
        record = items[other]
        near = closeness(instant, record.instant, half_life)
        # Most are too far, whatever their topics.
        if text * near < least or other in covered:
            continue
        factor = factors.get(record.topics)
        if factor is None:
            factor = topic_factor(index, id_, other, options.topic_weight)
            factors[record.topics] = factor
        score = min(text // UNIT, UNIT) * factor // UNIT * near // UNIT
        if score >= LEAST_TEXT:
            scores[other] = score
    for other in covered:
        others = vectors.by_record[other].get
        text = sum([weight * others(term, 0) for term, weight in vector.items()])
        score = likeness(index, item, items[other], text, True, options)
        if score >= LEAST_TEXT:
            scores[other] = score
    return scores


def _products(vectors: Vectors, vector: Mapping[str, int], least: int) -> dict[str, int]:
    """The products, of at least this, of the vector with all that have a term of it."""
    known = vectors.by_term
    texts = known.alike(vector, least) if isinstance(known, Postings) else None
    if texts is None:
        texts = _sums(known, vector, least)
    for other in vectors.stale.intersection(texts):
        del texts[other]
    # A record that is named there has all its terms there.
    if vectors.newer:
        texts |= _sums(vectors.newer, vector, least)
    return texts


def _sums(
    by_term: Mapping[str, Mapping[str, int]], vector: Mapping[str, int], least: int
) -> dict[str, int]:
    texts: dict[str, int] = {}
    known, held = texts.get, by_term.get
    for term, weight in vector.items():
        for other, others in held(term, NOTHING).items():
            texts[other] = known(other, 0) + weight * others
    # Most have too little in common.
    return {other: text for other, text in texts.items() if text >= least}


def likeness(
    index: Index,
    item: Relatable,
    other: Relatable,
    product: int,
    covered: bool,
    options: RelatedOptions,
) -> int:
    """The likeness of two records, in 1024ths, given the product of their vectors."""
    factor = topic_factor(index, item.id, other.id, options.topic_weight)
    near = closeness(item.instant, other.instant, options.half_life_days)
    score = min(product // UNIT, UNIT) * factor // UNIT * near // UNIT
    if covered:
        score += (UNIT - score) * options.coverage_weight // 100
    return score


def order_of(index: Index, scores: Mapping[str, int], other: str) -> tuple[int, int, str]:
    """Best first, then newest, then by id: the total order of a record's neighbours."""
    item = index.items[other]
    return (-scores[other], -item.instant, other)


def nearest(index: Index, scores: Mapping[str, int], count: int) -> dict[str, int]:
    """The best `count` of the scores, best first."""
    best = sorted(scores, key=lambda other: order_of(index, scores, other))
    return {other: scores[other] for other in best[:count]}


def take_terms(
    vector: Mapping[str, int],
    near: Mapping[str, int],
    by_record: Mapping[str, Mapping[str, int]],
) -> dict[str, int]:
    """The record's vector with the terms of its nearest, by the squares of their likeness.

    Squares make the nearest count most. A record without near ones stays as it is.
    """
    whole = max(sum(score * score for score in near.values()), UNIT * UNIT)
    sums = {term: UNIT * weight for term, weight in vector.items()}
    known = sums.get
    for other, score in near.items():
        share = TAKEN * UNIT * score * score // whole
        for term, weight in by_record[other].items():
            sums[term] = known(term, 0) + share * weight
    mixed = unit_weights(list(sums.values()), UNIT * UNIT * _missing(vector.values()))
    strong = {
        term: weight for term, weight in zip(sums, mixed, strict=False) if weight >= LEAST_TERM
    }
    return unit_vector(strong, _missing(mixed))


def _missing(weights: Collection[int]) -> int:
    """What the vector's squared length lacks: the part of terms that no other record has."""
    squares: int = sum(map(mul, weights, weights))
    return max(0, UNIT * UNIT - squares)


def by_term(by_record: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, int]]:
    """The same numbers by term."""
    turned: dict[str, dict[str, int]] = {}
    for id_, vector in by_record.items():
        for term, weight in vector.items():
            turned.setdefault(term, {})[id_] = weight
    return turned


def best_links(
    index: Index, scores: Mapping[str, int], options: RelatedOptions
) -> dict[str, int]:
    """The records to show with scores from 0 to 1000, best first."""
    good = {
        other: score
        for other, score in scores.items()
        if score * 1000 // UNIT >= options.minimum_score
    }
    best = nearest(index, good, max(options.count, 0))
    return {other: score * 1000 // UNIT for other, score in best.items()}
