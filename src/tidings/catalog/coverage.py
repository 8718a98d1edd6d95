"""Related coverage: a record's `related`, freed of repeats, joined to the site's own records."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from tidings.model.catalog import CoverageItem
from tidings.model.record import Coverage, Record

SAME_TITLE = 0.6
"""Jaccard likeness of words from which two titles of one outlet are the same story told twice."""

WORD = re.compile(r"\w+")


def coverage_of(record: Record, owners: Mapping[str, str]) -> tuple[CoverageItem, ...]:
    """The record's related coverage, best first.

    `owners` has the id of the shown record for every URL key of one.
    """
    return collect_coverage(record.coverage, record.url_keys, owners, record.id)


def collect_coverage(
    entries: Iterable[Coverage],
    own_keys: Sequence[str],
    owners: Mapping[str, str],
    own_id: str = "",
) -> tuple[CoverageItem, ...]:
    """The entries without repeats, best first; one outlet's further articles under its best.

    Repeats are entries with the same URL key, entries of one outlet with near-same titles, and
    the record itself (`own_keys`, `own_id`).
    """
    own = set(own_keys)
    best: dict[str, Coverage] = {}
    for entry in sorted(entries, key=_by_quality):
        if entry.url_key not in own and owners.get(entry.url_key, "") != (own_id or None):
            best.setdefault(entry.url_key, entry)
    outlets: dict[str, list[tuple[Coverage, frozenset[str]]]] = {}
    for entry in best.values():
        outlet = _outlet(entry)
        words = frozenset(WORD.findall(entry.title.casefold()))
        shelf = outlets.setdefault(outlet, [])
        if not any(_likeness(words, other) >= SAME_TITLE for _, other in shelf):
            shelf.append((entry, words))
    return tuple(
        CoverageItem(
            coverage=shelf[0][0],
            record_id=owners.get(shelf[0][0].url_key, ""),
            also=tuple(entry for entry, _ in shelf[1:]),
        )
        for shelf in outlets.values()
    )


def _by_quality(entry: Coverage) -> tuple[int, float, bool, int, str, str]:
    """Best first: quality, then earliest, a title that is not cut, the longer one, the URL."""
    seconds = entry.published_at.timestamp() if entry.published_at else float("inf")
    cut = entry.title.endswith(("…", "..."))
    return (-(entry.quality or 0), seconds, cut, -len(entry.title), entry.url, entry.title)


def _outlet(entry: Coverage) -> str:
    return entry.provider.domain if entry.provider else entry.url_key.partition("/")[0]


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one or other else 1.0
