"""A neighbourhood out of what is kept of it: its rows of numbers, and what changed since."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from tidings.catalog.relating.changes import Changes, Packed, Reader
from tidings.catalog.relating.layers import Layers
from tidings.catalog.relating.nearness import Counts, Vectors, by_term
from tidings.catalog.relating.recounting import Holders, Known, counted, viewed
from tidings.catalog.relating.relating_types import Relatable, RelatedOptions
from tidings.catalog.relating.settled import Settled
from tidings.catalog.relating.updates import Lists, Neighbourhood, list_lengths

NO_HOLDERS = Holders({}, frozenset(), {})
NO_COUNTS = Counts(0, {}, {}, {}, {})
NO_VECTORS = Vectors({}, {})
NO_LISTS = Lists({}, {})


def opened(
    settled: Settled, items: dict[str, Relatable], options: RelatedOptions
) -> Neighbourhood:
    """The neighbourhood out of its rows; `items` are its records, `options` its options."""
    return _opened(settled, known_settled(settled, items), options)


def _opened(settled: Settled, known: Known, options: RelatedOptions) -> Neighbourhood:
    lengths = list_lengths(options)
    return Neighbourhood(
        options,
        settled,
        known,
        Vectors(settled.vectors("own"), settled.postings("own")),
        Lists(settled.lists("near", lengths[0]), settled.listing("near")),
        Vectors(settled.vectors("richer"), settled.postings("richer")),
        Lists(settled.lists("best", lengths[1]), settled.listing("best")),
        settled.links,
    )


def reopened(
    settled: Settled | None,
    changes: Changes,
    unchanged: Mapping[str, Relatable],
    old: Collection[str],
    options: RelatedOptions,
) -> Neighbourhood:
    """The neighbourhood out of its rows and of what changed since.

    `unchanged` are the records that are still as they were in it, `old` the ids of the others.
    """
    start = known_settled(settled, {})
    lost = [id_ for id_ in changes.digests if id_ in start.facts]
    facts = {id_: changes.facts.get(id_) or start.facts[id_] for id_ in old}
    # Only to be counted out: the text of what is replaced is not known any more.
    items = {**unchanged, **{id_: facts[id_].relatable(id_) for id_ in sorted(facts)}}
    known = counted(start, lost, changes.terms, changes.facts, items)
    base = None if settled is None else _opened(settled, start, options)
    ids = [*(settled.ids if settled else ()), *changes.later]
    reader = Reader(ids)
    near, best = base.near if base else NO_LISTS, base.best if base else NO_LISTS
    return Neighbourhood(
        options,
        settled,
        known,
        _vectors(reader, base.vectors if base else NO_VECTORS, changes.own),
        Lists(
            reader.lists(near.of, changes.near),
            reader.listing(near.listing, changes.near_listing),
        ),
        _vectors(reader, base.richer if base else NO_VECTORS, changes.richer),
        Lists(
            reader.lists(best.of, changes.best),
            reader.listing(best.listing, changes.best_listing),
        ),
        reader.links(base.links if base else {}, changes.links),
    )


def known_settled(settled: Settled | None, items: dict[str, Relatable]) -> Known:
    """What is counted in the rows, or nothing at all."""
    if settled is None:
        return Known(viewed(items, {}, NO_COUNTS, NO_HOLDERS), NO_HOLDERS, {})
    holders = Holders(settled.holders(), frozenset(), {})
    counts = Counts(
        len(settled.ids),
        settled.counts("holders"),
        settled.counts("common"),
        settled.counts("names"),
        settled.topics(),
    )
    return Known(viewed(items, settled.terms(), counts, holders), holders, settled.facts())


def _vectors(reader: Reader, base: Vectors, packed: Packed) -> Vectors:
    by_record: Layers[Mapping[str, int]] = reader.vectors(base.by_record, packed)
    changed = {id_: vector for id_ in packed if (vector := by_record.get(id_)) is not None}
    return Vectors(by_record, base.by_term, frozenset(packed), by_term(changed))
