"""Why two records are related, or not: for `tidings explain`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tidings.catalog.relating.indexing import index_items, weigh_items
from tidings.catalog.relating.nearness import (
    LEAST_TEXT,
    NEIGHBOURS,
    covered_with,
    likeness,
    likenesses,
    nearest,
    take_terms,
    topic_factor,
)
from tidings.catalog.relating.relating_types import (
    PairExplanation,
    Relatable,
    RelatedOptions,
    SharedTerm,
)
from tidings.catalog.relating.weights import UNIT, closeness


def explain(
    items: Iterable[Relatable],
    first: str,
    second: str,
    options: RelatedOptions | None = None,
) -> PairExplanation:
    """The parts of the two records' score; `items` are all records of the site."""
    options = options or RelatedOptions()
    index = index_items(items, options)
    vectors = weigh_items(index)
    near, richer = {}, {}
    for id_ in (first, second):
        near[id_] = nearest(index, likenesses(index, vectors, id_, options), NEIGHBOURS)
        richer[id_] = take_terms(vectors.by_record[id_], near[id_], vectors.by_record)
    own = _products(vectors.by_record[first], vectors.by_record[second])
    enriched = _products(richer[first], richer[second])
    terms = [
        SharedTerm(term, own.get(term, 0) // UNIT, enriched.get(term, 0) // UNIT)
        for term in sorted(own.keys() | enriched.keys())
    ]
    terms.sort(key=lambda found: (-found.enriched, -found.own))
    item, other = index.items[first], index.items[second]
    covered = bool(options.coverage_weight) and second in covered_with(index, item)
    product = sum(enriched.values())
    score = 0
    if covered or product >= LEAST_TEXT * UNIT:
        score = likeness(index, item, other, product, covered, options)
    return PairExplanation(
        score=(score if score >= LEAST_TEXT else 0) * 1000 // UNIT,
        own_text=sum(own.values()) // UNIT,
        enriched_text=product // UNIT,
        topic_factor=topic_factor(index, first, second, options.topic_weight),
        closeness=closeness(item.instant, other.instant, options.half_life_days),
        shared_url=covered,
        terms=tuple(terms),
        common=tuple(id_ for id_ in near[first] if id_ in near[second]),
    )


def _products(first: Mapping[str, int], second: Mapping[str, int]) -> dict[str, int]:
    return {term: weight * second[term] for term, weight in first.items() if term in second}
