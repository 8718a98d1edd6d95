"""Lighthouse gives full marks to the pages that readers open most."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from urllib.parse import quote

import pytest
from conftest import CHROMIUM, made_site, package, pages_by_kind, serving

CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
ATTEMPTS = 3
"""Performance is measured by the clock, and a busy machine must not fail a good page."""
LEAST_PERFORMANCE = 90
"""Below this no noise explains the score. What it is on a quiet machine: docs/design.md."""
COUNTED = ("cumulative-layout-shift", "total-byte-weight", "dom-size", "unused-javascript")
"""Audits of performance that no clock enters: these must be perfect on every machine."""


@pytest.mark.parametrize("kind", ["front", "day", "topic", "article"])
def test_full_marks(kind: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    lighthouse = package("lighthouse/cli/index.js")
    folder = made_site("sample", tmp_path_factory)
    (path,) = pages_by_kind(folder, 1)[kind]
    best: dict[str, float] = {}
    weak: list[str] = []
    counted: dict[str, float | None] = {}
    with serving(folder) as address:
        for _ in range(ATTEMPTS):
            report = ask(lighthouse, address + quote(path), tmp_path_factory.mktemp("report"))
            weak = weaknesses(report)
            counted = {name: report["audits"][name]["score"] for name in COUNTED}
            for category in CATEGORIES:
                score = 100 * (report["categories"][category]["score"] or 0)
                best[category] = max(score, best.get(category, 0))
            if min(best.values()) == 100:
                break
    performance = best.pop("performance")
    assert best == dict.fromkeys(CATEGORIES[1:], 100), weak
    assert counted == dict.fromkeys(COUNTED, 1), weak
    assert performance >= LEAST_PERFORMANCE, weak
    print(f"performance of the {kind} page: {performance:.0f} of 100")  # noqa: T201


def ask(lighthouse: Path, url: str, folder: Path) -> dict[str, dict[str, dict[str, float]]]:
    """Lighthouse's report on the page, as a phone on a slow line sees it."""
    output = folder / "report.json"
    command = ["node", str(lighthouse), url, "--quiet", "--output=json"]
    command += [f"--output-path={output}", f"--only-categories={','.join(CATEGORIES)}"]
    command += ["--chrome-flags=--headless=new --no-sandbox --disable-gpu"]
    environment = {**os.environ, "CHROME_PATH": CHROMIUM}
    subprocess.run(command, check=True, capture_output=True, env=environment)
    return dict(json.loads(output.read_text("utf-8")))


def weaknesses(report: dict[str, dict[str, dict[str, float]]]) -> list[str]:
    """The audits that did not get full marks."""
    return sorted(
        f"{name}: {audit['score']}"
        for name, audit in report["audits"].items()
        if audit.get("score") is not None and audit["score"] < 1
    )
