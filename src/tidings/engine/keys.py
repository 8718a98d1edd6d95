"""Page keys: equal keys promise equal bytes, so a page whose key is known is not rendered.

Part of the engine, between planning and rendering.
"""

from __future__ import annotations

import hashlib

import msgspec

from tidings.engine.version import code_digest
from tidings.model.page import PagePlan
from tidings.model.view import SiteView


def engine_version() -> str:
    """The version together with a digest of the code that turns plans into bytes.

    Everything before rendering shows in the plans themselves, so only rendering needs this, and
    the values that it is given, whose default values plans leave out.
    """
    return code_digest("render", "model/documents.py", "model/page.py", "model/view.py")


def site_digest(site: SiteView) -> bytes:
    """What all pages share, together with the engine, as the start of every key."""
    return hashlib.blake2b(
        engine_version().encode() + b"\0" + msgspec.msgpack.encode(site), digest_size=16
    ).digest()


def page_key(
    shared: bytes, plan: PagePlan, template: str, encoder: msgspec.msgpack.Encoder
) -> str:
    """The key of the page. `template` is the digest of all templates that it can reach."""
    return encoded_key(shared, encoder.encode(plan), template)


def encoded_key(shared: bytes, plan: bytes, template: str) -> str:
    """The key of the page whose encoded plan this is."""
    digest = hashlib.blake2b(shared, digest_size=16)
    digest.update(template.encode())
    digest.update(plan)
    return digest.hexdigest()
