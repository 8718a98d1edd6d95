"""Gates on what a build does: how many records it parses, pages it plans, renders and writes.

Times differ between machines; counts do not. Where incrementality breaks, these tests say so.
The search index is left out: how its files change is its engine's affair.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bench.digest import write_digest
from tidings.engine.build import build
from tidings.engine.report import BuildReport, BuildRequest

CLOCK = datetime(2026, 1, 1, tzinfo=UTC)
RECORDS = 60
CONFIG = '[site]\ntitle = "Generated"\n[search]\nenabled = false\n'
LISTS = 75
"""Pages that may depend on one record's card: its own, its days, topics, source and story with
their feeds and API, and the neighbours that name it; 62 of about 500 when this was written."""
PARTS = 45
"""Of the same, those that may show a body: its page, feeds and API; 23 then."""


class Digest:
    """A generated site that was built once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        write_digest(folder, RECORDS, 1)
        self.write("tidings.toml", CONFIG)
        news = sorted((folder / "content/news").rglob("*.md"))
        texts = [(file, file.read_text("utf-8")) for file in news]
        shown = [(file, text) for file, text in texts if "published: true" in text]
        self.file, self.text = shown[10]
        self.first = self.build()

    def write(self, path: str, text: str) -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def build(self, clock: datetime = CLOCK) -> BuildReport:
        report = build(BuildRequest(self.folder, self.folder / "out", clock))
        assert report.ok, report.diagnostics
        return report

    def change(self, old: str, new: str) -> BuildReport:
        """Changes the record and builds."""
        changed = re.sub(old, new, self.text, count=1)
        assert changed != self.text
        self.file.write_text(changed, encoding="utf-8")
        return self.build()


@pytest.fixture
def digest(tmp_path: Path) -> Digest:
    return Digest(tmp_path)


def assert_few(report: BuildReport, parsed: int, pages: int) -> None:
    """Only pages that can have changed were planned, and only those that did were rendered."""
    counts = report.counts
    assert counts.parsed == parsed
    assert 0 < counts.rendered <= counts.planned <= LISTS
    assert counts.rendered <= pages
    # A page that was rendered for nothing shows as one that was not written.
    assert counts.rendered == counts.written == len(report.written)


def test_the_first_build_does_everything_once(digest: Digest) -> None:
    counts = digest.first.counts
    assert counts.parsed == RECORDS
    assert counts.pages == counts.rendered == counts.written
    # All but the theme's files.
    assert counts.pages - 20 <= counts.planned < counts.pages


def test_nothing_changed(digest: Digest) -> None:
    counts = digest.build().counts
    assert (counts.parsed, counts.planned, counts.rendered, counts.written) == (0, 0, 0, 0)
    assert counts.pages == digest.first.counts.pages


def test_a_file_that_is_only_touched(digest: Digest) -> None:
    digest.file.write_text(digest.text, encoding="utf-8")
    counts = digest.build().counts
    assert (counts.parsed, counts.planned, counts.rendered, counts.written) == (0, 0, 0, 0)


def test_a_body_edited(digest: Digest) -> None:
    report = digest.change(r"\Z", "\nOne more paragraph.\n")
    assert_few(report, parsed=1, pages=PARTS)
    assert report.deleted == ()
    # Its own page; the others that change are for machines.
    assert len([path for path in report.written if path.endswith(".html")]) == 1


def test_a_title_edited(digest: Digest) -> None:
    report = digest.change(r'title: "([^"]*)"', r'title: "\1 corrected"')
    assert_few(report, parsed=1, pages=LISTS)
    # The page and its part of the API have other addresses now.
    assert len(report.deleted) == 2


def test_a_record_added_and_deleted(digest: Digest) -> None:
    topic = re.search(r"topics:\n(  - .*\n)", digest.text)
    assert topic is not None
    text = (
        '---\ntitle: "Quite another thing"\npublishedDateTime: 2025-06-01T10:00:00Z\n'
        f'webUrl: "https://elsewhere.example/x"\ntopics:\n{topic[1]}---\n'
    )
    digest.write("content/news/added.md", text)
    added = digest.build()
    assert_few(added, parsed=1, pages=LISTS)
    assert added.deleted == ()
    (digest.folder / "content/news/added.md").unlink()
    deleted = digest.build()
    # Nothing is parsed, because what is left is known.
    assert_few(deleted, parsed=0, pages=LISTS)
    assert set(deleted.deleted) | set(deleted.written) == set(added.written)


def test_a_record_unpublished(digest: Digest) -> None:
    report = digest.change("published: true", "published: false")
    assert_few(report, parsed=1, pages=LISTS)
    assert report.counts.records == digest.first.counts.records - 1


def test_the_clock_past_an_expiry(digest: Digest) -> None:
    report = digest.change("published: true", "published: true\nexpires: 2026-01-01T06:00:00Z")
    # As long as it has not expired, no page shows the difference.
    assert (report.counts.parsed, report.counts.rendered, report.written) == (1, 0, ())
    assert report.counts.planned <= LISTS
    before = digest.build(CLOCK + timedelta(hours=5, minutes=59))
    assert (before.counts.parsed, before.counts.planned, before.written) == (0, 0, ())
    expired = digest.build(CLOCK + timedelta(hours=6))
    assert_few(expired, parsed=0, pages=LISTS)
    assert expired.counts.held["expired"] == 1


def test_a_template_edited(digest: Digest) -> None:
    digest.write("templates/year.html", "{% extends 'base.html' %}\n")
    report = digest.build()
    # One page reaches this one.
    assert (report.counts.parsed, report.counts.planned) == (0, 1)
    assert (report.counts.rendered, report.written) == (1, ("2025/index.html",))


def test_a_picture_added(digest: Digest) -> None:
    digest.write("static/pictures/new.svg", "<svg/>")
    counts = digest.build().counts
    # The picture itself; no page shows it yet.
    assert (counts.parsed, counts.planned, counts.rendered, counts.written) == (0, 0, 1, 1)


def test_a_setting_of_one_page_edited(digest: Digest) -> None:
    digest.write("tidings.toml", CONFIG + "[lists]\nfront_days = 1\n")
    report = digest.build()
    assert report.counts.parsed == 0
    assert (report.counts.rendered, report.written) == (1, ("index.html",))


def test_a_setting_of_all_pages_edited(digest: Digest) -> None:
    digest.write("tidings.toml", CONFIG.replace("Generated", "Renamed"))
    counts = digest.build().counts
    # Records are known still, and files of the theme.
    assert counts.parsed == 0
    assert counts.planned == digest.first.counts.planned
    # The API says nothing of the site; few pages are made to the same bytes.
    assert counts.written <= counts.rendered <= counts.written + 5
    assert counts.rendered < counts.planned - 2 * counts.records
