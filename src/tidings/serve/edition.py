"""One finished build as open browsers need to know it.

Made from a build report; read by `answer`, which serves the files, and by `reload`, which tells
open pages what has become of them.
"""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote, urlsplit

import msgspec

from tidings.engine.first import Draft
from tidings.engine.places import CONFIG
from tidings.engine.report import BuildReport, BuildRequest
from tidings.model.diagnostic import Diagnostic, Severity
from tidings.output.manifest import read_manifest
from tidings.serve.moves import Pages, find_moves, joined_moves
from tidings.sources.config import parse_config
from tidings.sources.scan import read_file

HASHED = re.compile(r"\.[0-9a-f]{8,}(?=\.[^./]+$)")
"""What asset names carry of their bytes: `style.3f9a1c07.css`."""
PARTS = (".js", ".mjs", ".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".ico")
"""Endings of files that pages are put together from, styles aside."""


class Edition(msgspec.Struct, frozen=True):
    """What is there after one build."""

    output: Path
    """The output folder."""
    base_path: str
    """URL path of the front page, with a closing slash: `/` or `/digest/`."""
    problems: tuple[Diagnostic, ...] = ()
    """What the browser must show over the page; empty when all is well."""
    styles: dict[str, str] = {}
    """URLs of the styles that this build replaced: the new one by the old one."""
    parts: tuple[str, ...] = ()
    """URLs of scripts and pictures that this build wrote."""
    pages: Pages = frozenset()
    """All pages that are there."""
    lost: Pages = frozenset()
    """Pages that went while there were problems; their records may come back."""
    moves: dict[str, str] = {}
    """Where pages went since the preview began: the new URL path, decoded, by the old one."""
    draft: Draft | None = None
    """Pages that come before those in the output folder, until the next build has ended."""


def edition_of(report: BuildReport, base_path: str, before: Edition | None = None) -> Edition:
    """The edition that the build has left, with what it changed since the one before."""
    problems, pages = problems_to_show(report), html_pages(report.output, base_path)
    known = before.pages if before else pages
    gone = (known | (before.lost if before else frozenset())) - pages
    found = find_moves(gone, pages - known)
    return Edition(
        output=report.output,
        base_path=base_path,
        problems=problems,
        styles=replaced_styles(report, base_path),
        parts=tuple(
            _url(base_path, path) for path in report.written if path.lower().endswith(PARTS)
        ),
        pages=pages,
        lost=gone - found.keys() if problems else frozenset(),
        moves=joined_moves(before.moves if before else {}, found, pages),
    )


def html_pages(output: Path, base_path: str) -> Pages:
    """The pages that the last finished build left, by the manifest."""
    manifest = read_manifest(output).value
    return frozenset(
        base_path + path.removesuffix("index.html")
        for path in (manifest.files if manifest else ())
        if path == "index.html" or path.endswith("/index.html")
    )


def problems_to_show(report: BuildReport) -> tuple[Diagnostic, ...]:
    """The errors; of a build that failed without one, what it says instead."""
    errors = tuple(found for found in report.diagnostics if found.severity is Severity.ERROR)
    return errors or (() if report.ok else report.diagnostics)


def replaced_styles(report: BuildReport, base_path: str) -> dict[str, str]:
    """URLs of new styles by those that they replace; the two may be the same."""
    written = {path: _plain_name(path) for path in report.written if path.endswith(".css")}
    deleted = {_plain_name(path): path for path in report.deleted if path.endswith(".css")}
    return {
        _url(base_path, deleted.get(name, path)): _url(base_path, path)
        for path, name in written.items()
        # A hashed name without a forerunner is a style that no open page can hold yet.
        if name in deleted or name == path
    }


def configured_base_path(request: BuildRequest) -> str | None:
    """The base path that the request or the config asks for; None for a broken config."""
    if request.base_url is not None:
        return base_path_of(request.base_url)
    config = parse_config(read_file(request.source, CONFIG)).value
    return base_path_of(config.site.base_url) if config else None


def base_path_of(base_url: str) -> str:
    """The path of an address, with a slash at either end: `/digest/`; `/` when it has none."""
    path = urlsplit(base_url).path.strip("/")
    return f"/{path}/" if path else "/"


def _plain_name(path: str) -> str:
    """The path as it would be without a hash in its name."""
    return HASHED.sub("", path)


def _url(base_path: str, path: str) -> str:
    """The URL path of an output file, percent-encoded."""
    return quote(base_path + path)
