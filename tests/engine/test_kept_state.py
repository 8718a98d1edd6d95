"""What builds keep for the next one saves work, and never shows in the site."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench.digest import write_digest
from tidings.catalog.assemble import make_catalog
from tidings.engine import memory as memory_module
from tidings.engine import relating
from tidings.engine.build import build
from tidings.engine.memory import Memory
from tidings.engine.report import BuildReport, BuildRequest
from tidings.model.config import Config
from tidings.model.record import Record

RECORDS = 820
"""Enough that relating takes its quick way, and that several processes share the work."""
CLOCK = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def digest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    source = tmp_path_factory.mktemp("kept") / "source"
    write_digest(source, RECORDS, 5)
    # Only what reads the catalog in many ways is of interest here, not every output.
    with (source / "tidings.toml").open("a") as config:
        config.write("\n[api]\nenabled = false\n")
    yield source
    shutil.rmtree(source.parent, ignore_errors=True)


def built(source: Path, output: Path, memory: Memory | None = None) -> BuildReport:
    report = build(BuildRequest(source, output, CLOCK, unpublished=True, jobs=2), memory=memory)
    assert report.ok, report.diagnostics
    return report


def files(output: Path) -> dict[str, bytes]:
    return {
        path: file.read_bytes()
        for file in output.rglob("*")
        if file.is_file()
        and not (path := file.relative_to(output).as_posix()).startswith(".tidings/")
    }


def edit(source: Path) -> None:
    """Changes a title, adds a record, takes one away, and edits a body."""
    records = sorted((source / "content/news").rglob("*.md"))
    first = records[100]
    first.write_text(first.read_text().replace('title: "', 'title: "Police drones vote ', 1))
    new = records[200]
    text = new.read_text().replace('title: "', 'title: "Police drones vote again ', 1)
    new.with_name("another.md").write_text(text.replace(".example/", ".example/new-"))
    records[300].unlink()
    records[400].write_text(records[400].read_text() + "\nOne more paragraph.\n")


def test_builds_that_remember_make_what_a_build_from_nothing_makes(
    digest: Path, tmp_path: Path
) -> None:
    kept, lived = tmp_path / "kept", tmp_path / "lived"
    memory = Memory(lived)
    first = built(digest, kept)
    built(digest, lived, memory)
    assert first.counts.parsed == RECORDS
    large = [output / ".tidings/cache/related.data" for output in (kept, lived)]
    written = [file.stat().st_ino for file in large]
    edit(digest)
    again = built(digest, kept)
    assert again.counts.parsed == 3
    assert again.counts.rendered < first.counts.rendered // 4
    built(digest, lived, memory)
    clean = tmp_path / "clean"
    built(digest, clean)
    expected = files(clean)
    assert files(kept) == expected
    assert files(lived) == expected
    # By far the largest of what is kept; an edit has no need to write it again.
    assert [file.stat().st_ino for file in large] == written


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("clean", [False, True])
def test_relations_that_are_damaged_behind_their_head_are_whole_after_one_build(
    digest: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int, clean: bool
) -> None:
    """Or every build until the next edit would relate all records from nothing."""
    monkeypatch.setattr(relating, "WORTH_ANOTHER", 500)
    request = BuildRequest(digest, tmp_path, CLOCK, unpublished=True, jobs=jobs, clean=clean)
    assert build(request).ok
    cache = tmp_path / ".tidings/cache"
    whole = (cache / "related.data").read_bytes()
    (cache / "related.data").write_bytes(whole[:16] + bytes(len(whole) - 16))
    (cache / "snapshot.msgpack").unlink(missing_ok=True)
    assert build(request).written == ()
    assert (cache / "related.data").read_bytes() == whole


@pytest.mark.parametrize("lasting", [False, True])
def test_readings_of_records_as_they_once_were_take_no_room_for_ever(
    tmp_path: Path, lasting: bool
) -> None:
    source, output = tmp_path / "site", tmp_path / "out"
    news = source / "content/news"
    news.mkdir(parents=True)
    (source / "tidings.toml").write_text("[search]\nenabled = false\n")
    memory = Memory(output) if lasting else None
    text = (
        "---\ntitle: {0}\npublishedDateTime: 2024-01-01T10:00:00Z\n"
        "webUrl: https://o.example/{0}\n"
    )
    for name in "abc":
        (news / f"{name}.md").write_text(text.format(name) + "---\nWords.\n")
    sizes = []
    for number in range(12):
        body = f"Edit {number}. " + "word " * 8000
        (news / "b.md").write_text(text.format("b") + f"---\n{body}\n")
        report = built(source, output, memory)
        assert report.counts.parsed == (1 if number else 3)
        sizes.append((output / ".tidings/cache/records.data").stat().st_size)
        page = (output / "2024/01/01/b/index.html").read_text()
        assert f"Edit {number}." in page
    assert max(sizes) < 300_000
    assert sizes != sorted(sizes)
    (news / "c.md").unlink()
    built(source, output)
    assert built(source, output).counts.parsed == 0
    assert b"c.md" not in (output / ".tidings/cache/records.index").read_bytes()
    shutil.rmtree(output / ".tidings/cache")
    before = files(output)
    built(source, output)
    assert files(output) == before


def test_what_another_version_of_the_code_made_of_a_catalog_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = [
        Record(
            f"{n}.md", f"news/{n}.md", f"Rates rise {n}", CLOCK, f"https://a.b/{n}", (f"{n}",)
        )
        for n in range(20)
    ]
    marks = {record.id: record.title.encode() for record in records}
    made = make_catalog(records, (), (), (), Config(), CLOCK, marks=marks)
    Memory(tmp_path).keep_catalog(made.state)
    found = Memory(tmp_path).catalog()
    assert found.filed is not None
    assert found.written is not None
    monkeypatch.setattr(memory_module, "code_digest", lambda *_: "another")
    found = Memory(tmp_path).catalog()
    assert found.filed is None
    assert found.written is None
    assert found.stories is None
