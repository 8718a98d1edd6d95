"""Bodies with their marks resolved: links to other records, to this site's paths, and pictures."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Mapping

import msgspec

from tidings.model.catalog import Visibility
from tidings.model.diagnostic import Diagnostic, Place, Severity
from tidings.model.record import Body
from tidings.pages.material import Material

ROOT = re.compile(r'(href|src)="tidings-root:(/[^"]*)"')
RECORD = re.compile(r'href="(tidings-record:\d+)\.(#[^"]*)?"')

NEWS = "content/news/"


class BodyView(msgspec.Struct, frozen=True):
    """A body ready to be shown."""

    html: str
    diagnostics: tuple[Diagnostic, ...] = ()


def resolve_body(body: Body | None, file: str, material: Material) -> BodyView:
    """The body with links that work; each that leads nowhere is told and becomes plain text."""
    if body is None:
        return BodyView("")
    problems: list[Diagnostic] = []
    html = body.html
    if "tidings-root:" in html:
        html = ROOT.sub(lambda match: _root(match, file, material, problems), html)
    if body.links:
        targets = {}
        for link in body.links:
            identity = _find(link.target, file, material)
            if identity:
                targets[link.mark] = material.addresses.record_href(identity)
            else:
                problems.append(_broken(link.target, Place(file, link.line), material))
        html = RECORD.sub(
            lambda match: (
                f'href="{targets[match[1]]}{match[2] or ""}"' if match[1] in targets else ""
            ),
            html,
        )
    return BodyView(html, tuple(problems))


def _root(
    match: re.Match[str], file: str, material: Material, problems: list[Diagnostic]
) -> str:
    attribute, path = match[1], match[2]
    asset = material.asset_href(path)
    if attribute == "src" and not asset:
        problems.append(
            Diagnostic(
                "missing-picture",
                Severity.WARNING,
                f"picture {path} is not in static/",
                Place(file),
                f"put it at static{path}",
            )
        )
    return f'{attribute}="{asset or material.addresses.base + path[1:]}"'


def _find(target: str, file: str, material: Material) -> str:
    """The id of the shown record that the file name means: from here, from the top, or anywhere."""
    target = unicodedata.normalize("NFC", target)
    records: Mapping[str, str] = material.addresses.records
    here = posixpath.dirname(file.removeprefix(NEWS)) if file.startswith(NEWS) else ""
    for candidate in (posixpath.normpath(posixpath.join(here, target)), target):
        if candidate in records:
            return material.catalog.redirects.get(candidate, candidate)
    name = posixpath.basename(target)
    found = [identity for identity in records if posixpath.basename(identity) == name]
    return material.catalog.redirects.get(found[0], found[0]) if len(found) == 1 else ""


def _broken(target: str, place: Place, material: Material) -> Diagnostic:
    name = posixpath.basename(target)
    held = next(
        (each for each in material.catalog.held if posixpath.basename(each.id) == name), None
    )
    if held is not None and held.visibility is not Visibility.DUPLICATE:
        return Diagnostic(
            "link-to-held",
            Severity.WARNING,
            f"the link to {target} leads to a record that is not shown: {held.reason}",
            place,
            "it is shown as plain text; show the record, or remove the link",
        )
    return Diagnostic(
        "broken-link",
        Severity.WARNING,
        f"the link to {target} names no record",
        place,
        "it is shown as plain text; correct the file name",
    )
