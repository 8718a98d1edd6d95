"""The newsletter's plain text, for readers and programs that show no HTML. Part of rendering.

Lines end within 76 characters, but for addresses, which stand on lines of their own so that
mail programs make links of them.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from tidings.model.view import CardView, NewsletterView, PageView, SiteView
from tidings.render.filters import shorten

WIDTH = 76
"""Characters of a line: what RFC 2045 leaves unbroken in quoted-printable text."""

LEAD_EXCERPT = 320
EXCERPT = 160


def mail_text(site: SiteView, page: PageView) -> str:
    """The e-mail's plain text, with a line end after its last line."""
    told = page.newsletter
    assert told is not None
    assert page.lead is not None
    blocks = [_head(site, told), _story(page.lead, LEAD_EXCERPT)]
    for section in page.sections:
        blocks.append([*_wrap(section.name.upper()), "-" * min(len(section.name), WIDTH)])
        blocks.extend(_story(card, EXCERPT) for card in section.cards)
    if told.more:
        noun = "story" if told.more == 1 else "stories"
        blocks.append([f"{told.more} more {noun} on the site:", told.more_url])
    blocks.append(_foot(site, told))
    return "\n\n".join("\n".join(lines) for lines in blocks) + "\n"


def _head(site: SiteView, told: NewsletterView) -> list[str]:
    title = _wrap(site.title.upper())
    rule = "=" * max(len(line) for line in title)
    return [*title, rule, *_wrap(told.period), "", "Read on the web:", told.web_url]


def _foot(site: SiteView, told: NewsletterView) -> list[str]:
    # The line before a signature, as programs know it, ends with a blank (RFC 3676, 4.3).
    lines = ["-- "]
    lines += _wrap(f"You get this e-mail because you subscribed to {site.title}.")
    lines += ["To unsubscribe:", told.unsubscribe_url]
    lines += _wrap("Headlines and excerpts belong to the outlets named.")
    return lines + _wrap(told.address)


def _story(card: CardView, length: int) -> list[str]:
    return [
        *_wrap(card.title),
        *_wrap(", ".join(_about(card))),
        *_wrap(shorten(card.excerpt, length)),
        card.url,
    ]


def _about(card: CardView) -> Iterator[str]:
    yield card.source.name if card.source else card.host
    if card.video:
        yield "video"
    if card.outlets > 1:
        yield f"{card.outlets} sources"


def _wrap(text: str) -> list[str]:
    return textwrap.wrap(" ".join(text.split()), WIDTH, break_on_hyphens=False)
