"""Related articles kept from one build to the next: the answer of `relate`, for less work.

A build hands in what an earlier one has kept and gets back what to keep now. What was kept only
saves time: it is used when its digests are right, and when the program, the options and the
records that it names are the same; whatever else it holds, all is done from nothing.
"""

from __future__ import annotations

import functools
import hashlib
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

import tidings
from tidings.catalog.relating.changes import (
    Changes,
    Reader,
    changes_of,
    pack_changes,
    unpack_changes,
)
from tidings.catalog.relating.layers import flattened
from tidings.catalog.relating.nearness import order_key
from tidings.catalog.relating.opening import reopened
from tidings.catalog.relating.related import collector_paused, is_fast
from tidings.catalog.relating.relating_types import Relatable, RelatedLink, RelatedOptions
from tidings.catalog.relating.sections import DamagedError, Sections
from tidings.catalog.relating.settled import (
    Settled,
    digest_of_all,
    record_digests,
)
from tidings.catalog.relating.settling import settle
from tidings.catalog.relating.updates import Neighbourhood, update
from tidings.model.sealing import Data

Links = dict[str, tuple[RelatedLink, ...]]

NO_DIGESTS: Mapping[str, bytes] = {}

FEWEST, SHARE = 256, 5
"""Records that may have changed since all was made from nothing, and what part of the site:
beyond both, reading the changes costs more than the next start from nothing saves."""


class KeptParts(NamedTuple):
    """What to write, as two files."""

    settled: Data
    """The large one, which stays the same from build to build; empty on small sites."""
    identity: str
    """Names the large one: it need not be written where one of this name is."""
    changes: bytes
    """The small one, which belongs to just this large one."""


class _Live(NamedTuple):
    known: Neighbourhood
    before: Changes
    """What `known` was read from."""
    digests: dict[str, bytes]
    """As in `Changes`."""
    whole: bytes = b""
    """The same; empty where it is not known yet."""


class _Unchanged(NamedTuple):
    """What is kept is still right, and no more of it need be looked at than the links."""

    links: Mapping[str, tuple[RelatedLink, ...]]


class _Seen(NamedTuple):
    """What was found right, for records and options of just these digests."""

    whole: bytes
    options: RelatedOptions
    links: Mapping[str, tuple[RelatedLink, ...]]


class _Read(NamedTuple):
    """What was stored."""

    changes: Changes
    settled: Settled | None


class KeptRelations:
    """What one build keeps for the next. Never changed: an older one stays good."""

    def __init__(self, stored: tuple[Data, Data] | None, live: _Live | None) -> None:
        self._stored = stored
        self._live = live
        # For which records what is stored was found right, so that nobody need look again.
        self._seen: _Seen | None = None

    @classmethod
    def read(cls, settled: Data, changes: Data) -> KeptRelations:
        """What `parts` gave, out of the contents of two files; nothing is looked at yet.

        Neither may change while this or what comes of it is used.
        """
        return cls((settled, changes), None)

    @property
    def is_stored(self) -> bool:
        """Whether `parts` gives just what `read` was given, so that nothing need be written."""
        return self._stored is not None

    @functools.cached_property
    def _read(self) -> _Read:
        """What is stored; `DamagedError` when it is not what was written."""
        settled, changes = self._stored or (b"", b"")
        read = unpack_changes(changes)
        if not read.settled:
            return _Read(read, None)
        rows = Settled(Sections.unpacked(settled))
        if rows.sections.identity() != read.settled:
            raise DamagedError
        return _Read(read, rows)

    def goes_on_from(self, before: KeptRelations | None) -> bool:
        """Whether the large one of `parts` is that of `before`, with nothing found wrong in it.

        The identity alone does not tell: what is made from nothing because the file is damaged
        is often just what the file should have held.
        """
        if self._live is None:
            return self is before
        settled = self._live.known.settled
        return settled is None or (before is not None and settled is before._settled)

    @property
    def _settled(self) -> Settled | None:
        """The large one, where anybody has looked at it."""
        if self._live is not None:
            return self._live.known.settled
        return self._read.settled if "_read" in self.__dict__ else None

    def read_for(self, options: RelatedOptions) -> _Read | None:
        """What is stored, if this program stored it for these options."""
        changes = self._read.changes
        if changes.version != relating_version() or changes.options != options:
            return None
        return self._read

    @functools.cached_property
    def parts(self) -> KeptParts:
        """What to write, so that another process may go on from here.

        What was only read, and is not known to be right, comes back as it is.
        """
        if self._live is None:
            data, changes = self._stored or (b"", b"")
            name = Sections.unpacked(data).identity().hex() if len(data) else ""
            return KeptParts(data, name, bytes(changes))
        known, before, digests, whole = self._live
        settled = known.settled
        identity = settled.sections.identity() if settled else b""
        if not whole:
            every = {**(settled.digests() if settled else {}), **digests}
            whole = digest_of_all([every[id_] for id_ in known.known.index.items])
        before = msgspec.structs.replace(before, settled=identity, whole=whole)
        numbers = settled.numbers if settled else {}
        changes = pack_changes(changes_of(known, before, digests, numbers))
        return KeptParts(settled.sections.pack() if settled else b"", identity.hex(), changes)


