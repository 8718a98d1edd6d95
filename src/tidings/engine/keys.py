"""Page keys: equal keys promise equal bytes, so a page whose key is known is not rendered.

Part of the engine, between planning and rendering.
"""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

import jinja2
import msgspec

import tidings
from tidings import render
from tidings.model import view
from tidings.model.page import PagePlan
from tidings.model.view import SiteView


@functools.cache
def engine_version() -> str:
    """The version together with a digest of the code that turns plans into bytes.

    Everything before rendering shows in the plans themselves, so only rendering needs this, and
    the views, whose default values plans leave out.
    """
    digest = hashlib.blake2b(digest_size=8)
    # Jinja's code turns plans into bytes as ours does. Asking for its version would cost more.
    folders = (Path(module.__file__ or "").parent for module in (render, jinja2))
    files = (file for folder in folders for file in sorted(folder.glob("*.py")))
    for file in (Path(view.__file__), *files):
        digest.update(file.name.encode())
        digest.update(file.read_bytes())
    return f"{tidings.__version__}+{digest.hexdigest()}"


def site_digest(site: SiteView) -> bytes:
    """What all pages share, together with the engine, as the start of every key."""
    return hashlib.blake2b(
        engine_version().encode() + b"\0" + msgspec.msgpack.encode(site), digest_size=16
    ).digest()


def page_key(
    shared: bytes, plan: PagePlan, template: str, encoder: msgspec.msgpack.Encoder
) -> str:
    """The key of the page. `template` is the digest of all templates that it can reach."""
    digest = hashlib.blake2b(shared, digest_size=16)
    digest.update(template.encode())
    digest.update(encoder.encode(plan))
    return digest.hexdigest()
