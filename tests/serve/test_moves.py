"""Where open pages are led when the address of what they show has changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tidings.engine.report import BuildReport, Counts
from tidings.model.diagnostic import Diagnostic, Place, Severity
from tidings.output.manifest import VERSION
from tidings.serve.edition import Edition, edition_of
from tidings.serve.moves import find_moves

PROBLEM = Diagnostic(
    "front-matter", Severity.ERROR, "not closed", Place("content/news/a.md", 3)
)
SMILE, GRIN, LAUGH = "/2020/11/17/smile/", "/2020/11/17/grin/", "/2020/11/17/laugh/"
OTHER = "/2020/12/14/city/"


def after_builds(output: Path, *builds: set[str], broken: tuple[int, ...] = ()) -> Edition:
    """The last edition after builds that left these pages, those at `broken` with a problem."""
    edition = None
    for number, pages in enumerate(builds):
        files: dict[str, Any] = {
            f"{page[1:]}index.html": {"key": "", "digest": "", "size": 0} for page in pages
        }
        manifest = output / ".tidings/manifest.json"
        manifest.parent.mkdir(parents=True, exist_ok=True)
        manifest.write_text(json.dumps({"version": VERSION, "files": files}), encoding="utf-8")
        problems = (PROBLEM,) if number in broken else ()
        report = BuildReport(ok=True, output=output, counts=Counts(), diagnostics=problems)
        edition = edition_of(report, "/", edition)
    assert edition
    return edition


def test_a_new_title_leads_to_the_new_address(tmp_path: Path):
    assert after_builds(tmp_path, {SMILE, OTHER}, {GRIN, OTHER}).moves == {SMILE: GRIN}


def test_a_new_date_leads_to_the_new_address(tmp_path: Path):
    later = "/2020/11/18/smile/"
    days = "/2020/11/17/", "/2020/11/18/"
    moves = after_builds(tmp_path, {SMILE, OTHER, days[0]}, {later, OTHER, days[1]}).moves
    assert moves[SMILE] == later


def test_all_earlier_addresses_lead_to_the_last_one(tmp_path: Path):
    assert after_builds(tmp_path, {SMILE}, {GRIN}, {LAUGH}).moves == {SMILE: LAUGH, GRIN: LAUGH}


def test_an_address_that_is_used_again_leads_nowhere_else(tmp_path: Path):
    assert after_builds(tmp_path, {SMILE}, {GRIN}, {SMILE}).moves == {GRIN: SMILE}


def test_a_record_that_was_broken_meanwhile_is_still_followed(tmp_path: Path):
    assert after_builds(tmp_path, {SMILE}, set(), {GRIN}, broken=(1,)).moves == {SMILE: GRIN}


def test_a_record_that_moved_while_another_was_broken_is_in_nobodys_way(tmp_path: Path):
    other = "/2020/11/17/weep/"
    edition = after_builds(tmp_path, {SMILE, LAUGH}, {GRIN, LAUGH}, {GRIN, other}, broken=(1,))
    assert edition.moves == {SMILE: GRIN, LAUGH: other}


def test_a_record_that_was_removed_before_another_came_is_not_followed(tmp_path: Path):
    assert after_builds(tmp_path, {SMILE}, set(), {GRIN}).moves == {}


@pytest.mark.parametrize(
    ("gone", "came"),
    [
        ({SMILE, GRIN}, {LAUGH}),
        ({SMILE}, {GRIN, LAUGH}),
        ({SMILE}, {"/2020/11/18/grin/"}),
        ({SMILE}, set()),
    ],
)
def test_where_it_could_be_another_nothing_is_guessed(gone, came):
    assert find_moves(frozenset(gone), frozenset(came)) == {}
