"""`tidings explain`: why a record is or is not on the site, and on which pages."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from tidings.cli.options import clock_option, make_request, site_options


@click.command("explain")
@click.argument("name", metavar="PATH|URL")
@site_options
@clock_option
@click.option(
    "--json", "as_json", is_flag=True, help="Write one JSON object to standard output."
)
def explain_command(
    name: str,
    source: Path,
    output: Path | None,
    base_url: str | None,
    unpublished: bool | None,
    future: bool | None,
    clock: datetime | None,
    as_json: bool,
) -> int:
    """Say why a record is or is not on the site, and on which pages.

    PATH is a record's file, from the current folder or the site's; URL is an address that the
    record has at its outlet. Both may also be those of a page of the site. Nothing is written.

    Exit codes: 0 explained; 2 there is no such record or page, or tidings.toml is at fault;
    70 a bug in tidings.
    """
    from tidings.cli.layout import json_text
    from tidings.cli.progress import watch_progress
    from tidings.engine.explaining import explain

    request = make_request(source, output, base_url, unpublished, future, clock)
    with watch_progress(quiet=as_json) as progress:
        explanation = explain(request, name, progress)
    if as_json:
        click.echo(json_text(explanation), nl=False)
    else:
        from tidings.cli.explain_text import show_explanation

        show_explanation(explanation, name, request.source)
    return explanation.exit_code
