"""Writes of a site as builds do them, broken off where a test wants it, and what they leave."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Any
from unittest import mock

from tidings.model.output import Rendered
from tidings.output.manifest import intact_files, look_at_files, read_manifest
from tidings.output.paths import is_temporary
from tidings.output.staging import drop_stages, open_stage, open_staging
from tidings.output.write import Saved, write_site

CHANGES = ("mkdir", "replace", "rmdir", "unlink")
"""What the functions of `os` are called by which a build changes names on the disk."""


class Killed(BaseException):
    """Stands for the end of the process."""


def write(output: Path, site: dict[str, bytes], aside: bool = False) -> Saved:
    """Write a site as a build does, keeping what is known to be right; or with all pages put
    aside first, as a build of a large site does."""
    previous = read_manifest(output).value
    intact = intact_files(previous, look_at_files(output, previous)) if previous else {}
    kept = {
        path: written
        for path, written in intact.items()
        if path in site and written.key == repr(site[path])
    }
    pages = [
        Rendered(path, repr(data), data) for path, data in site.items() if path not in kept
    ]
    drop_stages(output)
    if not aside:
        return write_site(output, pages, kept, previous)
    put_aside = open_staging(output, open_stage(output))
    staged = [put_aside(page.path, page.key, page.data) for page in pages]
    saved = write_site(output, staged, kept, previous)
    drop_stages(output)
    return saved


def write_and_die(output: Path, site: dict[str, bytes], aside: bool, after: int) -> bool:
    """Write a site, and stop before the change on the disk with the number `after`; whether it
    came to that."""
    left = [after]

    def counted(name: str) -> Any:
        plain = getattr(os, name)

        def change(*given: Any, **more: Any) -> Any:
            left[0] -= 1
            # Every further step fails too: a killed process tidies nothing up.
            if left[0] < 0:
                raise Killed
            return plain(*given, **more)

        return change

    with contextlib.ExitStack() as stack:
        stack.enter_context(contextlib.suppress(Killed))
        for name in CHANGES:
            stack.enter_context(mock.patch.object(os, name, counted(name)))
        write(output, site, aside)
    return left[0] < 0


def tree(output: Path) -> dict[str, bytes]:
    """All files below the folder but our own notes."""
    return {
        file.relative_to(output).as_posix(): file.read_bytes()
        for file in output.rglob("*")
        if file.is_file() and ".tidings" not in file.relative_to(output).parts
    }


def torn(path: str) -> bool:
    """Whether a killed build was about to give the file its name."""
    return is_temporary(path.rpartition("/")[2])


def folders(output: Path) -> set[str]:
    """All folders below the output folder but our own."""
    return {
        path
        for file in output.rglob("*")
        if file.is_dir()
        and ".tidings" not in (path := file.relative_to(output).as_posix()).split("/")
    }
