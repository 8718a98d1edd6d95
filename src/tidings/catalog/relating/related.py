"""Related articles: for each record the ones that are nearest to it, with a reason to show.

`relate` is the door. `relate_plainly` is the definition, short enough to be read;
`neighbours` gives the same answer fast when SciPy is installed and the site is large.
Method, formulae and measurements: `docs/related.md`.
"""

from __future__ import annotations

import gc
import importlib.util
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from tidings.catalog.relating.explaining import explain
from tidings.catalog.relating.indexing import index_items, weigh_items
from tidings.catalog.relating.nearness import (
    NEIGHBOURS,
    Vectors,
    best_links,
    by_term,
    likenesses,
    nearest,
    order_key,
    take_terms,
)
from tidings.catalog.relating.reasons import give_reasons
from tidings.catalog.relating.relating_types import Relatable, RelatedLink, RelatedOptions

__all__ = [
    "Relatable",
    "RelatedLink",
    "RelatedOptions",
    "explain",
    "relate",
    "relate_fast",
    "relate_plainly",
]

DEFAULTS = RelatedOptions()

WORTH_IMPORTING = 800
"""Records from which SciPy saves more time than its import takes."""


def relate(
    items: Iterable[Relatable],
    options: RelatedOptions = DEFAULTS,
) -> dict[str, tuple[RelatedLink, ...]]:
    """The related records of each record, best first; ids in the order newest first, then id.

    The order of `items` does not matter. Leave out what must not be shown: it is not known
    here.
    """
    found = sorted(items, key=order_key)
    if is_fast(len(found)):
        return relate_fast(found, options)
    return relate_plainly(found, options)


def relate_plainly(
    items: Iterable[Relatable],
    options: RelatedOptions = DEFAULTS,
) -> dict[str, tuple[RelatedLink, ...]]:
    """What `relate` gives, by the definition."""
    found = sorted(items, key=order_key)
    if not options.enabled:
        return {item.id: () for item in found}
    index = index_items(found, options)
    vectors = weigh_items(index)
    near = {
        id_: nearest(index, likenesses(index, vectors, id_, options), NEIGHBOURS)
        for id_ in vectors.by_record
    }
    richer = {
        id_: take_terms(vector, near[id_], vectors.by_record)
        for id_, vector in vectors.by_record.items()
    }
    again = Vectors(richer, by_term(richer))
    links = {}
    for item in found:
        best = best_links(index, likenesses(index, again, item.id, options), options)
        links[item.id] = give_reasons(index, item, best, options)
    return links


def relate_fast(
    items: Iterable[Relatable],
    options: RelatedOptions = DEFAULTS,
) -> dict[str, tuple[RelatedLink, ...]]:
    """What `relate` gives, with SciPy."""
    # Imported here, for a small site must not wait for it.
    from tidings.catalog.relating.circumstances import circumstances
    from tidings.catalog.relating.matrices import number_items
    from tidings.catalog.relating.neighbours import related_pairs
    from tidings.catalog.relating.phrasing import link_all, linked

    found = sorted(items, key=order_key)
    if not options.enabled or not found:
        return {item.id: () for item in found}
    with collector_paused():
        index, cells = number_items(found, options)
        facts = circumstances(index, found)
        pairs = related_pairs(index, cells, facts, options)
        links = link_all(index, cells.read, found, facts, pairs, options)
        ids = [item.id for item in found]
        return dict(zip(ids, linked(links, ids), strict=True))


def is_fast(records: int) -> bool:
    """Whether so many records are related with SciPy."""
    return records >= WORTH_IMPORTING and importlib.util.find_spec("scipy") is not None


@contextmanager
def collector_paused() -> Iterator[None]:
    """No search for cycles meanwhile: relating makes many small values and not one cycle."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
