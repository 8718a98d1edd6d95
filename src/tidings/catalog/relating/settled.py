"""A neighbourhood as it was made from nothing: rows of numbers that are read one by one.

The lowest layer of a neighbourhood that is kept up to date. Records and terms are numbered, and
what one has to do with the others is a row of numbers; `storing` makes them from the matrices.
Reading needs neither SciPy nor NumPy, whose import would cost more than a small change does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple, TypeVar

import msgspec

from tidings.catalog.relating.layers import Stored
from tidings.catalog.relating.nearness import url_keys
from tidings.catalog.relating.relating_types import Relatable, RelatedLink
from tidings.catalog.relating.sections import DIGEST, Sections
from tidings.catalog.relating.sums import Postings
from tidings.catalog.relating.terms import Terms

REASONS = ("same-story", "shared-coverage", "similar", "topic")

ENCODER = msgspec.msgpack.Encoder()

T = TypeVar("T")
Worst = tuple[int, int, str]


class Shortlist(msgspec.Struct, frozen=True):
    """A record's best neighbours, and from where on others may be missing."""

    scores: dict[str, int]
    """Best first."""
    floor: Worst | None
    """All that are missing come after this in order; None when nothing is missing."""


class Facts(msgspec.Struct, frozen=True, array_like=True):
    """What must be known of a record besides its terms when it goes."""

    topics: tuple[str, ...]
    urls: tuple[str, ...]

    def relatable(self, id_: str) -> Relatable:
        """A record with these, for counting it out."""
        return Relatable(id=id_, title="", instant=0, topics=self.topics, urls=self.urls)


def facts_of(item: Relatable) -> Facts:
    """What is to be remembered of the record besides its terms."""
    return Facts(item.topics, tuple(sorted(url_keys(item))))


def record_digests(items: Iterable[Relatable]) -> list[bytes]:
    """For each record a digest of all that its nearness to others depends on."""
    return list(map(_digest, map(ENCODER.encode, items)))


def digest_of_all(digests: Iterable[bytes]) -> bytes:
    """One digest of all records, given that of each, in any order."""
    # Each of them holds the record's id and time, so that the order tells nothing more.
    return _digest(b"".join(sorted(digests)))


def _digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()[:DIGEST]


class Ids(Collection[str]):
    """Ids of records, kept as numbers until they are asked for."""

    __slots__ = ("_names", "_numbers")

    def __init__(self, names: list[str], numbers: memoryview) -> None:
        self._names = names
        self._numbers = numbers

    def __len__(self) -> int:
        return len(self._numbers)

    def __iter__(self) -> Iterator[str]:
        return map(self._names.__getitem__, self._numbers.tolist())

    def __contains__(self, id_: object) -> bool:
        return any(id_ == own for own in self)


class _Rows(NamedTuple):
    """A row of numbers for each record or key."""

    ends: memoryview
    numbers: memoryview

    def cut(self, number: int) -> slice:
        """Where the row of this number lies."""
        return slice(self.ends[number], self.ends[number + 1])


