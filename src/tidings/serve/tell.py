"""What a preview says in the terminal: plain lines about builds and their problems.

Reads build reports; `run` passes the lines on to whoever called it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from tidings.engine.report import BuildReport
from tidings.model.diagnostic import Diagnostic, Severity
from tidings.serve.answer import where

MOST = 20
"""Problems said at once; more would only scroll the first ones away."""


def change_line(paths: Sequence[Path], folder: Path) -> str:
    """What was saved, in one line, named from the site's folder."""
    first = paths[0].relative_to(folder) if paths[0].is_relative_to(folder) else paths[0]
    more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
    return f"Changed: {first.as_posix()}{more}"


def report_lines(report: BuildReport, before: BuildReport | None) -> list[str]:
    """What a build did, and what is wrong: errors each time, the rest once when it is new."""
    known = set(before.diagnostics) if before else set()
    problems = [
        found
        for found in report.diagnostics
        if found.severity is Severity.ERROR
        or (found not in known and found.severity is Severity.WARNING)
    ]
    notes = [note for note in report.notes if before is None or note not in before.notes]
    return [*_problem_lines(problems), *notes, _summary(report)]


def problem_line(problem: Diagnostic) -> str:
    """One problem in one line: place, severity, message, code and hint."""
    hint = f" ({problem.hint})" if problem.hint else ""
    return f"{where(problem)}: {problem.severity}: {problem.message} [{problem.code}]{hint}"


def _problem_lines(problems: Sequence[Diagnostic]) -> Iterable[str]:
    """The first problems, and how many more there are."""
    yield from map(problem_line, problems[:MOST])
    if len(problems) > MOST:
        yield f"… and {len(problems) - MOST} more; `tidings check` lists them all"


def _summary(report: BuildReport) -> str:
    """The last line: what the build has made of the site."""
    if not report.ok:
        return "The build failed; the site is as it was."
    counts, total = report.counts, report.seconds.get("total", 0.0)
    if not counts.written and not counts.deleted:
        return f"Nothing to write, {counts.pages} files are current ({total:.2f} s)."
    deleted = f", deleted {counts.deleted}" if counts.deleted else ""
    return f"Wrote {counts.written} of {counts.pages} files{deleted} ({total:.2f} s)."
