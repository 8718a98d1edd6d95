"""Related articles kept up to date: the answer of `relate` after a change, without doing all
again.

For `serve` and other programs that live on. A change moves few vectors, those move few lists,
and those move few enriched vectors; only what is reached is worked out again, with the same
functions that define the result. When a change crosses a step of the weights (see `weights`),
everything is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from itertools import islice

import msgspec

from tidings.catalog.relating.layers import Layers, overlaid
from tidings.catalog.relating.nearness import (
    NEIGHBOURS,
    Index,
    Vectors,
    likenesses,
    nearest,
    order_of,
    take_terms,
    weigh_terms,
)
from tidings.catalog.relating.reasons import give_reasons
from tidings.catalog.relating.recounting import Known, recount
from tidings.catalog.relating.relating_types import Relatable, RelatedLink, RelatedOptions
from tidings.catalog.relating.settled import Settled, Shortlist, Worst
from tidings.catalog.relating.sums import prepare
from tidings.catalog.relating.weights import UNIT

SPARE = 3
"""Lists are kept this many times longer than needed, so that losses seldom empty them."""


class Lists(msgspec.Struct, frozen=True):
    """All records' shortlists, and for each record those that list it."""

    of: Mapping[str, Shortlist]
    listing: Mapping[str, Collection[str]]


class Neighbourhood(msgspec.Struct, frozen=True):
    """All records with their related ones. Never changed; an update makes a new one."""

    options: RelatedOptions
    settled: Settled | None
    """The lowest layer of all mappings, where there is one."""
    known: Known
    vectors: Vectors
    near: Lists
    richer: Vectors
    best: Lists
    links: Mapping[str, tuple[RelatedLink, ...]]
    """What `relate` gives; in no particular order of records."""


def list_lengths(options: RelatedOptions) -> tuple[int, int]:
    """How long the lists of the first and of the second round are kept."""
    return NEIGHBOURS * SPARE // 2, max(options.count, 1) * SPARE


def update(
    known: Neighbourhood, changed: Collection[Relatable] = (), removed: Collection[str] = ()
) -> Neighbourhood | None:
    """The neighbourhood with these records new or changed, and without those.

    None when the change reaches so much that all must be done again.
    """
    options = known.options
    recounted = recount(known.known, changed, removed, options)
    if recounted is None:
        return None
    now, gone, moved = recounted
    index = now.index
    lengths = list_lengths(options)

    fresh = {
        id_: weigh_terms(index.terms[id_], index.term_weights, index.counts)
        for id_ in sorted(moved)
    }
    vectors = _replace_vectors(known.vectors, fresh, gone)
    prepare(len(fresh))
    rows = {id_: likenesses(index, vectors, id_, options) for id_ in fresh}
    near, turned = _replace_lists(
        known.near,
        index,
        rows,
        gone,
        lengths[0],
        lambda listed, _: len(listed) >= NEIGHBOURS,
        lambda id_: likenesses(index, vectors, id_, options),
    )

    taken = {}
    # Who lists a record that has moved is among those whose lists have turned.
    for id_ in sorted(turned):
        top = first_of(near.of[id_])
        # What is new, and had no list before, has moved.
        if id_ in moved or top != first_of(known.near.of[id_]) or not moved.isdisjoint(top):
            vector = take_terms(vectors.by_record[id_], top, vectors.by_record)
            if id_ in moved or vector != known.richer.by_record.get(id_):
                taken[id_] = vector
    richer = _replace_vectors(known.richer, taken, gone)
    prepare(len(taken))
    again = {id_: likenesses(index, richer, id_, options) for id_ in taken}
    best, turned = _replace_lists(
        known.best,
        index,
        again,
        gone,
        lengths[1],
        # What is missing may be too far to be shown anyway.
        lambda listed, floor: (
            len(listed) >= options.count or -floor[0] * 1000 // UNIT < options.minimum_score
        ),
        lambda id_: likenesses(index, richer, id_, options),
    )

    small = min(len(index.items), len(known.known.index.items)) < options.fill_below
    relinked = index.items.keys() if small else turned
    links = {
        id_: link(index, index.items[id_], best.of[id_], options)
        for id_ in sorted(relinked)
        if small or _shows_others(id_, known, best, moved)
    }
    after = overlaid(known.links, links, gone)
    return Neighbourhood(options, known.settled, now, vectors, near, richer, best, after)


def shortlist(index: Index, scores: Mapping[str, int], length: int) -> Shortlist:
    """The best so many of these."""
    best = nearest(index, scores, length)
    if len(best) < length:
        return Shortlist(best, None)
    return Shortlist(best, order_of(index, best, next(reversed(best))))


def first_of(best: Shortlist) -> dict[str, int]:
    """The neighbours that a record takes terms from; lists are kept best first."""
    return dict(islice(best.scores.items(), NEIGHBOURS))


def _listing(lists: Lists, ids: Collection[str]) -> set[str]:
    """The records whose lists hold any of these."""
    return set().union(*(lists.listing.get(id_, ()) for id_ in ids))


