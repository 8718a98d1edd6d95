"""Text to the part of an address: one rule for topics, pages and permalinks."""

from __future__ import annotations

import functools
import hashlib
import re
import unicodedata

MAX_BYTES = 80
"""Bytes of UTF-8 that a slug may have: readable, and far below the 255 of file systems."""

# Characters that belong to the word around them and leave no gap: NOPD’s, soft hyphen, joiners.
JOINED = frozenset("'’‘ʼ`´\u00ad\u200c\u200d")

# Names that Windows keeps for devices, whatever their ending.
DEVICES = frozenset(
    ("con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10)))
)


WORDS = re.compile("[a-z0-9]+")
"""Words of a text in ASCII and small letters."""


class _Letters(dict[int, int | str]):
    """What becomes of each character, by its code, as far as any text had it: itself, nothing,
    or a gap."""

    def __missing__(self, code: int) -> int | str:
        char = chr(code)
        # Letters, digits, and the marks that scripts write on them.
        own = code if unicodedata.category(char)[0] in "LNM" else " "
        self[code] = found = "" if char in JOINED else own
        return found


_LETTERS = _Letters()


def make_slug(text: str, fallback: str) -> str:
    """The text as a slug: case-folded, NFC, letters and digits of any script joined by hyphens.

    At most `MAX_BYTES` bytes, never empty: a text without letters gives a slug made from a
    digest of `fallback`.
    """
    slug = _slug_of(text)
    if not slug:
        return "x" + short_digest(fallback)
    return slug


# A program that builds again and again asks for the same titles each time.
@functools.lru_cache(maxsize=16384)
def _slug_of(text: str) -> str:
    """The text as a slug; empty without letters and digits."""
    if text.isascii():
        folded = text.lower()
        words = WORDS.findall(folded.replace("'", "").replace("`", ""))
    else:
        folded = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text).casefold())
        # Once more, because a letter and an accent meet where a joiner stood between them.
        words = unicodedata.normalize("NFC", folded.translate(_LETTERS)).split()
    slug = _cut("-".join(words))
    return f"{slug}-x" if slug in DEVICES else slug


def short_digest(text: str) -> str:
    """Eight hexadecimal digits made from the text: the suffix that keeps two addresses
    apart."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()


def _cut(slug: str) -> str:
    if slug.isascii() and len(slug) <= MAX_BYTES:
        return slug
    data = slug.encode()
    if len(data) <= MAX_BYTES:
        return slug
    cut = data[:MAX_BYTES].decode("utf-8", "ignore")
    # At a word's end where that costs little; else within the word, but never before a mark.
    head, _, tail = cut.rpartition("-")
    if head and len(tail.encode()) < MAX_BYTES // 2 and not slug[len(cut) :].startswith("-"):
        cut = head
    return unicodedata.normalize("NFC", cut).rstrip("-")
