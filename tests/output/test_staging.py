"""Files put aside: they come into place whole, and nothing is ever put where it must not be."""

from __future__ import annotations

from pathlib import Path

import pytest

from tidings.model.output import Staged
from tidings.output.staging import open_stage, open_staging
from tidings.output.write import Saved, write_site


def written(output: Path, pages: dict[str, bytes]) -> tuple[list[Staged], Saved]:
    """The pages put aside, and how writing them went."""
    put_aside = open_staging(output, open_stage(output))
    staged = [put_aside(path, "key", data) for path, data in pages.items()]
    return staged, write_site(output, staged, {}, None)


def test_pages_come_into_place(tmp_path: Path) -> None:
    output = tmp_path / "site"
    staged, saved = written(output, {"a/index.html": b"a", "b.txt": b"b"})
    assert [(output / page.file).name for page in staged] == ["index.html", "b.txt"]
    assert saved.change.written == ("a/index.html", "b.txt")
    assert (output / "a/index.html").read_bytes() == b"a"


def test_what_the_site_has_already_waits_nowhere(tmp_path: Path) -> None:
    output = tmp_path / "site"
    written(output, {"b.txt": b"b"})
    (same,), saved = written(output, {"b.txt": b"b"})
    assert (same.stage, same.file) == ("", "b.txt")
    assert saved.change.written == ()


@pytest.mark.parametrize("path", ["../outside", "a/../../outside", "a\nb", ".tidings/lock"])
def test_a_path_that_is_refused_is_put_nowhere(tmp_path: Path, path: str) -> None:
    output = tmp_path / "site"
    staged, saved = written(output, {path: b"bad", "b.txt": b"b"})
    assert [page.stage for page in staged].count("") == 1
    assert [problem.code for problem in saved.diagnostics] == ["output-blocked"]
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert not [file for file in files if file.read_bytes() == b"bad"]
    assert not (output / "b.txt").exists()
