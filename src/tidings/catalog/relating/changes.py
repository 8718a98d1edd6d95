"""What has changed in a neighbourhood since it was made from nothing, as bytes.

Values are encoded one by one, so that the next build decodes those it asks for and hands on the
others as they are. Records are named by numbers: those of the lowest layer first, then `later`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TypeVar

import msgspec

from tidings.catalog.relating.layers import Layers, Stored
from tidings.catalog.relating.relating_types import RelatedLink, RelatedOptions
from tidings.catalog.relating.sections import DamagedError, checked, sealed
from tidings.catalog.relating.settled import Facts, Shortlist, Worst
from tidings.catalog.relating.terms import Terms
from tidings.catalog.relating.updates import Neighbourhood
from tidings.model.sealing import Data

V = TypeVar("V")
Packed = dict[str, msgspec.Raw]
"""Encoded values by record; nil where there is none any more."""

NIL = b"\xc0"
ENCODER = msgspec.msgpack.Encoder()
WEIGHTS: msgspec.msgpack.Decoder[dict[str, int]] = msgspec.msgpack.Decoder(dict[str, int])
NUMBERS: msgspec.msgpack.Decoder[list[int]] = msgspec.msgpack.Decoder(list[int])
LIST: msgspec.msgpack.Decoder[tuple[list[int], list[int], Worst | None]] = (
    msgspec.msgpack.Decoder(tuple[list[int], list[int], Worst | None])
)
LINKS: msgspec.msgpack.Decoder[list[tuple[int, int, str, str]]] = msgspec.msgpack.Decoder(
    list[tuple[int, int, str, str]]
)


class Changes(msgspec.Struct, frozen=True, array_like=True):
    """All that differs from the lowest layer, which is empty on small sites."""

    version: str
    options: RelatedOptions
    settled: bytes
    """What tells the lowest layer from others; empty where there is none."""
    whole: bytes = b""
    """A digest of all records that there are."""
    later: list[str] = []
    """Ids of the records that are numbered behind those of the lowest layer."""
    digests: dict[str, bytes] = {}
    """Of each new or changed record; empty for one that has gone."""
    terms: dict[str, Terms] = {}
    facts: dict[str, Facts] = {}
    own: Packed = {}
    near: Packed = {}
    near_listing: Packed = {}
    richer: Packed = {}
    best: Packed = {}
    best_listing: Packed = {}
    links: Packed = {}


DECODER = msgspec.msgpack.Decoder(Changes)


def unpack_changes(data: Data) -> Changes:
    """What `pack_changes` was given; `DamagedError` when that is not what it is."""
    payload, _ = checked(memoryview(data))
    try:
        return DECODER.decode(payload)
    except msgspec.MsgspecError as error:
        raise DamagedError from error


def pack_changes(changes: Changes) -> bytes:
    """The changes with a digest."""
    return sealed(ENCODER.encode(changes))


class Reader:
    """The mappings of a neighbourhood: changes, decoded when asked for, over what they
    changed."""

    def __init__(self, ids: list[str]) -> None:
        """`ids` are those of the lowest layer and then the later ones."""
        self._ids = ids

    def vectors(
        self, base: Mapping[str, Mapping[str, int]], packed: Packed
    ) -> Layers[Mapping[str, int]]:
        """Vectors by record."""
        return _over(base, packed, WEIGHTS.decode)

    def lists(self, base: Mapping[str, Shortlist], packed: Packed) -> Layers[Shortlist]:
        """Shortlists by record."""

        def read(raw: msgspec.Raw) -> Shortlist:
            numbers, scores, floor = LIST.decode(raw)
            return Shortlist(dict(zip(self._named(numbers), scores, strict=True)), floor)

        return _over(base, packed, read)

    def listing(
        self, base: Mapping[str, Collection[str]], packed: Packed
    ) -> Layers[Collection[str]]:
        """By record those that list it."""

        def read(raw: msgspec.Raw) -> Collection[str]:
            return frozenset(self._named(NUMBERS.decode(raw)))

        return _over(base, packed, read)

    def links(
        self, base: Mapping[str, tuple[RelatedLink, ...]], packed: Packed
    ) -> Layers[tuple[RelatedLink, ...]]:
        """Links by record."""
        ids = self._ids

        def read(raw: msgspec.Raw) -> tuple[RelatedLink, ...]:
            found = LINKS.decode(raw)
            return tuple(
                [
                    RelatedLink(ids[number], score, why, what)
                    for number, score, why, what in found
                ]
            )

        return _over(base, packed, read)

    def _named(self, numbers: list[int]) -> list[str]:
        return [self._ids[number] for number in numbers]


def _over(base: Mapping[str, V], packed: Packed, read: Callable[[msgspec.Raw], V]) -> Layers[V]:
    def read_or_none(raw: msgspec.Raw) -> V | None:
        return None if bytes(raw) == NIL else read(raw)

    # An upper layer of its own: what an update puts there is all that must be encoded again.
    return Layers(Layers(base, Stored(packed, read_or_none)), {})


def changes_of(
    known: Neighbourhood,
    before: Changes,
    digests: Mapping[str, bytes],
    settled_numbers: Mapping[str, int],
) -> Changes:
    """The changes up to this neighbourhood; `before` are those that it was read from.

    `digests` are those of all records new or changed since the lowest layer, empty for those
    that have gone.
    """
    numbers = {id_: len(settled_numbers) + place for place, id_ in enumerate(before.later)}
    for id_ in digests:
        if id_ not in settled_numbers and id_ not in numbers:
            numbers[id_] = len(settled_numbers) + len(numbers)
    writer = _Writer(Layers(settled_numbers, numbers))
    index = known.known.index
    return Changes(
        before.version,
        before.options,
        before.settled,
        before.whole,
        list(numbers),
        dict(digests),
        _upper(index.terms),
        _upper(known.known.facts),
        _packed(before.own, known.vectors.by_record, dict),
        _packed(before.near, known.near.of, writer.shortlist),
        _packed(before.near_listing, known.near.listing, writer.listing),
        _packed(before.richer, known.richer.by_record, dict),
        _packed(before.best, known.best.of, writer.shortlist),
        _packed(before.best_listing, known.best.listing, writer.listing),
        _packed(before.links, known.links, writer.links),
    )


class _Writer:
    """What `Reader` reads, as plain values."""

    def __init__(self, numbers: Mapping[str, int]) -> None:
        self._number = numbers.__getitem__

    def shortlist(self, own: Shortlist) -> object:
        return list(map(self._number, own.scores)), list(own.scores.values()), own.floor

    def listing(self, own: Collection[str]) -> object:
        return sorted(map(self._number, own))

    def links(self, own: tuple[RelatedLink, ...]) -> object:
        number = self._number
        return [(number(link.id), link.score, link.reason, link.detail) for link in own]


def _packed(old: Packed, layers: Mapping[str, V], plain: Callable[[V], object]) -> Packed:
    found = dict(old)
    if isinstance(layers, Layers):
        for key, value in layers.over.items():
            plainly = None if value is None else plain(value)
            found[key] = msgspec.Raw(ENCODER.encode(plainly))
    return found


def _upper(layers: Mapping[str, V]) -> dict[str, V]:
    over = layers.over if isinstance(layers, Layers) else {}
    return {key: value for key, value in over.items() if value is not None}
