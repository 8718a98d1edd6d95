"""Whatever a site was before, a write leaves exactly the site, and others' files as they were.

Random sequences of sites are written into one folder, from memory or from files put aside. Some
writes are broken off between two changes to the disk, as by a killed process; the next one must
mend that.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path
from typing import Any
from unittest import mock

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tidings.model.output import Rendered
from tidings.output.manifest import intact_files, look_at_files, read_manifest
from tidings.output.paths import folders_of, is_temporary
from tidings.output.staging import drop_stages, open_stage, open_staging
from tidings.output.write import Saved, write_site

# Few names, so that files and folders often want the same place.
NAMES = st.sampled_from(["a", "b", "index.html", "ä"])
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)
SITES = st.dictionaries(PATHS, st.binary(max_size=3), max_size=6).filter(
    lambda site: (
        not any(
            other.startswith(f"{path}/") for path in site for other in site if other != path
        )
    )
)
STEPS = st.lists(
    st.tuples(SITES, st.booleans(), st.none() | st.integers(0, 20)), min_size=1, max_size=5
)
CHANGES = ("mkdir", "replace", "rmdir", "unlink")
"""What the functions of `os` are called by which a build changes names on the disk."""
FOREIGN = {".gitignore": b"*\n", "a-note.txt": b"mine", "notes/b": b"mine too"}


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


def write_and_die(output: Path, site: dict[str, bytes], aside: bool, after: int) -> None:
    """Write a site, and stop before the change on the disk with the number `after`."""
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


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS)
def test_folder_holds_exactly_the_last_site_and_foreign_files(
    steps: list[tuple[dict[str, bytes], bool, int | None]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "site"
        for site, aside, killed_after in [*steps, (steps[-1][0], False, None)]:
            if killed_after is not None:
                write_and_die(output, site, aside, killed_after)
                continue
            before = {path: data for path, data in tree(output).items() if not torn(path)}
            saved = write(output, site, aside)
            assert saved.diagnostics == ()
            whole = {**site, **foreign(output)}
            assert tree(output) == whole
            assert folders(output) == {each for path in whole for each in folders_of(path)}
            assert saved.manifest.files.keys() == site.keys()
            now = tree(output)
            assert set(saved.change.written) == {p for p in now if before.get(p) != now[p]}
            assert set(saved.change.deleted) == before.keys() - now.keys()
            assert write(output, site).change.written == ()
            add_foreign(output)


def add_foreign(output: Path) -> None:
    """Put somebody else's files into the folder."""
    for path, data in FOREIGN.items():
        (output / path).parent.mkdir(parents=True, exist_ok=True)
        (output / path).write_bytes(data)


def foreign(output: Path) -> dict[str, bytes]:
    """Those of somebody else's files that were put there, as they must still be."""
    return FOREIGN if (output / "notes").exists() else {}


@settings(max_examples=40, deadline=None)
@given(SITES, SITES, st.booleans(), st.integers(0, 20))
def test_killed_build_leaves_each_file_old_or_new(
    old: dict[str, bytes], new: dict[str, bytes], aside: bool, after: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "site"
        write(output, old)
        write_and_die(output, new, aside, after)
        for path, data in tree(output).items():
            if not torn(path):
                assert data in (old.get(path), new.get(path))
        write(output, new)
        assert tree(output) == new
