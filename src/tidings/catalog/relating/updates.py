"""Related articles kept up to date: the answer of `relate` after a change, without doing all
again.

For `serve` and other programs that live on. A change moves few vectors, those move few lists,
and those move few enriched vectors; only what is reached is worked out again, with the same
functions that define the result. When a change crosses a step of the weights (see `weights`),
everything is.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import islice

import msgspec

from tidings.catalog.relating.indexing import index_items, weigh_items
from tidings.catalog.relating.nearness import (
    NEIGHBOURS,
    Index,
    Vectors,
    best_links,
    by_term,
    likenesses,
    nearest,
    order_key,
    order_of,
    take_terms,
    weigh_terms,
)
from tidings.catalog.relating.reasons import give_reasons
from tidings.catalog.relating.recounting import find_holders, recount
from tidings.catalog.relating.relating_types import Relatable, RelatedLink, RelatedOptions
from tidings.catalog.relating.weights import UNIT

SPARE = 3
"""Lists are kept this many times longer than needed, so that losses seldom empty them."""
WORTH_IMPORTING = 800

Worst = tuple[int, int, str]


class Shortlist(msgspec.Struct, frozen=True):
    """A record's best neighbours, and from where on others may be missing."""

    scores: dict[str, int]
    floor: Worst | None
    """All that are missing come after this in order; None when nothing is missing."""


class Lists(msgspec.Struct, frozen=True):
    """All records' shortlists, and for each record those that list it."""

    of: dict[str, Shortlist]
    listing: dict[str, frozenset[str]]


class Neighbourhood(msgspec.Struct, frozen=True):
    """All records with their related ones. Never changed; an update makes a new one."""

    options: RelatedOptions
    index: Index
    holders: dict[str, tuple[str, ...]]
    """The records of each term and URL, of those too that a single record has."""
    vectors: Vectors
    near: Lists
    richer: Vectors
    best: Lists
    links: dict[str, tuple[RelatedLink, ...]]
    """What `relate` gives; in no particular order of records."""


