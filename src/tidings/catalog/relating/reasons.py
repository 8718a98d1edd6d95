"""Why a record is related: a code and a detail that a page can put into words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import compress, count
from operator import itemgetter
from typing import Any, NamedTuple

from tidings.catalog.relating.nearness import Index, covered_with, order_key
from tidings.catalog.relating.relating_types import Relatable, RelatedLink, RelatedOptions
from tidings.catalog.relating.weights import DAY

SAME_STORY_SCORE = 500
SAME_STORY_SECONDS = 4 * DAY
"""One event is reported within days; as near but later is a follow-up."""
PHRASES = 2
"""Shared phrases that a reason names, at most."""


class Words(NamedTuple):
    """The words of a title that others may share."""

    stems: list[str]
    parts: list[tuple[int, str, str, Any]]
    """Of each its place, stem, form as written and weight by rarity."""


NOBODY: frozenset[str] = frozenset()


def give_reasons(
    index: Index,
    item: Relatable,
    best: Mapping[str, int],
    options: RelatedOptions,
) -> tuple[RelatedLink, ...]:
    """The record's links: `best` with reasons, then, on small sites, the newest of its
    topics.
    """
    covered = covered_with(index, item) if index.sharers else NOBODY
    links = []
    items, instant = index.items, item.instant
    words: Words | None = None
    for id_, score in best.items():
        other = items[id_]
        reason, detail = "similar", ""
        if id_ in covered:
            reason = "shared-coverage"
        elif score >= SAME_STORY_SCORE and abs(instant - other.instant) <= SAME_STORY_SECONDS:
            reason = "same-story"
        else:
            words = words or telling_words(index, item)
            detail = shared_phrases(index, words, id_) or shared_phrases(
                index, telling_words(index, other), item.id
            )
            if not detail:
                detail = shared_topic(index, item, other)
                reason = "topic" if detail else reason
        links.append(RelatedLink(id_, score, reason, detail))
    return fill(index, item, links, options)


def fill(
    index: Index, item: Relatable, links: Sequence[RelatedLink], options: RelatedOptions
) -> tuple[RelatedLink, ...]:
    """The links, and on small sites the newest of the record's topics in places left free."""
    if len(links) < options.count and len(index.items) < options.fill_below:
        taken = {link.id for link in links}
        return (*links, *_newest(index, item, taken, options.count - len(links)))
    return tuple(links)


def telling_words(index: Index, item: Relatable) -> Words:
    """The title's words that may be shared."""
    weight_of, own = index.term_weights.get, index.terms[item.id]
    weights = list(map(weight_of, own.stems))
    return Words(
        list(compress(own.stems, weights)),
        list(compress(zip(count(), own.stems, own.shown, weights, strict=False), weights)),
    )


def shared_phrases(index: Index, words: Words, other: str) -> str:
    """The title's weightiest words that the other record has too, neighbours as one phrase."""
    others = index.terms[other].weights
    parts: list[tuple[int, str, bool]] = []
    before, last = "", -2
    # Most words are not shared, so they are passed over without a step of Python's for each.
    shared = map(others.__contains__, words.stems)
    for place, stem, word, rarity in compress(words.parts, shared):
        follows = last == place - 1 and before + stem in others
        parts.append((others[stem] * rarity, word, follows))
        before, last = stem, place
    return phrase_of(parts)


def phrase_of(parts: Iterable[tuple[int, str, bool]]) -> str:
    """The weightiest words, given each shared one's weight, and whether it goes on a phrase."""
    phrases: list[tuple[int, str]] = []
    for weight, word, follows in parts:
        if follows:
            before, phrase = phrases.pop()
            phrases.append((before + weight, f"{phrase} {word}"))
        else:
            phrases.append((weight, word))
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


def _newest(index: Index, item: Relatable, taken: set[str], free: int) -> list[RelatedLink]:
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
