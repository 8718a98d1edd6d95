"""Pages as they would be with edited texts of some records, before the site is planned again.

Part of planning, for previews: everything but those texts, and the addresses that follow from
titles, is as it was. What else an edit changes (related articles, stories) only a build knows.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping

import msgspec

from tidings.model.page import PagePlan, PageSketch, Redrawn
from tidings.model.record import Record
from tidings.model.slug import make_slug
from tidings.model.view import SiteView
from tidings.pages.cards import with_catalog
from tidings.pages.material import Material
from tidings.pages.sharing import share_pages
from tidings.pages.urls import day_path, file_of


def open_redrawing(
    sketches: Iterable[PageSketch], material: Material, site: SiteView
) -> Callable[[Mapping[str, Record]], Redrawn | None]:
    """What gives the site with edited forms of some of its records, by id.

    That gives None where a new title leads to an address that is taken: only planning anew can
    say which page is to have it.
    """

    @functools.cache
    def by_path() -> dict[str, PageSketch]:
        return {sketch.path: sketch for sketch in sketches if sketch.path.endswith(".html")}

    def redraw(edited: Mapping[str, Record]) -> Redrawn | None:
        pages = by_path()
        moved = _new_paths(edited, material)
        wanted = {file_of(path) for path in moved.values()}
        if len(wanted) < len(moved) or not pages.keys().isdisjoint(wanted):
            return None
        fresh = _edited(edited, moved, material)
        before = material.addresses.records
        old = {file_of(path): file_of(before[identity]) for identity, path in moved.items()}
        gone = frozenset(old.values())

        def draw(path: str) -> PagePlan | None:
            sketch = pages.get(old.get(path, path))
            plan = with_material(sketch, fresh) if sketch and path not in gone else None
            if sketch is None or plan is None:
                return None
            there = PageSketch(path, sketch.origin, sketch.template, plan)
            return share_pages([there], site, material.config)[0].draw()

        return Redrawn(draw)

    return redraw


def with_material(sketch: PageSketch, material: Material) -> Callable[[], PagePlan] | None:
    """What plans the sketched page from other material; None where it is made from none.

    Every function that plans a page takes the material as its last argument.
    """
    draw = sketch.draw
    if not (
        isinstance(draw, functools.partial)
        and draw.args
        and isinstance(draw.args[-1], Material)
    ):
        return None
    return functools.partial(draw.func, *draw.args[:-1], material)


def _new_paths(edited: Mapping[str, Record], material: Material) -> dict[str, str]:
    """The paths of those records whose titles lead to others than before, by id."""
    moved: dict[str, str] = {}
    for identity, record in edited.items():
        before = material.catalog.records[identity]
        slug = _slug(record)
        if slug != _slug(before):
            moved[identity] = f"{day_path(material.catalog.local_dates[identity])}{slug}/"
    return moved


def _edited(
    records: Mapping[str, Record], moved: Mapping[str, str], material: Material
) -> Material:
    catalog, addresses = material.catalog, material.addresses
    there = msgspec.structs.replace(
        material,
        addresses=msgspec.structs.replace(addresses, records={**addresses.records, **moved}),
    )
    edited = msgspec.structs.replace(catalog, records={**catalog.records, **records})
    return with_catalog(there, edited)


def _slug(record: Record) -> str:
    return make_slug(record.slug or record.title, record.id)
