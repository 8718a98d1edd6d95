"""A record's text as weighted terms: the first step of relating.

Terms are stems, pairs of neighbouring stems, and the outlet. Two stems of a pair are written
together without a space, so that "Ban Bossy" meets "#BanBossy" and "smart phone" meets "smartphone".
"""

from __future__ import annotations

import re
from typing import NamedTuple

from tidings.catalog.relating_types import Relatable, RelatedOptions
from tidings.catalog.words import LIGHT, TOKEN, WHOLE, Word, fold, read_word

SUFFIX = re.compile(r"^(.{12,}?)\s+(?:[-|\u2013\u2014]|::)\s+((?:(?!\s[-|\u2013\u2014]\s).)+)$")
"""A headline, a rule, and the last part, which may be the outlet's name."""

SIDE = 3
"""Weight of a word that only the excerpt or a coverage title has: context, not the subject."""
EXCERPT_WORDS = 40
COVERAGE_TITLES = 6
SIDE_TERMS = 30
"""Bounds the work for a record with a very long excerpt: the subject comes first in news."""
SENTENCE_CASE = 35
"""Percent of longer words in small letters from which on capitals tell names."""


class Terms(NamedTuple):
    """A record's terms."""

    weights: dict[str, int]
    """The weight of each term within the record, before rarity."""
    common: frozenset[str]
    """Stems seen here in small letters, as common words are."""
    names: frozenset[str]
    """Stems seen here with a capital inside a sentence, as names are."""


def read_terms(item: Relatable, options: RelatedOptions) -> Terms:
    """The record's terms, of its title, excerpt, coverage titles and outlet."""
    weights: dict[str, int] = {}
    common: set[str] = set()
    names: set[str] = set()
    title = without_outlet(fold(item.title), item.provider)
    _add_title(title, weights, common, names)
    side: dict[str, int] = {}
    if item.excerpt:
        words = [read_word(token) for token in TOKEN.findall(fold(item.excerpt))[:EXCERPT_WORDS]]
        _note_case(words, common, names)
        for word in words:
            for stem in word.stems:
                side.setdefault(stem, SIDE)
    for other in item.coverage_titles[:COVERAGE_TITLES]:
        for token in TOKEN.findall(fold(other)):
            for stem in read_word(token).stems:
                side.setdefault(stem, SIDE)
    free = SIDE_TERMS
    for stem, weight in side.items():
        if free and stem not in weights:
            weights[stem] = weight
            free -= 1
    if item.provider and options.provider_weight:
        weights["@" + item.provider.casefold()] = options.provider_weight
    return Terms(weights, frozenset(common), frozenset(names))


def without_outlet(title: str, provider: str) -> str:
    """The title without the outlet's name at its end: "Stocks fall - Forbes"."""
    match = SUFFIX.match(title)
    if match is None or not provider:
        return title
    last, outlet = _letters(match[2]), _letters(provider)
    if last and outlet and (last.startswith(outlet) or outlet.startswith(last)):
        return match[1]
    return title


def surface_words(title: str) -> list[tuple[str, str]]:
    """The title's words as written, each with its stem, for showing which words are shared."""
    found = []
    for token in TOKEN.findall(fold(title)):
        word = read_word(token)
        bare = token[:-2] if token.endswith(("'s", "'S")) else token
        found.extend((stem, bare) for stem in word.stems[:1])
    return found


def _add_title(title: str, weights: dict[str, int], common: set[str], names: set[str]) -> None:
    letters = sum(map(str.isalpha, title))
    if letters and sum(map(str.isupper, title)) * 2 > letters:
        # Shouted titles say nothing about names, nor about US and us.
        words = [read_word(token) for token in TOKEN.findall(title.lower())]
    else:
        words = [read_word(token) for token in TOKEN.findall(title)]
        _note_case(words, common, names)
    before = ""
    for word in words:
        if word.joined:
            weights.setdefault(word.joined, LIGHT)
        for stem, weight in zip(word.stems, word.weights, strict=True):
            weights[stem] = max(weight, weights.get(stem, 0))
            if before:
                weights.setdefault(before + stem, LIGHT)
            before = stem


def _note_case(words: list[Word], common: set[str], names: set[str]) -> None:
    telling = [word for word in words if word.stems and len(word.stems[0]) > 2]
    lowered = sum(word.lowered for word in telling)
    sentence = lowered * 100 >= SENTENCE_CASE * len(telling) and lowered > 0
    for place, word in enumerate(words):
        if word.lowered:
            common.update(word.stems)
        elif sentence and place > 0:
            names.update(word.stems)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


__all__ = ["WHOLE", "Terms", "read_terms", "surface_words", "without_outlet"]
