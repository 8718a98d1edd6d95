"""`tidings newsletter`: the digest as an e-mail, in three files."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tidings.cli.options import clock_option, input_options, make_request, parse_instant

if TYPE_CHECKING:
    from tidings.engine.mailing import MailReport


def _parse_day(_ctx: click.Context, _param: click.Parameter, value: str | None) -> date | None:
    """The day that an ISO 8601 text names; of a week alone its Monday."""
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        problem = f"{value!r} is neither a day such as 2024-10-07 nor a week such as 2024-W41"
        raise click.BadParameter(problem) from None


@click.command("newsletter")
@input_options
@clock_option
@click.option("--day", callback=_parse_day, metavar="DAY", help="Tell of this day: 2024-10-07.")
@click.option(
    "--week",
    callback=_parse_day,
    metavar="WEEK",
    help="Tell of this week, Monday to Sunday: 2024-W41, or any day of it.",
)
@click.option(
    "--since",
    callback=parse_instant,
    metavar="INSTANT",
    help="Tell of all that was published from then (ISO 8601, UTC without an offset) to now.",
)
@click.option("--topic", metavar="TOPIC", default="", help="Only this topic: its name or slug.")
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Where the files are written. By default newsletter/ in the site's folder.",
)
@click.option(
    "--json", "as_json", is_flag=True, help="Write one JSON object to standard output."
)
def newsletter_command(
    source: Path,
    base_url: str | None,
    unpublished: bool | None,
    future: bool | None,
    clock: datetime | None,
    day: date | None,
    week: date | None,
    since: datetime | None,
    topic: str,
    output: Path | None,
    as_json: bool,
) -> int:
    """Write the digest as an e-mail: .html, .txt, and .eml ready to be sent.

    Without --day, --week or --since it tells of the last day that is over, or of the last week
    where tidings.toml says so. Nothing is sent, and the site itself is not built.

    Exit codes: 0 the files are written; 1 there is no story to tell, or a template is at fault;
    2 the command line, tidings.toml or the folder is at fault; 70 a bug in tidings.
    """
    if sum(each is not None for each in (day, week, since)) > 1:
        raise click.UsageError("give only one of --day, --week and --since")
    from tidings.cli.layout import json_text
    from tidings.cli.progress import watch_progress
    from tidings.cli.show import show_diagnostics
    from tidings.engine.mailing import MailRequest
    from tidings.engine.newsletter import make_newsletter

    site = make_request(source, None, base_url, unpublished, future, clock)
    folder = output.absolute() if output else site.source / "newsletter"
    request = MailRequest(site, folder, day, week, since, topic)
    with watch_progress(quiet=as_json) as progress:
        report = make_newsletter(request, progress)
    if as_json:
        click.echo(json_text(report), nl=False)
    else:
        show_diagnostics(report.diagnostics, site.source)
        for line in newsletter_lines(report):
            click.echo(line)
    return report.exit_code


def newsletter_lines(report: MailReport) -> Iterator[str]:
    """The files, and what is in them."""
    from tidings.cli.text import number_of, plain, short_path

    if not report.ok:
        yield "No newsletter: nothing was written, for the reason above"
        return
    for file in report.files:
        yield short_path(Path(file))
    told = number_of(report.shown, "story", "stories")
    if report.shown < report.stories:
        told = f"{report.shown} of {report.stories} stories"
    yield f"{plain(report.subject)}: {told}, {report.html_bytes:,} bytes of HTML"
