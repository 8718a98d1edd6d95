"""A neighbourhood from nothing, with SciPy, straight into the rows of numbers of `settled`.

The fast way of `updates.settle`: no value is made for each record that only an update would
read.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy import sparse

from tidings.catalog.relating.circumstances import circumstances
from tidings.catalog.relating.matrices import Cells, Matrix, number_items
from tidings.catalog.relating.nearness import Index
from tidings.catalog.relating.neighbours import survey
from tidings.catalog.relating.phrasing import Links, link_all
from tidings.catalog.relating.ranking import Pairs, first_pairs
from tidings.catalog.relating.reading import Numbers, Reading, Rows
from tidings.catalog.relating.relating_types import Relatable, RelatedOptions
from tidings.catalog.relating.settled import ENCODER, Facts, facts_of, record_digests
from tidings.catalog.relating.weights import UNIT

Parts = dict[str, bytes]


def settled_parts(
    items: Sequence[Relatable],
    lengths: tuple[int, int],
    options: RelatedOptions,
) -> Parts:
    """The sections of these records' neighbourhood; `items` in the order of equals.

    `lengths` are the places of the first and of the second round's lists.
    """
    index, cells = number_items(items, options)
    around = circumstances(index, items)
    seen = survey(index, cells, around, lengths, options)
    shown = _shown(seen.best, options)
    facts = [facts_of(item) for item in items]
    ids = [item.id for item in items]
    return {
        "ids": ENCODER.encode(ids),
        "digests": b"".join(record_digests(items)),
        "instants": array("q", [item.instant for item in items]).tobytes(),
        "topics": ENCODER.encode(index.counts.topics),
        **_texts(cells.read),
        **_encoded("facts", list(map(ENCODER.encode, facts))),
        **_keyed(index, cells, facts, seen.own, seen.richer),
        **_lists("near", seen.near, len(ids)),
        **_lists("best", seen.best, len(ids)),
        **_links(link_all(index, cells.read, items, around, shown, options)),
    }


def _shown(best: Pairs, options: RelatedOptions) -> Pairs:
    """Those pairs that are shown, with their scores from 0 to 1000."""
    scores = best.scores * 1000 // UNIT
    good = scores >= options.minimum_score
    found = Pairs(best.rows[good], best.columns[good], scores[good])
    return first_pairs(found, max(options.count, 0))


def _texts(read: Reading) -> Parts:
    return {
        **_rows("terms", read.terms),
        "terms-weights": _packed(read.weights, np.uint32),
        **_rows("common", read.common),
        **_rows("capital", read.capital),
        **_rows("words", read.words),
        "words-shown": _packed(read.pieces, np.uint32),
        "shown": ENCODER.encode(read.shown),
    }


def _keyed(
    index: Index, cells: Cells, facts: Sequence[Facts], own: Matrix, richer: Matrix
) -> Parts:
    """All that is kept by term, or names terms: URLs are numbered behind the terms."""
    keys = dict(cells.read.names)
    records: list[int] = []
    urls: list[int] = []
    for number, own_facts in enumerate(facts):
        for url in own_facts.urls:
            records.append(number)
            urls.append(keys.setdefault(f" {url}", len(keys)))
    rows = np.concatenate(
        (np.repeat(np.arange(len(facts)), cells.read.terms.sizes), np.array(records, int))
    )
    columns = np.concatenate((cells.read.terms.numbers, np.array(urls, int)))
    counts = np.bincount(columns, minlength=len(keys))
    return {
        "keys": ENCODER.encode(list(keys)),
        "holders-counts": _packed(counts, np.uint32),
        "holders-ends": _ends(counts),
        "holders-ids": _packed(_turned(rows, columns, (len(facts), len(keys))), np.uint32),
        "common-counts": _counted(index.counts.common, keys),
        "names-counts": _counted(index.counts.names, keys),
        **_vectors("own", own, cells.weighed, len(keys)),
        **_vectors("richer", richer, cells.weighed, len(keys)),
    }


def _counted(counts: Mapping[str, int], keys: Mapping[str, int]) -> bytes:
    found = np.zeros(len(keys), np.uint32)
    found[[keys[key] for key in counts]] = list(counts.values())
    return found.tobytes()


def _vectors(name: str, matrix: Matrix, weighed: Numbers, keys: int) -> Parts:
    turned = sparse.csc_array(matrix)
    sizes = np.zeros(keys, np.int64)
    sizes[weighed] = np.diff(turned.indptr)[: len(weighed)]
    return {
        f"{name}-ends": _packed(matrix.indptr, np.uint32),
        f"{name}-ids": _packed(weighed[matrix.indices], np.uint32),
        f"{name}-weights": _packed(matrix.data, np.uint16),
        f"{name}-postings-ends": _ends(sizes),
        f"{name}-postings-ids": _packed(turned.indices, np.uint32),
        f"{name}-postings-weights": _packed(turned.data, np.uint16),
    }


def _lists(name: str, pairs: Pairs, records: int) -> Parts:
    listing = _turned(pairs.rows, pairs.columns, (records, records))
    return {
        f"{name}-ends": _ends(np.bincount(pairs.rows, minlength=records)),
        f"{name}-ids": _packed(pairs.columns, np.uint32),
        f"{name}-weights": _packed(pairs.scores, np.uint16),
        f"{name}-listing-ends": _ends(np.bincount(pairs.columns, minlength=records)),
        f"{name}-listing-ids": _packed(listing, np.uint32),
    }


def _turned(rows: Numbers, columns: Numbers, shape: tuple[int, int]) -> Numbers:
    """The rows by their columns, of pairs by row."""
    # Counting them out is much quicker than sorting them, and SciPy does that to turn a matrix.
    cells = (np.ones(len(rows), np.bool_), (rows, columns))
    found: Numbers = sparse.coo_array(cells, shape).tocsc().indices
    return found


def _links(links: Links) -> Parts:
    return {
        "links-ends": _ends(links.sizes),
        "links-ids": _packed(links.columns, np.uint32),
        "links-weights": _packed(links.scores, np.uint16),
        "link-reasons": _packed(links.reasons, np.uint8),
        "link-details": ENCODER.encode(links.details),
    }


def _rows(name: str, rows: Rows) -> Parts:
    return {f"{name}-ends": _ends(rows.sizes), f"{name}-ids": _packed(rows.numbers, np.uint32)}


def _encoded(name: str, rows: list[bytes]) -> Parts:
    return {name: b"".join(rows), f"{name}-ends": _ends([len(row) for row in rows])}


def _ends(sizes: Any) -> bytes:
    return _packed(np.concatenate(([0], np.cumsum(sizes))), np.uint32)


def _packed(numbers: Any, kind: Any) -> bytes:
    packed: bytes = np.ascontiguousarray(numbers).astype(kind).tobytes()
    return packed
