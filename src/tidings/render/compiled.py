"""What is known of templates from an earlier build, as bytes. Part of rendering, and pure.

Parsing and compiling the default theme takes longer than building a small site with it, so the
engine keeps what came of it beside the output and hands it to `make_theme` the next time.
Python's own format for code is read without any check, so the bytes carry a digest: a torn
file is as good as none. They must never come from anywhere but a build of ours.
"""

from __future__ import annotations

import hashlib
import importlib.util

import msgspec

FORMAT = b"tidings templates 1\n"
DIGEST_SIZE = 16
LOGO_NAME = "theme.logo"
"""Stands among the names of assets for the one that `[theme]` calls its logo."""


class Facts(msgspec.Struct, frozen=True, array_like=True):
    """What a template's source says of it."""

    references: tuple[str, ...] | None
    """Templates that it names; None when it chooses one only while rendering."""
    assets: tuple[str, ...] | None
    """Assets that it names; None when it computes the name of one."""
    code: bytes = b""
    """Its code, marshalled; empty as long as no page has needed it."""


class CompiledTemplates(msgspec.Struct, frozen=True, array_like=True):
    """Facts of templates, by `source_key`."""

    facts: dict[str, Facts] = {}


def source_key(name: str, file: str, source: str) -> str:
    """A digest of all that a template's facts depend on: 32 hexadecimal digits."""
    return digest_parts([name, file, source])


def digest_parts(parts: list[str]) -> str:
    """A digest of the texts and of where each ends: 32 hexadecimal digits."""
    digest = hashlib.blake2b(digest_size=DIGEST_SIZE)
    for part in parts:
        data = part.encode()
        digest.update(b"%d:" % len(data))
        digest.update(data)
    return digest.hexdigest()


def encode_compiled(templates: CompiledTemplates, engine: str) -> bytes:
    """The templates as bytes that only the same engine under the same Python takes back.

    `engine` names the version of all code that compiles and renders, Jinja's among it.
    """
    ordered = CompiledTemplates(dict(sorted(templates.facts.items())))
    payload = msgspec.msgpack.encode(ordered)
    return _header(engine, payload) + payload


def decode_compiled(data: bytes, engine: str) -> CompiledTemplates | None:
    """The templates; None where the bytes are torn, or another engine or Python made them."""
    start = len(FORMAT) + DIGEST_SIZE
    payload = data[start:]
    if data[:start] != _header(engine, payload):
        return None
    try:
        return msgspec.msgpack.decode(payload, type=CompiledTemplates)
    except msgspec.DecodeError:
        return None


def _header(engine: str, payload: bytes) -> bytes:
    digest = hashlib.blake2b(payload, digest_size=DIGEST_SIZE)
    digest.update(importlib.util.MAGIC_NUMBER + engine.encode())
    return FORMAT + digest.digest()
