"""What the times of a file prove of its bytes.

Part of the engine. Apart from what is kept of readings, because a build that finds nothing
changed needs this alone.
"""

from __future__ import annotations

from tidings.sources.scan import Found

FRESH_NS = 50_000_000
"""Nanoseconds within which two changes may get one time on a disk with fine times."""
COARSE_FRESH_NS = 2_100_000_000
"""The same where times are whole seconds, or two of them."""


def proving_mtime(found: Found, listed_ns: int) -> int:
    """The file's time, or -1 where a change after listing could leave the same one.

    `listed_ns` is when listing began, in nanoseconds since 1970.
    """
    whole = found.mtime_ns % 1_000_000_000 == 0 or found.ctime_ns % 1_000_000_000 == 0
    fresh = COARSE_FRESH_NS if whole else FRESH_NS
    latest = max(found.mtime_ns, found.ctime_ns)
    return -1 if latest > listed_ns - fresh else found.mtime_ns
