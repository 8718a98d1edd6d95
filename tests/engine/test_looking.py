"""Commands that look at a site run the steps of a build, and know all rules by name."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from tidings.engine.build import build
from tidings.engine.checking import RULES, check
from tidings.engine.report import BuildRequest
from tidings.engine.verifying import verify

RECORD = """\
---
title: {title}
publishedDateTime: 2024-01-01T10:00:00Z
webUrl: https://outlet.example/{title}
published: {published}
---
"""


def request(folder: Path) -> BuildRequest:
    """A request for a site with one shown record, one held back and one with an error."""
    news = folder / "site/content/news"
    news.mkdir(parents=True)
    (news / "a.md").write_text(RECORD.format(title="a", published="true"))
    (news / "b.md").write_text(RECORD.format(title="b", published="false"))
    (news / "c.md").write_text(RECORD.format(title="c", published="maybe"))
    return BuildRequest(folder / "site", folder / "out", datetime(2025, 1, 1, tzinfo=UTC))


def test_a_check_counts_and_tells_what_a_build_does(tmp_path: Path) -> None:
    wanted = request(tmp_path)
    checked, built = check(wanted), build(wanted)
    assert checked.diagnostics == built.diagnostics
    assert checked.held == built.counts.held == {"unpublished": 1}
    assert (checked.files, checked.shown, checked.skipped) == (3, 1, 1)
    assert checked.records == 2


def test_verifying_compares_every_file_of_a_build(tmp_path: Path) -> None:
    wanted = request(tmp_path)
    built, verified = build(wanted), verify(wanted)
    assert verified.exit_code == 0
    assert verified.files == built.counts.pages


def test_rules_have_names_of_their_own_and_say_what_they_mean() -> None:
    codes = [rule.code for rule in RULES]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", code) for code in codes)
    assert all(rule.meaning.endswith(".") and rule.result.endswith(".") for rule in RULES)
