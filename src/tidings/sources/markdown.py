"""Bodies: Markdown to safe HTML, with links to other records left as marks for the planner.

Raw HTML is off, headings are shifted below the page's own, schemes other than http, https and
mailto are refused, and pictures of other hosts become links unless the publisher wants them.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from tidings.model.record import Body, BodyLink
from tidings.sources.repair import clean_path
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


def render_body(text: str, first_line: int, *, remote_pictures: bool) -> Body | None:
    """The body as HTML with its links; None when it holds nothing.

    `first_line` is the line of the file on which the text starts, counted from 1.
    """
    if not text.strip():
        return None
    parser = _parser()
    environment: dict[str, object] = {}
    tokens = parser.parse(text, environment)
    links = _prepare(tokens, first_line, remote_pictures)
    html = parser.renderer.render(tokens, parser.options, environment)
    words = sum(len(token.content.split()) for token in _leaves(tokens))
    return Body(html=sanitise_body(html), words=words, links=tuple(links))


@functools.cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.footnote import footnote_plugin

    parser = MarkdownIt("commonmark", {"html": False, "typographer": False})
    parser.enable(["table", "strikethrough"]).use(footnote_plugin)
    parser.validateLink = _is_link  # type: ignore[method-assign]  # The documented way to set it.
    return parser


def _is_link(url: str) -> bool:
    """Whether an address may be linked at all; markdown-it leaves others as text."""
    scheme = SCHEME.match(url.strip())
    return scheme is None or scheme[0].lower() in ("http:", "https:", "mailto:")


def _leaves(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        if token.type in ("fence", "code_block"):
            yield token
        for child in token.children or ():
            if child.type in ("text", "code_inline"):
                yield child


def _prepare(tokens: list[Token], first_line: int, remote_pictures: bool) -> list[BodyLink]:
    """Changes the tokens to what a page needs; returns the links to other records."""
    links: list[BodyLink] = []
    line = first_line
    for token in tokens:
        if token.map:
            line = first_line + token.map[0]
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + 1)}"
        elif token.type in ("th_open", "td_open"):
            # A class instead of a style attribute: pages forbid inline style.
            found = ALIGN.search(str(token.attrs.pop("style", "")))
            if found:
                token.attrs["class"] = f"align-{found[1]}"
        elif token.type == "inline" and token.children:
            _prepare_inline(token.children, line, remote_pictures, links)
    return links


def _prepare_inline(
    children: list[Token], line: int, remote_pictures: bool, links: list[BodyLink]
) -> None:
    for child in children:
        if child.type in ("softbreak", "hardbreak"):
            line += 1
        elif child.type == "link_open":
            _prepare_link(child, line, links)
        elif child.type == "image":
            _prepare_picture(child, remote_pictures)


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


def _prepare_picture(token: Token, remote_pictures: bool) -> None:
    source = str(token.attrs.get("src", ""))
    token.attrs["loading"] = "lazy"
    token.attrs["decoding"] = "async"
    if local := clean_path(source):
        token.attrs["src"] = ROOT_MARK + local
        return
    remote = urlsplit(source).scheme in ("http", "https")
    if remote and remote_pictures:
        return
    # Showing it would ask another host on the reader's behalf, so it becomes a link to it.
    text = token.content or source
    token.type, token.tag = ("html_inline", "") if remote else ("text", "")
    token.children = None
    if remote:
        from markdown_it.common.utils import escapeHtml

        token.content = (
            f'<a href="{escapeHtml(source)}" rel="external noopener">{escapeHtml(text)}</a>'
        )
    else:
        token.content = text
