"""The digest of a record's file: free of `secured`, and of nothing else."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from reading_cases import read
from test_reading_properties import mutations

from tidings.sources.digest import digest_front
from tidings.sources.frontmatter import split_front_matter
from tidings.sources.plain import read_plain

QUICK = settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

BEFORE = '---\ntitle: "It\'s a title"\nname: AT&T\ntopics:\n  - "A"\n  - B\nheat: -1\n\n'
AFTER = "quality: 70\n---\n\nText.\n"

SAME = {
    "as the tools write it": ('secured: "abc+/=;d"\n', 'secured: ""\n'),
    "without quotes": ("secured: abc\n", 'secured: "x y"\n'),
    "in single quotes": ("secured: 'it''s'\n", "secured: other\n"),
    "with escapes": ('secured: "\\x41"\n', 'secured: "\\""\n'),
    "over two lines": ('secured: "ab\n  cd"\n', 'secured: "efgh\n  i"\n'),
    "as a block": ("secured: |\n  ab\n  cd\n", "secured: |\n  e\n  f\n"),
    "with a comment behind it": ("secured: ab \n", "secured: abcd \n"),
}

DIFFERENT = {
    "another line": ('secured: "a"\n', 'secured: "a"\n\n'),
    "more lines in the value": ('secured: "a b"\n', 'secured: "a\n  b"\n'),
    "none at all": ('secured: "a"\n', ""),
    "a nested key of that name": ("a:\n  secured: b\n", "a:\n  secured: c\n"),
    "a list": ("secured: [a]\n", "secured: [b]\n"),
    "given twice": ("secured: a\nsecured: b\n", "secured: a\nsecured: c\n"),
    "a comment": ("secured: a # b\n", "secured: a # c\n"),
    "an anchor": ("secured: &a b\n", "secured: &a c\n"),
    "not YAML": ('secured: "a\n', 'secured: "b\n'),
    "a forbidden character": ('secured: "a\x00"\n', 'secured: "b"\n'),
    "within another text": (
        "a: 'b\n\nsecured: \"x\"\n\nc'\n",
        "a: 'b\n\nsecured: \"y\"\n\nc'\n",
    ),
    "within a list": ('a: [b,\nsecured: "x"\n]\n', 'a: [b,\nsecured: "y"\n]\n'),
    "after a quote in a text": (
        'a:\n- b - "c: "\nsecured: "x"\n',
        'a:\n- b - "c: "\nsecured: "y"\n',
    ),
    "after a quote behind a colon": (
        'a:\n- b: \'c\nsecured: "x"\n',
        'a:\n- b: \'c\nsecured: "y"\n',
    ),
    "after a quote behind an odd blank": (
        'a: \u2028\'c\nsecured: "x"\n',
        'a: \u2028\'c\nsecured: "y"\n',
    ),
    "after a quote with an escape": ('a: "b\\"\nsecured: "x"\n', 'a: "b\\"\nsecured: "y"\n'),
    "in the body": ('---\nsecured: "x"\n', '---\nsecured: "y"\n'),
    "in the body, after quotes": (
        'a: "\n---\n"\nsecured: "x"\n',
        'a: "\n---\n"\nsecured: "y"\n',
    ),
}


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("pair", SAME.values(), ids=SAME)
def test_another_value_of_secured_gives_the_same_digest(
    pair: tuple[str, str], ends: str
) -> None:
    one, other = ((BEFORE + text + AFTER).replace("\n", ends).encode() for text in pair)
    assert digest_front(one) == digest_front(other)


@pytest.mark.parametrize("pair", DIFFERENT.values(), ids=DIFFERENT)
def test_any_other_difference_gives_another_digest(pair: tuple[str, str]) -> None:
    one, other = ((BEFORE + text + AFTER).encode() for text in pair)
    assert digest_front(one) != digest_front(other)


def test_line_ends_and_a_bom_count() -> None:
    text = (BEFORE + 'secured: "a"\n' + AFTER).encode()
    forms = {text, text.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + text, text + b"\n"}
    assert len({digest_front(form) for form in forms}) == len(forms)


VALUES = st.sampled_from(
    ["", '""', '"a+/=;b"', "a", "'b'", '"a\n b"', "|\n a\n", '"\\n"', '"a" ', "~", "&a b", '"']
)


@QUICK
@given(mutations(), VALUES, VALUES, st.integers(0, 400))
@example("excerpt: 'a\n\nb'\n", '"x"', '"y"', 12)
@example('topics:\n- b - "c: "\n', '"x"', '"y"', 19)
def test_files_of_one_digest_give_one_reading(
    text: str, value: str, other: str, at: int
) -> None:
    # At the start of a line, or the key would be part of another text as a rule.
    at = text.find("\n", at) + 1
    one, two = (
        f"---\n{text[:at]}secured: {each}\n{text[at:]}\n---\nBody.\n".encode()
        for each in (value, other)
    )
    if digest_front(one) == digest_front(two):
        assert read(one) == read(two)
        first, second = (values_of(data) for data in (one, two))
        assert first == second


def values_of(data: bytes) -> object:
    """What the fast path reads, but for `secured`."""
    parts = split_front_matter(data, "f").value
    values = read_plain(parts.front_matter) if parts else None
    return {key: value for key, value in (values or {}).items() if key != "secured"}


@QUICK
@given(mutations(), mutations())
def test_other_files_have_other_digests(text: str, other: str) -> None:
    one, two = (f"---\n{each}\n---\n".encode() for each in (text, other))
    if "secured" not in text + other:
        assert (digest_front(one) == digest_front(two)) == (one == two)
