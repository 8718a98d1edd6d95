"""`tidings build`: one build, and what it had to say."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import click
import msgspec

from tidings.cli.options import make_request, parse_instant, site_options


@click.command("build")
@site_options
@click.option(
    "--clock",
    callback=parse_instant,
    metavar="INSTANT",
    help="Build as if it were this time (ISO 8601, UTC without an offset). By default now.",
)
@click.option(
    "--jobs",
    type=click.IntRange(0),
    default=0,
    metavar="N",
    help="Worker processes on this machine. By default as many as it has cores.",
)
@click.option(
    "--executor",
    type=click.Choice(["local", "dask"]),
    default="local",
    help="Who does the work: this machine, or the workers of a Dask cluster.",
)
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="The scheduler of the Dask cluster: tcp://HOST:PORT.",
)
@click.option(
    "--strict",
    is_flag=True,
    help="Fail, and leave the site as it was, where there is any error or warning.",
)
@click.option(
    "--clean",
    is_flag=True,
    help="Trust nothing that earlier builds left; make every page anew.",
)
@click.option(
    "--json", "as_json", is_flag=True, help="Write one JSON object to standard output."
)
@click.pass_obj
def build_command(
    left: list[object] | None,
    source: Path,
    output: Path | None,
    base_url: str | None,
    unpublished: bool | None,
    future: bool | None,
    clock: datetime | None,
    jobs: int,
    executor: str,
    scheduler: str | None,
    strict: bool,
    clean: bool,
    as_json: bool,
) -> int:
    """Build the site.

    Exit codes: 0 the site is built; 1 it is not, because of the content (with --strict also
    because of any warning); 2 the command line, tidings.toml or the output folder is at fault;
    70 a bug in tidings.
    """
    if (executor == "dask") != (scheduler is not None):
        raise click.UsageError("--executor dask and --scheduler ADDRESS belong together")
    from tidings.cli.progress import watch_progress
    from tidings.engine.build import build

    request = msgspec.structs.replace(
        make_request(source, output, base_url, unpublished, future, clock),
        jobs=jobs,
        scheduler=scheduler,
        strict=strict,
        clean=clean,
    )
    with watch_progress(quiet=as_json) as progress:
        report = build(request, progress, left=left)
    if as_json:
        from tidings.cli.build_json import encode_report

        click.echo(encode_report(report), nl=False)
    else:
        from tidings.cli.show import show_report

        show_report(report, request.source, sys.stderr.isatty())
    return report.exit_code
