"""What holds for every file: two ways of reading that agree, and neither ever fails."""

from __future__ import annotations

import json
import string
from typing import Any

import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from reading_cases import DATA, read, read_cases

from tidings.model.source import SourceFile
from tidings.sources.frontmatter import split_front_matter
from tidings.sources.nodes import Node, compose
from tidings.sources.plain import read_plain
from tidings.sources.record import FRONT_MATTER_LINE, ReadOptions, diagnose, read_body
from tidings.sources.schema import RawRecord, from_plain, tree_of
from tidings.sources.shaping import from_nodes
from tidings.sources.values import Plain

QUICK = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

FRONT_MATTERS = [
    parts.front_matter
    for path in sorted(DATA.glob("*.txt"))
    for case in read_cases(path)[1]
    if (parts := split_front_matter(case.text.encode(), "f").value)
]

# Characters that mean something in YAML, and some that are nearly a value already.
PIECES = st.sampled_from(
    [
        *":-[]{}&*!|>'\"%@`#,?~\\ \n\t", "\n  ", "\n- ", ": ", "---\n", "...\n", "<<: ",
        "a: b\n", "null", "é", "\u2028", "\x85", "\x00", "\ufeff", "title: x\n", "topics:\n",
        "- *a\n", "&a ",
    ]
)  # fmt: skip

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
KEYS = st.sampled_from([*tree_of(RawRecord), "url", "name", "domain", "width", "other"])
SCALARS = st.one_of(
    st.none(),
    st.sampled_from(
        ["NO", "1.10", "12:30", "2020-01-01", "null", "~", "", "true", "0x1F", "<<"]
    ),
    TEXT,
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(KEYS | TEXT, inner, max_size=3)
    ),
    max_leaves=8,
)
RECORDS = st.dictionaries(KEYS, VALUES, max_size=6)
STYLES = st.fixed_dictionaries(
    {
        "default_flow_style": st.sampled_from([None, True, False]),
        "default_style": st.sampled_from([None, "'", '"', "|", ">"]),
        "allow_unicode": st.booleans(),
        "width": st.sampled_from([20, 80, 1000]),
        "indent": st.sampled_from([2, 4]),
    }
)


@st.composite
def mutations(draw: st.DrawFn) -> str:
    """Real-looking front matter with a few pieces of text put in, doubled or taken out."""
    text = draw(st.sampled_from(FRONT_MATTERS))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 6)))
        text = text[:start] + draw(PIECES | st.just(text[start:end] * 2)) + text[end:]
    return text


def plain_of(node: Node) -> Any:
    """The node's value without places."""
    if node.kind == "list":
        return [plain_of(item) for item in node.value]
    if node.kind == "mapping":
        return {key.value: plain_of(value) for key, value in node.value}
    return node.value


def assert_agreement(text: str) -> Plain:
    """Asserts that the two ways of reading agree about the text; returns its values."""
    values = read_plain(text)
    composed = compose(text, "f", 1)
    assert (values is None) == bool(composed.diagnostics)
    if values is None:
        return None
    assert composed.value is not None
    assert plain_of(composed.value) == values
    raw = from_plain(values, RawRecord)
    located = from_nodes(composed.value, "f", RawRecord)
    assert (raw is None) == bool(located.problems)
    if raw is not None:
        assert located.raw == raw
    return values


@QUICK
@given(mutations())
@example("x: " + "[" * 32 + "]" * 32)
@example("? [a]\n: b")
@example("topics: [a, ~]\n")
@example("? a\n? b\n")
@example("{a, b: c}")
@example("--- {a: b}\n--- {c: d}\n")
@example("%YAML 1.1\n--- \na: b\n")
@example("a: 'x\n\n  y'\n")
def test_both_ways_of_reading_accept_the_same_changed_texts(text: str) -> None:
    assert_agreement(text)


@QUICK
@given(RECORDS, STYLES)
def test_both_ways_of_reading_see_the_same_values(values: dict[str, Any], style: Any) -> None:
    assert_agreement(yaml.safe_dump(values, sort_keys=False, **style))


@QUICK
@given(RECORDS)
def test_texts_that_are_quoted_come_back_as_written(values: dict[str, Any]) -> None:
    # JSON is YAML; its escapes, and only they, keep every character from being read as YAML.
    text = json.dumps(values, ensure_ascii=True)
    if "\\ud" not in text:  # YAML has no pairs of surrogates.
        assert assert_agreement(text) == values


@QUICK
@given(mutations(), st.sampled_from(["", "# Text\n\n[a](b.md)\n"]))
def test_a_record_that_the_fast_path_reads_is_the_one_that_the_slow_path_reads(
    text: str, body: str
) -> None:
    data = f"---\n{text}\n---\n{body}".encode()
    file = SourceFile("content/news/a.md", data)
    parts = split_front_matter(data, file.path).value
    assert parts is not None
    options = ReadOptions()
    slow = diagnose(file, parts, "a.md", read_body(file, parts, options))
    assert read(data) == slow
    assert FRONT_MATTER_LINE == 2


@QUICK
@given(st.binary(max_size=200) | TEXT.map(str.encode) | mutations().map(str.encode))
def test_reading_never_fails(data: bytes) -> None:
    for whole in (data, b"---\n" + data + b"\n---\n", b"---\ntitle: x\n---\n" + data):
        reading = read(whole)
        assert reading.record is not None or reading.diagnostics
        for problem in reading.diagnostics:
            assert 1 <= problem.place.line <= whole.count(b"\n") + whole.count(b"\r") + 1
            # A picture in a body has no column.
            assert problem.place.column >= (problem.code != "wrong-picture")
            assert "\n" not in problem.message + problem.hint


@QUICK
@given(mutations(), st.text(string.printable, max_size=40))
def test_line_ends_and_a_bom_make_no_difference(text: str, body: str) -> None:
    whole = f"---\n{text}\n---\n{body}".replace("\r", "\n").replace("\ufeff", "")
    plain = read(whole)
    assert read(whole.replace("\n", "\r\n")) == plain
    assert read("\ufeff" + whole) == plain
    assert read("\ufeff" + whole.replace("\n", "\r\n", 2)) == plain
