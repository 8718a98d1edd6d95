"""Whatever an earlier build left, whole or torn: the next one makes the site as it must be."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fixture_site import Site

import bench
from bench.digest import write_digest
from tidings.engine.build import build
from tidings.engine.report import BuildRequest
from tidings.output import write
from tidings.output.manifest import replace_file

HERE = Path(__file__).parent
CLOCK = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork and kill -9")
@pytest.mark.parametrize(
    ("records", "rounds"), [(60, 5), pytest.param(400, 40, marks=pytest.mark.conformance)]
)
def test_a_build_killed_at_any_moment(tmp_path: Path, records: int, rounds: int) -> None:
    assert bench.__file__ is not None
    given = [str(tmp_path / "site"), str(records), str(rounds), "1"]
    done = subprocess.run(
        [sys.executable, str(HERE / "kill_builds.py"), *given],
        env={**os.environ, "PYTHONPATH": str(Path(bench.__file__).parent.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout, done.stderr
    found = json.loads(done.stdout)
    assert found["wrong"] == []
    # Under load, some builds end before their time.
    assert found["killed"] >= rounds * 3 // 4


def test_a_site_half_made_with_other_options_is_mended_though_no_file_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = Site(tmp_path)
    site.news("a", "Story")
    time.sleep(0.06)  # Until the times of its files prove something.
    site.built()
    assert site.built().counts.parsed == 0
    before = site.files()
    written: list[Path] = []

    def replace_some(file: Path, data: bytes) -> None:
        if len(written) == 5:
            raise KeyboardInterrupt
        written.append(file)
        replace_file(file, data)

    monkeypatch.setattr(write, "replace_file", replace_some)
    with pytest.raises(KeyboardInterrupt):
        site.build(base_url="https://elsewhere.example/")
    monkeypatch.undo()
    assert site.files() != before
    site.built()
    assert site.files() == before


def damaged(data: bytes, how: str, dice: random.Random) -> bytes:
    """The bytes as a torn write or a bad disk would leave them."""
    if how == "cut off":
        return data[: dice.randrange(len(data))]
    if how == "longer":
        return data + dice.randbytes(99)
    if how == "other":
        return dice.randbytes(len(data))
    changed = bytearray(data)
    changed[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    return bytes(changed)


@pytest.mark.parametrize("how", ["cut off", "longer", "other", "bit"])
def test_what_is_kept_between_builds_may_be_damaged(tmp_path: Path, how: str) -> None:
    site, output = tmp_path / "site", tmp_path / "out"
    write_digest(site, 20, 1)
    config = site / "tidings.toml"
    config.write_text('[site]\ntitle = "T"\n[search]\nenabled = false\n', encoding="utf-8")
    file = max((site / "content/news").rglob("*.md"))
    text = file.read_text("utf-8")
    texts = (text, re.sub(r'title: "([^"]*)"', r'title: "\1 corrected"', text, count=1))
    wanted = []
    for number, one in enumerate(texts):
        file.write_text(one, encoding="utf-8")
        assert build(BuildRequest(site, tmp_path / f"clean{number}", CLOCK)).ok
        wanted.append(files(tmp_path / f"clean{number}"))
    build(BuildRequest(site, output, CLOCK))
    cache = output / ".tidings/cache"
    names = kept_names(cache)
    assert {"records.index", "records.data", "pages.msgpack", "templates.bin"} <= set(names)
    dice = random.Random(how)
    now = 1
    every = [*names, "snapshot.msgpack"]
    for number in range((2 if how != "bit" else 6) * len(every)):
        name = every[number % len(every)]
        if not (cache / name).exists():
            continue
        (cache / name).write_bytes(damaged((cache / name).read_bytes(), how, dice))
        # With a change, so that all that is kept is made use of; and without any.
        now = dice.randrange(2)
        file.write_text(texts[now], encoding="utf-8")
        assert build(BuildRequest(site, output, CLOCK)).ok
        assert files(output) == wanted[now], f"{name} was damaged ({how})"
        assert build(BuildRequest(site, output, CLOCK)).written == ()
        assert kept_names(cache) == names


def kept_names(cache: Path) -> list[str]:
    """What is kept, without the snapshot: there is none after a file was edited just now."""
    return sorted(each.name for each in cache.iterdir() if each.name != "snapshot.msgpack")


def files(output: Path) -> dict[str, bytes]:
    """All files of the output by path, without the builder's own notes."""
    return {
        path: file.read_bytes()
        for file in sorted(output.rglob("*"))
        if file.is_file()
        and not (path := file.relative_to(output).as_posix()).startswith(".tidings/")
    }
