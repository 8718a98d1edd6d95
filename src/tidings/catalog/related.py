"""Related articles: for each record the ones that are nearest to it, with a reason to show.

`relate` is the door. `relate_plainly` is the definition, short and slow enough to be read;
`neighbours` gives the same answer fast when SciPy is installed and the site is large.
Method, formulae and measurements: `docs/related.md`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tidings.catalog.indexing import index_items
from tidings.catalog.nearness import (
    Index,
    best_links,
    closeness,
    company,
    covered_with,
    direct_score,
    direct_scores,
    keepers_of,
    nearest,
    order_key,
    shared_scores,
    topic_likeness,
)
from tidings.catalog.reasons import give_reasons
from tidings.catalog.relating_types import (
    PairExplanation,
    Relatable,
    RelatedLink,
    RelatedOptions,
    SharedTerm,
)
from tidings.catalog.weights import UNIT

__all__ = ["Relatable", "RelatedLink", "RelatedOptions", "explain", "relate", "relate_plainly"]

DEFAULTS = RelatedOptions()


def relate(
    items: Iterable[Relatable], options: RelatedOptions = DEFAULTS
) -> dict[str, tuple[RelatedLink, ...]]:
    """The related records of each record, best first; ids in the order newest first, then id.

    The order of `items` does not matter. Leave out what must not be shown: it is not known here.
    """
    return relate_plainly(items, options)


def relate_plainly(
    items: Iterable[Relatable], options: RelatedOptions = DEFAULTS
) -> dict[str, tuple[RelatedLink, ...]]:
    """What `relate` gives, by the definition."""
    found = sorted(items, key=order_key)
    if not options.enabled:
        return {item.id: () for item in found}
    index = index_items(found, options)
    near = {item.id: nearest(index, direct_scores(index, item.id, options)) for item in found}
    companies = {id_: company(id_, listed) for id_, listed in near.items()}
    keepers = keepers_of(companies)
    links = {}
    for item in found:
        best = best_links(index, shared_scores(item.id, companies, keepers), options)
        links[item.id] = give_reasons(index, item, best, near, options)
    return links
