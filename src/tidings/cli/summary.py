"""The table at the end of a build on a terminal: what came in and out, how long it took."""

from __future__ import annotations

import os

from rich.console import Console
from rich.table import Table

from tidings.engine.report import BuildReport


def show_summary(report: BuildReport) -> None:
    """Draw the table on standard error."""
    counts = report.counts
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_column(style="dim")
    table.add_column(justify="right")
    table.add_column(style="dim")
    rows = [
        ("records shown", counts.records, f"of {counts.files} files, {counts.parsed} parsed"),
        *((f"held back, {why}", count, "") for why, count in sorted(counts.held.items())),
        *([("left out", counts.skipped, "because of errors")] if counts.skipped else []),
        ("pages", counts.pages, f"{counts.rendered} rendered"),
        ("written", counts.written, ""),
        ("deleted", counts.deleted, ""),
    ]
    for name, count, remark in rows:
        table.add_row(name, str(count), remark)
    phases = [
        f"{phase} {seconds:.2f}"
        for phase, seconds in report.seconds.items()
        if phase != "total" and seconds >= 0.005
    ]
    if phases:
        table.add_row("seconds", f"{report.seconds.get('total', 0.0):.2f}", ", ".join(phases))
    console = Console(stderr=True, no_color=bool(os.environ.get("NO_COLOR")), highlight=False)
    console.print(table)
