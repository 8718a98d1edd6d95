"""Why a record is related: a code and a detail that a page can put into words."""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter

from tidings.catalog.nearness import Index, covered_with, order_key
from tidings.catalog.relating_types import Relatable, RelatedLink, RelatedOptions
from tidings.catalog.weights import DAY

SAME_STORY_SCORE = 500
SAME_STORY_DAYS = 4
"""One event is reported within days; as near but later is a follow-up."""
PHRASES = 2
"""Shared phrases that a reason names, at most."""


def give_reasons(
    index: Index,
    item: Relatable,
    best: Mapping[str, int],
    options: RelatedOptions,
) -> tuple[RelatedLink, ...]:
    """The record's links: `best` with reasons, then, on small sites, the newest of its
    topics."""
    covered = covered_with(index, item) if index.sharers else set()
    links = []
    for other, score in best.items():
        reason, detail = _reason(index, item, index.items[other], score, other in covered)
        links.append(RelatedLink(other, score, reason, detail))
    if len(links) < options.count and len(index.items) < options.fill_below:
        taken = {link.id for link in links}
        links.extend(_fill(index, item, taken, options.count - len(links)))
    return tuple(links)


def _reason(
    index: Index, item: Relatable, other: Relatable, score: int, covered: bool
) -> tuple[str, str]:
    if covered:
        return "shared-coverage", ""
    apart = abs(item.instant - other.instant)
    if score >= SAME_STORY_SCORE and apart <= SAME_STORY_DAYS * DAY:
        return "same-story", ""
    words = shared_phrases(index, item, other) or shared_phrases(index, other, item)
    if words:
        return "similar", words
    topic = shared_topic(index, item, other)
    return ("topic", topic) if topic else ("similar", "")


def shared_phrases(index: Index, item: Relatable, other: Relatable) -> str:
    """The title's weightiest words that the other record has too, neighbours as one phrase."""
    others, weights = index.terms[other.id].weights, index.term_weights
    phrases: list[tuple[int, str]] = []
    before, place = "", -2
    own = index.terms[item.id]
    for at, (stem, word) in enumerate(zip(own.stems, own.shown, strict=True)):
        if stem in others and stem in weights:
            weight = others[stem] * weights[stem]
            if place == at - 1 and before + stem in others:
                weight += phrases[-1][0]
                word = f"{phrases.pop()[1]} {word}"
            phrases.append((weight, word))
            before, place = stem, at
    phrases.sort(key=itemgetter(0), reverse=True)
    return ", ".join(dict.fromkeys([word for _, word in phrases[:PHRASES]]))


def shared_topic(index: Index, item: Relatable, other: Relatable) -> str:
    """The rarest topic of both, the first in the record's own order among equals; or
    nothing."""
    shared = [topic for topic in item.topics if topic in other.topics]
    best = max(shared, key=index.topic_weights.__getitem__, default="")
    return best if best and index.topic_weights[best] else ""


def _fill(index: Index, item: Relatable, taken: set[str], free: int) -> list[RelatedLink]:
    """Records that share a topic, those of the rarest one first, then the newest.

    Weights are too coarse for this; on the small sites that are filled, counts are not dear.
    """
    others = [other for other in index.items.values() if other.id != item.id]
    telling = [topic for topic in item.topics if index.topic_weights[topic]]
    holders = {topic: sum(topic in other.topics for other in others) for topic in telling}
    telling.sort(key=holders.__getitem__)
    found: list[tuple[int, tuple[int, str], str]] = []
    for other in others:
        topic = next((topic for topic in telling if topic in other.topics), None)
        if topic is not None and other.id not in taken:
            found.append((holders[topic], order_key(other), topic))
    found.sort()
    return [RelatedLink(order[1], 0, "topic", topic) for _, order, topic in found[:free]]
