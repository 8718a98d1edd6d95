"""The search page. Part of planning; the index that it asks is made by the engine, from the
finished article pages.

The page itself says nothing of any record, so it changes with the site's shared parts only.
"""

from __future__ import annotations

from functools import partial

from tidings.model.page import PagePlan, PageSketch
from tidings.model.view import PageView
from tidings.pages.material import Material, addressed
from tidings.pages.urls import file_of

SEARCH_PATH = "/search/"


def has_search(material: Material) -> bool:
    """Whether the site has a search page: it is wanted, and there is something to find."""
    return material.config.search.enabled and bool(material.catalog.records)


def sketch_search(material: Material) -> list[PageSketch]:
    """The search page; none where the site has no search."""
    if not has_search(material):
        return []
    return [
        PageSketch(
            file_of(SEARCH_PATH),
            "",
            "search.html",
            partial(_plan, material),
            material.bases.fixed("search"),
            indexed=False,
        )
    ]


def _plan(material: Material) -> PagePlan:
    return PagePlan(
        path=file_of(SEARCH_PATH),
        template="search.html",
        origin="",
        view=PageView(
            kind="search",
            title="Search",
            **addressed(SEARCH_PATH, material),
            description=f"Search all stories of {material.config.site.title}.",
            robots="noindex",
        ),
    )
