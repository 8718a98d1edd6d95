"""A record's text as weighted terms: the first step of relating.

Terms are stems, pairs of neighbouring stems, and the outlet. Two stems of a pair are written
together without a space, so that "Ban Bossy" meets "#BanBossy" and "smart phone" meets
"smartphone".
"""

from __future__ import annotations

import functools
import re
from itertools import chain, filterfalse, islice
from operator import add, itemgetter

import msgspec

from tidings.catalog.relating.relating_types import Relatable, RelatedOptions
from tidings.catalog.relating.words import LIGHT, WHOLE, Word, fold, read_word, split_words

SUFFIX = re.compile(r"^(.{12,}?)\s+(?:[-|\u2013\u2014]|::)\s+((?:(?!\s[-|\u2013\u2014]\s).)+)$")
"""A headline, a rule, and the last part, which may be the outlet's name."""

RULE = re.compile(r"\s(?:[-|\u2013\u2014]|::)\s")

MARK = frozenset("-|:")
"""What a title of plain letters has, if it has a rule."""

SIDE = 12
"""Weight of a word that only the excerpt or a coverage title has: context, not the subject."""
FIRST, SLOPE = 125, 50
"""Percent at which a title's first word counts, and how far that falls to the last: headlines
open with their subject."""
TITLE_WORDS = 40
LONGEST_TITLE = 1_000
"""Characters of a title that may end with its outlet's name. Looking for a rule in one of many
rules takes the square of its length."""
EXCERPT_WORDS = 32
COVERAGE_TITLES = 6
SIDE_TERMS = 20
"""Bounds the work for a record with a very long excerpt: the subject comes first in news."""
SENTENCE_CASE = 35
"""Percent of words in small letters from which on capitals tell names."""


STEMS, WEIGHTS, JOINED, SMALL, LARGE, SHOWN = map(itemgetter, (0, 1, 2, 4, 5, 6))
"""Fields of `Word`, read without a call of Python's for each."""


class Terms(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """A record's terms. They depend on its text, its outlet and the options alone, so a build
    may keep them for the next one."""

    weights: dict[str, int]
    """The weight of each term within the record, before rarity."""
    common: tuple[str, ...]
    """Stems seen here in small letters, as common words are."""
    names: tuple[str, ...]
    """Stems seen here with a capital inside a sentence, as names are."""
    stems: tuple[str, ...]
    """The title's stems in order, one for each of `shown`."""
    shown: tuple[str, ...]
    """The title's words as written, for saying which words are shared."""


def read_terms(item: Relatable, options: RelatedOptions) -> Terms:
    """The record's terms, of its title, excerpt, coverage titles and outlet."""
    pieces, shouted = title_pieces(item)
    words = list(map(read_word, pieces))
    weights = _title_weights(words)
    lowered, capital = ([], []) if shouted else _by_case(words)
    pieces, own = side_pieces(item)
    side = list(map(read_word, pieces))
    if own:
        more, others = _by_case(side[:own])
        lowered += more
        capital += others
    if side:
        every = dict.fromkeys(chain.from_iterable(map(STEMS, side)))
        new = filterfalse(weights.__contains__, every)
        weights.update(dict.fromkeys(list(islice(new, SIDE_TERMS)), SIDE))
    if item.provider and options.provider_weight:
        weights["@" + item.provider.casefold()] = options.provider_weight
    telling = list(filter(STEMS, words))
    return Terms(
        weights,
        tuple(dict.fromkeys(lowered)),
        tuple(dict.fromkeys(capital)),
        tuple([word.stems[0] for word in telling]),
        tuple(map(SHOWN, telling)),
    )


def title_pieces(item: Relatable) -> tuple[list[str], bool]:
    """The title's words as written, and whether it is shouted."""
    title = without_outlet(fold(item.title), item.provider)
    # Shouted titles say nothing about names, nor about US and us.
    shouted = title.isupper()
    return split_words(title.lower() if shouted else title, TITLE_WORDS), shouted


def side_pieces(item: Relatable) -> tuple[list[str], int]:
    """The words of excerpt and coverage titles as written, and how many are the excerpt's."""
    pieces = split_words(fold(item.excerpt), EXCERPT_WORDS) if item.excerpt else []
    own = len(pieces)
    for other in item.coverage_titles[:COVERAGE_TITLES]:
        pieces += split_words(fold(other), TITLE_WORDS)
    return pieces, own


def without_outlet(title: str, provider: str) -> str:
    """The title without the outlet's name at its end: "Stocks fall - Forbes"."""
    if not provider or (title.isascii() and MARK.isdisjoint(title)):
        return title
    if len(title) > LONGEST_TITLE:
        return title
    match = SUFFIX.match(title) if RULE.search(title) else None
    if match is None:
        return title
    last, outlet = _letters(match[2]), _letters(provider)
    if last and outlet and (last.startswith(outlet) or outlet.startswith(last)):
        return match[1]
    return title


def _title_weights(words: list[Word]) -> dict[str, int]:
    stems = list(chain.from_iterable(map(STEMS, words)))
    own = list(chain.from_iterable(map(WEIGHTS, words)))
    weights = dict.fromkeys(map(add, stems, stems[1:]), LIGHT)
    weights.update(dict.fromkeys(filter(None, map(JOINED, words)), LIGHT))
    placed = _placed(len(own))
    if own.count(WHOLE) < len(own):
        placed = tuple([weight * of // WHOLE for weight, of in zip(own, placed, strict=True)])
    # From the end, so that a stem counts by its first place, and by more than a pair.
    weights.update(zip(reversed(stems), reversed(placed), strict=True))
    return weights


@functools.lru_cache(maxsize=64)
def _placed(count: int) -> tuple[int, ...]:
    """The weights of so many stems of a title, by their places."""
    return tuple(
        WHOLE * (FIRST * count - SLOPE * place) // (100 * count) for place in range(count)
    )


def _by_case(words: list[Word]) -> tuple[list[str], list[str]]:
    """The stems in small letters, and, in a sentence, those with a capital inside it."""
    lowered = list(chain.from_iterable(map(SMALL, words)))
    if not lowered:
        return [], []
    capital = list(chain.from_iterable(map(LARGE, words[1:])))
    if len(lowered) * 100 < SENTENCE_CASE * (len(lowered) + len(capital)):
        capital = []
    return lowered, capital


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
