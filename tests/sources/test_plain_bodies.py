"""Shorter ways to a body's HTML, which give the same as the longer ones."""

from __future__ import annotations

from unittest import mock

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from test_reading_properties import QUICK

from tidings.model.diagnostic import Outcome
from tidings.model.record import Body
from tidings.sources import markdown
from tidings.sources.plain_bodies import render_plain

QUICK_PARSER = markdown._parser()

with mock.patch("tidings.sources.markdown_rules.shorten"):
    STOCK_PARSER = markdown._parser.__wrapped__()


def parse(text: str, parser: object) -> Outcome[Body]:
    """What the text gives by the way through the parser."""
    with mock.patch.object(markdown, "_parser", return_value=parser):
        return markdown.parse_body(text, "f", 1, remote_pictures=False)


PLAIN = {
    "a paragraph": ("One line.\n", "<p>One line.</p>\n", 2),
    "paragraphs": ("\nOne\ntwo.\n\n\nThree.\n\n", "<p>One\ntwo.</p>\n<p>Three.</p>\n", 3),
    "quotes and dashes": (
        '"A" – it\'s!\n\n“B” (c) $1: 5%\n',
        '<p>"A" – it\'s!</p>\n<p>“B” (c) $1: 5%</p>\n',
        7,
    ),
    "a heading": ("# A b\n\nText.", "<h2>A b</h2>\n<p>Text.</p>\n", 3),
    "headings": ("### A\n\n##### B\n\n#### C", "<h2>A</h2>\n<h3>B</h3>\n<h3>C</h3>\n", 3),
    "a list": ("- A b\n- C\n\nD", "<ul>\n<li>A b</li>\n<li>C</li>\n</ul>\n<p>D</p>\n", 4),
    "a quotation": (
        "> A\n> b\n\n> C",
        "<blockquote>\n<p>A\nb</p>\n</blockquote>\n<blockquote>\n<p>C</p>\n</blockquote>\n",
        3,
    ),
    "links": (
        "See [a b](https://x.example/a?b=c)d and [e](http://y-z.example).",
        '<p>See <a href="https://x.example/a?b=c" rel="external noopener">a b</a>d and '
        '<a href="http://y-z.example" rel="external noopener">e</a>.</p>\n',
        7,
    ),
}

PARSED = [
    "*a*",
    "a_b_",
    "a `b`",
    "a\\*b",
    "a <b>",
    "a & b",
    "a &amp; b",
    "a  \nb",
    "a ",
    "1. a",
    "    a",
    " a",
    "A\n---",
    "A\n===",
    "A | b\n--|--\nc | d",
    "- a\n\n- b",
    "- a\n  b",
    "- a\n - b",
    "> a\nb",
    "# a #",
    "#a",
    "A\n# b",
    "A\n- b",
    "---",
    "a ![b](https://x.example/c.png)",
    "a [b](javascript:alert)",
    "a [b](https://x.example/é)",
    "a [b](https://x.example/ 'c')",
    "a [b](https://xn--e1afmkfd.example/)",
    "a [b](https://1.2.3.4/)",
    "a [b](other.md)",
    "a [b][c]\n\n[c]: https://x.example",
    "a[^1]\n\n[^1]: b",
    "a^[b]",
    "~~a~~",
    "a\x00b",
    "a\xa0b",
    "a\tb",
    "a\u200bb",
    "<https://x.example>",
    "- a\n\n  - b",
    "Á\n \nb",
]


@pytest.mark.parametrize("case", PLAIN.values(), ids=PLAIN)
def test_a_plain_body_needs_no_parser(case: tuple[str, str, int]) -> None:
    text, html, words = case
    assert render_plain(text) == Body(html.encode(), words)
    assert parse(text, STOCK_PARSER) == Outcome(Body(html.encode(), words))


@pytest.mark.parametrize("text", PARSED)
def test_any_other_body_is_parsed(text: str) -> None:
    assert render_plain(text) is None
    assert parse(text, QUICK_PARSER) == parse(text, STOCK_PARSER)


WORDS = st.sampled_from(
    [
        "a", "Bee", "é", "1", "2.", "it's", '"q"', "“q”", "(c)", "x:", "!", "?", "-", "–", "#",
        "*e*", "_f_", "`g`", "~~h~~", "&amp;", "&", "<b>", "[i](https://x.example/j)", "](",
        "[k](http://y.example)", "![l](/m.png)", "[n]", "[^1]", "^[o]", "\\", "|", "\xa0", "$",
        "https://z.example", "+", "=", "---", "===", "-|-", "{r}", "@s", "%", "t  ",
        "[u](v.md)",
        "[w](https://a.b-c.example/?d=e)", "[x](mailto:y@z.example)", "[a](//b.example)", "[",
    ]
)  # fmt: skip
STARTS = st.sampled_from(
    [
        "", "", "", "", "- ", "- ", "* ", "> ", "> ", "# ", "## ", "### ", "1. ", "    ", " ",
        "  ", "```", "> - ", "- > ", "+ ", "~~~", "[^1]: ", "[n]: ", "\t", "###### ", "#", "a",
    ]
)  # fmt: skip
LINES = st.builds("{}{}".format, STARTS, st.lists(WORDS, min_size=0, max_size=4).map(" ".join))
TEXTS = st.lists(
    st.tuples(LINES, st.sampled_from(["\n", "\n\n", "\n\n", "\n\n\n"])), min_size=1, max_size=6
).map(lambda lines: "".join(line + end for line, end in lines))

SOFT = st.sampled_from(["a", "Bee", "it's", '"q"', "x:", "é!", "[i](https://x.example/j)"])
SOFT_LINES = st.builds(
    "{}{}".format,
    st.sampled_from(["", "", "- ", "> ", "# ", "### "]),
    st.lists(SOFT, min_size=1, max_size=4).map(" ".join),
)
SOFT_TEXTS = st.lists(
    st.tuples(SOFT_LINES, st.sampled_from(["\n", "\n\n", "\n\n\n"])), min_size=1, max_size=6
).map(lambda lines: "".join(line + end for line, end in lines))


@QUICK
@given(TEXTS | SOFT_TEXTS)
@example("a\n\n- b\n- c\n\n\n\n- d")
@example("[a](https://x.example)\n\nb")
def test_all_ways_give_the_same(text: str) -> None:
    stock = parse(text, STOCK_PARSER)
    assert parse(text, QUICK_PARSER) == stock
    plain = render_plain(text)
    if plain is not None:
        assert Outcome(plain) == stock


def test_the_shorter_rules_are_in_use() -> None:
    assert "lone_paragraph" in QUICK_PARSER.get_active_rules()["block"]
    assert "lone_paragraph" not in STOCK_PARSER.get_active_rules()["block"]
