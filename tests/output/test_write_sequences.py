"""Whatever a site was before, a write leaves exactly the site, and others' files as they were.

Random sequences of sites are written into one folder. Some writes are broken off at a random
file, as by a killed process; the next one must mend that.
"""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path
from unittest import mock

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tidings.model.output import Rendered
from tidings.output.manifest import intact_files, look_at_files, read_manifest
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
STEPS = st.lists(st.tuples(SITES, st.none() | st.integers(0, 6)), min_size=1, max_size=5)
FOREIGN = {".gitignore": b"*\n", "a-note.txt": b"mine", "notes/b": b"mine too"}


class Killed(BaseException):
    """Stands for the end of the process."""


def write(output: Path, site: dict[str, bytes]) -> Saved:
    """Write a site as a build does, keeping what is known to be right."""
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
    return write_site(output, pages, kept, previous)


def write_and_die(output: Path, site: dict[str, bytes], after: int) -> None:
    """Write a site, and stop before the replacement or deletion with the number `after`."""
    plain_replace, plain_unlink, left = Path.replace, Path.unlink, [after]

    def step() -> None:
        left[0] -= 1
        # Every further step fails too: a killed process tidies nothing up.
        if left[0] < 0:
            raise Killed

    def replace(self: Path, target: Path) -> Path:
        step()
        return plain_replace(self, target)

    def unlink(self: Path, missing_ok: bool = False) -> None:
        step()
        plain_unlink(self, missing_ok)

    with (
        mock.patch.object(Path, "replace", replace),
        mock.patch.object(Path, "unlink", unlink),
        contextlib.suppress(Killed),
    ):
        write(output, site)


def tree(output: Path) -> dict[str, bytes]:
    """All files below the folder but our own notes."""
    return {
        file.relative_to(output).as_posix(): file.read_bytes()
        for file in output.rglob("*")
        if file.is_file() and ".tidings" not in file.relative_to(output).parts
    }


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS)
def test_folder_holds_exactly_the_last_site_and_foreign_files(
    steps: list[tuple[dict[str, bytes], int | None]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "site"
        for site, killed_after in [*steps, (steps[-1][0], None)]:
            if killed_after is not None:
                write_and_die(output, site, killed_after)
                continue
            before = tree(output)
            saved = write(output, site)
            assert saved.diagnostics == ()
            assert tree(output) == {**site, **foreign(output)}
            assert saved.manifest.files.keys() == site.keys()
            now = tree(output)
            assert set(saved.change.written) == {p for p in now if before.get(p) != now[p]}
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
@given(SITES, SITES, st.integers(0, 8))
def test_killed_build_leaves_each_file_old_or_new(
    old: dict[str, bytes], new: dict[str, bytes], after: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "site"
        write(output, old)
        write_and_die(output, new, after)
        for path, data in tree(output).items():
            if ".tidings-" not in path:
                assert data in (old.get(path), new.get(path))
        write(output, new)
        assert tree(output) == new
