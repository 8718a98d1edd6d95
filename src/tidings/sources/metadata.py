"""Metadata files: topics, providers and the publisher's own pages.

They are few, so they are read straight through nodes: every problem has its place from the
start.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Generic, TypeVar

import msgspec

from tidings.model.diagnostic import Diagnostic, Severity, has_errors
from tidings.model.record import Body, ProviderMetadata, StaticPage, TopicMetadata
from tidings.model.source import SourceFile
from tidings.sources import fields
from tidings.sources.frontmatter import decode, empty_file, is_empty, split_front_matter
from tidings.sources.parts import (
    MAX_LOGO,
    read_integer,
    read_pictures,
    read_text,
    read_texts,
)
from tidings.sources.problems import Notes, place_problems, shown, told
from tidings.sources.record import FRONT_MATTER_LINE, ReadOptions, read_body
from tidings.sources.schema import RawPage, RawProviderFile, RawTopic

if TYPE_CHECKING:
    from tidings.sources.shaping import Located

Value = TypeVar("Value")
Shape = TypeVar("Shape")

LAST = 1_000_000
"""The order of what says none: after everything that does."""

NUMBERED = re.compile(r"(\d{1,5})-(.+)", re.ASCII)
SLUG = re.compile(r"[^\s\x00-\x20\x7f/\\?#%.&\"'<>:][^\s\x00-\x20\x7f/\\?#%&\"'<>:]*")
MARKER = re.compile(r"(?:---|\.\.\.)[ \t]*(?:#.*)?")
COMMENT = re.compile(r"[ \t]*(?:#.*)?")


class MetadataReading(msgspec.Struct, Generic[Value], frozen=True):
    """What one metadata file gave."""

    value: Value | None
    """None where an error left nothing to go by, or the file is empty."""
    diagnostics: tuple[Diagnostic, ...] = ()
    unknown_keys: tuple[str, ...] = ()
    """Keys that mean nothing here, sorted; said once for the whole site, not per file."""


def read_topic(file: SourceFile) -> MetadataReading[TopicMetadata]:
    """The topic that a YAML file tells of. Its NN orders it; a trailing `---` is accepted."""
    decoded = decode(file.data, file.path)
    if decoded.value is None:
        return MetadataReading(None, decoded.diagnostics)
    if is_empty(decoded.value):
        return _nothing(file, "write the topic's `name: …` into it")
    text, first_line = _yaml_alone(decoded.value)
    located, problems = _located(text, file.path, first_line, RawTopic)
    if located is None:
        return MetadataReading(None, told(problems))
    raw, notes = located.raw, Notes()
    stem = posixpath.basename(file.path).rpartition(".")[0]
    numbered = NUMBERED.fullmatch(stem)
    slug = read_text(raw._id) or (numbered[2] if numbered else stem)
    name = read_text(raw.name)
    if not name:
        notes.fail(("name",), "missing-name", "the topic has no name", "add `name: …`")
    if not SLUG.fullmatch(slug):
        notes.fail(
            ("_id",),
            "wrong-slug",
            f"_id {shown(slug)} cannot be part of an address",
            "use letters, digits and hyphens",
        )
    topic = TopicMetadata(
        file=file.path,
        slug=slug,
        name=name,
        order=int(numbered[1]) if numbered else LAST,
        shortname=read_text(raw.shortname),
        parent=read_text(raw.parent),
        description=read_text(raw.description),
        keywords=read_texts(raw.keywords, ("keywords",), notes),
        hashtags=read_texts(raw.hashtags, ("hashtags",), notes),
        pictures=read_pictures(raw.images, ("images",), notes),
        parent_line=located.places.get(("parent",), (0, 0))[0],
    )
    return _finished(topic, located, notes, problems, file)


def read_provider(file: SourceFile) -> MetadataReading[ProviderMetadata]:
    """The outlet that a file's front matter tells of."""
    if is_empty(file.data.decode("utf-8-sig", "replace")):
        return _nothing(file, "write the provider's front matter into it")
    split = split_front_matter(file.data, file.path)
    if split.value is None:
        return MetadataReading(None, split.diagnostics)
    located, problems = _located(
        split.value.front_matter, file.path, FRONT_MATTER_LINE, RawProviderFile
    )
    if located is None:
        return MetadataReading(None, told(problems))
    raw, notes = located.raw, Notes()
    domain = fields.domain(raw.domain or raw._id or "")
    if domain is None:
        notes.fail(
            ("domain",),
            "missing-domain",
            "the provider has no usable domain",
            "add `domain: example.org`",
        )
    pictures = read_pictures(raw.images, ("images",), notes)
    by_width = sorted(pictures, key=lambda picture: (picture.width, picture.url))
    small = [picture for picture in by_width if picture.width <= MAX_LOGO]
    provider = ProviderMetadata(
        file=file.path,
        name=read_text(raw.name) or domain or "",
        domain=domain or "",
        other_names=read_texts(raw.other_names, ("otherNames",), notes),
        logo=small[0].url if small else "",
        large_logo=by_width[-1].url if by_width else "",
        description=read_text(raw.description),
    )
    return _finished(provider, located, notes, problems, file)


