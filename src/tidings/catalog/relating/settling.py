"""A neighbourhood from nothing: where updates start."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tidings.catalog.relating.indexing import index_items, weigh_items
from tidings.catalog.relating.layers import Layers
from tidings.catalog.relating.nearness import (
    Vectors,
    by_term,
    likenesses,
    order_key,
    take_terms,
)
from tidings.catalog.relating.opening import known_settled, opened
from tidings.catalog.relating.recounting import counted
from tidings.catalog.relating.related import collector_paused, is_fast
from tidings.catalog.relating.relating_types import Relatable, RelatedOptions
from tidings.catalog.relating.sections import Sections
from tidings.catalog.relating.settled import Settled, Shortlist, facts_of
from tidings.catalog.relating.updates import (
    Lists,
    Neighbourhood,
    first_of,
    link,
    list_lengths,
    shortlist,
)


def settle(items: Iterable[Relatable], options: RelatedOptions) -> Neighbourhood:
    """The neighbourhood of these records, from nothing; `options` have relating enabled."""
    found = sorted(items, key=order_key)
    with collector_paused():
        if not is_fast(len(found)):
            return settle_plainly(found, options)
        # Imported here, for what is kept is read without it.
        from tidings.catalog.relating.storing import settled_parts

        parts = settled_parts(found, list_lengths(options), options)
    settled = Settled(Sections(parts))
    return opened(settled, {item.id: item for item in found}, options)


def settle_plainly(found: Iterable[Relatable], options: RelatedOptions) -> Neighbourhood:
    """What `settle` gives, by the definition; without a lowest layer."""
    items = {item.id: item for item in found}
    read = index_items(items.values(), options).terms
    facts = {id_: facts_of(item) for id_, item in items.items()}
    known = counted(known_settled(None, {}), (), read, facts, items)
    index, lengths = known.index, list_lengths(options)
    vectors = _layered(weigh_items(index))
    near = {
        id_: shortlist(index, likenesses(index, vectors, id_, options), lengths[0])
        for id_ in items
    }
    taken = {
        id_: take_terms(vectors.by_record[id_], first_of(near[id_]), vectors.by_record)
        for id_ in items
    }
    richer = _layered(Vectors(taken, by_term(taken)))
    best = {
        id_: shortlist(index, likenesses(index, richer, id_, options), lengths[1])
        for id_ in items
    }
    links = {id_: link(index, item, best[id_], options) for id_, item in items.items()}
    return Neighbourhood(
        options, None, known, vectors, _lists(near), richer, _lists(best), Layers({}, links)
    )


def _layered(vectors: Vectors) -> Vectors:
    return Vectors(Layers({}, dict(vectors.by_record)), {}, frozenset(), vectors.by_term)


def _lists(shortlists: Mapping[str, Shortlist]) -> Lists:
    listing: dict[str, set[str]] = {id_: set() for id_ in shortlists}
    for id_, own in shortlists.items():
        for other in own.scores:
            listing[other].add(id_)
    return Lists(
        Layers({}, dict(shortlists)),
        Layers({}, {id_: frozenset(ids) for id_, ids in listing.items()}),
    )
