"""What `tidings build` says of a cluster that it cannot use."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from tidings.cli import main


def build(folder: Path, *options: str) -> int | str | None:
    """The exit code of a build of a small site."""
    news = folder / "content/news/a.md"
    news.parent.mkdir(parents=True, exist_ok=True)
    news.write_text(
        "---\ntitle: A\npublishedDateTime: 2024-01-01T10:00:00Z\n"
        "webUrl: https://outlet.example/a\n---\n",
        encoding="utf-8",
    )
    with pytest.raises(SystemExit) as ended:
        main(["build", "--source", str(folder), *options])
    return ended.value.code


@pytest.mark.parametrize(
    "options", [["--executor", "dask"], ["--scheduler", "tcp://127.0.0.1:1"]]
)
def test_a_cluster_needs_both_options(
    tmp_path: Path, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert build(tmp_path, *options) == 2
    assert "--executor dask and --scheduler ADDRESS belong together" in capsys.readouterr().err
    assert not (tmp_path / "site").exists()


def test_without_the_extra_the_hint_says_what_to_install(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "distributed" else found(name)
    )
    there = ["--executor", "dask", "--scheduler", "tcp://127.0.0.1:1"]
    assert build(tmp_path, *there) == 2
    said = capsys.readouterr()
    assert "missing-extra" in said.err + said.out
    assert "pip install tidings[dask]" in said.err + said.out
    assert not (tmp_path / "site/index.html").exists()
