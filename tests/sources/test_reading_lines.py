"""Front matter read line by line: what is read so has the values that YAML gives it."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st
from test_reading_properties import QUICK, RECORDS, STYLES, mutations

from tidings.sources.events import read_events
from tidings.sources.lines import read_lines

READ = {
    "text": ("a: b c", {"a": "b c"}),
    "blanks behind": ('a: b  \nc: "d" \n', {"a": "b", "c": "d"}),
    "blanks before": ("a:   b", {"a": "b"}),
    "blanks in quotes": ('a: " b "', {"a": " b "}),
    "colons": ("a: https://x.example:80/a:b\nb: 12:30:00", None),
    "a colon at the end of quotes": ('a: "b:"', {"a": "b:"}),
    "a number sign": ('a: b#c\nb: "c #d"', None),
    "escapes": (r'a: "b\"c\\d\n\r\te"', {"a": 'b"c\\d\n\r\te'}),
    "single quotes": ("a: 'it''s \"x\"'", {"a": 'it\'s "x"'}),
    "no value": ("a:\nb: ~\nc: null\nd: 'null'\ne: ''\nf: \"\"", None),
    "a list": ("a:\n  - b\n  - 'c'", {"a": ["b", "c"]}),
    "a list at its key's column": ("a:\n- b\n- c\nd: e", {"a": ["b", "c"], "d": "e"}),
    "an empty list": ("a: []\nb: c", {"a": [], "b": "c"}),
    "mappings in a list": ("a:\n  - b: c\n    d: e\n  - b: f", None),
    "a mapping in a mapping": ("a:\n   b:\n     c: d\n   e: f\ng: h", None),
    "a list in a mapping in a list": ("a:\n- b:\n  - c: d\n    e:\n  f: g\n- h: i", None),
    "a wide dash": ("a:\n  -   b: c\n      d: e", {"a": [{"b": "c", "d": "e"}]}),
    "blank lines": ("\na: b\n\n   \nc:\n\n  - d\n", {"a": "b", "c": ["d"]}),
    "other scripts": ("a: Überraschung ﬁ 中文 \U0001f600", None),
}

LEFT = [
    "",
    "\n",
    "- a",
    " a: b",
    "a: b\n  c",
    "a: b\n c: d",
    'a: "b\n  c"',
    "a: |\n  b",
    "a: &b c",
    "a: *b",
    "a: !b c",
    "a: [b]",
    "a: {b: c}",
    "a: b # c",
    "# a\nb: c",
    "a: b: c",
    "a: b:",
    "a: b\na: c",
    "? a\n: b",
    'a: "b"c',
    r'a: "\x41"',
    "a: 'b'c'",
    "a: '",
    'a: "',
    "a: @b",
    "a: -b",
    "a:\n  - - b",
    "a:\n  -\n",
    "a:\n  b: c\n d: e",
    "a:\n  - b\n c: d",
    "a: b\n- c",
    "a:\tb",
    "a: b\x85c",
    "a: b\u2028c",
    "a: b\ufeff",
    "a: b\x00",
    "a: b\ud800",
    "a: b\n---\nc: d",
    "a: b\n...\n",
    "%YAML 1.1\n---\na: b",
    "a:b",
    '"a": b',
    "".join(" " * depth + "a:\n" for depth in range(40)),
]


@pytest.mark.parametrize("case", READ.values(), ids=READ)
def test_lines_that_stand_alone_are_read(case: tuple[str, dict[str, Any] | None]) -> None:
    text, values = case
    given_values = read_lines(text)
    assert given_values == read_events(text)
    assert given_values is not None
    assert values is None or given_values == values


@pytest.mark.parametrize("text", LEFT)
def test_everything_else_is_left_to_yaml(text: str) -> None:
    assert read_lines(text) is None


def assert_the_same(text: str) -> None:
    """Asserts that the text is left to YAML, or has the same values in the same order."""
    values = read_lines(text)
    if values is not None:
        events = read_events(text)
        assert values == events
        assert order(values) == order(events)


def order(value: Any) -> Any:
    """The keys of the value, of all its mappings, in their order."""
    if isinstance(value, dict):
        return [(key, order(inner)) for key, inner in value.items()]
    return [order(inner) for inner in value] if isinstance(value, list) else None


# Lines of every kind at columns that may fit and may not.
LINES = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["", "", "", " ", "  ", "    "]),
    st.sampled_from(["", "", "- ", "-  ", "-"]),
    st.sampled_from(["", "a: ", "b: ", "c: ", "d:", "a:", "e :", "'a': ", "_id: "]),
    st.sampled_from(
        [
            "", "", "b", "b c", '"b"', '"b: c"', '"b', 'b"', "'b'", "'b''c'", "b:c", "b: c",
            "b #c", "b#c", "b ", '"b" ', "b:", "~", "null", "[]", "-1", "- b", "|", "#", '""',
            '"\\"', '"\\""', "\\", "é", "---", "...", "1", "\t", '"b\\', "?", "*a", "<<",
        ]
    ),
)  # fmt: skip


@QUICK
@given(st.lists(LINES, min_size=1, max_size=6).map("\n".join))
@example('a: "b\n\nc: "d"')
@example("a: 'b\nc: d'")
@example("- a: b")
@example("a:\n  - b:\n  - c")
@example("a:\n- b:\n  - c\n  d: e")
def test_lines_of_all_kinds_have_the_values_of_yaml(text: str) -> None:
    assert_the_same(text)
    assert_the_same(text + "\n")


@QUICK
@given(mutations())
def test_changed_front_matter_has_the_values_of_yaml(text: str) -> None:
    assert_the_same(text)


@QUICK
@given(RECORDS, STYLES)
def test_written_yaml_has_the_values_of_yaml(values: dict[str, Any], style: Any) -> None:
    assert_the_same(yaml.safe_dump(values, sort_keys=False, **style))
