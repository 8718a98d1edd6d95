"""`tidings check`: the data-quality report."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click
import msgspec

from tidings.cli.options import clock_option, make_request, site_options


@click.command("check")
@site_options
@clock_option
@click.option("--strict", is_flag=True, help="Exit with 1 where there is any warning too.")
@click.option(
    "--json", "as_json", is_flag=True, help="Write one JSON object to standard output."
)
def check_command(
    source: Path,
    output: Path | None,
    base_url: str | None,
    unpublished: bool | None,
    future: bool | None,
    clock: datetime | None,
    strict: bool,
    as_json: bool,
) -> int:
    """Report on the quality of the records, by rule and by provider.

    Counts what was repaired, what is odd and what is wrong. Nothing is written.

    Exit codes: 0 fine; 1 a file has an error (with --strict also where there is any warning);
    2 the command line or tidings.toml is at fault; 70 a bug in tidings.
    """
    from tidings.cli.layout import json_text
    from tidings.cli.progress import watch_progress
    from tidings.engine.checking import check

    request = msgspec.structs.replace(
        make_request(source, output, base_url, unpublished, future, clock), strict=strict
    )
    with watch_progress(quiet=as_json) as progress:
        report = check(request, progress)
    if as_json:
        click.echo(json_text(report), nl=False)
    else:
        from tidings.cli.check_text import show_check

        show_check(report, request.source)
    return report.exit_code
