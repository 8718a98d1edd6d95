"""What made a file: our code, that of the libraries whose work shows in it, and the rules of
the site's time zone.

Part of the engine. Whatever is kept between builds carries such a digest, so that nothing of an
older program is ever taken for what this one would make.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import os
import sys
from pathlib import Path

import tidings

LIBRARIES = (
    *("yaml", "msgspec", "markdown_it", "mdit_py_plugins", "mdurl", "nh3", "ftfy"),
    *("jinja2", "markupsafe", "tzdata"),
    *("minify_html", "css_inline", "pagefind_bin", "pagefind_bin_extended"),
)
"""Packages whose work shows in pages."""


@functools.cache
def code_digest(*parts: str) -> str:
    """The version together with a digest of the code of the named packages or modules of ours,
    or of all, and of the versions of libraries and of Python."""
    digest = hashlib.blake2b(digest_size=8)
    digest.update(sys.version.encode())
    for name in _library_versions():
        digest.update(name.encode() + b"\0")
    top = Path(tidings.__file__).parent
    for place in [top / part for part in parts] if parts else [top]:
        files = [place] if place.suffix == ".py" else sorted(place.rglob("*.py"))
        for file in files:
            digest.update(file.relative_to(top).as_posix().encode() + b"\0")
            digest.update(file.read_bytes())
    return f"{tidings.__version__}+{digest.hexdigest()}"


@functools.cache
def zone_digest(name: str) -> str:
    """A digest of the rules of the time zone with that name, as this machine has them; empty
    for UTC, which has none.

    They come with the system and change with it, and a time that a page tells follows from
    them. A process knows those that it began with, as `zoneinfo` does.
    """
    if name == "UTC":
        return ""
    from zoneinfo import TZPATH

    for folder in TZPATH:
        file = Path(folder, name)
        if file.is_file():
            return hashlib.blake2b(file.read_bytes(), digest_size=8).hexdigest()
    return ""  # They are those of the package tzdata, one of the libraries.


@functools.cache
def _library_versions() -> tuple[str, ...]:
    """The names of the libraries' metadata folders, which tell versions: `nh3-0.3.1.dist-info`.

    Asking each library would import it.
    """
    folders = set()
    for name in LIBRARIES:
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.origin is not None:
            place = Path(spec.origin).parent
            folders.add(place.parent if spec.submodule_search_locations else place)
    plain = {"pyyaml", *(_plain(name) for name in LIBRARIES)}
    found = [
        entry
        for folder in folders
        for entry in os.listdir(folder)  # noqa: PTH208 - names are all that is wanted
        if entry.endswith((".dist-info", ".egg-info")) and _plain(entry.split("-")[0]) in plain
    ]
    return tuple(sorted(found))


def _plain(name: str) -> str:
    return name.lower().replace("-", "").replace("_", "")
