"""What a build says to people: problems, notes, and how it ended.

Problems go to standard error, notes and the closing line to standard output.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from tidings.cli.annotations import annotation
from tidings.cli.text import instant_text, number_of, plain, short_path
from tidings.engine.report import BuildReport
from tidings.model.diagnostic import Diagnostic, Severity

COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}


def show_report(report: BuildReport, source: Path, on_terminal: bool) -> None:
    """Say how a build ended; `on_terminal` is whether standard error is one."""
    show_diagnostics(report.diagnostics, source)
    if on_terminal and report.ok:
        from tidings.cli.summary import show_summary

        show_summary(report)
    for note in report.notes:
        click.echo(plain(note))
    if report.ok and report.next_change is not None:
        click.echo(
            f"The site changes by itself at {instant_text(report.next_change)}: build then"
        )
    click.echo(closing_line(report))


def show_diagnostics(diagnostics: Iterable[Diagnostic], source: Path) -> None:
    """Say each problem once, in the form that the reader of standard error understands."""
    for problem in diagnostics:
        if os.environ.get("GITHUB_ACTIONS") == "true":
            click.echo(annotation(problem, source), err=True)
        for line in diagnostic_lines(problem):
            click.echo(line, err=True, color=_colour())


def diagnostic_lines(problem: Diagnostic) -> Iterator[str]:
    """One problem in one or two lines, coloured; click strips the colours for pipes."""
    place = plain(problem.place.file)
    if problem.place.line:
        place += f":{problem.place.line}"
        if problem.place.column:
            place += f":{problem.place.column}"
    mark = click.style(
        f"{problem.severity}[{problem.code}]", fg=COLOURS[problem.severity], bold=True
    )
    yield f"{place}: {mark}: {plain(problem.message)}"
    if problem.hint:
        yield f"  {click.style('hint', fg='cyan')}: {plain(problem.hint)}"


def closing_line(report: BuildReport) -> str:
    """How the build ended, in one line."""
    place = short_path(report.output) + os.sep
    seconds = f"{report.seconds.get('total', 0.0):.1f} s"
    found = problem_counts(report.diagnostics)
    if not report.ok and report.written:
        return f"Broken off, {found}: {place} holds part of the new site; build again"
    if not report.ok:
        return f"Not built, {found or 'for the reason above'}: {place} is as it was"
    counts = report.counts
    head = f"{number_of(counts.records, 'record')}, {number_of(counts.pages, 'page')}"
    if counts.skipped:
        head += f", {number_of(counts.skipped, 'record')} left out because of errors"
    changed = f"{counts.written} written, {counts.deleted} deleted"
    if not counts.written and not counts.deleted:
        changed = "nothing changed"
    tail = f" ({found})" if found else ""
    return f"{head}: {changed} in {seconds} ({place}){tail}"


def problem_counts(diagnostics: Iterable[Diagnostic]) -> str:
    """ "2 errors, 1 warning"; empty without either."""
    counts = Counter(problem.severity for problem in diagnostics)
    kinds = ((Severity.ERROR, "error"), (Severity.WARNING, "warning"))
    return ", ".join(number_of(counts[kind], name) for kind, name in kinds if counts[kind])


def _colour() -> bool | None:
    """False where the user wants no colours; None leaves it to what the stream is."""
    return False if os.environ.get("NO_COLOR") else None
