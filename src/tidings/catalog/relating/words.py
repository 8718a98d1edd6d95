"""Single words for relating: what they are read as, whatever the language or script.

English gets a light stemmer and a list of words that say nothing. Other languages keep their
words whole, and scripts that put no spaces between words are read as pairs of characters.
"""

from __future__ import annotations

import html
import re
import unicodedata
from typing import NamedTuple

TOKEN = re.compile(
    r"(?:[^\W_]|[\u0900-\u0963\u0966-\u0dff\u0e31-\u0e4e\u064b-\u065f])+"
    r"(?:['’.&-]+[^\W_]+)*"
)
"""A word with the marks inside it: AT&T, T-Mobile, 7.1, NOPD's. The ranges hold the vowel signs
of Indic, Thai and Arabic, which are no letters to `re` and would tear words apart."""

UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    r"\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]+"
)
"""Runs of scripts without spaces between words, and Korean, whose endings stick to its
words."""

ENDINGS = "sgdey"
"""Last letters of all words that have an ending."""
VOWEL = re.compile("[aeiouy]")
ACCENTS = re.compile("[\u0300-\u036f]")

STOP_WORDS = frozenset(
    word
    for line in """
    a about after all also am amid among an and any are as at be been before being between
    both but by can could d did do does doing done down during each few for from had has have
    having he her here him his how i if in into is it its just ll m may might more most must my
    no nor not now of off on only onto or other our out over own re s same say says said shall
    she should so some such t than that the their them then there these they this those through
    to too under up us ve very via vs was we were what when where which who whom whose why will
    with within without would you your
    """.splitlines()
    for word in line.split()
)

PLACES = {
    adjective: place
    for line in """
    africa=african america=american asia=asian australia=australian
    brazil=brazilian britain=british california=californian canada=canadian china=chinese
    egypt=egyptian europe=european france=french germany=german greece=greek india=indian
    indonesia=indonesian iran=iranian iraq=iraqi ireland=irish israel=israeli italy=italian
    japan=japanese korea=korean libya=libyan malaysia=malaysian mexico=mexican
    pakistan=pakistani russia=russian scotland=scottish spain=spanish sweden=swedish
    switzerland=swiss syria=syrian texas=texan thailand=thai turkey=turkish
    ukraine=ukrainian vietnam=vietnamese
    """.splitlines()
    for place, adjective in (pair.split("=") for pair in line.split())
}
"""Headlines say "weak Chinese exports" and "weak exports from China" alike."""

WHOLE, LIGHT = 40, 20
"""Weights of a word, and of what is only half as telling: one- and two-digit numbers, pairs."""


class Word(NamedTuple):
    """What one piece of text without blanks is read as."""

    stems: tuple[str, ...]
    """Its stems in order: several for hyphenated words and unspaced scripts, none for stop
    words."""
    weights: tuple[int, ...]
    """The weight of each stem."""
    joined: str
    """A hyphenated word written as one, so that e-mail meets email; otherwise empty."""
    lowered: bool
    """Written in small letters, as only common words are."""
    small: tuple[str, ...]
    """The stems, when the word is written in small letters."""
    large: tuple[str, ...]
    """The stems, when it is not."""
    shown: str
    """The word as a reader may see it, without the marks around it."""


WHOLE_ONLY = (WHOLE,)
NOTHING = Word((), (), "", False, (), (), "")


def fold(text: str) -> str:
    """The text without entities, accents and compatibility forms."""
    if "&" in text:
        text = html.unescape(text)
    if text.isascii():
        return text
    text = ACCENTS.sub("", unicodedata.normalize("NFKD", text)).replace("\u2019", "'")
    return unicodedata.normalize("NFC", text)


def read_words(text: str, words: int) -> list[Word]:
    """What the text's pieces between blanks are read as; the first `words` of them."""
    return list(map(PIECES.__getitem__, split_words(fold(text), words)))


def split_words(text: str, words: int) -> list[str]:
    """The text's pieces between blanks; the first `words` of them."""
    return text.split(None, words)[:words]


def read_word(piece: str) -> Word:
    """What the piece is read as."""
    return PIECES[piece]


class _Pieces(dict[str, Word]):
    """What pieces are read as, remembered. That only saves time: the answer depends on nothing
    else. A dictionary, for asking it is what relating does most."""

    def __missing__(self, piece: str) -> Word:
        if len(self) >= MOST_PIECES:
            self.clear()
        word = self[piece] = _read_piece(piece)
        return word


