"""What one build found of all texts and pairs, kept for the next one.

Part of finding stories, and of speed only: whatever is kept, the pairs are those of
`pairing.survey`. A changed record changes what the site knows of a few terms; the texts that
hold them, and no others, are compared again. Where a change reaches all texts, or too many
changes have come together, all is done from nothing.

Texts have numbers (slots) that stay; a changed record gets a new one. Nothing here is changed
in place, so that an older state stays valid while a newer one is made of it.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from itertools import chain
from zlib import crc32

import msgspec

from tidings.catalog.storytelling.counting import Counts
from tidings.catalog.storytelling.pairing import Surveyed, Verdicts, survey
from tidings.catalog.storytelling.texts import Reading, outlet_of
from tidings.model.record import Record
from tidings.model.sealing import Data, seal, unseal

FORMAT = f"stories-1-{sys.byteorder}"
"""Changes with whatever the kept values depend on beside the records: the rules of reading,
weighing and judging, and the form of the state."""

DIGEST = 16
STALE = 16
"""Texts that may have come or gone since a state was written."""
Basis = tuple[str, str, str, str, str, int]
Digested = dict[str, tuple[Record, bytes]]
"""By id a record and its digest."""
Row = tuple[int, int, int]
"""Slot, slot and verdict."""


class KeptStories(msgspec.Struct, frozen=True, array_like=True):
    """The texts of a site and the verdicts on their pairs."""

    form: str
    window: int
    slots: dict[bytes, int]
    """The slot of each record that is there, by the digest of what its text depends on."""
    readings: list[bytes]
    """By slot; empty for a record that has gone. Read only where a change leads to them."""
    codes: list[bytes]
    counts: Counts
    """Without the holders of terms that one record has."""
    postings: bytes
    """For each term of the first `posted` slots its checksum and the slot, in one number of 64
    bits each, in order."""
    posted: int
    verdicts: bytes
    """Slot, slot and verdict, in 32 bits each."""

    def encode(self) -> bytes:
        """The state for the next build, with a checksum."""
        return seal(_ENCODER.encode(self))


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(KeptStories)
_READINGS = msgspec.msgpack.Decoder(Reading)


def decode_kept(data: Data) -> KeptStories | None:
    """What `KeptStories.encode` gave; None for anything else, damaged or of another version."""
    payload = unseal(data)
    if payload is None:
        return None
    try:
        kept = _DECODER.decode(payload)
    except msgspec.DecodeError:
        return None
    return kept if kept.form == FORMAT else None


def is_nearly(kept: KeptStories, written: KeptStories | None) -> bool:
    """Whether what is written of a site need not be written anew: reading what differs once
    more costs less."""
    if written is None or kept.window != written.window:
        return False
    return kept is written or len(kept.slots.keys() ^ written.slots.keys()) <= STALE


def start_keeping(
    records: Sequence[Record], seconds: Sequence[int], digests: Sequence[bytes], window: int
) -> tuple[Verdicts, KeptStories]:
    """The verdicts on the records' pairs, found from nothing, and what to keep."""
    found = survey(records, seconds, window)
    counts = found.counts
    return found.verdicts, KeptStories(
        FORMAT,
        window,
        dict(zip(digests, range(len(digests)), strict=True)),
        list(map(pack_reading, found.readings)),
        found.codes,
        counts._replace(
            holders={term: count for term, count in counts.holders.items() if count > 1}
        ),
        _post(found),
        len(records),
        pack_verdicts(sorted((*pair, verdict) for pair, verdict in found.verdicts.items())),
    )


def digest_records(records: Sequence[Record], seconds: Sequence[int]) -> list[bytes]:
    """Of each record a digest of all that its text and its pairs depend on."""
    bases: list[Basis] = [
        (
            record.id,
            record.title,
            record.excerpt,
            record.provider.name if record.provider is not None else "",
            outlet_of(record),
            at,
        )
        for record, at in zip(records, seconds, strict=True)
    ]
    return [blake2b(data, digest_size=DIGEST).digest() for data in map(_ENCODER.encode, bases)]


def known_digests(
    records: Sequence[Record], seconds: Sequence[int], before: Digested
) -> Digested:
    """What `digest_records` gives, or gave `before` for the very same records."""
    found: Digested = {}
    fresh: list[int] = []
    for place, record in enumerate(records):
        old = before.get(record.id)
        if old is None or old[0] is not record:
            fresh.append(place)
            old = (record, b"")
        found[record.id] = old
    digests = digest_records([records[n] for n in fresh], [seconds[n] for n in fresh])
    for place, digest in zip(fresh, digests, strict=True):
        found[records[place].id] = (records[place], digest)
    return found


def pack_reading(reading: Reading) -> bytes:
    """The reading as it is kept."""
    return _ENCODER.encode(reading)


def unpack_reading(data: bytes) -> Reading:
    """The reading that was kept."""
    return _READINGS.decode(data)


def checksum(term: str) -> int:
    """What postings find the term by; others may have it too."""
    return crc32(term.encode("utf-8", "surrogatepass"))


def pack_verdicts(rows: Iterable[Row]) -> bytes:
    """The verdicts as they are kept."""
    return array("I", chain.from_iterable(rows)).tobytes()


def unpack_verdicts(data: bytes) -> Iterator[Row]:
    """The verdicts that were kept."""
    numbers = iter(memoryview(data).cast("I"))
    return zip(numbers, numbers, numbers, strict=True)


def _post(found: Surveyed) -> bytes:
    sums: dict[str, int] = {}
    postings: list[int] = []
    for slot, reading in enumerate(found.readings):
        for term in reading.terms:
            known = sums.get(term)
            if known is None:
                known = sums[term] = checksum(term) << 32
            postings.append(known | slot)
    postings.sort()
    return array("Q", postings).tobytes()
