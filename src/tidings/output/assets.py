"""Assets get their place in the site: names that change with the bytes, for caches to keep.

First part of the output step; pure. What it returns is rendered and written like any page.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import PurePosixPath

from tidings.model.asset import Asset
from tidings.model.source import SourceFile

ROOT = "root/"
"""Files below `static/root/` keep their names and stand at the site's root."""
HASH_BYTES = 4


def hash_assets(files: Sequence[SourceFile], folder: str = "static") -> tuple[Asset, ...]:
    """The assets among `files`, sorted by name; of files with one name the last wins.

    A name is what follows the first part `folder` of a path; files without such a part are no
    assets. `folder` is also where hashed assets stand in the site.
    """
    assets: dict[str, Asset] = {}
    for file in files:
        name = _name_below(file.path, folder)
        if name:
            path = _root_path(name) or _hashed_path(name, folder, file.data)
            assets[name] = Asset(name, path, file.path, file.data)
    return tuple(assets[name] for name in sorted(assets))


def _name_below(path: str, folder: str) -> str:
    """What follows the first part `folder` of the path; empty without one."""
    head, _, name = f"/{path}".partition(f"/{folder}/")
    return name if head != f"/{path}" else ""


def _root_path(name: str) -> str:
    """The path at the site's root of a file that keeps its name; empty for the others."""
    return name.removeprefix(ROOT) if name.startswith(ROOT) else ""


def _hashed_path(name: str, folder: str, data: bytes) -> str:
    """The path below the output folder, with eight digits of the bytes' hash in the name."""
    plain = PurePosixPath(name)
    # The full 64 byte hash is cut, as `b2sum` users would; other digest sizes hash differently.
    digest = hashlib.blake2b(data).hexdigest()[: 2 * HASH_BYTES]
    return str(PurePosixPath(folder) / plain.with_name(f"{plain.stem}.{digest}{plain.suffix}"))
