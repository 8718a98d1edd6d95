"""The data-quality report of a large site: how many processes look never shows."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from bench.digest import write_digest
from tidings.engine.checking import check
from tidings.engine.reading import WORTH_FORKING
from tidings.engine.report import BuildRequest


def test_several_processes_find_what_one_finds(tmp_path: Path) -> None:
    write_digest(tmp_path, WORTH_FORKING + 20, 3)
    odd = next((tmp_path / "content/news").rglob("*.md"))
    odd.write_text(odd.read_text().replace("title: ", "title:  Two  blanks ", 1))
    one, several = (
        check(
            BuildRequest(
                tmp_path, tmp_path / "site", datetime(2026, 6, 1, tzinfo=UTC), jobs=jobs
            )
        )
        for jobs in (1, 2)
    )
    assert one == several
    assert one.findings
