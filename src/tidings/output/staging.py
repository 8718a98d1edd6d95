"""Finished files put aside while others are still being made, and moved into place at the end.

Part of the output step. Workers write what they have made to a folder in `.tidings/` at once,
so that no page has to be held in memory, and so that the site stays as it was until all pages
are there. Moving a file replaces the old one in one step, as `replace_file` does.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from tidings.model.output import Staged
from tidings.output.manifest import digest_of
from tidings.output.paths import STATE, path_problem
from tidings.output.survey import holds

PREFIX = "staged-"


class Placed(msgspec.Struct, frozen=True):
    """What moving staged files into place came to."""

    paths: tuple[str, ...]
    """Those that are there now."""
    error: OSError | None = None
    """What kept the others from it."""


Placing = Callable[[Sequence[Staged]], Placed]
"""Moves staged files into place, as `place_staged` does, perhaps with others' help."""


def open_stage(output: Path) -> str:
    """A new folder for staged files, as a path below the output folder.

    Raises OSError where it cannot be made.
    """
    name = f"{STATE}/{PREFIX}{secrets.token_hex(6)}"
    (output / name).mkdir(parents=True)
    return name


def drop_stages(output: Path) -> None:
    """Removes all staged files, those of killed builds too. The caller holds the lock."""
    state = output / STATE
    if state.is_symlink() or not state.is_dir():
        return
    with os.scandir(state) as entries:
        found = [each.path for each in entries if each.name.startswith(PREFIX)]
    for path in found:
        shutil.rmtree(path, ignore_errors=True)


def stage_file(output: Path, stage: str, name: str, page: tuple[str, str, bytes]) -> Staged:
    """The page, (path, key, bytes), put aside under the name, unless it is in place already.

    Raises OSError where it cannot be written.
    """
    path, key, data = page
    staged = Staged(path, key, digest_of(data), len(data))
    if is_in_place(output, path, data):
        return staged
    file = f"{stage}/{name}"
    with open(output / file, "wb", 0) as stream:  # noqa: PTH123 - thousands are written
        stream.write(data)
    return msgspec.structs.replace(staged, file=file)


def is_in_place(output: Path, path: str, data: bytes) -> bool:
    """Whether the site has these bytes at that path."""
    if path_problem(path):
        return False
    file = output / path
    try:
        return holds(file, data, os.lstat(file))
    except OSError:
        return False


def place_staged(output: Path, staged: Sequence[Staged]) -> Placed:
    """Moves staged files to their paths, and makes the folders that they need."""
    made: set[str] = set()
    done: list[str] = []
    top = f"{output}/"
    for page in staged:
        file = top + page.path
        folder = file.rpartition("/")[0]
        try:
            if folder not in made:
                os.makedirs(folder, exist_ok=True)  # noqa: PTH103 - thousands are made
                made.add(folder)
            os.replace(top + page.file, file)  # noqa: PTH105
        except OSError as error:
            # A worker that was killed may have moved it already.
            if not os.path.lexists(file) or os.path.lexists(top + page.file):
                return Placed(tuple(done), error)
        done.append(page.path)
    return Placed(tuple(done))