PIECES = _Pieces()
MOST_PIECES = 200_000


def _read_piece(piece: str) -> Word:
    if piece.isascii() and piece.isalpha():
        return _read_plain(piece, piece)
    tokens = TOKEN.findall(piece)
    if not tokens:
        return NOTHING
    parts = [_read_token(token) for token in tokens]
    if len(parts) == 1:
        return parts[0]
    weights = tuple(weight for part in parts for weight in part.weights)
    joined = next((part.joined for part in parts if part.joined), "")
    stems = tuple(stem for part in parts for stem in part.stems)
    return _word(stems, weights, joined, parts[0].lowered, piece)


def _word(
    stems: tuple[str, ...], weights: tuple[int, ...], joined: str, lowered: bool, shown: str
) -> Word:
    if lowered:
        return Word(stems, weights, joined, True, stems, (), shown)
    return Word(stems, weights, joined, False, (), stems, shown)


def _read_plain(word: str, shown: str) -> Word:
    """An English word without marks: nearly all words, so this is the quick way."""
    low = word.lower()
    # US, IT and WHO are names; "us", "it" and "who" say nothing.
    if (low in STOP_WORDS or len(low) < 2) and not (len(low) > 1 and word.isupper()):
        return Word((), (), "", word == low, (), (), shown)
    low = PLACES.get(low, low)
    stems = (_plain_stem(low) if low[-1] in ENDINGS and len(low) > 3 else low,)
    if word[0].islower():
        return Word(stems, WHOLE_ONLY, "", True, stems, (), shown)
    return Word(stems, WHOLE_ONLY, "", False, (), stems, shown)


def _read_token(token: str) -> Word:
    bare = token[:-2] if token.endswith(("'s", "'S")) else token
    if bare.isascii() and bare.isalpha():
        return _read_plain(bare, bare)
    acronym = len(bare) > 1 and bare.isupper()
    pieces = [piece for piece in bare.lower().split("-") if piece]
    stems: list[str] = []
    for piece in pieces:
        plain = piece.replace("'", "")
        if not plain[:1].isdigit():
            plain = plain.replace(".", "")
        if UNSPACED.search(plain):
            stems.extend(_read_unspaced(plain))
        elif (acronym or plain not in STOP_WORDS) and _tells(plain):
            stems.append(stem(PLACES.get(plain, plain)))
    weights = tuple(LIGHT if len(s) < 3 and s.isdigit() else WHOLE for s in stems)
    joined = "".join(pieces) if len(pieces) > 1 else ""
    return _word(tuple(stems), weights, joined, token[0].islower(), bare)


def stem(word: str) -> str:
    """The word without its English endings; words of other alphabets as they are."""
    if len(word) <= 3 or word[-1] not in ENDINGS or not word.isascii() or not word.isalpha():
        return word
    return _plain_stem(word)


def _plain_stem(word: str) -> str:
    if word[-1] == "s":
        word = _without_s(word)
    if word.endswith(("ing", "ed")):
        rest = word[:-3] if word.endswith("ing") else word[:-2]
        if len(rest) >= 3 and VOWEL.search(rest):
            # stopped -> stop, but called -> call, missed -> miss
            word = rest[:-1] if rest[-1] == rest[-2] and rest[-1] not in "lsz" else rest
    if len(word) > 4:
        word = word.removesuffix("e")
    if len(word) > 3 and word.endswith("y"):
        word = word[:-1] + "i"
    return word


def _without_s(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes", "zzes")):
        return word[:-2]
    return word if word.endswith(("ss", "us", "is")) else word[:-1]


def _tells(word: str) -> bool:
    """Single Latin letters say nothing; single digits and letters of other scripts may."""
    return len(word) > 1 or (bool(word) and (word.isdigit() or not word.isascii()))


def _read_unspaced(text: str) -> list[str]:
    """Pairs of neighbouring characters for runs without spaces; the rest as words."""
    stems: list[str] = []
    end = 0
    for run in UNSPACED.finditer(text):
        if run.start() > end:
            stems.append(text[end : run.start()])
        letters = run.group()
        stems.extend(letters[at : at + 2] for at in range(max(1, len(letters) - 1)))
        end = run.end()
    if end < len(text):
        stems.append(text[end:])
    return stems