class Settled:
    """All that a neighbourhood from nothing has, by record and by term.

    Each method gives a mapping that decodes what it is asked for. `DamagedError` may come from
    any first look into one.
    """

    def __init__(self, sections: Sections) -> None:
        self.sections = sections

    @cached_property
    def ids(self) -> list[str]:
        """The records in the order of their numbers."""
        return msgspec.msgpack.decode(self.sections.read("ids"), type=list[str])

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each record."""
        return dict(zip(self.ids, range(len(self.ids)), strict=True))

    @cached_property
    def names(self) -> list[str]:
        """The terms, and the URLs behind a blank each, in the order of their numbers."""
        return msgspec.msgpack.decode(self.sections.read("keys"), type=list[str])

    @cached_property
    def keys(self) -> dict[str, int]:
        """The number of each term and URL."""
        return dict(zip(self.names, range(len(self.names)), strict=True))

    def digests(self) -> dict[str, bytes]:
        """The digest of each record."""
        found = bytes(self.sections.read("digests"))
        starts = range(0, len(found), DIGEST)
        return dict(zip(self.ids, [found[at : at + DIGEST] for at in starts], strict=True))

    def terms(self) -> Mapping[str, Terms]:
        """The terms of each record."""
        names = self.names
        terms = self._rows("terms")
        weights = self._cast("terms-weights", "I")
        common, capital, words = (self._rows(name) for name in ("common", "capital", "words"))
        shown = msgspec.msgpack.decode(self.sections.read("shown"), type=list[str])
        pieces = self._cast("words-shown", "I")

        def named(numbers: memoryview) -> tuple[str, ...]:
            return tuple([names[number] for number in numbers.tolist()])

        def read(number: int) -> Terms:
            own, said = terms.cut(number), words.cut(number)
            return Terms(
                dict(zip(named(terms.numbers[own]), weights[own].tolist(), strict=True)),
                named(common.numbers[common.cut(number)]),
                named(capital.numbers[capital.cut(number)]),
                named(words.numbers[said]),
                tuple([shown[piece] for piece in pieces[said].tolist()]),
            )

        return Stored(self.numbers, read)

    def facts(self) -> Mapping[str, Facts]:
        """The facts of each record."""
        return Stored(self.numbers, self._decoded("facts", msgspec.msgpack.Decoder(Facts)))

    def topics(self) -> dict[str, int]:
        """How many records have each topic."""
        return msgspec.msgpack.decode(self.sections.read("topics"), type=dict[str, int])

    def counts(self, name: str) -> Mapping[str, int]:
        """How many records have each key as `holders`, `common` or `names` counts them."""
        return Stored(self.keys, self._cast(f"{name}-counts", "I").__getitem__)

    def holders(self) -> Mapping[str, Collection[str]]:
        """The records of each key."""
        return Stored(self.keys, self._listed("holders"))

    def vectors(self, name: str) -> Mapping[str, dict[str, int]]:
        """Each record's vector, of `own` or of `richer` terms."""
        return Stored(self.numbers, self._weighed(name, self.names))

    def postings(self, name: str) -> Postings:
        """The same numbers by term."""
        name = f"{name}-postings"
        rows, weights = self._rows(name), self._cast(f"{name}-weights", "H")
        cells = (rows.ends, rows.numbers, weights)
        return Postings(self.keys, self.ids, cells, self._weighed(name, self.ids))

    def lists(self, name: str, length: int) -> Mapping[str, Shortlist]:
        """Each record's shortlist of `near` or `best`, which had room for so many."""
        read, instants = self._weighed(name, self.ids), self._cast("instants", "q")

        def shortlist(number: int) -> Shortlist:
            scores = read(number)
            if len(scores) < length:
                return Shortlist(scores, None)
            last, score = next(reversed(scores.items()))
            return Shortlist(scores, (-score, -instants[self.numbers[last]], last))

        return Stored(self.numbers, shortlist)

    def listing(self, name: str) -> Mapping[str, Collection[str]]:
        """Who has each record in the list of this name."""
        return Stored(self.numbers, self._listed(f"{name}-listing"))

    @cached_property
    def links(self) -> dict[str, tuple[RelatedLink, ...]]:
        """The links of all records: every build needs them all."""
        reasons = bytes(self._cast("link-reasons", "B"))
        details = msgspec.msgpack.decode(self.sections.read("link-details"), type=list[str])
        every = list(
            map(
                RelatedLink,
                map(self.ids.__getitem__, self._cast("links-ids", "I").tolist()),
                self._cast("links-weights", "H").tolist(),
                map(REASONS.__getitem__, reasons),
                details,
            )
        )
        ends = self._cast("links-ends", "I").tolist()
        slices = [tuple(every[start:end]) for start, end in pairwise(ends)]
        return dict(zip(self.ids, slices, strict=True))

    def _cast(self, name: str, kind: str) -> memoryview:
        return self.sections.read(name).cast("B").cast(kind)  # type: ignore[call-overload, no-any-return]

    def _decoded(self, name: str, decoder: msgspec.msgpack.Decoder[T]) -> Callable[[int], T]:
        ends, data = self._cast(f"{name}-ends", "I"), self.sections.read(name)
        return lambda number: decoder.decode(data[ends[number] : ends[number + 1]])

    def _rows(self, name: str) -> _Rows:
        return _Rows(self._cast(f"{name}-ends", "I"), self._cast(f"{name}-ids", "I"))

    def _listed(self, name: str) -> Callable[[int], Ids]:
        rows, names = self._rows(name), self.ids
        return lambda number: Ids(names, rows.numbers[rows.cut(number)])

    def _weighed(self, name: str, names: list[str]) -> Callable[[int], dict[str, int]]:
        rows, weights = self._rows(name), self._cast(f"{name}-weights", "H")

        def read(number: int) -> dict[str, int]:
            cells = rows.cut(number)
            known = map(names.__getitem__, rows.numbers[cells].tolist())
            return dict(zip(known, weights[cells].tolist(), strict=True))

        return read
