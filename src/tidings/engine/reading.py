"""Record files to readings: known ones from what is kept, the others parsed, in batches.

Part of the engine, after listing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from tidings.engine.kept import (
    DECODER,
    ENCODER,
    Entry,
    Index,
    KeptReadings,
    check_of,
    sum_of,
)
from tidings.engine.places import record_id
from tidings.engine.schedule import Crew, in_batches
from tidings.engine.stamps import proving_mtime
from tidings.model.diagnostic import Diagnostic
from tidings.model.source import SourceFile
from tidings.sources.common import sharing
from tidings.sources.digest import digest_front
from tidings.sources.record import Reading, ReadOptions, read_record
from tidings.sources.scan import Found, read_found

if TYPE_CHECKING:
    from tidings.engine.remote import Remote

WORTH_FORKING = 300
"""Files to read from which workers save more time than they take to start."""
BATCH = 50
BATCHES = 64

ReadProgress = Callable[[int, int], None]
"""Called with (done, total) records."""


class Read(msgspec.Struct, frozen=True):
    """All record files, read."""

    files: tuple[Found, ...]
    """Those that could be read."""
    readings: tuple[Reading, ...]
    """One for each of `files`."""
    diagnostics: tuple[Diagnostic, ...]
    """Files that could not be read."""
    parsed: int
    """Files that were parsed now."""
    index: Index
    """What is to be kept of them."""
    added: tuple[bytes, ...]
    """Encoded readings to be kept, behind those that are."""


class _Fresh(msgspec.Struct, frozen=True, array_like=True):
    """What reading one file gave."""

    digest: bytes = b""
    reading: bytes = b""
    """Encoded; empty where the digest is the one that was known."""
    problem: Diagnostic | None = None


FRESH = msgspec.msgpack.Decoder(list[_Fresh])
READINGS = msgspec.msgpack.Decoder(list[bytes])


def read_records(
    found: Sequence[Found],
    options: ReadOptions,
    kept: KeptReadings,
    jobs: int,
    progress: ReadProgress,
    *,
    trust_times: bool = True,
    remote: Remote | None = None,
) -> Read:
    """The readings of all files, in their order.

    `jobs` is how many processes may read, unless `remote` workers do. Without `trust_times`
    every file is read and digested, and only what its bytes prove is taken from `kept`.
    """
    started = time.time_ns()
    readings = {
        file.path: reading
        for file in found
        if trust_times and (reading := kept.find(file)) is not None
    }
    entries = {path: kept.index.entries[path] for path in readings}
    wanted = [file for file in found if file.path not in readings]
    fresh = _read_all(
        wanted,
        options,
        kept,
        remote if remote is not None and len(wanted) >= remote.least else jobs,
        lambda done: progress(len(found) - len(wanted) + done, len(found)),
    )
    added: list[bytes] = []
    size, parsed = kept.index.size, 0
    share = sharing()
    for file, each in zip(wanted, fresh, strict=True):
        if each.problem is not None:
            continue
        if each.reading:
            reading = readings[file.path] = DECODER.decode(each.reading)
            if reading.record is not None:
                share(reading.record)
            parsed += 1
            place = (size, len(each.reading), check_of(each.reading), sum_of(each.reading))
            added.append(each.reading)
            size += len(each.reading)
        else:
            entry = kept.index.entries[file.path]
            known = kept.reading(file.path, entry)
            assert known is not None  # Or it would have been parsed.
            readings[file.path] = known
            place = (entry.offset, entry.length, entry.check, entry.sum)
        entries[file.path] = Entry(
            file.size, proving_mtime(file, started), file.ctime_ns, each.digest, *place
        )
    files = tuple(file for file in found if file.path in readings)
    return Read(
        files=files,
        readings=tuple(readings[file.path] for file in files),
        diagnostics=tuple(each.problem for each in fresh if each.problem is not None),
        parsed=parsed,
        index=Index(kept.index.version, entries, size),
        added=tuple(added),
    )


def _read_all(
    files: Sequence[Found],
    options: ReadOptions,
    kept: KeptReadings,
    workers: int | Remote,
    progress: Callable[[int], None],
) -> list[_Fresh]:
    """What reading each file gives, in the order of the files."""
    if not isinstance(workers, int):
        return _read_afar(files, options, kept, workers, progress)

    def read_batch(batch: range) -> bytes:
        return ENCODER.encode([_read(files[number], options, kept) for number in batch])

    batches = in_batches(len(files), BATCHES, BATCH)
    results = [b""] * len(batches)
    done = 0
    with Crew(workers if len(files) >= WORTH_FORKING else 1, {"read": read_batch}) as crew:
        for number, result in crew.run("read", batches):
            results[number] = result
            done += len(batches[number])
            progress(done)
    return [each for result in results for each in FRESH.decode(result)]


def _read(found: Found, options: ReadOptions, kept: KeptReadings) -> _Fresh:
    """The file's digest, and its reading where that of an earlier build is of no use."""
    looked = _look(found, kept)
    if isinstance(looked, _Fresh):
        return looked
    digest, file = looked
    return _Fresh(digest, ENCODER.encode(read_record(file, record_id(found.path), options)))


def _look(found: Found, kept: KeptReadings) -> _Fresh | tuple[bytes, SourceFile]:
    """The file and its digest, where it must be parsed."""
    file = read_found(found)
    if isinstance(file, Diagnostic):
        return _Fresh(problem=file)
    digest = digest_front(file.data)
    entry = kept.index.entries.get(found.path)
    if (
        entry is not None
        and entry.digest == digest
        and kept.reading(file.path, entry) is not None
    ):
        return _Fresh(digest)
    return digest, file


def _read_afar(
    files: Sequence[Found],
    options: ReadOptions,
    kept: KeptReadings,
    remote: Remote,
    progress: Callable[[int], None],
) -> list[_Fresh]:
    """The same by workers that do not see the files."""
    results = [_Fresh()] * len(files)
    done = 0

    def batches() -> Iterator[tuple[list[tuple[int, bytes]], bytes]]:
        for batch in in_batches(len(files), len(files), BATCH):
            looked = {number: _look(files[number], kept) for number in batch}
            sent = []
            places = []
            for number, each in looked.items():
                if isinstance(each, _Fresh):
                    results[number] = each
                else:
                    places.append((number, each[0]))
                    sent.append((each[1].path, each[1].data))
            if sent:
                yield places, ENCODER.encode(sent)

    for places, result in remote.run("read", ENCODER.encode(options), batches()):
        for (number, digest), reading in zip(places, READINGS.decode(result), strict=True):
            results[number] = _Fresh(digest, reading)
        done += len(places)
        progress(done)
    return results
