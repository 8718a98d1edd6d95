"""What goes along with an object of a bucket: its type, how long it may be kept, its digest."""

from __future__ import annotations

from tidings.model.media import content_type
from tidings.publish.changes import HASHED
from tidings.publish.target import Put

Attributes = dict[str, str]
DIGEST = "tidingsdigest"
"""The name of the digest beside an object; Azure allows letters and digits only."""
IMMUTABLE = "public, max-age=31536000, immutable"
"""For files whose names change with their bytes: RFC 8246."""
UNCACHED = "no-store"


def attributes_of(put: Put, page_seconds: int) -> Attributes:
    """The attributes of the object that the file becomes.

    Pages and feeds may be kept for `page_seconds` without asking again; our notes never.
    """
    name = put.path.rpartition("/")[2]
    kept = f"public, max-age={page_seconds}"
    if put.data is not None:
        kept = UNCACHED
    elif HASHED.fullmatch(name) and not name.endswith((".html", ".htm")):
        kept = IMMUTABLE
    return {"Content-Type": content_type(name), "Cache-Control": kept, DIGEST: put.digest}
