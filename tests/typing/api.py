"""What a program that uses tidings may rely on: checked by mypy, never run."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from tidings.engine.build import build
from tidings.engine.report import BuildReport, BuildRequest, Counts, Progress
from tidings.model.diagnostic import Diagnostic


def build_one(folder: Path) -> tuple[bool, int, list[str]]:
    """A build from Python."""

    def show(phase: str, done: int, total: int) -> None:
        del phase, done, total

    progress: Progress = show
    request = BuildRequest(folder, folder / "site", datetime.now(UTC), unpublished=True)
    report: BuildReport = build(request, progress)
    counts: Counts = report.counts
    problems: tuple[Diagnostic, ...] = report.diagnostics
    return report.ok, counts.records, [problem.place.file for problem in problems]
