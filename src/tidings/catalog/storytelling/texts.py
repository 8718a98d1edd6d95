"""Records as what their stories are found by: weighed words, names, marks and instants.

Part of finding stories. Weights are whole numbers and change in coarse steps of the number of
records that hold a word, so that a new record leaves the weights of the others as they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import chain, pairwise
from math import isqrt
from typing import NamedTuple

from tidings.catalog.relating.terms import without_outlet
from tidings.catalog.relating.words import Word, fold, read_words
from tidings.model.record import Record

UNIT = 1024
"""Length of a record's vector, and the likeness of two equal texts."""

TITLE, PAIR, SIDE = 40, 20, 12
"""Weights of a word of the title, of two neighbouring ones, and of a word of the excerpt."""
TITLE_WORDS, EXCERPT_WORDS = 40, 24
"""Words that are read, at most."""

RARITY = (0, 100, 119, 132, 141, 150, 157, 163, 168)
"""Weight of a word by `_rarity`, in 100ths: the fourth root of how many times the site must be
halved to come down to the word's holders."""
COMMON = 60
"""Percent that is left to a word that is written in small letters more often than as a name."""
LONE = 30
"""Percent that is left to a word that no other record has: it can only tell records apart."""

FEW, SHARE = 8, 8
"""A name tells something where at most so many records have it, or one record in so many."""


class Text(NamedTuple):
    """One record."""

    headline: str
    """The title without the outlet's name."""
    seconds: int
    """Publication, in seconds since 1970 (UTC)."""
    outlet: str
    vector: dict[str, int]
    """Words and pairs of words that other records have too, at length `UNIT`."""
    names: frozenset[str]
    """Names and numbers that tell something."""
    rare: frozenset[str]
    """Names, numbers, and whatever else few records have: what likely partners are found by."""
    title: frozenset[str]
    """The title's words."""
    excerpt: frozenset[str]
    """The excerpt's words."""


class Texts(NamedTuple):
    """All records."""

    items: list[Text]
    rarity: dict[str, int]
    """Of each word: from 1 for one that most records have to 9."""


class _Raw(NamedTuple):
    headline: str
    weights: dict[str, int]
    title: frozenset[str]
    excerpt: frozenset[str]


class _Terms(NamedTuple):
    """What is known of the terms of the site."""

    percents: dict[str, int]
    shared: frozenset[str]
    names: frozenset[str]
    rare: frozenset[str]
    rarity: dict[str, int]


def read_texts(records: Sequence[Record]) -> Texts:
    """The records, in their order, as their likeness depends on them."""
    lowered: list[str] = []
    capital: list[str] = []
    raws = [_read(record, lowered, capital) for record in records]
    terms = _know(raws, Counter(lowered), Counter(capital))
    texts = [_weigh(record, raw, terms) for record, raw in zip(records, raws, strict=True)]
    return Texts(texts, terms.rarity)


def outlet_of(record: Record) -> str:
    """The record's outlet by its domain, or by the host of its URL."""
    if record.provider is not None:
        return record.provider.domain
    return record.url_keys[0].partition("/")[0] if record.url_keys else record.id


def _read(record: Record, lowered: list[str], capital: list[str]) -> _Raw:
    title = fold(record.title)
    if record.provider is not None:
        title = without_outlet(title, record.provider.name)
    # Shouted titles say nothing about names, nor about US and us.
    shouted = title.isupper()
    words = read_words(title.lower() if shouted else title, TITLE_WORDS)
    stems = [stem for word in words for stem in word.stems]
    weights = dict.fromkeys(map("".join, pairwise(stems)), PAIR)
    weights.update(dict.fromkeys(stems, TITLE))
    if not shouted:
        _note_case(words, lowered, capital)
    excerpt: frozenset[str] = frozenset()
    if record.excerpt:
        words_of_excerpt = read_words(record.excerpt, EXCERPT_WORDS)
        _note_case(words_of_excerpt, lowered, capital)
        excerpt = frozenset([stem for word in words_of_excerpt for stem in word.stems])
        weights = {**dict.fromkeys(excerpt, SIDE), **weights}
    return _Raw(title, weights, frozenset(stems), excerpt)


def _note_case(words: Sequence[Word], lowered: list[str], capital: list[str]) -> None:
    small = [stem for word in words if word.lowered for stem in word.stems]
    lowered += small
    large = [stem for word in words[1:] if not word.lowered for stem in word.stems]
    # Where nearly all words have capitals, capitals tell nothing.
    if len(small) * 2 > len(large):
        capital += large


def _know(raws: Sequence[_Raw], lowered: Counter[str], capital: Counter[str]) -> _Terms:
    holders = Counter(chain.from_iterable(raw.weights for raw in raws))
    site = max(len(raws).bit_length(), 6)
    most = max(FEW, len(raws) // SHARE)
    # Weights by rarity, for words as names and as common words.
    rarities = [max(0, min(8, site - bits)) for bits in range(site + 1)]
    as_name = [RARITY[rarity] for rarity in rarities]
    as_common = [weight * COMMON // 100 for weight in as_name]
    percents: dict[str, int] = {}
    names: list[str] = []
    rare: list[str] = []
    for term, count in holders.items():
        common = term in lowered and lowered[term] > capital[term]
        percents[term] = (as_common if common else as_name)[count.bit_length()]
        if count == 1:
            percents[term] = percents[term] * LONE // 100
            continue
        if count <= most and not common:
            names.append(term)
            rare.append(term)
        elif count <= FEW:
            rare.append(term)
    return _Terms(
        percents,
        frozenset([term for term, count in holders.items() if count > 1]),
        frozenset(names),
        frozenset(rare),
        {term: 1 + rarities[count.bit_length()] for term, count in holders.items()},
    )


def _weigh(record: Record, raw: _Raw, terms: _Terms) -> Text:
    percents = terms.percents
    weights = [(term, weight * percents[term]) for term, weight in raw.weights.items()]
    length = max(isqrt(sum([weight * weight for _, weight in weights])), 1)
    # A word that no other record has takes part in the length only.
    shared = terms.shared
    vector = {
        term: (weight * UNIT + length // 2) // length
        for term, weight in weights
        if term in shared
    }
    return Text(
        raw.headline,
        int(record.published_at.timestamp()),
        outlet_of(record),
        vector,
        terms.names & (raw.title | raw.excerpt),
        terms.rare.intersection(vector),
        raw.title,
        raw.excerpt,
    )
