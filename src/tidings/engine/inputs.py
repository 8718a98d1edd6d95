"""Everything a build reads, read at once: what follows is a pure function of these values.

Part of the engine: its first step.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path

import msgspec

from tidings.engine.places import (
    NEWS,
    PAGES,
    PROVIDERS,
    STATIC,
    TEMPLATES,
    TOPICS,
    default_theme,
)
from tidings.model.config import Config
from tidings.model.diagnostic import Diagnostic, Place, Severity
from tidings.model.source import SourceFile
from tidings.sources.scan import Scan, scan_folder

MARKDOWN = (".md", ".markdown")
YAML = (".yaml", ".yml")


class Inputs(msgspec.Struct, frozen=True):
    """The files of a site, sorted by path within each group."""

    news: tuple[SourceFile, ...]
    topics: tuple[SourceFile, ...]
    providers: tuple[SourceFile, ...]
    pages: tuple[SourceFile, ...]
    themes: tuple[tuple[SourceFile, ...], ...]
    """Template files and their assets in layers; later ones override earlier ones."""
    static: tuple[SourceFile, ...]
    refused: int
    """Record files that were not read because something is wrong with them."""
    diagnostics: tuple[Diagnostic, ...]


def read_inputs(source: Path, config: Config) -> Inputs:
    """All inputs of the site in that folder."""
    content = source / "content"
    limit = config.content.max_file_bytes

    def markdown(folder: str) -> Scan:
        return scan_folder(
            source,
            folder,
            wanted=lambda name: name.lower().endswith(MARKDOWN),
            max_bytes=limit,
            inside=content,
        )

    news, twins = _without_twins(markdown(NEWS))
    providers, pages = markdown(PROVIDERS), markdown(PAGES)
    topics = scan_folder(
        source,
        TOPICS,
        wanted=lambda name: name.lower().endswith(YAML),
        max_bytes=limit,
        inside=content,
    )
    static = scan_folder(source, STATIC, wanted=_any)
    own_theme = scan_folder(source, TEMPLATES, wanted=_any)
    themes = [own_theme.files]
    theme_folder = default_theme()
    if theme_folder.resolve() != source.resolve():
        themes.insert(0, scan_folder(theme_folder, TEMPLATES, wanted=_any).files)
    scans = (news, providers, pages, topics, static, own_theme)
    return Inputs(
        news=news.files,
        topics=topics.files,
        providers=providers.files,
        pages=pages.files,
        themes=tuple(themes),
        static=static.files,
        refused=len({each.place.file for each in news.diagnostics}) + len(twins),
        diagnostics=(*twins, *(each for scan in scans for each in scan.diagnostics)),
    )


def _any(name: str) -> bool:
    return bool(name)


def _without_twins(scan: Scan) -> tuple[Scan, list[Diagnostic]]:
    """The files without those whose names differ from another's only in how Unicode writes a
    letter, and an error for each of these."""
    kept: dict[str, SourceFile] = {}
    problems = []
    for file in scan.files:
        path = unicodedata.normalize("NFC", file.path)
        if path in kept:
            problems.append(
                Diagnostic(
                    "repeated-file",
                    Severity.ERROR,
                    "two files have this name, written with different Unicode characters",
                    Place(path),
                    "rename one of them",
                )
            )
            continue
        kept[path] = file
    return Scan(tuple(kept.values()), scan.diagnostics), problems
