"""What goes along with an object of a bucket: its type, how long it may be kept, its digest."""

from __future__ import annotations

import msgspec

from tidings.model.media import FEEDS, TYPES, content_type
from tidings.output.manifest import digest_of
from tidings.publish.changes import HASHED, HASHED_IN, is_hashed
from tidings.publish.target import Put

Attributes = dict[str, str]
DIGEST = "tidingsdigest"
"""The name of the digest beside an object; Azure allows letters and digits only."""
IMMUTABLE = "public, max-age=31536000, immutable"
"""For files whose names change with their bytes: RFC 8246."""
SHOWN = ("Content-Type", "Cache-Control")
"""Attributes that readers and their caches see."""
UNCACHED = "no-store"


def attributes_of(put: Put, page_seconds: int) -> Attributes:
    """The attributes of the object that the file becomes.

    Pages and feeds may be kept for `page_seconds` without asking again; our notes never.
    """
    name = put.path.rpartition("/")[2]
    kept = f"public, max-age={page_seconds}"
    if put.data is not None:
        kept = UNCACHED
    elif is_hashed(put.path) and not name.endswith((".html", ".htm")):
        kept = IMMUTABLE
    return {"Content-Type": content_type(name), "Cache-Control": kept, DIGEST: put.digest}


def manner_of(page_seconds: int) -> str:
    """A digest of all that `attributes_of` goes by but for the file itself."""
    kept = (page_seconds, IMMUTABLE, HASHED.pattern, HASHED_IN)
    types = (sorted(TYPES.items()), sorted(FEEDS.items()), content_type("name"))
    return digest_of(msgspec.json.encode((kept, types)))
