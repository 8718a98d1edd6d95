"""What rendering hands to writing, and what writing remembers."""

from __future__ import annotations

import msgspec


class Rendered(msgspec.Struct, frozen=True):
    """One finished file of the site."""

    path: str
    """Path below the output folder, `/` between parts: `topics/ai/index.html`."""
    key: str
    """The page key: equal keys promise equal bytes."""
    data: bytes


class Staged(msgspec.Struct, frozen=True, array_like=True):
    """One finished file of the site that a worker has put aside, or found in its place."""

    path: str
    key: str
    digest: str
    """BLAKE2b-128 of its bytes, in hexadecimal digits."""
    size: int
    """Its length in bytes."""
    stage: str = ""
    """The folder in which it waits at its path, below the output folder; empty where it waits
    nowhere, because the site has it already or its path is one that writing will refuse."""

    @property
    def file(self) -> str:
        """Where its bytes are now, below the output folder."""
        return f"{self.stage}/{self.path}" if self.stage else self.path


class Written(msgspec.Struct, frozen=True):
    """What the manifest remembers of one file."""

    key: str
    """The page key that it was rendered for."""
    digest: str
    """BLAKE2b-128 of its bytes, in hexadecimal digits."""
    size: int = -1
    """Its length in bytes; -1 when unknown, which no file matches."""


class Manifest(msgspec.Struct, frozen=True):
    """Every file that the last finished build left in the output folder."""

    files: dict[str, Written]
    """By path below the output folder."""


class Change(msgspec.Struct, frozen=True):
    """What one build did to the output folder."""

    written: tuple[str, ...] = ()
    """Paths created or replaced, sorted."""
    deleted: tuple[str, ...] = ()
    """Paths removed, sorted."""
