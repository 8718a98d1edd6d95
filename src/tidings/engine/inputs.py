"""Everything a build reads: found first, then read. What follows is a pure function of it.

Part of the engine: its first step. Records are many, so they are only found here, and read
where they are parsed.
"""

from __future__ import annotations

from collections.abc import Iterator
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
from tidings.sources.scan import Found, Listing, list_folder, read_found

MARKDOWN = (".md", ".markdown")
YAML = (".yaml", ".yml")


class Listed(msgspec.Struct, frozen=True):
    """The files of a site, sorted by path within each group, not yet read."""

    news: tuple[Found, ...]
    topics: tuple[Found, ...]
    providers: tuple[Found, ...]
    pages: tuple[Found, ...]
    themes: tuple[tuple[Found, ...], ...]
    """Template files and their assets in layers; later ones override earlier ones."""
    static: tuple[Found, ...]
    refused: int
    """Record files that are not read because something is wrong with them."""
    diagnostics: tuple[Diagnostic, ...]

    def groups(self) -> Iterator[tuple[Found, ...]]:
        """All groups, always in the same order and number."""
        yield from (self.news, self.topics, self.providers, self.pages, self.static)
        yield from self.themes


class Inputs(msgspec.Struct, frozen=True):
    """The files of a site, sorted by path within each group."""

    news: tuple[Found, ...]
    """Not yet read."""
    topics: tuple[SourceFile, ...]
    providers: tuple[SourceFile, ...]
    pages: tuple[SourceFile, ...]
    themes: tuple[tuple[SourceFile, ...], ...]
    """Template files and their assets in layers; later ones override earlier ones."""
    static: tuple[SourceFile, ...]
    refused: int
    """Record files that are not read because something is wrong with them."""
    diagnostics: tuple[Diagnostic, ...]


def read_inputs(source: Path, config: Config) -> Inputs:
    """All inputs of the site in that folder; of records, where they are."""
    return read_listed(list_inputs(source, config))


def list_inputs(source: Path, config: Config) -> Listed:
    """All files of the site in that folder."""
    content = source / "content"
    limit = config.content.max_file_bytes

    def markdown(folder: str) -> Listing:
        return list_folder(
            source,
            folder,
            wanted=lambda name: name.lower().endswith(MARKDOWN),
            max_bytes=limit,
            inside=content,
        )

    news, twins = _without_twins(markdown(NEWS))
    providers, pages = markdown(PROVIDERS), markdown(PAGES)
    topics = list_folder(
        source,
        TOPICS,
        wanted=lambda name: name.lower().endswith(YAML),
        max_bytes=limit,
        inside=content,
    )
    static = list_folder(source, STATIC, wanted=_any)
    own_theme = list_folder(source, TEMPLATES, wanted=_any)
    themes = [own_theme.files]
    theme_folder = default_theme()
    if theme_folder.resolve() != source.resolve():
        themes.insert(0, list_folder(theme_folder, TEMPLATES, wanted=_any).files)
    listings = (news, providers, pages, topics, static, own_theme)
    return Listed(
        news=news.files,
        topics=topics.files,
        providers=providers.files,
        pages=pages.files,
        themes=tuple(themes),
        static=static.files,
        refused=len({each.place.file for each in news.diagnostics}) + len(twins),
        diagnostics=(
            *twins,
            *(each for listing in listings for each in listing.diagnostics),
        ),
    )


def read_listed(listed: Listed) -> Inputs:
    """The same files, with the bytes of all but records."""
    problems = list(listed.diagnostics)

    def read(group: tuple[Found, ...]) -> tuple[SourceFile, ...]:
        files = []
        for found in group:
            file = read_found(found)
            if isinstance(file, SourceFile):
                files.append(file)
            else:
                problems.append(file)
        return tuple(files)

    return Inputs(
        news=listed.news,
        topics=read(listed.topics),
        providers=read(listed.providers),
        pages=read(listed.pages),
        themes=tuple(read(layer) for layer in listed.themes),
        static=read(listed.static),
        refused=listed.refused,
        diagnostics=tuple(problems),
    )


def _any(name: str) -> bool:
    return bool(name)


def _without_twins(listing: Listing) -> tuple[Listing, list[Diagnostic]]:
    """The files without those whose names differ from another's only in how Unicode writes a
    letter, and an error for each of these."""
    kept: dict[str, Found] = {}
    problems = []
    for file in listing.files:
        if file.path in kept:
            problems.append(
                Diagnostic(
                    "repeated-file",
                    Severity.ERROR,
                    "two files have this name, written with different Unicode characters",
                    Place(file.path),
                    "rename one of them",
                )
            )
            continue
        kept[file.path] = file
    return Listing(tuple(kept.values()), listing.diagnostics), problems
