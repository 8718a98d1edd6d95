"""Relating all records beside other work, or on another machine, where all must be related.

Part of the engine, within the catalog step.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from tidings.catalog.more import Relating, Relations, relating_here
from tidings.catalog.relating.kept import KeptRelations, Links, relate_kept
from tidings.catalog.relating.relating_types import Relatable, RelatedOptions
from tidings.engine.schedule import begin_aside

if TYPE_CHECKING:
    from tidings.engine.remote import Remote

DECODER = msgspec.msgpack.Decoder(tuple[Links, tuple[bytes, bytes] | None])

WORTH_ANOTHER = 2000
"""Records from which another process saves more time than handing back its work takes."""


def relating_by(jobs: int) -> Relating:
    """How to relate with so many processes: with two or more, a large site with nothing to go
    on from is related in one of its own, while this one finds the stories."""
    return _beside if jobs > 1 else relating_here


def _beside(
    items: Sequence[Relatable], options: RelatedOptions, kept: KeptRelations | None
) -> Callable[[], Relations]:
    if kept is not None or not options.enabled or len(items) < WORTH_ANOTHER:
        return relating_here(items, options, kept)
    wait = begin_aside(lambda: encode_relations(relate_kept(items, options)))
    return lambda: _decoded(wait())


def relate_afar(remote: Remote) -> Relating:
    """How to relate on one of other machines, unless little is to be done.

    What an earlier build has kept is better used here than sent away.
    """

    def relating(
        items: Sequence[Relatable], options: RelatedOptions, kept: KeptRelations | None
    ) -> Callable[[], Relations]:
        if kept is not None or not options.enabled or len(items) < remote.least:
            return relating_here(items, options, kept)
        return partial(_related_afar, remote, items, options)

    return relating


def _related_afar(
    remote: Remote, items: Sequence[Relatable], options: RelatedOptions
) -> Relations:
    encode = msgspec.msgpack.encode
    ((_, result),) = remote.run("relate", encode(options), [(None, encode(items))])
    return _decoded(result)


def encode_relations(relations: Relations) -> bytes:
    """What relating gave, for another process."""
    links, kept = relations
    parts = None if kept is None else kept.parts
    return msgspec.msgpack.encode((links, parts and (parts.settled, parts.changes)))


def _decoded(data: bytes) -> Relations:
    links, parts = DECODER.decode(data)
    return links, None if parts is None else KeptRelations.read(*parts)
