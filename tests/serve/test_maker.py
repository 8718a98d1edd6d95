"""A preview of a site that was built before: shown at once, and known before its first edit."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tidings.engine.build import build
from tidings.engine.first import WORTH_IT
from tidings.engine.report import BuildReport, BuildRequest
from tidings.serve.maker import Maker

RECORDS = 160
"""So many that drafts are worth it."""


@pytest.fixture
def request_for(tmp_path: Path) -> BuildRequest:
    """A site in a folder, built by another process."""
    news = tmp_path / "site/content/news"
    news.mkdir(parents=True)
    for number in range(RECORDS):
        (news / f"{number}.md").write_text(
            f"---\ntitle: Story {number}\npublishedDateTime: 2024-01-01T10:00:00Z\n"
            f"webUrl: https://outlet{number}.example/{number}\n---\n",
            encoding="utf-8",
        )
    request = BuildRequest(
        tmp_path / "site", tmp_path / "out", datetime(2025, 1, 1, tzinfo=UTC), preview=True
    )
    assert build(request).counts.pages >= WORTH_IT
    build(request)  # The times of files written just now prove nothing, so the first one looks.
    return request


def edit(request: BuildRequest) -> Path:
    file = request.source / "content/news/7.md"
    file.write_text(file.read_text(encoding="utf-8") + "Edited.\n", encoding="utf-8")
    return file


def test_the_first_edit_is_shown_before_it_is_built(request_for: BuildRequest) -> None:
    said: list[str] = []
    maker = Maker(request_for, said.append)
    report = asyncio.run(maker.build())
    assert report.counts.planned == 0
    told = list(said)
    assert asyncio.run(maker.fill()) is None
    assert said == told  # Nothing has come of it, so nothing is told.
    draft = maker.draft([edit(request_for)])
    assert draft is not None
    page = draft.page("2024/01/01/story-7/index.html")
    assert page is not None
    assert b"Edited." in page


def test_a_draft_is_made_with_the_theme_as_it_is_now(request_for: BuildRequest) -> None:
    maker = Maker(request_for, lambda _line: None)
    edit(request_for)
    asyncio.run(maker.build())
    footer = request_for.source / "templates/partials/footer.html"
    footer.parent.mkdir(parents=True)
    for words in (b"Old words", b"New words"):
        footer.write_bytes(b"<footer>" + words + b"</footer>\n")
        asyncio.run(maker.build())
        draft = maker.draft([edit(request_for)])
        assert draft is not None
        page = draft.page("2024/01/01/story-7/index.html")
        assert page is not None
        assert words in page


def test_a_file_that_only_went_meanwhile_is_told_too(request_for: BuildRequest) -> None:
    note = request_for.source / "static/root/note.txt"
    note.parent.mkdir(parents=True)
    note.write_text("A note.", encoding="utf-8")
    time.sleep(0.06)  # Until its times prove something.
    build(request_for)
    maker = Maker(request_for, lambda _line: None)
    assert asyncio.run(maker.build()).counts.planned == 0
    note.unlink()
    report = asyncio.run(maker.fill())
    assert isinstance(report, BuildReport)
    assert (report.written, report.deleted) == ((), ("note.txt",))


def test_what_changed_meanwhile_is_built_and_told(request_for: BuildRequest) -> None:
    said: list[str] = []
    maker = Maker(request_for, said.append)
    asyncio.run(maker.build())
    told = len(said)
    edit(request_for)
    report = asyncio.run(maker.fill())
    assert isinstance(report, BuildReport)
    assert "2024/01/01/story-7/index.html" in report.written
    assert len(said) > told


def test_a_site_that_was_built_just_now_is_known(request_for: BuildRequest) -> None:
    maker = Maker(request_for, lambda _line: None)
    edit(request_for)
    assert asyncio.run(maker.build()).counts.parsed == 1
    edit(request_for)
    assert asyncio.run(maker.fill()) is None
    assert maker.draft([edit(request_for)]) is not None


def test_a_site_that_cannot_be_built_is_left_alone(request_for: BuildRequest) -> None:
    (request_for.source / "tidings.toml").write_text("[site\n", encoding="utf-8")
    maker = Maker(request_for, lambda _line: None)
    assert not asyncio.run(maker.build()).ok
    assert asyncio.run(maker.fill()) is None
