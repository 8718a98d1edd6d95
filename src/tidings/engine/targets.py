"""What a user means by a path or URL: a record's file, a page of the site, or neither.

Part of the engine, for `tidings explain`.
"""

from __future__ import annotations

import difflib
import os
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import msgspec

from tidings.engine.places import NEWS
from tidings.engine.prepare import Prepared
from tidings.engine.report import BuildRequest
from tidings.engine.showing import kind_of
from tidings.model.page import PagePlan
from tidings.pages.urls import base_path
from tidings.sources.addresses import clean_url, url_key

SUGGESTIONS = 3
LOCAL = ("localhost", "127.0.0.1", "::1")
"""Hosts on which a site is previewed."""


class Target(msgspec.Struct, frozen=True):
    """What was found: a record's file, else a page, else why nothing."""

    file: str = ""
    page: PagePlan | None = None
    problem: str = ""
    suggestions: tuple[str, ...] = ()


def find_target(name: str, request: BuildRequest, prepared: Prepared) -> Target:
    """The record or page that the name means."""
    if name.lower().startswith(("http://", "https://")):
        return _by_url(name, prepared)
    files = _record_files(prepared)
    for path in _as_files(name, request.source):
        if path in files:
            return Target(file=path)
    page = _find_page(_page_paths(name, request, prepared), prepared)
    if page is not None:
        return _of_page(page, files)
    return _nothing(name, request, files, prepared)


def _by_url(url: str, prepared: Prepared) -> Target:
    key = url_key(clean_url(url))
    records = prepared.loaded.records
    holders = [record for record in records if key and key in record.url_keys]
    for holder in holders:
        if holder.id in prepared.catalog.records:
            return Target(file=holder.file)
    if holders:
        return Target(file=min(holder.file for holder in holders))
    parts, own = urlsplit(url), urlsplit(prepared.config.site.base_url)
    if parts.netloc == own.netloc or parts.hostname in LOCAL:
        path = unquote(parts.path)
        base = base_path(prepared.config.site.base_url)
        page = _find_page([path.removeprefix(base.rstrip("/")), path], prepared)
        if page is not None:
            return _of_page(page, _record_files(prepared))
        return Target(problem="the site has no page at this address")
    listing = sorted(
        record.file for record in records for each in record.coverage if each.url_key == key
    )
    if listing:
        return Target(
            problem="no record has this URL, but some list it as related coverage",
            suggestions=tuple(dict.fromkeys(listing))[:SUGGESTIONS],
        )
    return Target(problem="no record has this URL")


def _record_files(prepared: Prepared) -> frozenset[str]:
    """The paths of all record files, those that were refused too."""
    read = (file.path for file in prepared.inputs.news)
    refused = (problem.place.file for problem in prepared.inputs.diagnostics)
    return frozenset((*read, *(path for path in refused if path.startswith(f"{NEWS}/"))))


def _as_files(name: str, source: Path) -> Iterator[str]:
    """The name as paths from the site's folder, the likeliest first."""
    name = unicodedata.normalize("NFC", name)
    plain = name.replace(os.sep, "/").removeprefix("./")
    here = Path(os.path.abspath(name))  # noqa: PTH100 - `resolve` would follow links.
    paths = [plain, f"{NEWS}/{plain}"]
    if here.is_relative_to(source):
        paths.insert(0, here.relative_to(source).as_posix())
    for path in paths:
        yield path
        yield from (f"{path}.md", f"{path}.markdown")


def _page_paths(name: str, request: BuildRequest, prepared: Prepared) -> Iterator[str]:
    """The name as paths on the site."""
    base = base_path(prepared.config.site.base_url)
    path = unquote(name)
    yield path
    if path.startswith(base):
        yield path.removeprefix(base)
    here = Path(os.path.abspath(name))  # noqa: PTH100 - as above.
    if here.is_relative_to(request.output):
        yield here.relative_to(request.output).as_posix()


def _find_page(paths: Iterable[str], prepared: Prepared) -> PagePlan | None:
    if prepared.plan is None:
        return None
    plans = {plan.path: plan for plan in prepared.plan.pages}
    for path in paths:
        bare = unicodedata.normalize("NFC", path).strip("/")
        bare = "" if bare == "." else bare
        for file in (bare, f"{bare}/index.html" if bare else "index.html"):
            if file in plans:
                return plans[file]
    return None


def _of_page(page: PagePlan, files: frozenset[str]) -> Target:
    """A record's own page, and what redirects to it, mean the record."""
    own = kind_of(page) in ("article", "redirect") and page.origin in files
    return Target(file=page.origin) if own else Target(page=page)


def _nothing(
    name: str, request: BuildRequest, files: frozenset[str], prepared: Prepared
) -> Target:
    candidates = (Path(name), request.source / name)
    if any(path.is_file() for path in candidates if "\0" not in name):
        problem = f"the file is there, but no record: records are .md files below {NEWS}/"
    else:
        problem = "no record and no page of the site has this name"
    return Target(problem=problem, suggestions=_similar(name, files, prepared))


def _similar(name: str, files: Iterable[str], prepared: Prepared) -> tuple[str, ...]:
    """Files and pages whose names are like this one or hold it, best first."""
    wanted = name.rstrip("/").rpartition("/")[2].casefold().removesuffix(".md")
    named: dict[str, list[str]] = {}
    for file in sorted(files):
        stem = file.rpartition("/")[2].rpartition(".")[0]
        named.setdefault(stem.casefold(), []).append(file)
    pages = prepared.plan.pages if prepared.plan else ()
    for page in pages:
        if page.view is not None and kind_of(page) not in ("article", "redirect"):
            stem = page.view.url.rstrip("/").rpartition("/")[2]
            named.setdefault(unquote(stem).casefold(), []).append(page.view.url)
    close = difflib.get_close_matches(wanted, named, SUGGESTIONS, 0.6)
    holding = [stem for stem in named if len(wanted) > 1 and wanted in stem]
    found = [path for stem in dict.fromkeys((*close, *holding)) for path in named[stem]]
    return tuple(found[:SUGGESTIONS])
