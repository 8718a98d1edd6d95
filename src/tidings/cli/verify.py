"""`tidings verify`: whether the output folder is what a build from nothing would make."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tidings.cli.options import clock_option, make_request, site_options

if TYPE_CHECKING:
    from tidings.engine.verifying import VerifyReport


@click.command("verify")
@site_options
@clock_option
def verify_command(
    source: Path,
    output: Path | None,
    base_url: str | None,
    unpublished: bool | None,
    future: bool | None,
    clock: datetime | None,
) -> int:
    """Build again from nothing, in memory, and compare with the output folder.

    Names the files that differ, are missing, or are left over from earlier builds. Files that
    tidings did not write do not count. Nothing is written. Give the options that the site was
    built with.

    Exit codes: 0 every file is the same, byte by byte; 1 not, or the site cannot be built;
    2 the command line or tidings.toml is at fault; 70 a bug in tidings.
    """
    from tidings.cli.progress import watch_progress
    from tidings.cli.show import show_diagnostics
    from tidings.engine.verifying import verify

    request = make_request(source, output, base_url, unpublished, future, clock)
    with watch_progress(quiet=False) as progress:
        report = verify(request, progress)
    if not report.files:
        show_diagnostics(report.diagnostics, request.source)
    for line in verify_lines(report):
        click.echo(line)
    return report.exit_code


def verify_lines(report: VerifyReport) -> Iterator[str]:
    """Each file that is not as it should be, then how many they are."""
    from tidings.cli.text import number_of, plain, short_path

    place = short_path(report.output) + os.sep
    if not report.files:
        yield "Not compared: the site cannot be built, for the reason above"
        return
    for each in report.differing:
        where = f", line {each.line}" if each.line else ", no plain file"
        yield f"differs    {plain(each.path)}{where}"
    yield from (f"missing    {plain(path)}" for path in report.missing)
    yield from (f"left over  {plain(path)}" for path in report.left_over)
    if not report.listed:
        yield f"There is no list of what tidings wrote to {place}: nothing counts as left over"
    files = number_of(report.files, "file")
    if report.exit_code == 0:
        yield f"{files}: {place} is what a build from nothing makes"
        return
    counts = (
        (len(report.differing), "differ"),
        (len(report.missing), "missing"),
        (len(report.left_over), "left over"),
    )
    found = ", ".join(f"{count} {name}" for count, name in counts if count)
    yield f"{files}, {found}: {place} is not what a build from nothing makes"
    yield "  hint: tidings build --clean"
