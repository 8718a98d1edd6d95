"""Bodies without a parser: paragraphs, headings, short lists and quotations, and simple links.

Part of the Markdown step: a first look at each body. What it takes is so narrow that there is
one way to read it, and nothing in it needs escaping; for the rest there is the parser. Both
give the same HTML for the same text.
"""

from __future__ import annotations

import re

import msgspec

from tidings.model.record import Body

# Characters that mean nothing to Markdown and nothing to HTML, wherever they stand in a line.
TEXT = r"[^\n\\`*_~\[\]<>&^#|]"
# What a line starts with: a letter, or a sign that starts no block.
START = r"""(?=[^\W\d_]|["'(“‘«])"""
# Addresses that every parser of URLs leaves as they are: no ports, escapes, or other scripts,
# and none so long that it is no link (`MAX_URL`).
URL = (
    r"https?://(?:[a-z0-9]{1,30}(?:-[a-z0-9]{1,20})?\.){1,4}[a-z]{2,20}"
    r"(?:/[A-Za-z0-9/.=?-]{0,3000})?"
)
LINE = re.compile(rf"{START}{TEXT}*(?:(?<!!)\[{START}{TEXT}+\]\({URL}\){TEXT}*)*(?<! )")
LINK = re.compile(rf"\[([^\]]+)\]\(({URL})\)")
HEADING = re.compile(r"(#{1,6}) +")


class _Block(msgspec.Struct, frozen=True):
    """One block of a body."""

    kind: str
    """What its lines start with: `- `, `> `, or nothing; `#` for a heading."""
    html: str
    """Its lines' HTML; in a heading's the level is still to come."""
    words: int
    level: int = 0
    """A heading's level as written."""


def render_plain(text: str) -> Body | None:
    """The body, where the text is of the plain kind that this reads; else None."""
    # Unprintable are also the blanks beside the plain one, which HTML writes as entities.
    if not text.replace("\n", "").isprintable():
        return None
    blocks: list[_Block] = []
    for piece in text.strip("\n").split("\n\n"):
        if not (piece := piece.strip("\n")):
            continue
        block = _read_block(piece)
        if block is None:
            return None
        # With only a blank line between them, two lists are one, of another look.
        if block.kind == "- " and blocks and blocks[-1].kind == "- ":
            return None
        blocks.append(block)
    if not blocks:
        return None
    return Body("".join(_shifted(blocks)).encode(), sum(block.words for block in blocks))


def _read_block(text: str) -> _Block | None:
    """What stands between two blank lines, if it is of a plain kind."""
    kind, level = text[:2], 0
    if kind in ("- ", "> "):
        lines = text[2:].split(f"\n{kind}")
    elif match := HEADING.match(text):
        kind, level = "#", len(match[1])
        lines = [text[match.end() :]]
    else:
        kind, lines = "", text.split("\n")
    if not all(map(LINE.fullmatch, lines)):
        return None
    html, words = _inline("\n".join(lines))
    if kind == "- ":
        items = html.replace("\n", "</li>\n<li>")
        html = f"<ul>\n<li>{items}</li>\n</ul>\n"
    elif kind == "> ":
        html = f"<blockquote>\n<p>{html}</p>\n</blockquote>\n"
    elif not kind:
        html = f"<p>{html}</p>\n"
    return _Block(kind, html, words, level)


def _inline(text: str) -> tuple[str, int]:
    """The text's HTML, and how many words it has."""
    if "[" not in text:
        return text, len(text.split())
    pieces = LINK.split(text)
    # Addresses are every third piece, and no text.
    words = sum(len(piece.split()) for at, piece in enumerate(pieces) if at % 3 != 2)
    return LINK.sub(r'<a href="\2" rel="external noopener">\1</a>', text), words


def _shifted(blocks: list[_Block]) -> list[str]:
    """The blocks' HTML, with headings of the levels that they have on a page."""
    up = min((block.level for block in blocks if block.level), default=2) - 2
    before = 1
    shifted = []
    for block in blocks:
        html = block.html
        if block.level:
            before = min(block.level - up, before + 1, 6)
            html = f"<h{before}>{html}</h{before}>\n"
        shifted.append(html)
    return shifted
