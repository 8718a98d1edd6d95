"""Records as what their stories are found by: weighed words, names, marks and instants.

Part of finding stories. A record is read alone; what the site knows of each term comes as one
byte (`counting`), so that a text changes only where one of its bytes does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, compress, pairwise
from math import isqrt
from operator import itemgetter, mul
from typing import NamedTuple

from tidings.catalog.relating.terms import without_outlet
from tidings.catalog.relating.words import Word, fold, read_words
from tidings.catalog.storytelling.counting import ALONE, IS_NAME, IS_RARE, PERCENTS, RARE
from tidings.model.record import Record

UNIT = 1024
"""Length of a record's vector, and the likeness of two equal texts."""

TITLE, PAIR, SIDE = 40, 20, 12
"""Weights of a word of the title, of two neighbouring ones, and of a word of the excerpt."""
TITLE_WORDS, EXCERPT_WORDS = 40, 24
"""Words that are read, at most."""

STEMS, SMALL, LARGE = map(itemgetter, (0, 4, 5))
"""Fields of `Word`, read without a call of Python's for each."""


class Reading(NamedTuple):
    """What one record's text says, whatever the other records say."""

    headline: str
    """The title without the outlet's name."""
    terms: tuple[str, ...]
    """Words of the title, then pairs of them, then words of the excerpt; each once."""
    words: int
    """How many of them are words of the title."""
    ahead: int
    """How many of them the title alone gives."""
    both: tuple[str, ...]
    """Words of the excerpt that the title gives too."""
    lowered: tuple[str, ...]
    """Words in small letters, as often as they are written so."""
    capital: tuple[str, ...]
    """Words in capitals inside a sentence, as often."""


class Text(NamedTuple):
    """One record, as its likeness to others depends on it."""

    reading: Reading
    codes: bytes
    """What the site knows of each term of the reading."""
    seconds: int
    """Publication, in seconds since 1970 (UTC)."""
    outlet: str
    rare: dict[str, int]
    """Names, numbers, and whatever else few records have, with their weights: what likely
    partners are found by. With `others`, a vector of the length `UNIT`."""
    others: dict[str, int]
    """The other terms that further records have too, with their weights."""
    known: frozenset[str]
    """The terms of `others`."""
    rest: int
    """Length of `others`, rounded up."""
    aside: frozenset[str]
    """The rare terms that only the excerpt has."""


def read_text(record: Record) -> Reading:
    """What the record's title and excerpt say."""
    title = fold(record.title)
    if record.provider is not None:
        title = without_outlet(title, record.provider.name)
    # Shouted titles say nothing about names, nor about US and us.
    shouted = title.isupper()
    found = read_words(title.lower() if shouted else title, TITLE_WORDS)
    stems = list(chain.from_iterable(map(STEMS, found)))
    lowered, capital = ([], []) if shouted else _by_case(found)
    terms = dict.fromkeys(stems)
    words = len(terms)
    terms |= dict.fromkeys(map("".join, pairwise(stems)))
    ahead = len(terms)
    both: tuple[str, ...] = ()
    if record.excerpt:
        found = read_words(record.excerpt, EXCERPT_WORDS)
        small, large = _by_case(found)
        lowered += small
        capital += large
        excerpt = dict.fromkeys(chain.from_iterable(map(STEMS, found)))
        both = tuple(filter(terms.__contains__, excerpt))
        terms |= excerpt
    return Reading(title, tuple(terms), words, ahead, both, tuple(lowered), tuple(capital))


def _by_case(words: Sequence[Word]) -> tuple[list[str], list[str]]:
    small = list(chain.from_iterable(map(SMALL, words)))
    large = list(chain.from_iterable(map(LARGE, words[1:])))
    # Where nearly all words have capitals, capitals tell nothing.
    return small, large if len(small) * 2 > len(large) else []


def weigh_text(reading: Reading, codes: bytes, seconds: int, outlet: str) -> Text:
    """The record as others are compared with it; `codes` has a byte for each of its terms."""
    weights = list(map(mul, worths(reading), codes.translate(PERCENTS)))
    length = max(isqrt(sum(map(mul, weights, weights))), 1)
    half = length // 2
    rare: dict[str, int] = {}
    others: dict[str, int] = {}
    # A word that no other record has takes part in the length only.
    for term, weight, code in zip(reading.terms, weights, codes, strict=True):
        if code & RARE:
            rare[term] = (weight * UNIT + half) // length
        elif not code & ALONE:
            others[term] = (weight * UNIT + half) // length
    rest = isqrt(sum([weight * weight for weight in others.values()])) + 1
    aside = find_aside(reading, rare)
    known = frozenset(others)
    return Text(reading, codes, seconds, outlet, rare, others, known, rest, aside)


def find_aside(reading: Reading, rare: Iterable[str]) -> frozenset[str]:
    """Those of these terms that the excerpt has and that are no words of the title."""
    excerpt = excerpt_of(reading)
    title = reading.terms[: reading.words]
    return excerpt.intersection(rare).difference(title) if excerpt else excerpt


def names_of(text: Text) -> frozenset[str]:
    """The words of title and excerpt that are names or numbers and tell something."""
    reading = text.reading
    found = set(compress(reading.terms, text.codes.translate(IS_NAME)))
    if not found.isdisjoint(pairs := reading.terms[reading.words : reading.ahead]):
        found.difference_update(set(pairs).difference(reading.both))
    return frozenset(found)


def title_of(reading: Reading) -> frozenset[str]:
    """The words of the title."""
    return frozenset(reading.terms[: reading.words])


def excerpt_of(reading: Reading) -> frozenset[str]:
    """The words of the excerpt."""
    return frozenset((*reading.terms[reading.ahead :], *reading.both))


def rare_terms(reading: Reading, codes: bytes) -> Iterator[str]:
    """The terms that likely partners are found by."""
    return compress(reading.terms, codes.translate(IS_RARE))


def worths(reading: Reading) -> bytes:
    """The weight of each term, before rarity."""
    words, ahead = reading.words, reading.ahead
    rest = len(reading.terms) - ahead
    return bytes((TITLE,)) * words + bytes((PAIR,)) * (ahead - words) + bytes((SIDE,)) * rest


def outlet_of(record: Record) -> str:
    """The record's outlet by its domain, or by the host of its URL."""
    if record.provider is not None:
        return record.provider.domain
    return record.url_keys[0].partition("/")[0] if record.url_keys else record.id
