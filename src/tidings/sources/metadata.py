"""Metadata files: topics, providers and the publisher's own pages.

They are few, so they are read straight through nodes: every problem has its place from the start.
"""

from __future__ import annotations

import posixpath
import re
from typing import TypeVar

from tidings.model.diagnostic import Diagnostic, Outcome, Place, Severity
from tidings.model.record import Body, ProviderMetadata, StaticPage, TopicMetadata
from tidings.model.source import SourceFile
from tidings.sources import fields
from tidings.sources.convert import MAX_LOGO, Notes, read_pictures
from tidings.sources.frontmatter import decode, split_front_matter
from tidings.sources.markdown import render_body
from tidings.sources.nodes import compose
from tidings.sources.record import FRONT_MATTER_LINE, ReadOptions, place_problems
from tidings.sources.repair import clean_text
from tidings.sources.schema import Located, RawPage, RawProviderFile, RawTopic, from_nodes

Shape = TypeVar("Shape")

LAST = 1_000_000
"""The order of what says none: after everything that does."""

NUMBERED = re.compile(r"(\d{1,5})-(.+)", re.ASCII)
SLUG = re.compile(r"[^\s/\\?#%.&\"'<>:][^\s/\\?#%&\"'<>:]*")


def read_topic(file: SourceFile) -> Outcome[TopicMetadata]:
    """The topic that a YAML file tells of. Its NN orders it; a trailing `---` line is accepted."""
    decoded = decode(file.data, file.path)
    if decoded.value is None:
        return Outcome(None, decoded.diagnostics)
    text, first_line = _yaml_alone(decoded.value)
    located, problems = _located(text, file.path, first_line, RawTopic)
    if located is None:
        return Outcome(None, problems)
    raw, notes = located.raw, Notes()
    numbered = NUMBERED.fullmatch(posixpath.basename(file.path).rpartition(".")[0])
    stem = posixpath.basename(file.path).rpartition(".")[0]
    slug = clean_text(raw._id or "") or (numbered[2] if numbered else stem)
    name = clean_text(raw.name or "")
    if not name:
        notes.fail(("name",), "missing-name", "the topic has no name", "add `name: …`")
    if not SLUG.fullmatch(slug):
        notes.fail(
            ("_id",),
            "wrong-slug",
            f"_id {slug!r} cannot be part of an address",
            "use letters, digits and hyphens",
        )
    pictures = read_pictures(raw.images, ("images",), notes)
    diagnostics = (*problems, *place_problems(notes, file.path, located.places, first_line))
    if any(problem.severity is Severity.ERROR for problem in diagnostics):
        return Outcome(None, diagnostics)
    return Outcome(
        TopicMetadata(
            file=file.path,
            slug=slug,
            name=name,
            order=int(numbered[1]) if numbered else LAST,
            shortname=clean_text(raw.shortname or ""),
            parent=clean_text(raw.parent or ""),
            description=clean_text(raw.description or ""),
            keywords=_texts(raw.keywords),
            hashtags=_texts(raw.hashtags),
            pictures=pictures,
            parent_line=located.places.get(("parent",), (0, 0))[0],
        ),
        diagnostics,
    )


def read_provider(file: SourceFile) -> Outcome[ProviderMetadata]:
    """The outlet that a file's front matter tells of."""
    split = split_front_matter(file.data, file.path)
    if split.value is None:
        return Outcome(None, split.diagnostics)
    located, problems = _located(
        split.value.front_matter, file.path, FRONT_MATTER_LINE, RawProviderFile
    )
    if located is None:
        return Outcome(None, problems)
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
    diagnostics = (*problems, *place_problems(notes, file.path, located.places))
    if domain is None or any(p.severity is Severity.ERROR for p in diagnostics):
        return Outcome(None, diagnostics)
    by_width = sorted(pictures, key=lambda picture: (picture.width, picture.url))
    small = [picture for picture in by_width if picture.width <= MAX_LOGO]
    return Outcome(
        ProviderMetadata(
            file=file.path,
            name=clean_text(raw.name or "") or domain,
            domain=domain,
            other_names=_texts(raw.other_names),
            logo=small[0].url if small else "",
            large_logo=by_width[-1].url if by_width else "",
        ),
        diagnostics,
    )


def read_page(file: SourceFile, folder: str, options: ReadOptions) -> Outcome[StaticPage]:
    """The page that a Markdown file below `folder` (`content/pages`) holds."""
    split = split_front_matter(file.data, file.path)
    if split.value is None:
        return Outcome(None, split.diagnostics)
    parts = split.value
    located, problems = _located(parts.front_matter, file.path, FRONT_MATTER_LINE, RawPage)
    if located is None:
        return Outcome(None, problems)
    raw, notes = located.raw, Notes()
    slug = (raw.slug or file.path.removeprefix(f"{folder}/").rpartition(".")[0]).strip("/")
    title = clean_text(raw.title or "")
    if not title:
        notes.fail(("title",), "missing-title", "the page has no title", 'add `title: "…"`')
    if not all(SLUG.fullmatch(part) for part in slug.split("/")):
        notes.fail(
            ("slug",),
            "wrong-slug",
            f"{slug!r} cannot be the address of a page",
            "use letters, digits, hyphens and slashes",
        )
    order = LAST
    if raw.order is not None:
        given = fields.integer(raw.order.strip())
        if given is None:
            notes.fail(("order",), "wrong-type", f"order must be a whole number, found {raw.order!r}")
        else:
            order = given
    body = render_body(parts.body, parts.body_line, remote_pictures=options.remote_pictures)
    diagnostics = (*problems, *place_problems(notes, file.path, located.places))
    if any(problem.severity is Severity.ERROR for problem in diagnostics):
        return Outcome(None, diagnostics)
    return Outcome(
        StaticPage(
            file=file.path,
            slug=slug,
            title=title,
            description=clean_text(raw.description or ""),
            order=order,
            body=body or Body(html="", words=0),
        ),
        diagnostics,
    )


def _yaml_alone(text: str) -> tuple[str, int]:
    """The text without document markers around it, and the line on which it then starts."""
    lines = text.rstrip().split("\n")
    while lines and lines[-1].rstrip() in ("---", "...", ""):
        lines.pop()
    first = 1
    while lines and lines[0].rstrip() in ("---", ""):
        lines.pop(0)
        first += 1
    return "\n".join(lines) + "\n", first


def _located(
    text: str, file: str, first_line: int, shape: type[Shape]
) -> tuple[Located[Shape] | None, tuple[Diagnostic, ...]]:
    composed = compose(text, file, first_line)
    if composed.value is None:
        return None, composed.diagnostics
    located = from_nodes(composed.value, file, shape)
    unknown = tuple(
        Diagnostic("unknown-key", Severity.INFO, f"key {key!r} means nothing here", Place(file))
        for key in located.unknown
    )
    return located, (*composed.diagnostics, *located.problems, *unknown)


def _texts(raw: list[str] | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for each in raw or () if (text := clean_text(each))))
