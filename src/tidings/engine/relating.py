"""Relating all records on another machine, where there is nothing to go on from.

Part of the engine, within the catalog step.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from tidings.catalog.more import Relating
from tidings.catalog.relating.kept import KeptRelations, Links, relate_kept
from tidings.catalog.relating.relating_types import Relatable, RelatedOptions
from tidings.engine.remote import Remote

DECODER = msgspec.msgpack.Decoder(tuple[Links, tuple[bytes, bytes] | None])


def relate_afar(remote: Remote) -> Relating:
    """What does as `relate_kept`: here where little is to be done, otherwise on one worker.

    What an earlier build has kept is better used here than sent away.
    """

    def relating(
        items: Iterable[Relatable], options: RelatedOptions, kept: KeptRelations | None = None
    ) -> tuple[Links, KeptRelations | None]:
        found = list(items)
        if kept is not None or not options.enabled or len(found) < remote.least:
            return relate_kept(found, options, kept)
        encode = msgspec.msgpack.encode
        batches = [(None, encode(found))]
        ((_, result),) = remote.run("relate", encode(options), batches)
        links, parts = DECODER.decode(result)
        return links, None if parts is None else KeptRelations.read(*parts)

    return relating
