"""Why each member belongs to its story: one step towards the lead, with a reason to show.

Part of finding stories; `tidings explain` prints what it says.
"""

from __future__ import annotations

import functools
import heapq
from collections.abc import Iterator, Sequence

from tidings.catalog.relating.words import read_words
from tidings.catalog.storytelling.company import Pairs
from tidings.catalog.storytelling.links import RANKS, UrlLink
from tidings.catalog.storytelling.texts import EXCERPT_WORDS
from tidings.model.catalog import StoryJoin
from tidings.model.record import Record

WORDS = 6
"""Shared words that a reason names, at most."""

SAME_TITLE, SIMILAR, COMPANY = 3, 4, 5
"""Ranks of the reasons that come from texts, after those from URLs."""
NAMES = {SAME_TITLE: "same-title", SIMILAR: "similar", COMPANY: "company"}

Step = tuple[int, int, int, int, str, str]
"""Rank of the reason, strength (negative), the member reached, the member it is reached from,
the reason and its URL. The smallest step is the most telling."""


def explain_joins(
    lead: int,
    places: Sequence[int],
    records: Sequence[Record],
    pairs: Pairs,
    links: Sequence[UrlLink],
) -> dict[str, StoryJoin]:
    """Why each member but the lead is one, by id.

    The most telling reasons are chosen that join all members (a minimum spanning tree).
    """
    by_url: dict[int, list[tuple[int, UrlLink]]] = {}
    for link in links:
        by_url.setdefault(link.one, []).append((link.other, link))
        by_url.setdefault(link.other, []).append((link.one, link))
    joins: dict[str, StoryJoin] = {}
    reached = {lead}
    steps = list(_steps(lead, places, pairs, by_url))
    heapq.heapify(steps)
    while steps and len(reached) < len(places):
        _, _, place, before, reason, url = heapq.heappop(steps)
        if place in reached:
            continue
        reached.add(place)
        detail = url or shared_words(records[place], records[before])
        joins[records[place].id] = StoryJoin(
            records[place].id, records[before].id, reason, detail
        )
        for step in _steps(place, places, pairs, by_url):
            if step[2] not in reached:
                heapq.heappush(steps, step)
    return joins


def shared_words(one: Record, other: Record) -> str:
    """The first title's words that the other's title or excerpt has too, in its order."""
    return _shared_words(one.title, other.title, other.excerpt)


@functools.lru_cache(maxsize=20_000)
def _shared_words(title: str, other: str, excerpt: str) -> str:
    # The cache only saves time, where a program finds stories again and again.
    others = {
        stem
        for text in (other, excerpt)
        for word in read_words(text, EXCERPT_WORDS)
        for stem in word.stems
    }
    words = [
        word.shown
        for word in read_words(title, EXCERPT_WORDS)
        if others.intersection(word.stems)
    ]
    return ", ".join(list(dict.fromkeys(words))[:WORDS])


def _steps(
    place: int,
    places: Sequence[int],
    pairs: Pairs,
    by_url: dict[int, list[tuple[int, UrlLink]]],
) -> Iterator[Step]:
    for other, link in by_url.get(place, ()):
        yield RANKS[link.reason], 0, other, place, link.reason, link.url
    for other in places:
        pair = (min(place, other), max(place, other))
        likeness = pairs.likeness.get(pair, 0)
        company = pairs.company.get(pair, 0)
        if pair in pairs.same_title:
            rank = SAME_TITLE
        elif likeness:
            rank = SIMILAR
        elif company:
            rank = COMPANY
        else:
            continue
        yield rank, -(likeness + 2 * company), other, place, NAMES[rank], ""
