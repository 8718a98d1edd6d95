"""Texts made fit to show: right texts stay as they are, broken ones are mended."""

from __future__ import annotations

import html
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidings.sources.repair import ENTITY, MOJIBAKE, MOST_MARKS, clean_text

RIGHT = [
    # French, German, Portuguese, Spanish, Italian
    "L’Élysée : « Où en est-on ? » – « déjà » … ÇA !",
    "« CHÂTEAU À VENDRE », dit-il… « À »",
    "CAFÉ’S, CAFÉ”, CAFÉ… DÉJÀ–VU, À”, NAÏVETÉ »",
    "Beyoncé’s “Pelé”, 5 € – 10 £",
    "Die Straße – „Größe“, sagt er: „Übergröße“ für Äpfel, ÄÖÜ…",
    "São Paulo: “AMANHÔ, AMANHÃ… NÃO É, IRMÃ”",
    "Ñandú… ESPAÑA… señor” dijo “Ñ”",
    "CITTÀ”, PERÒ… TIRAMISÙ” È— SÌ’",
    # Vietnamese, Romanian, Turkish, Nordic, Slavic
    "Hà Nội – Đà Nẵng: “Việt Nam”, TỔNG THỐNG “Ð…",
    "România – „Mâr”… „râ” â…",
    "Türkiye’de “İstanbul”, İZMİR’",
    "Ångström’s Å— Ø… Øystein’s “Æ”",
    "Škoda’s “š”, ŽIŽEK–",
    # Greek, Cyrillic, Hebrew, Arabic, Hindi, Thai, Chinese, Japanese, Korean
    "Ελληνικά – «Αθήνα»",
    "Привет, «мир» — это “ёлка”",
    "שלום – “עולם”",
    "العربية: “مرحبا”، ٣",
    "नमस्\u200dते “हिन्दी”",
    "ภาษาไทย “สวัสดี”",
    "中文标题：测试…“引号”",
    "日本語のタイトル「」…",
    "한국어 “제목”",
    # Signs
    "5דbig” × 3, 2 × 3, 20°, ½, ™, ©, ®, →",
    "👩\u200d👩\u200d👧 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f ☀\ufe0f",
    "R&D, AT&T, Q&A; Buy&regret; &c. & <b>",
]

BROKEN = {
    "NOPDâ€™s": "NOPD’s",
    "donâ€™t â€œquoteâ€\x9d": "don’t “quote”",
    "â€œquoteâ€, â€œquoteâ€": "“quote”, “quote”",
    "cafÃ©, naÃ¯ve": "café, naïve",
    "Ã€ la carte, voilÃ\xa0": "À la carte, voilà",
    "â€“ dash â€¦ â€¢": "– dash … •",
    "price Â£5": "price £5",
    "SÃ£o Paulo": "São Paulo",
    "GrÃ¶ÃŸe": "Größe",
    "Viá»‡t Nam": "Việt Nam",
    "ÐŸÑ€Ð¸Ð²ÐµÑ‚": "Привет",
    "æ—¥æœ¬èªž": "日本語",
    "Ø§Ù„Ø¹Ø±Ø¨ÙŠØ©": "العربية",
    "×©×œ×•×\x9d": "שלום",
    "ðŸ˜€ smile": "😀 smile",
    "NOPD&acirc;&euro;&trade;s": "NOPD’s",
}

BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@pytest.mark.parametrize("text", RIGHT)
def test_a_right_text_stays(text: str) -> None:
    assert clean_text(text) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize("text", BROKEN)
def test_mojibake_is_mended(text: str) -> None:
    assert clean_text(text) == BROKEN[text]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("&amp;amp;", "&amp;"),
        ("&amp;lt;script&amp;gt;", "&lt;script&gt;"),
        ("&lt;script&gt;", "<script>"),
        ("&#38;#39;", "&#39;"),
        ("&#8217;&#x2019;&rsquo;", "’’’"),
        ("&#128;", "€"),
        ("&#0;&#xD800;&#x110000;&#99999999;", "\ufffd\ufffd\ufffd&#99999999;"),
        ("a&#x202e;b&#7;c&NewLine;d&Tab;e&ZeroWidthSpace;f", "abc d ef"),
        ("&nosuch; &notit; &; &#; &#x;", "&nosuch; &notit; &; &#; &#x;"),
        ("x?a=1&copy=2&reg", "x?a=1&copy=2&reg"),
    ],
)
def test_entities_are_decoded_once_and_only_with_their_semicolon(text: str, shown: str) -> None:
    assert clean_text(text) == shown


@pytest.mark.parametrize("mark", BIDI)
def test_marks_that_turn_the_direction_of_text_are_taken_out(mark: str) -> None:
    assert clean_text(f"a{mark}b") == "ab"


@pytest.mark.parametrize(
    "blank", [" ", "\t", "\r\n", "\v", "\x1f", "\x85", "\xa0", "\u2003", "\u2028", "\u3000"]
)
def test_any_blanks_become_one(blank: str) -> None:
    assert clean_text(f"{blank}a{blank}{blank}b{blank}") == "a b"


def test_letters_and_their_marks_are_composed() -> None:
    assert clean_text("Cafe\u0301") == "Café"


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=30) | st.text("&#x;a1 Ãâ€™\u0301\u200b\u202e\xa0\r\n<é", max_size=30))
def test_a_cleaned_text_is_one_plain_line(text: str) -> None:
    clean = clean_text(text)
    assert clean == " ".join(clean.split())
    assert clean == unicodedata.normalize("NFC", clean)
    hidden = [char for char in clean if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")]
    assert not hidden
    assert not set(BIDI) & set(clean)
    clean.encode()
    # Once more changes nothing, unless decoding or mending has brought out more to do.
    if not ENTITY.search(clean) and not MOJIBAKE.search(clean):
        assert clean_text(clean) == clean


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(codec="ascii", categories=["L", "N", "P", "S"]), max_size=30))
def test_escaping_is_undone_once(text: str) -> None:
    assert clean_text(html.escape(text)) == text


def test_marks_without_end_are_cut_to_as_many_as_a_letter_can_have() -> None:
    zalgo = "e" + "\u0315\u0316" * 500_000
    clean = clean_text(f"{zalgo} {zalgo}")
    assert len(clean) == 2 * (1 + MOST_MARKS) + 1
    assert clean_text(clean) == clean


@pytest.mark.parametrize(
    "text", ["\u3164", "\u200d", "\u2800 \u1160", "&zwj;", "\ufe0f\U000e0041"]
)
def test_a_text_that_nobody_sees_is_none(text: str) -> None:
    assert clean_text(text) == ""
    assert clean_text(f"a{text}") != ""
