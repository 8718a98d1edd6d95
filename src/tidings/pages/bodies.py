"""Bodies with their marks resolved: links to other records, to this site's paths, and pictures.

Part of planning, after addresses.
"""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Mapping
from html import unescape

import msgspec

from tidings.model.catalog import Visibility
from tidings.model.diagnostic import Diagnostic, Place, Severity
from tidings.model.record import Body
from tidings.pages.basis import digest
from tidings.pages.material import Material
from tidings.pages.urls import has_marks

# Sanitised HTML escapes `<` and `>` wherever they are not a tag's own, so this finds only tags.
TAG = re.compile(r"<(?:a|img)\b[^>]*>")
ROOT = re.compile(r'(?<= )(?:href|src)="tidings-root:(/[^"]*)"')
RECORD = re.compile(r' href="(tidings-record:\d+)\.(#[^"]*)?"')
ALT = re.compile(r'(?<= )alt="([^"]*)"')

NEWS = "content/news/"


class BodyView(msgspec.Struct, frozen=True):
    """A body ready to be shown."""

    html: str
    diagnostics: tuple[Diagnostic, ...] = ()
    paths: tuple[str, ...] = ()
    """Paths of this site that it links, as written; only the composer knows which exist."""


def resolve_body(
    body: Body | None, file: str, material: Material, origin: str = ""
) -> BodyView:
    """The body with links that work.

    A link to a record that is not there, and a picture that is not, are told and become plain
    text. `origin` is put before addresses of this site where the body is shown elsewhere.
    """
    if body is None:
        return BodyView("")
    if not has_marks(body):
        return BodyView(body.html)
    resolving = _Resolving(file, material, origin)
    targets: dict[str, str] = {}
    for link in body.links:
        identity = _find(link.target, file, material)
        if identity:
            targets[link.mark] = origin + material.addresses.record_href(identity)
        else:
            place = Place(file, link.line)
            resolving.diagnostics.append(_broken(link.target, place, material))
    html = TAG.sub(lambda match: resolving.resolve_tag(match[0], targets), body.html)
    return BodyView(html, tuple(resolving.diagnostics), tuple(dict.fromkeys(resolving.paths)))


class BodyCheck(msgspec.Struct, frozen=True):
    """What the links of many bodies lead to."""

    paths: dict[str, tuple[str, ...]]
    """Paths of this site that bodies link, by file."""
    resolved: dict[str, bytes]
    """By record id a digest of the HTML of each body with links of this site."""
    diagnostics: tuple[Diagnostic, ...]


def check_bodies(material: Material) -> BodyCheck:
    """The links of all shown records' bodies."""
    paths: dict[str, tuple[str, ...]] = {}
    resolved: dict[str, bytes] = {}
    problems: list[Diagnostic] = []
    for record in material.catalog.records.values():
        if has_marks(record.body):
            body = resolve_body(record.body, record.file, material)
            problems.extend(body.diagnostics)
            resolved[record.id] = digest(body.html.encode("utf-8", "surrogatepass"))
            if body.paths:
                paths[record.file] = body.paths
    return BodyCheck(paths, resolved, tuple(problems))


class _Resolving:
    """What is needed, and found, while one body's tags are resolved."""

    def __init__(self, file: str, material: Material, origin: str) -> None:
        self.file = file
        self.material = material
        self.origin = origin
        self.diagnostics: list[Diagnostic] = []
        self.paths: list[str] = []

    def resolve_tag(self, tag: str, targets: Mapping[str, str]) -> str:
        """The tag with its address; an image that is not there as its text."""
        if record := RECORD.search(tag):
            href = targets.get(record[1])
            # Without an address it is a link in no browser.
            new = f' href="{href}{record[2] or ""}"' if href else ""
            return tag.replace(record[0], new)
        if root := ROOT.search(tag):
            path = root[1]
            asset = self.material.asset_href(unescape(path))
            if not asset and tag.startswith("<img"):
                self.diagnostics.append(_missing_picture(unescape(path), self.file))
                alt = ALT.search(tag)
                return alt[1] if alt else ""
            if not asset:
                self.paths.append(unescape(path))
            href = asset or self.material.addresses.base + path[1:]
            return tag.replace(f'"tidings-root:{path}"', f'"{self.origin}{href}"')
        return tag


def _missing_picture(path: str, file: str) -> Diagnostic:
    return Diagnostic(
        "missing-picture",
        Severity.WARNING,
        f"picture {path} is not in static/",
        Place(file),
        f"its text is shown instead; put it at static{path}",
    )


def _find(target: str, file: str, material: Material) -> str:
    """The id of the shown record that the name means: from here, from the top, or anywhere."""
    target = unicodedata.normalize("NFC", target)
    records: Mapping[str, str] = material.addresses.records
    here = posixpath.dirname(file.removeprefix(NEWS)) if file.startswith(NEWS) else ""
    for candidate in (posixpath.normpath(posixpath.join(here, target)), target):
        if candidate in records:
            return material.catalog.redirects.get(candidate, candidate)
    found = material.record_by_name.get(posixpath.basename(target), "")
    return material.catalog.redirects.get(found, found)


def _broken(target: str, place: Place, material: Material) -> Diagnostic:
    name = posixpath.basename(unicodedata.normalize("NFC", target))
    held = material.held_by_name.get(name)
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
