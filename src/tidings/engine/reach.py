"""Which pages a build need not even plan: what they would be planned from has not changed.

Part of the engine, between sketching and finishing. The bases of all pages are kept, each with
the key that the page then had. A page whose basis and maker are still the same, on a site
whose shared parts are, has that key; whether its file can stay is decided by the key, as for
every page.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Set

import msgspec

from tidings.engine.keys import Makers
from tidings.engine.version import code_digest, zone_digest
from tidings.model.config import Config
from tidings.model.output import Written
from tidings.model.page import SiteSketch


class KeptBases(msgspec.Struct, frozen=True):
    """The bases of the pages of the last finished build."""

    shared: bytes = b""
    """What `shared_digest` gave for it."""
    pages: dict[str, tuple[bytes, str]] = {}
    """The basis and the key of each page by its path."""
    makers: dict[str, bytes] = {}
    """The digest of each template and format that pages were made with, by its name."""
    claims: bytes = b""
    """As in `SiteSketch`."""
    code: str = ""
    """The version of the code that found no two claims for one path."""

    @property
    def apart(self) -> bytes:
        """The claims, where the same code would find the same."""
        return self.claims if self.code == code_digest() else b""


DECODER = msgspec.msgpack.Decoder(KeptBases)


def read_bases(data: bytes | None) -> KeptBases:
    """The bases in these bytes; none where they are damaged."""
    if data is None:
        return KeptBases()
    try:
        return DECODER.decode(data)
    except (msgspec.MsgspecError, ValueError):
        return KeptBases()


def shared_digest(config: Config) -> bytes:
    """A digest of what the plans of all pages depend on, beside their bases and makers."""
    values = msgspec.msgpack.encode((code_digest(), zone_digest(config.site.timezone), config))
    return hashlib.blake2b(values, digest_size=16).digest()


def unreached_pages(
    sketch: SiteSketch,
    shared: bytes,
    makers: Makers,
    kept: KeptBases,
    usable: Mapping[str, Written],
) -> frozenset[str]:
    """The paths of pages that need not be planned."""
    if kept.shared != shared:
        return frozenset()
    same = {name for name, digest in kept.makers.items() if makers(name) == digest}
    before, there = kept.pages.get, usable.get
    found = []
    # Large sites have tens of thousands of pages, and nearly all of them pass here.
    for page in sketch.pages:
        path, basis = page.path, page.basis
        if (
            basis
            and (known := before(path)) is not None
            and known[0] == basis
            and page.template in same
        ):
            written = there(path)
            if written is not None and written.key == known[1]:
                found.append(path)
    return frozenset(found)


def bases_of(
    sketch: SiteSketch,
    shared: bytes,
    makers: Makers,
    files: Mapping[str, Written],
    kept: KeptBases,
    unreached: Set[str],
) -> KeptBases:
    """What to keep of a finished site; `files` is its manifest. What was `kept` of `unreached`
    pages is what there is to be kept."""
    before = kept.pages
    pages = {
        page.path: before[page.path]
        if page.path in unreached
        else (page.basis, files[page.path].key)
        for page in sketch.pages
        if page.basis
    }
    used = {name: makers(name) for name in sorted({page.template for page in sketch.pages})}
    return KeptBases(shared, pages, used, sketch.claims, code_digest())
