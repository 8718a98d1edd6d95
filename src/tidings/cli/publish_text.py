"""What a publish says to people: problems, what changes by kind, and how it ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import click

from tidings.cli.show import problem_counts, show_diagnostics
from tidings.cli.text import number_of, plain
from tidings.publish.changes import Change
from tidings.publish.report import PublishReport
from tidings.publish.target import Kind

MARKS = {"new": "+", "changed": "~", "deleted": "-", "retired": "."}


def show_publish(report: PublishReport, source: Path) -> None:
    """Say how a publish ended; of a dry run, also each file with its reason."""
    if report.build is not None:
        show_diagnostics(report.build.diagnostics, source)
        for note in report.build.notes:
            click.echo(plain(note))
    show_diagnostics(report.diagnostics, source)
    if report.dry_run and report.ok:
        for line in change_lines(report.changes):
            click.echo(line)
    for note in report.notes:
        click.echo(plain(note))
    click.echo(plain(closing_line(report)))


def change_lines(changes: tuple[Change, ...]) -> Iterator[str]:
    """Each kind with its counts and bytes, and below it each file with the reason."""
    for kind, group in groupby(changes, key=lambda change: change.kind):
        members = tuple(group)
        yield _kind_line(kind, members)
        for change in members:
            yield plain(f"  {MARKS[change.what]} {change.path}  ({change.reason})")


def kind_lines(changes: tuple[Change, ...]) -> Iterator[str]:
    """Each kind with its counts and bytes."""
    for kind, group in groupby(changes, key=lambda change: change.kind):
        yield _kind_line(kind, tuple(group))


def _kind_line(kind: Kind, members: tuple[Change, ...]) -> str:
    sent = sum(change.size for change in members)
    tail = f", {format_bytes(sent)}" if sent else ""
    return f"{kind}: {number_of(len(members), 'file')}{tail}"


def closing_line(report: PublishReport) -> str:
    """How the publish ended, in one line."""
    place = f"{report.target} ({report.label})" if report.label else report.target
    found = problem_counts(report.diagnostics)
    if not report.ok and report.release:
        return f"Published to {place}, {found}"
    if not report.ok:
        if report.build is not None and not report.build.ok:
            found = problem_counts(report.build.diagnostics)
        return f"Not published, {found or 'for the reason above'}"
    if report.build is None:
        return f"Rolled back: {place} shows {report.release}"
    seconds = f"{report.seconds.get('total', 0.0):.1f} s"
    tail = f" ({found})" if found else ""
    counts = counts_of(report.changes)
    if report.dry_run:
        return f"Would publish to {place}: {counts}{tail}"
    if not report.release:
        return f"Nothing to do for {place} in {seconds}{tail}"
    return f"Published to {place}: {counts} in {seconds}{tail}"


def counts_of(changes: tuple[Change, ...]) -> str:
    """ "12 new, 3 changed, 1 deleted, 1.2 MB"; "nothing" without any."""
    counts = Counter(change.what for change in changes)
    parts = [f"{counts[what]} {what}" for what in ("new", "changed", "deleted") if counts[what]]
    sent = sum(change.size for change in changes)
    return ", ".join([*parts, *([format_bytes(sent)] if sent else [])]) or "nothing"


def format_bytes(size: int) -> str:
    """A number of bytes in the largest unit that it fills: "1.2 MB"."""
    amount = float(size)
    for unit in ("B", "kB", "MB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} GB"
