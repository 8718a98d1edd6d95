"""Bytes with a digest in front of them, so that damage is noticed.

What is kept between builds lies on somebody's disk, and another value is often as good a value
as the right one. Only a digest tells that they are the bytes that were written.
"""

from __future__ import annotations

from hashlib import blake2b
from mmap import mmap

Data = bytes | bytearray | memoryview | mmap
"""What holds bytes: in memory, or as a file that is looked at in its place."""

SIZE = 16
"""Bytes of the digest: enough that no accident gives the same one twice."""


def seal(payload: Data) -> bytes:
    """The payload behind its digest (BLAKE2b, RFC 7693)."""
    return b"".join([blake2b(payload, digest_size=SIZE).digest(), payload])


def unseal(data: Data) -> memoryview | None:
    """What `seal` was given, without a copy of it; None where a byte is wrong or missing."""
    view = memoryview(data)
    payload = view[SIZE:]
    if blake2b(payload, digest_size=SIZE).digest() != view[:SIZE]:
        return None
    return payload
