"""Files put aside: they come into place whole, and nothing is ever put where it must not be."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tidings.model.output import Manifest, Staged, Written
from tidings.output.manifest import digest_of, read_manifest
from tidings.output.staging import drop_stages, open_stage, open_staging
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


def test_pages_take_the_place_of_older_ones(tmp_path: Path) -> None:
    output = tmp_path / "site"
    written(output, {"a/index.html": b"a", "b.txt": b"b"})
    _, saved = written(output, {"a/index.html": b"new", "a/b/index.html": b"a", "b.txt": b"b"})
    assert saved.diagnostics == ()
    assert saved.change.written == ("a/b/index.html", "a/index.html")
    assert (output / "a/index.html").read_bytes() == b"new"


def test_disk_that_refuses_a_folder_leaves_what_is_there_and_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "site"
    plain = os.replace

    def replace(source: str | Path, target: str | Path) -> None:
        if str(target).endswith("/b"):
            raise OSError(28, "No space left on device", str(target))
        plain(source, target)

    monkeypatch.setattr(os, "replace", replace)
    pages = {"a/index.html": b"a", "b/index.html": b"b", "c.txt": b"c"}
    _, saved = written(output, pages)
    assert [problem.code for problem in saved.diagnostics] == ["write-failed"]
    assert set(saved.change.written) == {path for path in pages if (output / path).exists()}
    known = read_manifest(output).value
    assert known == saved.manifest
    assert set(known.files) == set(saved.change.written)
    monkeypatch.undo()
    drop_stages(output)
    assert "b/index.html" in written(output, pages)[1].change.written
    assert read_manifest(output).value == Manifest(
        {path: Written("key", digest_of(data), len(data)) for path, data in pages.items()}
    )


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
