"""Files as bytes: encodings, sizes, forbidden characters, and where in them a problem is."""

from __future__ import annotations

import pytest
from reading_cases import read

from tidings.sources import problems

HEAD = "title: T\npublishedDateTime: 2020-11-17T21:42:00Z\nwebUrl: https://example.org/x\n"


def record_text(extra: str = "", body: str = "") -> str:
    return f"---\n{HEAD}{extra}---\n{body}"


def told(data: bytes | str) -> list[tuple[str, int, int]]:
    return [(p.code, p.place.line, p.place.column) for p in read(data).diagnostics]


@pytest.mark.parametrize("data", [b"", b"\n \r\n\t", b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n"])
def test_an_empty_file_is_told(data: bytes) -> None:
    reading = read(data)
    assert reading.record is None
    assert told(data) == [("empty-file", 1, 1)]
    assert reading.diagnostics[0].hint == "delete it, or write a record into it"


@pytest.mark.parametrize("newline", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_invalid_utf8_is_told_at_its_character(newline: bytes, bom: bytes) -> None:
    lines = [b"---", "title: ä".encode(), "excerpt: ü ".encode() + b"\xff", b"---"]
    data = bom + newline.join(lines)
    assert told(data) == [("invalid-utf8", 3, 12)]
    assert read(data).diagnostics[0].message == "byte 0xFF is not valid UTF-8"


def test_a_file_in_windows_1252_is_told() -> None:
    assert told(record_text("excerpt: Café\n").encode("cp1252")) == [("invalid-utf8", 5, 13)]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_places_hold_with_any_line_ends_and_a_bom(newline: str, bom: str) -> None:
    text = record_text(
        'related:\n  - title: "Ä"\n    quality: x\n    webUrl: https://a.example/\n'
    )
    data = bom + text.replace("\n", newline)
    assert told(data) == [("wrong-type", 7, 14)]


@pytest.mark.parametrize("char", ["\x00", "\x07", "\x0b", "\x1b", "\x7f", "\x9f", "\uffff"])
def test_a_character_that_yaml_forbids_is_told_at_its_place(char: str) -> None:
    data = record_text(f"excerpt: über{char}all\n")
    assert told(data) == [("yaml-syntax", 5, 14)]
    problem = read(data).diagnostics[0]
    assert problem.message == f"not YAML: character U+{ord(char):04X} is not allowed"
    assert problem.hint


@pytest.mark.parametrize("char", ["\u0085", "\u2028", "\u2029"])
def test_line_ends_that_no_editor_knows_are_blanks(char: str) -> None:
    reading = read(record_text(f"excerpt: one{char}two\nquality: x\n"))
    assert [p.place.line for p in reading.diagnostics] == [6]
    good = read(record_text(f"excerpt: one{char}two\n")).record
    assert good is not None
    assert good.excerpt == "one two"


def test_a_body_may_hold_control_characters_and_dashes() -> None:
    record = read(record_text(body="One\x00 \x1b[1m\n\n---\n\nTwo\n")).record
    assert record is not None
    assert record.body is not None
    assert "<hr>" in record.body.html
    assert "\x00" not in record.body.html


def test_no_more_problems_are_told_than_a_person_reads() -> None:
    many = "".join(f"  - [{n}]\n" for n in range(5_000))
    found = read(record_text(f"topics:\n{many}")).diagnostics
    assert len(found) == problems.MAX_PROBLEMS + 1
    assert found[-1].code == "more-problems"
    assert found[-1].severity == "error"
    assert "4,900 more" in found[-1].message


@pytest.mark.parametrize(
    "piece", ["&a x", "*a", "!t x", "[]: x"], ids=["anchors", "aliases", "tags", "keys"]
)
def test_a_flood_of_forbidden_yaml_ends_soon(piece: str) -> None:
    many = "".join(f"  - {piece}\n" for n in range(5_000))
    reading = read(record_text(f"topics:\n{many}"))
    assert reading.record is None
    assert len(reading.diagnostics) == problems.MAX_PROBLEMS + 1


@pytest.mark.parametrize(
    "opening", ["[", "{", "- ", "? ", "{a: ", "[{", "a: ", "&a ", "*a ", "!"]
)
@pytest.mark.parametrize("start", ["x: ", "x:\n  ", ""])
def test_endless_nesting_is_refused(opening: str, start: str) -> None:
    reading = read(f"---\n{start}{opening * 100_000}\n---\n")
    assert reading.record is None
    assert reading.diagnostics


@pytest.mark.parametrize("levels", [29, 30, 31, 32, 33])
@pytest.mark.parametrize("inner", ["", "1", "{a: b}"])
def test_both_ways_of_reading_refuse_the_same_depth(levels: int, inner: str) -> None:
    from tidings.sources.nodes import compose
    from tidings.sources.plain import read_plain

    text = f"x: {'[' * levels}{inner}{']' * levels}\n"
    assert (read_plain(text) is None) == bool(compose(text, "f", 1).diagnostics)


def test_one_huge_value_is_read() -> None:
    record = read(
        record_text(f"excerpt: {'word ' * 1_000_000}\nslug: {'a' * 1_000_000}\n")
    ).record
    assert record is not None
    assert len(record.excerpt) == 4_999_999


def test_a_long_body_and_long_featured_content_are_left_out_and_told() -> None:
    reading = read(record_text(f"featuredContent: {'<b>' * 50_000}\n", "[a](" * 50_000))
    assert reading.record is not None
    assert reading.record.body is None
    assert reading.record.featured_html == ""
    assert [(p.code, p.severity, p.place.line) for p in reading.diagnostics] == [
        ("long-text", "warning", 5),
        ("long-text", "warning", 7),
    ]


@pytest.mark.parametrize(
    "piece", ["<", "<!", "<a", "<a ", "<!--", "<div>", "</", "<iframe src=x>", "<svg>"]
)
def test_hostile_featured_content_is_read_at_once(piece: str) -> None:
    content = piece * (19_000 // len(piece))
    assert read(record_text(f"featuredContent: '{content}'\n")).record is not None


def test_what_is_secured_reaches_nothing() -> None:
    for value in (
        "AAAAsecretAAAA==;BBBB",
        "[AAAAsecretAAAA, {a: b}]",
        "{secret: AAAAsecretAAAA}",
    ):
        reading = read(record_text(f"secured: {value}\nquality: x\n"))
        assert "AAAAsecretAAAA" not in repr(reading)
        assert "AAAAsecretAAAA" not in repr(read(record_text(f"secured: {value}\n")))
