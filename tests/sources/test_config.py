"""`tidings.toml`: what it may say, and how everything wrong with it is told in one go."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidings.model.config import Config
from tidings.model.source import SourceFile
from tidings.sources.config import parse_config
from tidings.sources.config_places import find_places, line_and_column


def problems(text: str) -> list[str]:
    """Each problem as "line:column code message | hint"."""
    found = parse_config(SourceFile("tidings.toml", text.encode())).diagnostics
    return [
        f"{p.place.line}:{p.place.column} {p.code} {p.message} | {p.hint}"
        for p in sorted(found, key=lambda p: (p.place.line, p.place.column))
    ]


def test_no_file_and_an_empty_file_mean_all_defaults() -> None:
    assert parse_config(None).value == Config()
    assert parse_config(SourceFile("tidings.toml", b"")).value == Config()


def test_bom_and_windows_line_ends_read_alike() -> None:
    text = b'[site]\ntitle = "News"\n[lists]\npage_size = 10\n'
    plain = parse_config(SourceFile("tidings.toml", text))
    marked = parse_config(
        SourceFile("tidings.toml", b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n"))
    )
    assert plain == marked
    assert plain.value is not None
    assert (plain.value.site.title, plain.value.lists.page_size) == ("News", 10)


def test_base_url_gets_its_closing_slash() -> None:
    config = parse_config(
        SourceFile("tidings.toml", b'site.base_url = "https://example.org/news"')
    ).value
    assert config is not None
    assert config.site.base_url == "https://example.org/news/"


def test_everything_wrong_is_told_at_once_with_its_place() -> None:
    text = """\
titel = "News"

[site]
title = 3
timezone = "Europe/Berlim"
taglin = "x"

[lists]
page_size = 0  # none

[theme]
columns = [
  "days",
  "weather",
]

[content]
unpublished = "true"

