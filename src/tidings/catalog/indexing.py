"""Records to the index that relating reads: counts, weighed vectors, and who holds what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import chain

from tidings.catalog.nearness import (
    Counts,
    Index,
    Vectors,
    by_term,
    tell_topics,
    url_keys,
    weigh_terms,
)
from tidings.catalog.relating_types import Relatable, RelatedOptions
from tidings.catalog.terms import Terms, read_terms
from tidings.catalog.weights import MOST_RECORDS, site_step, term_weight, topic_weight


def index_items(items: Iterable[Relatable], options: RelatedOptions) -> Index:
    """The index of these records."""
    known = {item.id: item for item in items}
    terms = {id_: read_terms(item, options) for id_, item in known.items()}
    counts = count_holders(known, terms)
    term_weights = weigh_counts(counts)
    topic_weights = weigh_topics(counts)
    topics = {id_: tell_topics(item, topic_weights) for id_, item in known.items()}
    sharers = find_sharers(known.values())
    return Index(known, terms, counts, term_weights, topic_weights, topics, sharers)


def weigh_counts(counts: Counts) -> dict[str, int]:
    """The weight of each term that records share and that tells something."""
    site = site_step(counts.records)
    common, names = counts.common.get, counts.names.get
    weights = {}
    for term, holders in counts.holders.items():
        if 1 < holders < MOST_RECORDS:
            weight = term_weight(holders, common(term, 0) > names(term, 0), site)
            if weight:
                weights[term] = weight
    return weights


def weigh_topics(counts: Counts) -> dict[str, int]:
    """The weight of each topic."""
    return {topic: topic_weight(held, counts.records) for topic, held in counts.topics.items()}


def weigh_items(index: Index) -> Vectors:
    """The vectors of all records of the index."""
    by_record = {
        id_: weigh_terms(terms, index.term_weights, index.counts)
        for id_, terms in index.terms.items()
    }
    return Vectors(by_record, by_term(by_record))


def count_holders(items: Mapping[str, Relatable], terms: Mapping[str, Terms]) -> Counts:
    """How many records hold each term and topic."""
    every = terms.values()
    holders = Counter(chain.from_iterable(found.weights for found in every))
    common = Counter(chain.from_iterable(found.common for found in every))
    names = Counter(chain.from_iterable(found.names for found in every))
    topics = Counter(chain.from_iterable(set(item.topics) for item in items.values()))
    return Counts(len(items), dict(holders), dict(common), dict(names), dict(topics))


def find_sharers(items: Iterable[Relatable]) -> dict[str, frozenset[str]]:
    """The records of each URL that more than one has."""
    first: dict[str, str] = {}
    holders: dict[str, set[str]] = {}
    for item in items:
        for key in url_keys(item):
            other = first.setdefault(key, item.id)
            if other != item.id:
                holders.setdefault(key, {other}).add(item.id)
    return {key: frozenset(ids) for key, ids in holders.items()}
