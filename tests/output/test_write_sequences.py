"""Whatever a site was before, a write leaves exactly the site, and others' files as they were.

Random sequences of sites are written into one folder, from memory or from files put aside. Some
writes are broken off between two changes to the disk, as by a killed process; the next one must
mend that.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from fixture_writes import folders, torn, tree, write, write_and_die
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tidings.output.paths import folders_of

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
FOREIGN = {".gitignore": b"*\n", "a-note.txt": b"mine", "notes/b": b"mine too"}


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