def read_page(
    file: SourceFile, folder: str, options: ReadOptions
) -> MetadataReading[StaticPage]:
    """The page that a Markdown file below `folder` (`content/pages`) holds."""
    split = split_front_matter(file.data, file.path)
    if split.value is None:
        return MetadataReading(None, split.diagnostics)
    parts = split.value
    located, problems = _located(parts.front_matter, file.path, FRONT_MATTER_LINE, RawPage)
    if located is None:
        return MetadataReading(None, told(problems))
    raw, notes = located.raw, Notes()
    name = file.path.removeprefix(f"{folder}/").rpartition(".")[0]
    slug = read_text(raw.slug).strip("/") or name
    title = read_text(raw.title)
    if not title:
        notes.fail(("title",), "missing-title", "the page has no title", 'add `title: "…"`')
    if not all(SLUG.fullmatch(part) for part in slug.split("/")):
        notes.fail(
            ("slug",),
            "wrong-slug",
            f"{shown(slug)} cannot be the address of a page",
            "use letters, digits, hyphens and slashes",
        )
    order = read_integer(raw.order, ("order",), notes)
    body = read_body(file, parts, options)
    page = StaticPage(
        file=file.path,
        slug=slug,
        title=title,
        description=read_text(raw.description),
        order=LAST if order is None else order,
        body=body.value or Body(b"", words=0),
    )
    return _finished(page, located, notes, (*problems, *body.diagnostics), file)


def _nothing(file: SourceFile, instead: str) -> MetadataReading[Value]:
    """The reading of an empty file: nothing is lost by it, so it is no error."""
    return MetadataReading(None, (empty_file(file.path, Severity.WARNING, instead),))


def _finished(
    value: Value,
    located: Located[Shape],
    notes: Notes,
    problems: tuple[Diagnostic, ...],
    file: SourceFile,
) -> MetadataReading[Value]:
    """The reading with all its problems; without the value where one of them is an error."""
    placed = place_problems(located.news(notes.problems), file.path, located.places)
    diagnostics = told((*problems, *placed))
    usable = None if has_errors(diagnostics) else value
    return MetadataReading(usable, diagnostics, located.unknown)


def _yaml_alone(text: str) -> tuple[str, int]:
    """The text without document markers around it, and the line on which it then starts.

    What follows a closing marker may only be blank, commented, or more markers.
    """
    lines = text.split("\n")
    end = len(lines)
    for index in reversed(range(len(lines))):
        if MARKER.fullmatch(lines[index]):
            end = index
        elif not COMMENT.fullmatch(lines[index]):
            break
    first = next((i for i, line in enumerate(lines[:end]) if not COMMENT.fullmatch(line)), 0)
    start = first + 1 if end and lines[first].rstrip() == "---" else 0
    return "\n".join(lines[start:end]) + "\n", start + 1


def _located(
    text: str, file: str, first_line: int, shape: type[Shape]
) -> tuple[Located[Shape] | None, tuple[Diagnostic, ...]]:
    # Not every site has metadata, and loading YAML takes longer than reading some of it.
    from tidings.sources.nodes import compose
    from tidings.sources.shaping import from_nodes

    composed = compose(text, file, first_line)
    if composed.value is None:
        return None, composed.diagnostics
    located = from_nodes(composed.value, file, shape)
    return located, (*composed.diagnostics, *located.problems)
