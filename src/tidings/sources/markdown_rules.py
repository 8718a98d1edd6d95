"""Shorter ways through markdown-it for what most of a body is: sentences, one paragraph a line.

Part of the Markdown step. Each stands before rules of markdown-it's own, takes only texts of
which all of these but one would say no, and gives what that one would give.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markdown_it.rules_block import paragraph
from markdown_it.token import Token

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_core import StateCore

# Without one of these no inline rule has anything to do (CommonMark 0.31, 6; and `~` and `^`).
# A picture starts with `!`, but needs its `[`.
MARKUP = re.compile(r"[\n\\`*_~\[<&^]")

# What a line of text starts with, beside letters; no block starts with one of these.
OPENING = frozenset("\"'(“‘«„¿¡")


def shorten(parser: MarkdownIt) -> None:
    """Makes the parser quicker and nothing else. It must have HTML and linkify off."""
    # With HTML off these two never match.
    parser.disable(["html_block", "html_inline"])
    parser.block.ruler.before("table", "lone_paragraph", lone_paragraph)
    parser.core.ruler.at("inline", parse_inlines)


def lone_paragraph(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A paragraph of one line, which starts like text and is followed by no other line."""
    if state.is_code_block(start):
        return False
    following = start + 1
    # Without a next line there is neither table nor underlined heading.
    if not state.isEmpty(following) and (following < end or following < state.lineMax):
        return False
    first = state.src[state.bMarks[start] + state.tShift[start]]
    if not first.isalpha() and first not in OPENING:
        return False
    return paragraph(state, start, end, silent)


def parse_inlines(state: StateCore) -> None:
    """Gives the inline tokens their children: a text without any markup is its only child."""
    for token in state.tokens:
        if token.type != "inline":
            continue
        if token.children is None:
            token.children = []
        if token.content and MARKUP.search(token.content) is None:
            token.children.append(Token("text", "", 0, content=token.content))
        else:
            state.md.inline.parse(token.content, state.md, state.env, token.children)