def _shows_others(id_: str, known: Neighbourhood, best: Lists, moved: frozenset[str]) -> bool:
    """Whether the record's links may be others than before; small sites aside.

    Reasons depend on the texts and the weights of both, which are the same where neither has
    moved, and on the weights of topics, which an update never changes.
    """
    if id_ in moved:
        return True
    options = known.options
    shown = _shown(best.of[id_], options)
    # Scores are cut, so that equal ones may come in another order than before.
    before = _shown(known.best.of[id_], options)
    return list(shown.items()) != list(before.items()) or not moved.isdisjoint(shown)


def _shown(best: Shortlist, options: RelatedOptions) -> dict[str, int]:
    """`nearness.best_links` of a list that is in its order."""
    first = islice(best.scores.items(), max(options.count, 0))
    scores = {other: score * 1000 // UNIT for other, score in first}
    return {other: score for other, score in scores.items() if score >= options.minimum_score}


def link(
    index: Index, item: Relatable, best: Shortlist, options: RelatedOptions
) -> tuple[RelatedLink, ...]:
    """The record's links, out of its neighbours by the second round."""
    return give_reasons(index, item, _shown(best, options), options)


def _replace_vectors(
    known: Vectors, fresh: Mapping[str, Mapping[str, int]], gone: Collection[str]
) -> Vectors:
    """The vectors with these new ones; what is not touched is shared with the old ones."""
    newer = dict(known.newer)
    copied: dict[str, dict[str, int]] = {}

    def held(term: str) -> dict[str, int]:
        if term not in copied:
            newer[term] = copied[term] = dict(newer.get(term, {}))
        return copied[term]

    touched = {*gone, *fresh}
    for id_ in touched:
        for term in known.by_record.get(id_, ()):
            if id_ in newer.get(term, ()):
                del held(term)[id_]
    for id_, vector in fresh.items():
        for term, weight in vector.items():
            held(term)[id_] = weight
    by_record = overlaid(known.by_record, fresh, touched)
    # Records that the lowest layer does not know cannot be stale there.
    stale = known.stale.union(id_ for id_ in touched if id_ in by_record.base)
    return Vectors(by_record, known.by_term, stale, newer)


def _replace_lists(
    known: Lists,
    index: Index,
    rows: Mapping[str, Mapping[str, int]],
    gone: Collection[str],
    length: int,
    enough: Callable[[Mapping[str, int], Worst], bool],
    all_scores: Callable[[str], Mapping[str, int]],
) -> tuple[Lists, set[str]]:
    """The lists after the likenesses of `rows` have changed and `gone` have gone; which
    differ."""
    remaining = overlaid(known.of, {}, gone)
    lists: dict[str, Shortlist] = {}
    touched: set[str] = {*gone, *rows}
    news = _entering(known, remaining, index, rows, touched)
    for id_, entering in news.items():
        if id_ in rows:
            continue
        old = remaining[id_]
        scores = {other: s for other, s in old.scores.items() if other not in touched}
        scores.update(entering)
        if old.floor is None:
            lists[id_] = shortlist(index, scores, length)
        elif enough(scores, old.floor):
            cut = nearest(index, scores, length)
            full = len(scores) >= length
            floor = order_of(index, cut, next(reversed(cut))) if full else old.floor
            lists[id_] = Shortlist(cut, floor)
        else:
            lists[id_] = shortlist(index, all_scores(id_), length)
    for id_, row in rows.items():
        lists[id_] = shortlist(index, row, length)
    turned = {*news, *rows}
    now = overlaid(remaining, lists)
    return Lists(now, _relist(known, now, turned.union(gone))), turned


def _entering(
    known: Lists,
    lists: Mapping[str, Shortlist],
    index: Index,
    rows: Mapping[str, Mapping[str, int]],
    touched: Collection[str],
) -> dict[str, dict[str, int]]:
    """The lists that lose a record or gain one, with what they gain."""
    news: dict[str, dict[str, int]] = {
        id_: {} for id_ in sorted(_listing(known, touched)) if id_ in lists
    }
    for id_, scores in rows.items():
        for other, score in scores.items():
            if other not in rows:
                floor = lists[other].floor
                # The same order as `order_of`; most scores are too low to enter a list.
                if floor is None or (-score, -index.items[id_].instant, id_) <= floor:
                    news.setdefault(other, {})[id_] = score
    return news


def _relist(
    known: Lists, lists: Mapping[str, Shortlist], turned: Collection[str]
) -> Layers[Collection[str]]:
    """Who lists whom, after these lists have been replaced, or have gone with their records."""
    nothing = Shortlist({}, None)
    listing: dict[str, frozenset[str]] = {}

    def listers(other: str) -> frozenset[str]:
        return listing[other] if other in listing else frozenset(known.listing.get(other, ()))

    for id_ in turned:
        before = known.of.get(id_, nothing).scores.keys()
        now = lists.get(id_, nothing).scores.keys()
        for other in before - now:
            listing[other] = listers(other) - {id_}
        for other in now - before:
            listing[other] = listers(other) | {id_}
    gone = [id_ for id_ in turned if id_ not in lists]
    for id_ in gone:
        listing.pop(id_, None)
    return overlaid(known.listing, listing, gone)
