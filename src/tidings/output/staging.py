"""Finished files put aside while others are still being made, and moved into place at the end.

Part of the output step. Workers write what they have made to a folder in `.tidings/` at once,
so that no page has to be held in memory, and so that the site stays as it was until all pages
are there. Moving a file replaces the old one in one step, as `replace_file` does, and moving a
folder that is new to the site brings all that it holds in one step.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from tidings.model.output import Staged
from tidings.output.manifest import digest_of, remove_torn
from tidings.output.paths import STATE, path_problem
from tidings.output.state import FOLDER
from tidings.output.survey import holds

PREFIX = "staged-"


class Placed(msgspec.Struct, frozen=True):
    """What moving staged files into place came to."""

    paths: tuple[str, ...]
    """Those that are there now."""
    error: OSError | None = None
    """What kept the others from it."""


def open_stage(output: Path) -> str:
    """A new folder for staged files, as a path below the output folder.

    Raises OSError where it cannot be made.
    """
    name = f"{STATE}/{PREFIX}{secrets.token_hex(6)}"
    (output / name).mkdir(parents=True)
    return name


def drop_stages(output: Path) -> None:
    """Removes all staged files, those of killed builds too, and what else these left half
    written among our own notes. The caller holds the lock."""
    state = output / STATE
    for stage in list(state.glob(f"{PREFIX}*")):
        shutil.rmtree(stage, ignore_errors=True)
    for folder in (state, state / FOLDER):
        remove_torn(folder)


Staging = Callable[[str, str, bytes], Staged]
"""Puts a page aside: given its path, key and bytes."""


def open_staging(output: Path, stage: str) -> Staging:
    """What puts pages aside in the stage, unless they are in place already.

    They lie there as they will in the site, so that whole folders can be moved into place. What
    it gives raises OSError where a page cannot be written.
    """
    made: set[str] = set()
    top = f"{output}/"

    def put_aside(path: str, key: str, data: bytes) -> Staged:
        staged = Staged(path, key, digest_of(data), len(data))
        # A path that is refused could lead out of the stage.
        if path_problem(path) or _is_in_place(output, path, data):
            return staged
        file = f"{stage}/{path}"
        folder = file.rpartition("/")[0]
        if folder not in made:
            _make_folder(top + folder)
            made.add(folder)
        with open(top + file, "wb", 0) as stream:  # noqa: PTH123 - thousands are written
            stream.write(data)
        return msgspec.structs.replace(staged, stage=stage)

    return put_aside


def _make_folder(folder: str) -> None:
    """Makes the folder with those above it. Nearly always only the last one is missing."""
    try:
        os.mkdir(folder)  # noqa: PTH102 - thousands are made
    except FileExistsError:
        return
    except FileNotFoundError:
        os.makedirs(folder, exist_ok=True)  # noqa: PTH103


def _is_in_place(output: Path, path: str, data: bytes) -> bool:
    """Whether the site has these bytes at that path, with which nothing is wrong."""
    file = output / path
    try:
        return holds(file, data, os.lstat(file))
    except OSError:
        return False


def place_staged(output: Path, staged: Sequence[Staged]) -> Placed:
    """Moves everything in the stage to where it belongs; `staged` is all that waits there.

    A folder that the site does not have yet is moved with all that it holds.
    """
    stages = sorted({page.stage for page in staged})
    try:
        for stage in stages:
            _merge(f"{output}/{stage}", f"{output}")
    except OSError as error:
        done = [page.path for page in staged if not os.path.lexists(output / page.file)]
        return Placed(tuple(done), error)
    return Placed(tuple(page.path for page in staged))


def _merge(source: str, target: str) -> None:
    """Moves what a folder holds into another one, in whose way the caller knows no link."""
    with os.scandir(source) as listing:
        entries = list(listing)
    for entry in entries:
        there = f"{target}/{entry.name}"
        if entry.is_dir(follow_symlinks=False) and os.path.lexists(there):
            _merge(entry.path, there)
        else:
            os.replace(entry.path, there)  # noqa: PTH105 - thousands are moved