def settle(items: Iterable[Relatable], options: RelatedOptions) -> Neighbourhood:
    """The neighbourhood of these records, from nothing."""
    found = sorted(items, key=order_key)
    lengths = (NEIGHBOURS * SPARE // 2, max(options.count, 1) * SPARE)
    if len(found) >= WORTH_IMPORTING and importlib.util.find_spec("scipy") is not None:
        from tidings.catalog.relating.matrices import number_items
        from tidings.catalog.relating.neighbours import survey

        index, cells = number_items(found, options)
        seen = survey(index, cells, found, lengths, options)
        vectors = Vectors(seen.vectors, by_term(seen.vectors))
        richer = Vectors(seen.richer, by_term(seen.richer))
        near = {id_: _shortlist(index, scores, lengths[0]) for id_, scores in seen.near.items()}
        best = {id_: _shortlist(index, scores, lengths[1]) for id_, scores in seen.best.items()}
    else:
        index = index_items(found, options)
        vectors = weigh_items(index)
        near = {
            id_: _shortlist(index, likenesses(index, vectors, id_, options), lengths[0])
            for id_ in vectors.by_record
        }
        taken = {
            id_: take_terms(vector, _top(near[id_]), vectors.by_record)
            for id_, vector in vectors.by_record.items()
        }
        richer = Vectors(taken, by_term(taken))
        best = {
            id_: _shortlist(index, likenesses(index, richer, id_, options), lengths[1])
            for id_ in vectors.by_record
        }
    links = {item.id: _links(index, item, best[item.id], options) for item in found}
    return Neighbourhood(
        options, index, find_holders(index), vectors, _lists(near), richer, _lists(best), links
    )


def update(
    known: Neighbourhood, changed: Collection[Relatable] = (), removed: Collection[str] = ()
) -> Neighbourhood:
    """The neighbourhood with these records new or changed, and without those."""
    options = known.options
    recounted = recount(known.index, known.holders, changed, removed, options)
    if recounted is None:
        replaced = {item.id for item in changed}.union(removed)
        items = [item for item in known.index.items.values() if item.id not in replaced]
        items += [item for item in changed if item.id not in removed]
        return settle(items, options)
    index, holders, gone, moved = recounted
    lengths = (NEIGHBOURS * SPARE // 2, max(options.count, 1) * SPARE)

    fresh = {
        id_: weigh_terms(index.terms[id_], index.term_weights, index.counts)
        for id_ in sorted(moved)
    }
    vectors = _replace_vectors(known.vectors, fresh, gone)
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
    for id_ in sorted(turned | _listing(near, moved)):
        top = _top(near.of[id_])
        old = known.near.of.get(id_)
        if old is None or id_ in moved or top != _top(old) or not moved.isdisjoint(top):
            vector = take_terms(vectors.by_record[id_], top, vectors.by_record)
            if id_ in moved or vector != known.richer.by_record.get(id_):
                taken[id_] = vector
    richer = _replace_vectors(known.richer, taken, gone)
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

    links = known.links.copy()
    for id_ in gone:
        links.pop(id_, None)
    small = min(len(index.items), len(known.index.items)) < options.fill_below
    for id_ in best.of if small else turned | _listing(best, moved):
        links[id_] = _links(index, index.items[id_], best.of[id_], options)
    return Neighbourhood(options, index, holders, vectors, near, richer, best, links)


def _shortlist(index: Index, scores: Mapping[str, int], length: int) -> Shortlist:
    best = nearest(index, scores, length)
    if len(best) < length:
        return Shortlist(best, None)
    return Shortlist(best, order_of(index, best, next(reversed(best))))


def _top(shortlist: Shortlist) -> dict[str, int]:
    """The neighbours that a record takes terms from; lists are kept best first."""
    return dict(islice(shortlist.scores.items(), NEIGHBOURS))


def _lists(shortlists: dict[str, Shortlist]) -> Lists:
    listing: dict[str, set[str]] = {id_: set() for id_ in shortlists}
    for id_, shortlist in shortlists.items():
        for other in shortlist.scores:
            listing[other].add(id_)
    return Lists(shortlists, {id_: frozenset(ids) for id_, ids in listing.items()})


def _listing(lists: Lists, ids: Collection[str]) -> set[str]:
    """The records whose lists hold any of these, and these themselves."""
    return set(ids).union(*(lists.listing.get(id_, ()) for id_ in ids))


def _links(
    index: Index, item: Relatable, shortlist: Shortlist, options: RelatedOptions
) -> tuple[RelatedLink, ...]:
    if not options.enabled:
        return ()
    return give_reasons(index, item, best_links(index, shortlist.scores, options), options)


def _replace_vectors(
    known: Vectors, fresh: Mapping[str, dict[str, int]], gone: Collection[str]
) -> Vectors:
    """The vectors with these new ones; what is not touched is shared with the old ones."""
    by_record, terms = known.by_record.copy(), known.by_term.copy()
    copied: set[str] = set()
    for id_ in {*gone, *fresh}:
        for term in by_record.pop(id_, {}):
            if term not in copied:
                terms[term] = terms[term].copy()
                copied.add(term)
            del terms[term][id_]
    for id_, vector in fresh.items():
        by_record[id_] = vector
        for term, weight in vector.items():
            if term not in copied:
                terms[term] = terms.get(term, {}).copy()
                copied.add(term)
            terms[term][id_] = weight
    return Vectors(by_record, terms)


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
    lists = known.of.copy()
    for id_ in gone:
        lists.pop(id_, None)
    touched: set[str] = {*gone, *rows}
    news = _entering(known, lists, index, rows, touched)
    for id_, entering in news.items():
        if id_ in rows:
            continue
        old = lists[id_]
        scores = {other: s for other, s in old.scores.items() if other not in touched}
        scores.update(entering)
        if old.floor is None:
            lists[id_] = _shortlist(index, scores, length)
        elif enough(scores, old.floor):
            cut = nearest(index, scores, length)
            full = len(scores) >= length
            floor = order_of(index, cut, next(reversed(cut))) if full else old.floor
            lists[id_] = Shortlist(cut, floor)
        else:
            lists[id_] = _shortlist(index, all_scores(id_), length)
    for id_, row in rows.items():
        lists[id_] = _shortlist(index, row, length)
    turned = {*news, *rows}
    return Lists(lists, _relist(known, lists, turned.union(gone))), turned


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
) -> dict[str, frozenset[str]]:
    """Who lists whom, after these lists have been replaced, or have gone with their records."""
    listing = known.listing.copy()
    nothing = Shortlist({}, None)
    for id_ in turned:
        before = known.of.get(id_, nothing).scores.keys()
        now = lists.get(id_, nothing).scores.keys()
        for other in before - now:
            listing[other] = listing[other] - {id_}
        for other in now - before:
            listing[other] = listing.get(other, frozenset()) | {id_}
    for id_ in turned:
        if id_ not in lists:
            listing.pop(id_, None)
        else:
            listing.setdefault(id_, frozenset())
    return listing
