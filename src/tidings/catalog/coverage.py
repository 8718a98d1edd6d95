"""Related coverage: a record's `related`, without repeats and joined to the site's own records.

Part of the catalog step, after duplicates are merged.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from tidings.model.catalog import CoverageItem
from tidings.model.record import Coverage, Record

SAME_TITLE = 0.6
"""Likeness (Jaccard, of words) from which two titles of one outlet are one story told twice."""
MOST_COMPARED = 200
"""Titles of one outlet that each further one is compared with: the best ones. A record that
lists thousands of one outlet would take the square of their number."""

WORD = re.compile(r"\w+")

Words = frozenset[str]


def coverage_of(record: Record, owners: Mapping[str, str]) -> tuple[CoverageItem, ...]:
    """The record's related coverage, best first; an outlet's further articles under its best.

    Left out are repeats: entries with one URL key, entries of one outlet with near-same titles,
    and the record itself under whatever address. `owners` has the id of the shown record for
    every URL key of one.
    """
    entries: Sequence[Coverage] = record.coverage
    if len(entries) > 1:
        entries = _best_first(entries)
    own, provider = record.url_keys, record.provider
    domain = provider.domain if provider is not None else None
    best: dict[str, Coverage] = {}
    for entry in entries:
        key = entry.url_key
        if (
            key not in best
            and key not in own
            # Another outlet's article is not the record's own.
            and (_outlet(entry) != domain or not _is_itself(entry, record, owners))
        ):
            best[key] = entry
    identity, owner_of = record.id, owners.get
    found = {key: owner for key in best if (owner := owner_of(key)) and owner != identity}
    if len(set(map(_outlet, best.values()))) == len(best):
        named = found.get
        return tuple([CoverageItem(entry, named(key, "")) for key, entry in best.items()])
    return _by_outlet(best, found)


def _best_first(entries: Sequence[Coverage]) -> Sequence[Coverage]:
    qualities = [entry.quality or 0 for entry in entries]
    if len(set(qualities)) == len(qualities):
        # Most differ in what counts first, so that nothing else need be looked at.
        places = sorted(range(len(entries)), key=qualities.__getitem__, reverse=True)
        return [entries[place] for place in places]
    return sorted(entries, key=_by_quality)


def _by_outlet(
    best: Mapping[str, Coverage], owners: Mapping[str, str]
) -> tuple[CoverageItem, ...]:
    """The entries, best first, with those of one outlet together and without near-same titles.

    `owners` has the other record that an entry is.
    """
    shelves: dict[str, list[Coverage]] = {}
    told: dict[str, list[Words]] = {}
    # Of two that tell the same, the one that is a record of this site has more to offer.
    for entry in sorted(best.values(), key=lambda entry: not owners.get(entry.url_key)):
        outlet, words = _outlet(entry), _words(entry.title)
        before = told.setdefault(outlet, [])
        if not any(_likeness(words, other) >= SAME_TITLE for other in before):
            if len(before) < MOST_COMPARED:
                before.append(words)
            shelves.setdefault(outlet, []).append(entry)
    for shelf in shelves.values():
        shelf.sort(key=_by_quality)
    return tuple(
        CoverageItem(
            coverage=first,
            record_id=owners.get(first.url_key, ""),
            also=tuple(CoverageItem(each, owners.get(each.url_key, "")) for each in others),
        )
        for first, *others in sorted(shelves.values(), key=lambda shelf: _by_quality(shelf[0]))
    )


def _owner(entry: Coverage, record: Record, owners: Mapping[str, str]) -> str:
    """The other shown record that the entry is, if any."""
    owner = owners.get(entry.url_key, "")
    return "" if owner == record.id else owner


def _is_itself(entry: Coverage, record: Record, owners: Mapping[str, str]) -> bool:
    """Whether an entry of the record's outlet is its own article under an unknown address."""
    if _owner(entry, record, owners):
        return False
    return _likeness(_words(entry.title), _words(record.title)) >= SAME_TITLE


def _by_quality(entry: Coverage) -> tuple[int, float, bool, int, str, str]:
    """Best first: quality, then earliest, a title that is not cut, the longer one, the URL."""
    seconds = entry.published_at.timestamp() if entry.published_at else float("inf")
    cut = entry.title.endswith(("…", "..."))
    return (-(entry.quality or 0), seconds, cut, -len(entry.title), entry.url, entry.title)


def _outlet(entry: Coverage) -> str:
    return entry.provider.domain if entry.provider else entry.url_key.partition("/")[0]


def _words(title: str) -> Words:
    return frozenset(WORD.findall(title.casefold()))


def _likeness(one: Words, other: Words) -> float:
    return len(one & other) / len(one | other) if one or other else 1.0
