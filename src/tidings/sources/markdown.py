"""Bodies: Markdown to safe HTML, with links to other records left as marks for the planner.

Raw HTML is off, headings are shifted below the page's own, schemes other than http, https and
mailto are refused, and pictures of other hosts become links unless the publisher wants them.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

import msgspec

from tidings.model.diagnostic import Diagnostic, Outcome, Place, Severity
from tidings.model.record import Body, BodyLink
from tidings.sources.addresses import MAX_URL, clean_path, clean_url
from tidings.sources.problems import shown
from tidings.sources.sanitise import sanitise_body

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it import MarkdownIt
    from markdown_it.token import Token

ROOT_MARK = "tidings-root:"
"""Stands before paths from the site's root, where the planner puts the base path."""
RECORD_MARK = "tidings-record:"
"""Stands before the number of a link to another record's file."""

RECORD_LINK = re.compile(r"[^:?#]+\.(?:md|markdown)", re.IGNORECASE)
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
ALIGN = re.compile(r"text-align:(left|right|center)")

MAX_BODY = 100_000
"""Characters, a long essay. Hostile Markdown costs up to 0.1 ms for each."""


class _Work(msgspec.Struct):
    """What is found while one body's tokens are changed."""

    file: str
    remote_pictures: bool
    links: list[BodyLink]
    problems: list[Diagnostic]


def render_body(
    text: str, file: str, first_line: int, *, remote_pictures: bool
) -> Outcome[Body]:
    """The body as HTML with its links; no value, and no problem, when it holds nothing.

    `first_line` is the line of the file on which the text starts, counted from 1.
    """
    if not text or text.isspace():
        return Outcome(None)
    if len(text) > MAX_BODY:
        return Outcome(None, (_long(text, Place(file, first_line, 1)),))
    from tidings.sources.plain_bodies import render_plain  # Only sites with bodies load it.

    if plain := render_plain(text):
        return Outcome(plain)
    return parse_body(text, file, first_line, remote_pictures=remote_pictures)


def parse_body(
    text: str, file: str, first_line: int, *, remote_pictures: bool
) -> Outcome[Body]:
    """The same by the Markdown parser: for whatever is no plain text."""
    parser = _parser()
    environment: dict[str, object] = {}
    tokens = parser.parse(text, environment)
    work = _Work(file, remote_pictures, [], [])
    _shift_headings(tokens)
    _prepare(tokens, first_line, work)
    html = parser.renderer.render(tokens, parser.options, environment)
    words = sum(len(token.content.split()) for token in _leaves(tokens))
    body = Body(sanitise_body(html).encode(), words=words, links=tuple(work.links))
    return Outcome(body, tuple(work.problems))


def _long(text: str, place: Place) -> Diagnostic:
    return Diagnostic(
        "long-text",
        Severity.WARNING,
        f"the body has {len(text):,} characters and is left out",
        place,
        f"at most {MAX_BODY:,} are read: shorten it",
    )


@functools.cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.footnote import footnote_plugin

    from tidings.sources.markdown_rules import shorten

    parser = MarkdownIt("commonmark", {"html": False, "typographer": False})
    parser.enable(["table", "strikethrough"]).use(footnote_plugin)
    # The plugin's section would ask for a heading of its own.
    parser.add_render_rule("footnote_block_open", _open_footnotes)
    parser.add_render_rule("footnote_block_close", _close_footnotes)
    # The documented way to say which addresses may be linked.
    parser.validateLink = _is_link  # type: ignore[method-assign]
    shorten(parser)
    return parser


def _open_footnotes(*_: object) -> str:
    return '<hr class="footnotes-sep">\n<div class="footnotes">\n<ol class="footnotes-list">\n'


def _close_footnotes(*_: object) -> str:
    return "</ol>\n</div>\n"


def _is_link(url: str) -> bool:
    """Whether an address may be linked at all; markdown-it leaves others as text."""
    if len(url) > MAX_URL:
        return False
    scheme = SCHEME.match(url.strip())
    return scheme is None or scheme[0].lower() in ("http:", "https:", "mailto:")


