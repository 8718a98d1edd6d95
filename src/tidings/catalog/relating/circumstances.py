"""What likeness depends on besides text, for all records as numbers: time, topics, shared URLs.

Part of the fast way of `neighbours`. Each function says which one of plain Python it equals.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from typing import Any, NamedTuple

import numpy as np

from tidings.catalog.relating.nearness import MOST_SHARERS, Index, tell_topics
from tidings.catalog.relating.reading import Flags, Numbers
from tidings.catalog.relating.relating_types import Relatable, RelatedOptions
from tidings.catalog.relating.weights import UNIT

Small = np.ndarray[Any, np.dtype[np.int32]]
"""Numbers of which there is one for each of a great many pairs."""


class Topics(NamedTuple):
    """The records' telling topics."""

    names: list[str]
    """The topics by their numbers; 0 is none."""
    weights: Small
    """The weight of each; nothing for 0."""
    held: Small
    """A row for each place in the records' own lists: numbers of topics, 0 where a list has
    ended."""
    lengths: Small
    """Length of each record's topics as a vector; 0 where none tells anything."""


class Circumstances(NamedTuple):
    """What likeness depends on besides text, for records in the order of equals."""

    instants: Numbers
    topics: Topics
    covered: Numbers
    """Pairs of records that share a URL: two columns, by row."""


def circumstances(index: Index, items: Sequence[Relatable]) -> Circumstances:
    """The circumstances of the records of the index; `items` in the order of equals."""
    instants = np.array([item.instant for item in items], np.int64)
    return Circumstances(instants, _topics(index, items), _covered(index, items))


def _topics(index: Index, items: Sequence[Relatable]) -> Topics:
    names = ["", *(topic for topic, weight in index.topic_weights.items() if weight)]
    numbers = {topic: number for number, topic in enumerate(names)}
    # Most records share their topics with others.
    places: dict[tuple[str, ...], int] = {}
    of_records = [places.setdefault(item.topics, len(places)) for item in items]
    told = [
        [numbers[topic] for topic in dict.fromkeys(topics) if topic in numbers]
        for topics in places
    ]
    held = np.zeros((max(map(len, told), default=0), len(told)), np.int32)
    for place, own in enumerate(told):
        held[: len(own), place] = own
    lengths = [tell_topics(topics, index.topic_weights).length for topics in places]
    weights = np.array([0, *(index.topic_weights[topic] for topic in names[1:])], np.int32)
    return Topics(names, weights, held[:, of_records], np.array(lengths, np.int32)[of_records])


def _covered(index: Index, items: Sequence[Relatable]) -> Numbers:
    """`nearness.covered_with` for all records."""
    numbers = {item.id: number for number, item in enumerate(items)}
    pairs = {
        pair
        for ids in index.sharers.values()
        if len(ids) <= MOST_SHARERS
        for pair in permutations([numbers[id_] for id_ in ids], 2)
    }
    return np.array(sorted(pairs), np.int64).reshape(-1, 2)


def topic_factors(
    topics: Topics, rows: Numbers, columns: Numbers, options: RelatedOptions
) -> Small:
    """`nearness.topic_factor` for many pairs."""
    held = UNIT * options.topic_weight // 100
    shared = np.zeros(len(rows), np.int32)
    squares = topics.weights**2
    others = [one[columns] for one in topics.held]
    for one in topics.held:
        own = one[rows]
        counts = squares[own]
        for other in others:
            shared += counts * (own == other)
    lengths = topics.lengths[rows] * topics.lengths[columns]
    known: Small = UNIT - held + held * np.minimum(shared, lengths) // np.maximum(lengths, 1)
    known[lengths == 0] = UNIT - held // 2
    return known


def shared_topics(topics: Topics, rows: Numbers, columns: Numbers) -> Small:
    """`reasons.shared_topic` for many pairs: numbers of topics, 0 for none."""
    best = np.zeros(len(rows), np.int32)
    weights = np.zeros(len(rows), np.int32)
    others = [one[columns] for one in topics.held]
    for one in topics.held:
        own = one[rows]
        better = topics.weights[own] > weights
        better &= np.logical_or.reduce([own == other for other in others])
        best[better] = own[better]
        weights[better] = topics.weights[own[better]]
    return best


def share_urls(facts: Circumstances, rows: Numbers, columns: Numbers) -> Flags:
    """Whether each of these pairs shares a URL."""
    shared = np.zeros(len(rows), bool)
    if not len(rows):
        return shared
    records, (own, others) = len(facts.instants), facts.covered.T
    among = slice(*np.searchsorted(own, (rows.min(), rows.max() + 1)))
    known = own[among] * records + others[among]
    if len(known):
        # Hardly any pair is looked for: most have a record that shares nothing.
        named = np.zeros(records, bool)
        named[others[among]] = True
        asked = np.flatnonzero(named[columns])
        keys = rows[asked] * records + columns[asked]
        places = np.minimum(np.searchsorted(known, keys), len(known) - 1)
        shared[asked] = known[places] == keys
    return shared


def closenesses(first: Numbers, second: Numbers, options: RelatedOptions) -> Small:
    """`weights.closeness` for many pairs of instants."""
    if not options.half_life_days:
        return np.full(len(first), UNIT, np.int32)
    half = options.half_life_days * 24
    apart = np.abs(first - second) // 3600
    found: Small = (UNIT * half * half // (half * half + apart * apart)).astype(np.int32)
    return found
