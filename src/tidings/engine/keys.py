"""Page keys: equal keys promise equal bytes, so a page whose key is known is not rendered.

Part of the engine, between planning and rendering.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable

import msgspec

from tidings.engine.version import code_digest, zone_digest
from tidings.model.page import PagePlan
from tidings.model.view import SiteView
from tidings.render.theme import Theme, template_digest

Makers = Callable[[str], bytes]
"""Gives, by the name of a template or of a built-in format, a digest of all that turns a plan
into bytes: the code, the template with those that it can reach, and what all pages share."""


def engine_version() -> str:
    """The version together with a digest of the code that turns plans into bytes.

    Everything before rendering shows in the plans themselves, so only rendering needs this, and
    what it shares with the other steps: values, whose default values plans leave out, and lists
    such as that of media types.
    """
    return code_digest("render", "model")


def open_makers(theme: Theme, site: SiteView) -> Makers:
    """What makes bytes of plans on this site: its templates, and the built-in formats."""
    version = engine_version().encode()
    # Templates tell times of day, too.
    shared = msgspec.msgpack.encode((zone_digest(site.timezone), site))

    @functools.cache
    def digest(template: str) -> bytes:
        parts = [version, template_digest(theme, template).encode()]
        if template in theme.templates:
            # Feeds, sitemaps and the API see their plans alone.
            parts.append(shared)
        return hashlib.blake2b(b"\0".join(parts), digest_size=16).digest()

    return digest


def page_key(maker: bytes, plan: PagePlan, encoder: msgspec.msgpack.Encoder) -> str:
    """The key of the page. `maker` is the digest of what makes its bytes."""
    return encoded_key(maker, encoder.encode(plan))


def encoded_key(maker: bytes, plan: bytes) -> str:
    """The key of the page whose encoded plan this is."""
    digest = hashlib.blake2b(maker, digest_size=16)
    digest.update(plan)
    return digest.hexdigest()
