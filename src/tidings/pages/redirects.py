"""Redirect pages: for duplicates, for aliases of records, for pages that are being filled.

Part of planning, after addresses.
"""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import partial
from urllib.parse import unquote

import msgspec

from tidings.model.diagnostic import Diagnostic, Place, Severity
from tidings.model.page import PagePlan, PageSketch
from tidings.model.record import Record
from tidings.model.view import PageView
from tidings.pages.material import Material
from tidings.pages.urls import file_of, fold_path

MAX_PART = 200
"""Bytes of one part of an alias; file systems end at 255."""
FOR_HOSTS = frozenset(
    ("_headers", "_redirects", "_routes.json", "_worker.js", "cname", "web.config")
)
"""Names of files that hosts and servers read; a folder in their place stops some of them."""
SHORT_GIT = re.compile(r"(?i)gi[^~]*~\d")
"""Short names that Windows has for `.git`, `.gitmodules` and `.gitattributes`: who takes a push
refuses them as he does the long ones (git's fsck, `hasDotgit`)."""


def sketch_redirect(path: str, target: str, origin: str, material: Material) -> PageSketch:
    """A page at `path` that sends its reader to `target`, both paths of this site."""
    draw = partial(_redirect, path, target, origin, material)
    basis = material.bases.fixed("redirect", path, target, origin)
    return PageSketch(file_of(path), origin, "redirect.html", draw, basis, indexed=False)


def _redirect(path: str, target: str, origin: str, material: Material) -> PagePlan:
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


class Moved(msgspec.Struct, frozen=True):
    """An address that leads to another one for good, both paths of this site."""

    path: str
    target: str
    origin: str
    """The record's file that it is made from."""


def sketch_moved(moved: Iterable[Moved], material: Material) -> list[PageSketch]:
    """The redirect pages at the old addresses."""
    return [sketch_redirect(each.path, each.target, each.origin, material) for each in moved]


def find_moved(
    material: Material, records: Mapping[str, Record]
) -> tuple[list[Moved], list[Diagnostic]]:
    """Redirects of duplicates and of aliases, and aliases that are of no use.

    `records` has shown records and duplicates by id.
    """
    paths, merged = material.addresses.records, material.catalog.redirects
    moved = [
        Moved(paths[other], paths[first], records[other].file)
        for other, first in merged.items()
    ]
    problems: list[Diagnostic] = []
    # By target: versions of one article may wish for one alias.
    leading: dict[str, set[str]] = {}
    wishing = {
        merged.get(record.id, record.id) for record in records.values() if record.aliases
    }
    for record in records.values():
        first = merged.get(record.id, record.id)
        if first not in wishing:
            continue
        target = paths[first]
        own = leading.setdefault(target, {fold_path(file_of(target))})
        own.add(fold_path(file_of(paths[record.id])))
        for alias in record.aliases:
            path = alias_path(alias)
            if not path:
                problems.append(_wrong_alias(alias, record, "cannot be the path of a page"))
                continue
            folded = fold_path(file_of(path))
            if folded not in own:
                own.add(folded)
                moved.append(Moved(path, target, record.file))
            elif path != target:
                problems.append(_wrong_alias(alias, record, "is where the record already is"))
    return moved, problems


def alias_path(alias: str) -> str:
    """The alias as a path of this site, as a browser asks for it; "" where it is none."""
    text = unicodedata.normalize("NFC", unquote(alias))
    path = "/" + posixpath.normpath(text).strip("/")
    parts = path[1:].split("/")
    if (
        path == "/"
        or any(_is_reserved(part) for part in parts)
        or any(len(part.encode("utf-8", "replace")) > MAX_PART for part in parts)
        or not path.isprintable()
    ):
        return ""
    return path if path.endswith(".html") and not text.endswith("/") else f"{path}/"


def _is_reserved(part: str) -> bool:
    """Whether a folder of that name would be more than a folder to a server, a host or git.

    One named `.htaccess` has Apache refuse all that it lies beside, one named `.git` a whole
    push. No server of ours shows what begins with a dot.
    """
    return (
        part.startswith(".")
        or "\\" in part
        or part.casefold() in FOR_HOSTS
        or SHORT_GIT.match(part) is not None
    )


def _wrong_alias(alias: str, record: Record, why: str) -> Diagnostic:
    return Diagnostic(
        "wrong-alias",
        Severity.INFO,
        f"alias {alias!r} {why} and is left out",
        Place(record.file),
        "remove it, or write it like /old/path/",
    )