[[moon]]
x = 1
"""
    assert problems(text) == [
        '1:1 unknown-setting there is no table or setting "titel"'
        ' | did you mean "title" in the table [site]?',
        '4:9 wrong-setting-type "site.title" is the number 3, and must be a text in quotes | ',
        '5:12 unknown-timezone there is no time zone "Europe/Berlim"'
        ' | did you mean "Europe/Berlin"?',
        '6:1 unknown-setting [site] has no setting "taglin" | did you mean "tagline"?',
        '9:13 wrong-setting-value "lists.page_size" is the number 0, and must be a whole number'
        " from 1 to 1000 | ",
        '14:3 wrong-setting-value a member of "theme.columns" is "weather", and must be "days"'
        ' or "topics" or "sources" | ',
        '18:15 wrong-setting-type "content.unpublished" is "true", and must be true or false'
        " | write true without quotes",
        '20:1 unknown-setting there is no table or setting "moon"'
        f" | known here: {', '.join(Config.__struct_fields__)}",
    ]


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("[site\n", "1:6 config-syntax this is not TOML"),
        ('a = 1\nb = "', "2:6 config-syntax this is not TOML"),
        ("[site]\n[site]\n", "2:6 config-syntax this is not TOML"),
        ("a = " + "[" * 5000, "0:0 config-syntax lists or tables are nested too deeply"),
        ("site = 3", '1:8 wrong-setting-type "site" is the number 3'),
        ("site = {title = 3}", '1:17 wrong-setting-type "site.title"'),
        ('"site"."title" = 3', '1:18 wrong-setting-type "site.title"'),
        ('[site]\nlanguage = "English!"', '2:12 wrong-setting-value "English!" is not'),
        ('[block]\ntitles = [""]', '2:11 wrong-setting-value a member of "block.titles"'),
    ],
)
def test_one_problem_at_its_place(text: str, start: str) -> None:
    (found,) = problems(text)
    assert found.startswith(start)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[site]\n[lists]\n[site]\n", "not TOML: the table site is there twice"),
        ("[publish.a]\n[publish.a]\n", "not TOML: the table publish.a is there twice"),
        ("[site]\ntitle = 'a'\ntitle = 'b'\n", "not TOML: this setting is there twice"),
    ],
)
def test_what_is_there_twice_is_told_so(text: str, message: str) -> None:
    (found,) = parse_config(SourceFile("tidings.toml", text.encode())).diagnostics
    assert found.message == f"this is {message}"
    assert found.hint == "keep one of the two, with all that belongs to it"


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
def test_bytes_that_are_no_text_are_told_with_their_place(start: bytes) -> None:
    data = start + b"# a\r\n# \xc3\xa9\xff\n"
    (found,) = parse_config(SourceFile("tidings.toml", data)).diagnostics
    assert (found.code, found.place.line, found.place.column) == ("config-syntax", 2, 4)
    assert found.message == "byte 0xFF is not valid UTF-8"
    (found,) = parse_config(SourceFile("tidings.toml", start + b"\xe9")).diagnostics
    assert (found.place.line, found.place.column) == (1, 1)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org",
        "ftp://example.org/",
        "https://",
        "https://a b/",
        "https://me@a.org/",
        "https://a.org/?q",
        "https://a.org/#x",
        "https://a.org:99999/",
        "https://[a/",
        "//a.org",
    ],
)
def test_address_that_is_no_site_s_is_refused(url: str) -> None:
    (found,) = problems(f'[site]\nbase_url = "{url}"')
    assert found.startswith("2:12 wrong-setting-value")


@pytest.mark.parametrize(
    "zone", ["berlin", "localtime", "../UTC", "/etc/localtime", "America", "", "Mars/Base"]
)
def test_zone_that_is_not_everybody_s_is_refused(zone: str) -> None:
    (found,) = problems(f'[site]\ntimezone = "{zone}"')
    assert found.startswith("2:12 unknown-timezone")


KEYS = st.text("abc_-", min_size=1, max_size=4) | st.text(min_size=0, max_size=3).map(
    lambda text: '"' + "".join(f"\\u{ord(c):04x}" for c in text if ord(c) < 0xD800) + '"'
)
SCALARS = st.sampled_from(
    [
        "1",
        "true",
        "-3.5e2",
        '"a # b = [c]"',
        "'''x\n[y]\nz = 1'''",
        '"""q"" \\" ="""',
        "''",
        "1979-05-27 07:32:00Z",
        "07:32:00",
        "inf",
        '"""\n# no\n"""',
    ]
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda each: "[ # c\n" + ",\n ".join(each) + "\n]")
        | st.dictionaries(st.text("xyz", min_size=1, max_size=2), inner, max_size=2).map(
            lambda each: "{" + ", ".join(f"{k} = {v}" for k, v in each.items()) + "}"
        )
    ),
    max_leaves=6,
)


@given(st.dictionaries(KEYS, VALUES, max_size=4), KEYS)
def test_every_key_of_any_toml_text_is_found_where_it_stands(
    pairs: dict[str, str], table: str
) -> None:
    text = f"# first = 1\n[ {table} ] # second\n"
    text += "".join(f" {key} = {value} # x\n" for key, value in pairs.items())
    try:
        parsed = tomllib.loads(text)
    except tomllib.TOMLDecodeError:  # The same key in two spellings.
        return
    places = find_places(text)
    ((name, values),) = parsed.items()
    assert {path for path in places if len(path) == 2} == {(name, key) for key in values}
    for key in pairs:
        plain = next(iter(tomllib.loads(f"{key} = 1")))
        assert text.startswith(f"{key} = {pairs[key]}", places[name, plain].key)
        assert text.startswith(pairs[key], places[name, plain].value)


def test_line_and_column_count_from_one() -> None:
    assert line_and_column("ab\ncd", 0) == (1, 1)
    assert line_and_column("ab\ncd", 4) == (2, 2)