def relate_kept(
    items: Iterable[Relatable],
    options: RelatedOptions,
    kept: KeptRelations | None = None,
    digests: Mapping[str, bytes] = NO_DIGESTS,
) -> tuple[Links, KeptRelations | None]:
    """What `relate` gives, and what to keep for the next build.

    The links never depend on `kept`. It comes back as it is when no record has changed, and
    nothing is kept when relating is not enabled. `digests` has what `record_digests` gives of
    some records, by id, so that it need not be asked for them.
    """
    found = sorted(items, key=order_key)
    if not options.enabled:
        return {item.id: () for item in found}, None
    with collector_paused():
        after: _Live | _Unchanged | None = None
        if kept is not None:
            try:
                after = _continued(found, options, kept, digests)
            except DamagedError:
                after = None
        if isinstance(after, _Unchanged):
            return _in_order(found, after.links), kept
        if after is None:
            after = _anew(found, options)
        return _in_order(found, after.known.links), KeptRelations(None, after)


def kept_links(
    digests: Mapping[str, bytes], options: RelatedOptions, kept: KeptRelations
) -> Links | None:
    """The links of just these records, where they are what is stored; None otherwise.

    `digests` has what `record_digests` gives of each record, by id.
    """
    with collector_paused():
        try:
            found = _seen(digest_of_all(digests.values()), options, kept)
        except DamagedError:
            return None
        return None if found is None else {id_: found[id_] for id_ in digests}


def _seen(
    whole: bytes, options: RelatedOptions, kept: KeptRelations
) -> Mapping[str, tuple[RelatedLink, ...]] | None:
    """All links, where what is stored is for these records and options."""
    seen = kept._seen
    if seen is None or (seen.whole, seen.options) != (whole, options):
        read = kept.read_for(options)
        if read is None or read.changes.whole != whole:
            return None
        ids = [*(read.settled.ids if read.settled else ()), *read.changes.later]
        base = read.settled.links if read.settled else {}
        links = flattened(Reader(ids).links(base, read.changes.links))
        seen = kept._seen = _Seen(whole, options, links)
    return seen.links


def _in_order(
    items: Sequence[Relatable], links: Mapping[str, tuple[RelatedLink, ...]]
) -> Links:
    found = flattened(links)
    return {item.id: found[item.id] for item in items}


@functools.cache
def relating_version() -> str:
    """A digest of all code that links depend on, and of what it reads letters with."""
    digest = hashlib.sha256(
        f"{tidings.__version__} {sys.version} {unicodedata.unidata_version}".encode()
    )
    for file in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(file.name.encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _anew(found: Sequence[Relatable], options: RelatedOptions) -> _Live:
    known = settle(found, options)
    digests = {} if known.settled else _digests(found)
    return _Live(known, Changes(relating_version(), options, b""), digests)


def _continued(
    found: Sequence[Relatable],
    options: RelatedOptions,
    kept: KeptRelations,
    known_digests: Mapping[str, bytes],
) -> _Live | _Unchanged | None:
    live, whole = kept._live, b""
    if live is not None:
        if live.known.options != options:
            return None
        items = live.known.known.index.items
        before = map(items.get, [item.id for item in found])
        # Those that are the very same need not be compared.
        changed = [
            item
            for item, old in zip(found, before, strict=True)
            if old is not item and old != item
        ]
        removed = items.keys() - {item.id for item in found}
        if not changed and not removed:
            return _Unchanged(live.known.links)
        digests = _digests(changed)
    else:
        digests = _digests([item for item in found if item.id not in known_digests])
        digests = {**known_digests, **digests}
        digests = {item.id: digests[item.id] for item in found}
        whole = digest_of_all(digests.values())
        if (links := _seen(whole, options, kept)) is not None:
            return _Unchanged(links)
        read = kept.read_for(options)
        if read is None:
            return None
        changes, settled = read
        stored = _stored_digests(settled, changes)
        changed = [item for item in found if stored.get(item.id) != digests[item.id]]
        removed = stored.keys() - digests.keys()
        digests = {item.id: digests[item.id] for item in changed}
        unchanged = {item.id: item for item in found if item.id not in digests}
        old = stored.keys() - unchanged.keys()
        known = reopened(settled, changes, unchanged, old, options)
        live = _Live(known, changes, changes.digests)
    if _is_worn(live.known, len(found)):
        return None
    after = update(live.known, changed, removed)
    if after is None:
        return None
    now = live.digests | digests | dict.fromkeys(removed, b"")
    return _Live(after, live.before, now, whole)


def _digests(items: Sequence[Relatable]) -> dict[str, bytes]:
    return dict(zip([item.id for item in items], record_digests(items), strict=True))


def _stored_digests(settled: Settled | None, changes: Changes) -> dict[str, bytes]:
    stored = settled.digests() if settled else {}
    stored |= changes.digests
    return {id_: digest for id_, digest in stored.items() if digest}


def _is_worn(known: Neighbourhood, records: int) -> bool:
    """Whether it is better to start from nothing."""
    if known.settled is None:
        return is_fast(records)
    return len(known.richer.stale) > max(FEWEST, records // SHARE)
