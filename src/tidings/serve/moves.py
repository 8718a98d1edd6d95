"""Where a page went when its address changed: permalinks hold the title, and titles get edited.

Compares the pages of two builds. Between `edition`, which keeps what is found for as long as
the preview lasts, and `reload`, which leads open pages after their record.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath

Pages = frozenset[str]
"""URL paths of pages, decoded, with a closing slash."""


def find_moves(gone: Pages, came: Pages) -> dict[str, str]:
    """New addresses of pages by their old ones, where there is just one that it can be.

    A page that has gone is taken for the one that came in the same folder, or else for the one
    that came under the same name in another.
    """
    moves = _matched(gone, came, _folder)
    rest = _matched(gone - moves.keys(), came - set(moves.values()), _name)
    return moves | rest


def joined_moves(
    before: Mapping[str, str], new: Mapping[str, str], there: Pages
) -> dict[str, str]:
    """All moves so far, each to where the page is by now; `there` are the pages that exist."""
    joined = {old: new.get(target, target) for old, target in before.items()} | dict(new)
    return {
        old: target for old, target in joined.items() if old not in there and target in there
    }


def _matched(gone: Pages, came: Pages, trait: Callable[[str], str]) -> dict[str, str]:
    """Pairs that share a trait with each other and with no other page."""
    counts = Counter(map(trait, gone)), Counter(map(trait, came))
    by_trait = {trait(page): page for page in came}
    return {
        page: by_trait[trait(page)]
        for page in sorted(gone)
        if all(count[trait(page)] == 1 for count in counts)
    }


def _folder(page: str) -> str:
    return str(PurePosixPath(page).parent)


def _name(page: str) -> str:
    return PurePosixPath(page).name
