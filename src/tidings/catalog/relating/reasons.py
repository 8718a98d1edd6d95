"""Why a record is related: a code and a detail that a page can put into words."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import compress
from operator import itemgetter
from typing import NamedTuple

from tidings.catalog.relating.nearness import Index, covered_with, order_key
from tidings.catalog.relating.relating_types import Relatable, RelatedLink, RelatedOptions
from tidings.catalog.relating.weights import DAY

SAME_STORY_SCORE = 500
SAME_STORY_DAYS = 4
"""One event is reported within days; as near but later is a follow-up."""
PHRASES = 2
"""Shared phrases that a reason names, at most."""


class Words(NamedTuple):
    """The words of a title that others may share."""

    stems: list[str]
    parts: list[tuple[int, str, str, int]]
    """Of each its place, stem, form as written and weight by rarity."""


NO_WORDS = Words([], [])


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
    words = telling_words(index, item) if best else NO_WORDS
    for other, score in best.items():
        reason, detail = _reason(
            index, item, words, index.items[other], score, other in covered
        )
        links.append(RelatedLink(other, score, reason, detail))
    if len(links) < options.count and len(index.items) < options.fill_below:
        taken = {link.id for link in links}
        links.extend(_fill(index, item, taken, options.count - len(links)))
    return tuple(links)


def _reason(
    index: Index, item: Relatable, words: Words, other: Relatable, score: int, covered: bool
) -> tuple[str, str]:
    if covered:
        return "shared-coverage", ""
    apart = abs(item.instant - other.instant)
    if score >= SAME_STORY_SCORE and apart <= SAME_STORY_DAYS * DAY:
        return "same-story", ""
    phrases = shared_phrases(index, words, other)
    phrases = phrases or shared_phrases(index, telling_words(index, other), item)
    if phrases:
        return "similar", phrases
    topic = shared_topic(index, item, other)
    return ("topic", topic) if topic else ("similar", "")


def telling_words(index: Index, item: Relatable) -> Words:
    """The title's words that may be shared."""
    weights, own = index.term_weights, index.terms[item.id]
    stems = [stem for stem in own.stems if stem in weights]
    if not stems:
        return NO_WORDS
    parts = [
        (place, stem, own.shown[place], weights[stem])
        for place, stem in enumerate(own.stems)
        if stem in weights
    ]
    return Words(stems, parts)


def shared_phrases(index: Index, words: Words, other: Relatable) -> str:
    """The title's weightiest words that the other record has too, neighbours as one phrase."""
    others = index.terms[other.id].weights
    phrases: list[tuple[int, str]] = []
    before, last = "", -2
    # Most words are not shared, so they are passed over without a step of Python's for each.
    shared = map(others.__contains__, words.stems)
    for place, stem, word, rarity in compress(words.parts, shared):
        weight = others[stem] * rarity
        if last == place - 1 and before + stem in others:
            weight += phrases[-1][0]
            word = f"{phrases.pop()[1]} {word}"
        phrases.append((weight, word))
        before, last = stem, place
    if len(phrases) > 1:
        phrases.sort(key=itemgetter(0), reverse=True)
        return ", ".join(dict.fromkeys([word for _, word in phrases[:PHRASES]]))
    return phrases[0][1] if phrases else ""


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