def _leaves(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        if token.type in ("fence", "code_block"):
            yield token
        for child in token.children or ():
            if child.type in ("text", "code_inline"):
                yield child


def _shift_headings(tokens: list[Token]) -> None:
    """Puts the body's headings below the page's own: its highest becomes level 2, none is
    skipped.

    A level that is skipped leaves people who move by headings wondering what they missed
    (WCAG 2.2, technique G141).
    """
    headings = [token for token in tokens if token.type == "heading_open"]
    if not headings:
        return
    up = min(int(token.tag[1]) for token in headings) - 2
    before = 1
    for token in tokens:
        if token.type == "heading_open":
            before = min(int(token.tag[1]) - up, before + 1, 6)
            token.tag = f"h{before}"
        elif token.type == "heading_close":
            token.tag = f"h{before}"


def _prepare(tokens: list[Token], first_line: int, work: _Work) -> None:
    """Changes the tokens to what a page needs, and finds the links to other records."""
    line = first_line
    for token in tokens:
        if token.map:
            line = first_line + token.map[0]
        if token.type in ("th_open", "td_open"):
            # A class instead of a style attribute: pages forbid inline style.
            found = ALIGN.search(str(token.attrs.pop("style", "")))
            if found:
                token.attrs["class"] = f"align-{found[1]}"
        elif token.type == "inline" and token.children:
            _prepare_inline(token.children, line, work)


def _prepare_inline(children: list[Token], line: int, work: _Work) -> None:
    linked = False
    for child in children:
        if child.type in ("softbreak", "hardbreak"):
            line += 1
        elif child.type == "link_open":
            linked = True
            _prepare_link(child, line, work.links)
        elif child.type == "link_close":
            linked = False
        elif child.type == "image":
            _prepare_picture(child, line, linked, work)


def _prepare_link(token: Token, line: int, links: list[BodyLink]) -> None:
    href = str(token.attrs.get("href", ""))
    if SCHEME.match(href):
        token.attrs["rel"] = "external noopener"
    elif href.startswith("//"):
        token.attrs["href"] = f"https:{href}"
        token.attrs["rel"] = "external noopener"
    elif href.startswith("/"):
        token.attrs["href"] = ROOT_MARK + href
    elif RECORD_LINK.fullmatch(href.partition("#")[0]):
        file, hash_sign, fragment = href.partition("#")
        mark = f"{RECORD_MARK}{len(links)}"
        links.append(BodyLink(target=unquote(file), line=line, mark=mark))
        # The closing mark keeps number 1 from being found in number 10.
        token.attrs["href"] = f"{mark}.{hash_sign}{fragment}"


def _prepare_picture(token: Token, line: int, linked: bool, work: _Work) -> None:
    source = str(token.attrs.get("src", ""))
    token.attrs["loading"] = "lazy"
    token.attrs["decoding"] = "async"
    if local := clean_path(source):
        token.attrs["src"] = ROOT_MARK + local
        return
    address = clean_url(f"https:{source}" if source.startswith("//") else source)
    if address and work.remote_pictures:
        token.attrs["src"] = address
        return
    text = token.content or address
    if not address:
        work.problems.append(
            Diagnostic(
                "wrong-picture",
                Severity.WARNING,
                f"picture {shown(source)} is no path of this site; its text stands for it",
                Place(work.file, line),
                "write its path below static/ from the site's root: /pictures/x.jpg",
            )
        )
    if linked or not address:
        # A link cannot hold another one.
        token.type, token.tag, token.content = "text", "", text
    else:
        # Showing it would ask another host on the reader's behalf, so it becomes a link to it.
        token.type, token.tag, token.content = "html_inline", "", _link_to(address, text)
    token.children = None


def _link_to(address: str, text: str) -> str:
    from markdown_it.common.utils import escapeHtml

    return f'<a href="{escapeHtml(address)}" rel="external noopener">{escapeHtml(text)}</a>'
