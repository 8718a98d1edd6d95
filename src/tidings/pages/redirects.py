"""Redirect pages: for duplicates, for the aliases that records wish for, for pages being filled."""

from __future__ import annotations

from tidings.model.page import PagePlan
from tidings.model.view import PageView
from tidings.pages.material import Material
from tidings.pages.urls import file_of


def redirect(path: str, target: str, origin: str, material: Material) -> PagePlan:
    """A page at `path` that sends its reader to `target`, both paths of this site."""
    return PagePlan(
        path=file_of(path),
        template="redirect.html",
        origin=origin,
        view=PageView(
            kind="redirect",
            title="This page has moved",
            url=material.addresses.href(path),
            absolute_url=material.absolute(path),
            canonical_url=material.absolute(target),
            description="This page has moved.",
            robots="noindex",
            target_url=material.addresses.href(target),
        ),
    )


def plan_redirects(material: Material, files: dict[str, str]) -> list[PagePlan]:
    """Redirects of duplicates and aliases. `files` has the file of each record by id."""
    paths = material.addresses.records
    plans = [
        redirect(paths[other], paths[first], files[other], material)
        for other, first in material.catalog.redirects.items()
    ]
    for record in material.catalog.records.values():
        own = {file_of(paths[record.id])}
        for alias in record.aliases:
            path = alias if alias.endswith((".html", "/")) else f"{alias}/"
            if file_of(path) in own:
                continue  # The alias is where the record already is, or is given twice.
            own.add(file_of(path))
            plans.append(redirect(path, paths[record.id], record.file, material))
    return plans
