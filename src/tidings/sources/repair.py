"""Text as strangers' feeds write it, made fit to show.

The repairs are those that real records need: entities, mojibake, line breaks and no-break
spaces, control characters. A text without any of them comes back unchanged and quickly.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from html.entities import html5

# Only with its semicolon: without it, `Buy&regret` would hold the entity `&reg`.
ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")

# UTF-8 read as Windows-1252: a lead byte with as many continuation bytes as it calls for.
# Not the end of a word in capitals before a sign that often follows one, as in `IRMÃ”`; and not
# a single `×`, as in `5×“big”`: only Hebrew makes several of it. The cut-off `â€` is what is
# left of a closing quotation mark whose last byte is a control character.
_NEXT = "[\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
MOJIBAKE = re.compile(
    f"[Â-ÖØ-ß](?![”’…–—™](?!\\w)){_NEXT}|(?:×{_NEXT}){{2}}"
    f"|[à-ï]{_NEXT}{{2}}|[ð-ô]{_NEXT}{{3}}|â€"
)
SUSPECT = re.compile(f"[Â-ô]{_NEXT}")
"""How all mojibake starts. Most texts have none of it, and it is quicker to look for."""
PUNCTUATION = re.compile("â€([\x9d‘’“”•–—˜™œž¦¢])")
"""What UTF-8 writes as E2 80 98 to E2 80 A6: quotation marks, dashes, dots."""
CUT_QUOTE = re.compile(f"â€(?!{_NEXT})")

# Control and format characters that would disturb the text around them, and lone surrogates.
# Joiners (U+200C, U+200D) and variation selectors stay: scripts and emoji need them.
INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff]"
)
# What no reader sees, even what is a letter in name: Hangul fillers, braille without dots.
UNSEEN = re.compile(
    "[ \u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200c\u200d\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\U000e0000-\U000e0fff]+"
)

MOST_MARKS = 30
"""Marks on one letter; no script needs more (Unicode Standard Annex 15, stream-safe text)."""
NEVER_SLOW = 1_000
"""Characters of a text that is put in order at once, whatever it is made of."""


def clean_text(text: str) -> str:
    """The text as one line: entities decoded once, mojibake mended, blanks single.

    Markup is not removed: `<b>` stays the three characters that it is, and is escaped when
    shown. A text of nothing that a reader could see is empty.
    A cleaned text comes back from a second cleaning unchanged, unless its entities were written
    twice over (`&amp;amp;`) or its repair brought out characters that look like mojibake.
    """
    if "&" in text:
        text = ENTITY.sub(_character, text)
    if not text.isascii():
        if SUSPECT.search(text) and MOJIBAKE.search(text):
            text = mend_mojibake(text)
        text = compose(_tidy(text))
        return "" if UNSEEN.fullmatch(text) else text
    return _tidy(text)


def compose(text: str) -> str:
    """The text in NFC. Of more than `MOST_MARKS` marks on one letter only the first stay, where
    the text is long.

    Python puts the marks of a letter in order in the square of their number.
    """
    if len(text) > NEVER_SLOW:
        text = "".join(_thin(text))
    return unicodedata.normalize("NFC", text)


def _thin(text: str) -> Iterator[str]:
    """The text's characters without the marks that are too many."""
    run = 0
    for letter in text:
        # Some are no marks themselves and become such in the forms that words are compared in.
        is_mark = unicodedata.combining(unicodedata.normalize("NFKD", letter)[0]) > 0
        run = run + 1 if is_mark else 0
        if run <= MOST_MARKS:
            yield letter


def _tidy(text: str) -> str:
    """The text without invisible characters, with single plain spaces for all blanks."""
    # Python counts no blank but the plain space, and nothing invisible, as printable.
    if text.isprintable() and "  " not in text and text[:1] != " " and text[-1:] != " ":
        return text
    return " ".join(INVISIBLE.sub("", text).split())


def _character(match: re.Match[str]) -> str:
    """The character that the entity stands for; an entity of no known name stays as it is."""
    entity = match[0]
    if entity[1] == "#":
        return html.unescape(entity)
    return html5.get(entity[1:], entity)


def mend_mojibake(text: str) -> str:
    """The text with UTF-8 that was read as another encoding read rightly.

    `NOPDâ€™s` becomes `NOPD’s`; text that only looks like it stays, as far as ftfy can tell.
    """
    # By far the most of it is quotation marks and dashes, which leave no doubt.
    mended = PUNCTUATION.sub(_punctuation, text)
    if not MOJIBAKE.search(mended):
        return mended
    import ftfy  # Only here: its tables cost more to load than a small site costs to build.

    return ftfy.fix_encoding(CUT_QUOTE.sub("â€\x9d", text))


def _punctuation(match: re.Match[str]) -> str:
    last = match[1]
    byte = ord(last) if last < "\xa0" else last.encode("cp1252")[0]
    return bytes((0xE2, 0x80, byte)).decode("utf-8")
