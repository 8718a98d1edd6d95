"""How near records are to each other, one record at a time: plain Python and whole numbers.

Two steps. *Direct* likeness compares terms, topics, URLs and instants; each record keeps its 20
nearest. *Shared* likeness then compares these lists: two records are related as far as they are near
to each other and to the same third ones. This finds stories whose headlines have no word in common,
and it drops accidental likeness, for an accident has no company.

`links_plainly` in `related` applies these functions to every record, which defines the result;
`bulk` and `updates` are faster ways to the same numbers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from math import isqrt

import msgspec

from tidings.catalog.relating_types import Relatable, RelatedOptions
from tidings.catalog.terms import Terms
from tidings.catalog.weights import (
    TOPIC_DAMPING,
    UNIT,
    closeness,
    site_step,
    term_weight,
    topic_weight,
    unit_vector,
)

NEIGHBOURS = 20
"""Length of the list of nearest records that likeness is drawn from."""
LEAST_TEXT = 48
"""Likeness of texts, in 1024ths, from which two records are compared at all."""
LEAST_SELF = 410
"""A record is at least this near to itself. It keeps lists of faint likeness from looking alike."""
MOST_SHARERS = 64
"""A URL in more records than this is a front page or a placeholder, not a story."""


class Counts(msgspec.Struct, frozen=True):
    """How many records hold what; all that weights depend on."""

    records: int
    holders: dict[str, int]
    common: dict[str, int]
    names: dict[str, int]
    topics: dict[str, int]

    def term(self, term: str) -> int:
        """The term's weight."""
        return term_weight(
            self.holders.get(term, 0),
            self.common.get(term, 0),
            self.names.get(term, 0),
            site_step(self.records),
        )

    def topic(self, topic: str) -> int:
        """The topic's weight."""
        return topic_weight(self.topics.get(topic, 0), self.records)


class Index(msgspec.Struct, frozen=True):
    """Everything that direct likeness is read from. Never changed; updates make a new one."""

    items: dict[str, Relatable]
    terms: dict[str, Terms]
    counts: Counts
    vectors: dict[str, dict[str, int]]
    """Each record's terms, at length `UNIT`."""
    postings: dict[str, dict[str, int]]
    """Each term's records, with the same numbers."""
    sharers: dict[str, frozenset[str]]
    """The records of each URL that more than one has."""


def order_key(item: Relatable) -> tuple[int, str]:
    """Newest first, then by id: the order of records that are equally near."""
    return (-item.instant, item.id)


def url_keys(item: Relatable) -> frozenset[str]:
    """All URLs that tell what the record is about."""
    return frozenset(item.urls).union(item.coverage_urls)


def weigh_terms(terms: Terms, counts: Counts) -> dict[str, int]:
    """The record's vector: its terms by weight and rarity."""
    weighed = {term: weight * counts.term(term) for term, weight in terms.weights.items()}
    return unit_vector(weighed)


def topic_likeness(first: Relatable, second: Relatable, counts: Counts, weight: int) -> int:
    """What the two records' shared topics add, in 1024ths; `weight` when all are shared."""
    shared = set(first.topics) & set(second.topics)
    if not shared:
        return 0
    common = sum(counts.topic(topic) ** 2 for topic in shared)
    lengths = _topic_length(first, counts) * _topic_length(second, counts)
    return weight * common // lengths


def _topic_length(item: Relatable, counts: Counts) -> int:
    return isqrt(TOPIC_DAMPING + sum(counts.topic(topic) ** 2 for topic in set(item.topics)))


def covered_with(index: Index, item: Relatable) -> set[str]:
    """The records that share a URL with this one."""
    found: set[str] = set()
    for key in url_keys(item):
        sharers = index.sharers.get(key, frozenset())
        if len(sharers) <= MOST_SHARERS:
            found |= sharers
    found.discard(item.id)
    return found


def direct_scores(index: Index, id_: str, options: RelatedOptions) -> dict[str, int]:
    """The direct likeness of the record to every other that it has something in common with."""
    item = index.items[id_]
    texts: dict[str, int] = {}
    for term, weight in index.vectors[id_].items():
        for other, others in index.postings[term].items():
            texts[other] = texts.get(other, 0) + weight * others
    texts.pop(id_, None)
    covered = covered_with(index, item) if options.coverage_weight else set()
    scores = {}
    for other in texts.keys() | covered:
        text = texts.get(other, 0) // UNIT
        if text < LEAST_TEXT and other not in covered:
            continue
        score = direct_score(index, item, index.items[other], text, other in covered, options)
        if score >= LEAST_TEXT:
            scores[other] = score
    return scores


def direct_score(
    index: Index,
    item: Relatable,
    other: Relatable,
    text: int,
    covered: bool,
    options: RelatedOptions,
) -> int:
    """The direct likeness of two records whose texts are alike by `text`."""
    topic = topic_likeness(item, other, index.counts, options.topic_weight)
    near = closeness(item.instant, other.instant, options.half_life_days)
    return (text + topic) * near // UNIT + (options.coverage_weight if covered else 0)


def nearest(index: Index, scores: Mapping[str, int]) -> dict[str, int]:
    """The `NEIGHBOURS` best of the scores, best first."""
    items = index.items
    best = sorted(scores, key=lambda other: (-scores[other], order_key(items[other])))
    return {other: scores[other] for other in best[:NEIGHBOURS]}


def company(id_: str, near: Mapping[str, int]) -> dict[str, int]:
    """The record's list of nearest, itself among them, as a vector of length `UNIT`.

    Squares make the nearest count most, so a long tail of faint neighbours does little harm.
    """
    itself = max(LEAST_SELF, max(near.values(), default=0))
    weights = {other: score * score // UNIT for other, score in near.items()}
    weights[id_] = itself * itself // UNIT
    return unit_vector(weights)


def shared_scores(
    id_: str,
    companies: Mapping[str, Mapping[str, int]],
    keepers: Mapping[str, Collection[str]],
) -> dict[str, int]:
    """The shared likeness, 0 to 1000, of the record to all that keep a common neighbour.

    `keepers` holds, for each record, those in whose company it is.
    """
    sums: dict[str, int] = {}
    for member, weight in companies[id_].items():
        for other in keepers[member]:
            sums[other] = sums.get(other, 0) + weight * companies[other][member]
    sums.pop(id_, None)
    return {other: total * 1000 // (UNIT * UNIT) for other, total in sums.items()}


def keepers_of(companies: Mapping[str, Iterable[str]]) -> dict[str, set[str]]:
    """For each record, those in whose company it is."""
    keepers: dict[str, set[str]] = {id_: set() for id_ in companies}
    for id_, members in companies.items():
        for member in members:
            keepers[member].add(id_)
    return keepers


def best_links(
    index: Index, scores: Mapping[str, int], options: RelatedOptions
) -> tuple[tuple[str, int], ...]:
    """The records to show and their scores, best first."""
    items = index.items
    good = (other for other, score in scores.items() if score >= options.minimum_score)
    best = sorted(good, key=lambda other: (-scores[other], order_key(items[other])))
    return tuple((other, scores[other]) for other in best[: max(options.count, 0)])
