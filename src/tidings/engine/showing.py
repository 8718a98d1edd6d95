"""Which pages show a record, found in the plan: the plan holds all that a page may show.

Part of the engine, for `tidings explain`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

import msgspec

from tidings.engine.explanation import Showing
from tidings.model.page import FeedEntry, PagePlan
from tidings.model.view import CardView, CoverageView, LinkView

ROLES = {
    "lead": "lead",
    "items": "listed",
    "sections": "listed",
    "coverage": "coverage",
    "more_coverage": "coverage",
    "story": "story",
    "related": "related",
    "previous": "neighbour",
    "next": "neighbour",
    "article": "itself",
}
"""What a page's field makes of the record in it; below others it is what it was."""


WEAK = {"beneath", "link"}
"""Roles that need no word where the page shows the record in another one too."""


def pages_with(plans: Iterable[PagePlan], own: PagePlan) -> tuple[Showing, ...]:
    """The pages that show the record whose page is `own`, by kind and role."""
    view = own.view
    assert view is not None  # A record's page is no feed.
    # A search in the encoded plan is much faster than a walk, and most pages do not have it.
    marks = [b'"url":' + msgspec.json.encode(url) for url in (view.url, view.absolute_url)]
    found: dict[tuple[str, str], set[str]] = {}
    for plan in plans:
        encoded = msgspec.json.encode(plan)
        if plan.path != own.path and any(mark in encoded for mark in marks):
            urls = (view.url, view.absolute_url)
            roles = {role for url, role in _walk(plan, "listed") if url in urls}
            for role in roles - WEAK or roles:
                found.setdefault((kind_of(plan), role), set()).add(address_of(plan))
    return tuple(
        Showing(kind, role, tuple(sorted(pages)))
        for (kind, role), pages in sorted(found.items())
    )


def entries_of(plan: PagePlan) -> tuple[str, ...]:
    """The addresses of all that the page shows, not only links, in its order."""
    return tuple(
        dict.fromkeys(
            url for url, role in _walk(plan, "listed") if role not in ("link", "neighbour")
        )
    )


def kind_of(plan: PagePlan) -> str:
    """The page's kind; `feed` for a feed, and the format's name for other files."""
    if plan.view is not None:
        return plan.view.kind
    return "feed" if plan.document is None else plan.template


def address_of(plan: PagePlan) -> str:
    """The page's path on the site as a reader asks for it."""
    if plan.view is not None:
        return plan.view.url
    return urlsplit(plan.feed.url).path if plan.feed is not None else f"/{plan.path}"


def _walk(value: Any, role: str) -> Iterator[tuple[str, str]]:
    """The address of everything that is shown or linked, with its role, in the page's order."""
    if isinstance(value, tuple):
        for each in value:
            yield from _walk(each, role)
    elif isinstance(value, msgspec.Struct):
        if isinstance(value, (CardView, CoverageView, FeedEntry)):
            yield value.url, role
        elif isinstance(value, LinkView):
            yield value.url, role if role == "neighbour" else "link"
        if isinstance(value, CardView) and role == "related":
            return  # The sidebar names a record without its story.
        for field in value.__struct_fields__:
            inner = "beneath" if isinstance(value, CardView) else ROLES.get(field, role)
            yield from _walk(getattr(value, field), inner)
