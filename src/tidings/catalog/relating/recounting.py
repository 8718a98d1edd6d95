"""The index after a change: what it counts and weighs, and which records' vectors that
moves."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple, TypeVar, overload

import msgspec

from tidings.catalog.relating.indexing import weigh_topics
from tidings.catalog.relating.layers import Layers, Stored, overlaid
from tidings.catalog.relating.nearness import (
    MOST_SHARERS,
    Counts,
    Index,
    TellingTopics,
    tell_topics,
)
from tidings.catalog.relating.relating_types import Relatable, RelatedOptions
from tidings.catalog.relating.settled import Facts, facts_of
from tidings.catalog.relating.terms import Terms, read_terms
from tidings.catalog.relating.weights import MOST_ASIDE, site_step, term_weight

D = TypeVar("D")


class Holders(NamedTuple):
    """The records of each term and, behind a blank that no term has, of each URL."""

    settled: Mapping[str, Collection[str]]
    stale: frozenset[str]
    """Records that `settled` may name and that do not count there."""
    newer: dict[str, tuple[str, ...]]
    """What has been read since, by key."""

    def of(self, key: str) -> list[str]:
        """The records that have this key."""
        known = [id_ for id_ in self.settled.get(key, ()) if id_ not in self.stale]
        return [*known, *self.newer.get(key, ())]


class Sharers(Mapping[str, frozenset[str]]):
    """The records of each URL that more than one has, found when asked for."""

    def __init__(self, holders: Holders) -> None:
        self._holders = holders

    def __getitem__(self, key: str) -> frozenset[str]:
        found = frozenset(self._holders.of(f" {key}"))
        if len(found) < 2:
            raise KeyError(key)
        return found

    def __iter__(self) -> Iterator[str]:
        keys = {*self._holders.settled, *self._holders.newer}
        return (key[1:] for key in keys if key[0] == " " and key[1:] in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __bool__(self) -> bool:
        return True


class Weights(Mapping[str, int]):
    """The weight of each term that records share and that tells something, when asked for."""

    def __init__(self, counts: Counts) -> None:
        self._counts = counts
        self._site = site_step(counts.records)
        self._seen: dict[str, int] = {}

    @overload
    def get(self, key: str, /) -> int | None: ...
    @overload
    def get(self, key: str, default: int | D, /) -> int | D: ...
    def get(self, key: str, default: Any = None, /) -> Any:
        """The weight, or the default."""
        weight = self._seen.get(key)
        if weight is None:
            weight = self._seen[key] = self._weigh(key)
        return weight or default

    def __getitem__(self, term: str) -> int:
        weight = self.get(term)
        if weight is None:
            raise KeyError(term)
        return weight

    def __contains__(self, term: object) -> bool:
        return self.get(str(term)) is not None

    def __iter__(self) -> Iterator[str]:
        return (term for term in self._counts.holders if term[0] != " " and term in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _weigh(self, term: str) -> int:
        counts = self._counts
        common = counts.common.get(term, 0) > counts.names.get(term, 0)
        return term_weight(counts.holders.get(term, 0), common, self._site)


class Known(msgspec.Struct, frozen=True):
    """What is counted, and who has what."""

    index: Index
    holders: Holders
    facts: Mapping[str, Facts]
    """Of each record, what counting it out needs besides its terms."""


class Recounted(NamedTuple):
    """The index after a change, and what the change reaches at once."""

    known: Known
    gone: frozenset[str]
    """Records removed or replaced."""
    moved: frozenset[str]
    """Records whose vectors must be made anew."""


def viewed(
    items: dict[str, Relatable], terms: Mapping[str, Terms], counts: Counts, holders: Holders
) -> Index:
    """An index that weighs what it is asked for."""
    topic_weights = weigh_topics(counts)

    # Most records share their topics with others.
    told: dict[tuple[str, ...], TellingTopics] = {}

    def tell(item: Relatable) -> TellingTopics:
        found = told.get(item.topics)
        if found is None:
            found = told[item.topics] = tell_topics(item.topics, topic_weights)
        return found

    topics = Stored(items, tell)
    return Index(items, terms, counts, Weights(counts), topic_weights, topics, Sharers(holders))


def recount(
    known: Known,
    changed: Collection[Relatable],
    removed: Collection[str],
    options: RelatedOptions,
) -> Recounted | None:
    """The index after a change; None when it crosses a step that reaches the whole site."""
    index = known.index
    new = {item.id: item for item in changed}
    gone = frozenset(new).union(removed)
    lost = [id_ for id_ in sorted(gone) if id_ in index.items]
    items = index.items.copy()
    for id_ in lost:
        del items[id_]
    items |= new
    read = {id_: read_terms(item, options) for id_, item in new.items()}
    fresh = {id_: facts_of(item) for id_, item in new.items()}
    after = counted(known, lost, read, fresh, items)
    now = after.index
    if site_step(now.counts.records) != site_step(index.counts.records) or any(
        now.topic_weights.get(topic, weight) != weight
        for topic, weight in index.topic_weights.items()
    ):
        return None

    out = [(index.terms[id_], known.facts[id_]) for id_ in lost]
    touched = {
        key
        for terms, facts in (*out, *((read[id_], fresh[id_]) for id_ in new))
        for key in (*_keys(terms, facts), *terms.common, *terms.names)
    }
    before, then = index.counts.holders, now.counts.holders
    urls = [key for key in touched if key[0] == " "]
    if any(_crosses(before.get(key, 0), then.get(key, 0)) for key in urls):
        return None
    moved = set(new)
    for term in touched.difference(urls):
        aside = (before.get(term, 0) < MOST_ASIDE) == (then.get(term, 0) < MOST_ASIDE)
        if not aside or index.term_weights.get(term) != now.term_weights.get(term):
            moved.update(after.holders.of(term))
    return Recounted(after, gone, frozenset(moved))


def counted(
    known: Known,
    lost: Collection[str],
    read: Mapping[str, Terms],
    facts: Mapping[str, Facts],
    items: dict[str, Relatable],
) -> Known:
    """What is known after these records have gone and those with terms and facts have come.

    `items` are all records after it.
    """
    index, holders = known.index, known.holders
    old_terms = {id_: index.terms[id_] for id_ in lost}
    old_facts = {id_: known.facts[id_] for id_ in lost}
    newer = holders.newer.copy()
    for id_, terms in old_terms.items():
        for key in _keys(terms, old_facts[id_]):
            if key in newer:
                left = tuple([other for other in newer[key] if other != id_])
                newer[key] = left
                if not left:
                    del newer[key]
    for id_, terms in read.items():
        for key in _keys(terms, facts[id_]):
            newer[key] = (*newer.get(key, ()), id_)
    counts = index.counts
    after = Counts(
        counts.records - len(lost) + len(read),
        _shift(
            counts.holders,
            [_keys(terms, old_facts[id_]) for id_, terms in old_terms.items()],
            [_keys(terms, facts[id_]) for id_, terms in read.items()],
        ),
        _shift(
            counts.common,
            [terms.common for terms in old_terms.values()],
            [terms.common for terms in read.values()],
        ),
        _shift(
            counts.names,
            [terms.names for terms in old_terms.values()],
            [terms.names for terms in read.values()],
        ),
        _flat(
            _shift(
                counts.topics,
                [{*each.topics} for each in old_facts.values()],
                [{*each.topics} for each in facts.values()],
            )
        ),
    )
    now = Holders(holders.settled, holders.stale.union(lost), newer)
    return Known(
        viewed(items, overlaid(index.terms, read, lost), after, now),
        now,
        overlaid(known.facts, facts, lost),
    )


def _flat(counts: Layers[int]) -> dict[str, int]:
    return {key: count for key, count in counts.items() if count}


def _crosses(before: int, now: int) -> bool:
    return (before > MOST_SHARERS) != (now > MOST_SHARERS)


def _keys(terms: Terms, facts: Facts) -> list[str]:
    return [*terms.weights, *[f" {url}" for url in facts.urls]]


def _shift(
    counts: Mapping[str, int], lost: Iterable[Iterable[str]], new: Iterable[Iterable[str]]
) -> Layers[int]:
    """The counts after some have gone and others have come."""
    shifted: dict[str, int] = {}
    for keys in lost:
        for key in keys:
            shifted[key] = (shifted[key] if key in shifted else counts.get(key, 0)) - 1
    for keys in new:
        for key in keys:
            shifted[key] = (shifted[key] if key in shifted else counts.get(key, 0)) + 1
    return overlaid(counts, shifted)
