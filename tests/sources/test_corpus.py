"""Real records and metadata, where they lie beside the checkout."""

from __future__ import annotations

from pathlib import Path

import pytest

from tidings.model.source import SourceFile
from tidings.sources.frontmatter import split_front_matter
from tidings.sources.metadata import read_provider, read_topic
from tidings.sources.plain import read_plain
from tidings.sources.record import ReadOptions, read_record

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "power-apps"

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")


def files(folder: str) -> list[SourceFile]:
    return [
        SourceFile(f"content/{folder}/{path.name}", path.read_bytes())
        for path in sorted((CORPUS / folder).iterdir())
    ]


def test_every_record_is_read_on_the_fast_path_without_a_word() -> None:
    found = files("news")
    assert found
    for file in found:
        reading = read_record(file, file.path, ReadOptions())
        parts = split_front_matter(file.data, file.path).value
        assert parts is not None
        assert read_plain(parts.front_matter) is not None
        assert reading.record is not None, file.path
        assert (reading.diagnostics, reading.unknown_keys) == ((), ()), file.path
        assert reading.record.published == ((reading.record.heat or 0) >= 70)


def test_line_ends_make_no_difference() -> None:
    for file in files("news"):
        plain = file.data.replace(b"\r\n", b"\n")
        for data in (plain, plain.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + plain):
            given = read_record(SourceFile(file.path, data), file.path, ReadOptions())
            assert given == read_record(file, file.path, ReadOptions())


def test_metadata_is_read_and_only_the_empty_file_is_told() -> None:
    topics = [read_topic(file) for file in files("topics")]
    assert all(topic.value for topic in topics)
    assert not any(topic.diagnostics or topic.unknown_keys for topic in topics)
    problems = []
    for file in files("providers"):
        reading = read_provider(file)
        assert (reading.value is None) == (not file.data)
        assert reading.unknown_keys == ()
        problems += reading.diagnostics
    assert {(p.code, p.severity) for p in problems} == {("empty-file", "warning")}
