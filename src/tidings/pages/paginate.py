"""Lists in pages whose numbers count from the oldest, so that a page once full never changes.

Part of planning. The hub shows the page being filled, together with the newest full one. Once a
page is full, the number of the one being filled exists too, as a redirect to the hub: a full
page's link to the next newer one holds from its first day.
"""

from __future__ import annotations

import msgspec

from tidings.model.view import PagerView
from tidings.pages.urls import Addresses, numbered_path


class Numbered(msgspec.Struct, frozen=True):
    """One full page of a list."""

    number: int
    """Counted from 1, the oldest."""
    ids: tuple[str, ...]
    """Newest first."""
    pager: PagerView


class Pages(msgspec.Struct, frozen=True):
    """A list cut into its hub and its full pages."""

    hub_ids: tuple[str, ...]
    """What the hub shows, newest first."""
    hub_pager: PagerView
    full: tuple[Numbered, ...]
    """Full pages, from the oldest."""


def paginate(ids: tuple[str, ...], size: int, hub: str, addresses: Addresses) -> Pages:
    """The list cut into pages of `size`. `ids` are newest first; `hub` is the hub's path."""
    full_count = len(ids) // size
    filling = full_count + 1
    oldest_first = ids[::-1]

    def href(number: int) -> str:
        return addresses.href(numbered_path(hub, number)) if number >= 1 else ""

    full = tuple(
        Numbered(
            number=number,
            ids=oldest_first[(number - 1) * size : number * size][::-1],
            pager=PagerView(
                number=number,
                newer_url=href(number + 1),
                older_url=href(number - 1),
                latest_url=addresses.href(hub),
            ),
        )
        for number in range(1, full_count + 1)
    )
    shown_from = max(0, full_count - 1) * size
    return Pages(
        hub_ids=oldest_first[shown_from:][::-1],
        hub_pager=PagerView(number=filling, older_url=href(full_count - 1)),
        full=full,
    )
