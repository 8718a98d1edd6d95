"""Records to the index that relating reads: counts, weighed vectors, and who holds what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain

from tidings.catalog.relating.nearness import (
    Counts,
    Index,
    Vectors,
    by_term,
    tell_topics,
    url_keys,
    weigh_terms,
)
from tidings.catalog.relating.relating_types import Relatable, RelatedOptions
from tidings.catalog.relating.terms import Terms, read_terms
from tidings.catalog.relating.weights import MOST_RECORDS, site_step, term_weight, topic_weight


def index_items(items: Iterable[Relatable], options: RelatedOptions) -> Index:
    """The index of these records."""
    found = list(items)
    terms = {item.id: read_terms(item, options) for item in found}
    holders = dict(Counter(chain.from_iterable(own.weights for own in terms.values())))
    common, names = count_words(terms.values())
    counts = Counts(len(found), holders, common, names, count_topics(found))
    return complete_index(found, terms, counts, weigh_counts(counts, holders.items()))


def complete_index(
    items: Sequence[Relatable],
    terms: Mapping[str, Terms],
    counts: Counts,
    term_weights: dict[str, int],
) -> Index:
    """The index of records that are read and counted."""
    topic_weights = weigh_topics(counts)
    # Most records share their topics with others.
    told = {topics: tell_topics(topics, topic_weights) for topics in {i.topics for i in items}}
    return Index(
        {item.id: item for item in items},
        terms,
        counts,
        term_weights,
        topic_weights,
        {item.id: told[item.topics] for item in items},
        find_sharers(items),
    )


def weigh_counts(counts: Counts, held: Iterable[tuple[str, int]]) -> dict[str, int]:
    """The weight of each term that records share and that tells something.

    `held` has at least the terms of more than one record, with their holders.
    """
    site = site_step(counts.records)
    common, names = counts.common.get, counts.names.get
    weights = {}
    for term, holders in held:
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


def count_words(terms: Collection[Terms]) -> tuple[dict[str, int], dict[str, int]]:
    """How many records hold each stem in small letters, and each as a name."""
    common = Counter(chain.from_iterable(found.common for found in terms))
    names = Counter(chain.from_iterable(found.names for found in terms))
    return dict(common), dict(names)


def count_topics(items: Iterable[Relatable]) -> dict[str, int]:
    """How many records have each topic."""
    return dict(Counter(chain.from_iterable(set(item.topics) for item in items)))


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
