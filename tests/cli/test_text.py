"""Text from elsewhere, made fit for a terminal."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidings.cli.text import number_of, plain, short_path, text_path


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Grüße 你好 \u200d", "Grüße 你好 \u200d"),
        ("a\nb\r\tc", "a\\nb\\r\\tc"),
        ("\x1b[31m\x9b1m", "\\x1b[31m\\x9b1m"),
        ("\u202eevil\u2066", "\\u202eevil\\u2066"),
        ("a\u2028b", "a\\u2028b"),
        ("\udcff", "\\udcff"),
        ("Vote ##[add-mask]e", "Vote ##\\x5badd-mask]e"),
        (" ::stop-commands::x", "\\x3a:stop-commands::x"),
        ("std::vector, C# [2]", "std::vector, C# [2]"),
    ],
)
def test_what_could_steer_a_terminal_is_written_out(text: str, shown: str) -> None:
    assert plain(text) == shown


@given(st.text())
def test_plain_text_is_one_line(text: str) -> None:
    assert len(plain(text).splitlines()) <= 1


def test_numbers_have_their_nouns() -> None:
    assert [number_of(n, "record") for n in (0, 1, 2)] == ["0 records", "1 record", "2 records"]
    assert number_of(2, "entry", "entries") == "2 entries"


def test_paths_are_short_and_valid_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert short_path(tmp_path / "site") == "site"
    assert short_path(tmp_path.parent) == str(tmp_path.parent)
    assert text_path(Path("a\udcff")) == "a\ufffd"
