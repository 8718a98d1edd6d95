"""The index after a change: what it counts and weighs, and which records' vectors that
moves."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from tidings.catalog.relating.nearness import MOST_SHARERS, Counts, Index, tell_topics, url_keys
from tidings.catalog.relating.relating_types import Relatable, RelatedOptions
from tidings.catalog.relating.terms import Terms, read_terms
from tidings.catalog.relating.weights import MOST_ASIDE, site_step, term_weight, topic_weight

Holders = dict[str, tuple[str, ...]]


class Lengths(Mapping[str, int]):
    """How many records hold each term, read from who holds it: a count that is never copied."""

    def __init__(self, holders: Holders) -> None:
        self._holders = holders

    def __getitem__(self, term: str) -> int:
        return len(self._holders[term])

    def __iter__(self) -> Iterator[str]:
        return iter(self._holders)

    def __len__(self) -> int:
        return len(self._holders)


class Recounted(NamedTuple):
    """The index after a change, and what the change reaches at once."""

    known: Index
    holders: Holders
    gone: frozenset[str]
    """Records removed or replaced."""
    moved: frozenset[str]
    """Records whose vectors must be made anew."""


def find_holders(index: Index) -> Holders:
    """The records of each term and, behind a blank that no term has, of each URL."""
    holders: dict[str, list[str]] = {}
    for id_, terms in index.terms.items():
        for key in _keys(index.items[id_], terms):
            holders.setdefault(key, []).append(id_)
    return {key: tuple(ids) for key, ids in holders.items()}


def recount(
    index: Index,
    holders: Holders,
    changed: Collection[Relatable],
    removed: Collection[str],
    options: RelatedOptions,
) -> Recounted | None:
    """The index after a change; None when it crosses a step that reaches the whole site."""
    new = {item.id: item for item in changed if item.id not in removed}
    gone = frozenset(new).union(removed)
    lost = [id_ for id_ in sorted(gone) if id_ in index.items]
    items, terms = index.items.copy(), index.terms.copy()
    for id_ in lost:
        del items[id_], terms[id_]
    read = {id_: read_terms(item, options) for id_, item in new.items()}
    items |= new
    terms |= read
    kept, touched = _rehold(index, holders, lost, new, terms)
    counts = _recount(index, lost, new, read, kept)
    site = site_step(counts.records)
    topic_weights = {t: topic_weight(held, counts.records) for t, held in counts.topics.items()}
    if site != site_step(index.counts.records) or any(
        topic_weights.get(topic, weight) != weight
        for topic, weight in index.topic_weights.items()
    ):
        return None

    urls = {key for key in touched if key[0] == " "}
    if any(_crosses(len(holders.get(key, ())), len(kept[key])) for key in urls):
        return None
    sharers = index.sharers.copy()
    for key in urls:
        sharers.pop(key[1:], None)
        if len(kept[key]) > 1:
            sharers[key[1:]] = frozenset(kept[key])

    cased = touched - urls
    for found in (*(index.terms[id_] for id_ in lost), *read.values()):
        cased.update(found.common, found.names)
    weights, reweighed = _reweigh(index, counts, cased)
    moved = set(new).union(*(kept.get(term, ()) for term in reweighed))
    topics = index.topics.copy()
    for id_ in lost:
        del topics[id_]
    topics |= {id_: tell_topics(item.topics, topic_weights) for id_, item in new.items()}
    now_known = Index(items, terms, counts, weights, topic_weights, topics, sharers)
    return Recounted(now_known, kept, gone, frozenset(moved))


def _recount(
    index: Index,
    lost: list[str],
    new: dict[str, Relatable],
    read: dict[str, Terms],
    holders: Holders,
) -> Counts:
    counts, terms = index.counts, [index.terms[id_] for id_ in lost]
    old, fresh = [index.items[id_] for id_ in lost], read.values()
    return Counts(
        counts.records - len(lost) + len(new),
        Lengths(holders),
        _shift(counts.common, [t.common for t in terms], [t.common for t in fresh]),
        _shift(counts.names, [t.names for t in terms], [t.names for t in fresh]),
        _shift(counts.topics, [{*i.topics} for i in old], [{*i.topics} for i in new.values()]),
    )


def _rehold(
    index: Index,
    holders: Holders,
    lost: list[str],
    new: dict[str, Relatable],
    terms: dict[str, Terms],
) -> tuple[Holders, set[str]]:
    """Who holds what now, and the keys of what was touched."""
    kept = holders.copy()
    touched: set[str] = set()
    for id_ in lost:
        for key in _keys(index.items[id_], index.terms[id_]):
            kept[key] = tuple(other for other in kept[key] if other != id_)
            touched.add(key)
    for id_, item in new.items():
        for key in _keys(item, terms[id_]):
            kept[key] = (*kept.get(key, ()), id_)
            touched.add(key)
    return kept, touched


def _crosses(before: int, now: int) -> bool:
    return (before > MOST_SHARERS) != (now > MOST_SHARERS)


def _reweigh(index: Index, counts: Counts, terms: set[str]) -> tuple[dict[str, int], set[str]]:
    """The weights of all terms, and those of `terms` that now count differently."""
    site = site_step(counts.records)
    weights = index.term_weights.copy()
    reweighed: set[str] = set()
    for term in terms:
        before, now = index.counts.holders.get(term, 0), counts.holders.get(term, 0)
        common = counts.common.get(term, 0) > counts.names.get(term, 0)
        weight = term_weight(now, common, site)
        if weight != weights.pop(term, 0) or (before < MOST_ASIDE) != (now < MOST_ASIDE):
            reweighed.add(term)
        if weight:
            weights[term] = weight
    return weights, reweighed


def _keys(item: Relatable, terms: Terms) -> list[str]:
    return [*terms.weights, *(f" {key}" for key in url_keys(item))]


def _shift(
    counts: dict[str, int], lost: Iterable[Iterable[str]], new: Iterable[Iterable[str]]
) -> dict[str, int]:
    """The counts after some have gone and others have come; nothing is counted as 0."""
    shifted = counts.copy()
    for keys in lost:
        for key in keys:
            shifted[key] -= 1
            if not shifted[key]:
                del shifted[key]
    for keys in new:
        for key in keys:
            shifted[key] = shifted.get(key, 0) + 1
    return shifted
