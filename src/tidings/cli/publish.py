"""`tidings publish`: a fresh production build, taken to where the public reads it."""

from __future__ import annotations

import gc
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from tidings.cli.options import input_options, make_request, parse_instant

if TYPE_CHECKING:
    from collections.abc import Callable

    from tidings.publish.changes import Change


@click.command("publish")
@click.argument("target", default="", metavar="[TARGET]")
@input_options
@click.option(
    "--clock",
    callback=parse_instant,
    metavar="INSTANT",
    help="Build as if it were this time (ISO 8601, UTC without an offset). By default now.",
)
@click.option("--strict", is_flag=True, help="Publish nothing where there is any warning.")
@click.option("--clean", is_flag=True, help="Trust nothing that earlier builds left.")
@click.option("--dry-run", is_flag=True, help="Say what would be done; change nothing there.")
@click.option(
    "--yes", is_flag=True, help="Remove and replace whatever it takes, without a question."
)
@click.option(
    "--verify", is_flag=True, help="Read a sample of addresses back from the public site."
)
@click.option(
    "--rollback", is_flag=True, help="Show the release before the present one; build nothing."
)
@click.option(
    "--break-lock", is_flag=True, help="Go on where a publish that was cut off left its lock."
)
@click.option("--allow-unpublished", is_flag=True, help="Publish unpublished records too.")
@click.option("--allow-future", is_flag=True, help="Publish records of the future too.")
@click.option(
    "--allow-base-url",
    is_flag=True,
    help="Publish although base_url names this machine or an example.",
)
@click.option(
    "--json", "as_json", is_flag=True, help="Write one JSON object to standard output."
)
def publish_command(
    target: str,
    source: Path,
    base_url: str | None,
    unpublished: bool | None,
    future: bool | None,
    clock: datetime | None,
    strict: bool,
    clean: bool,
    dry_run: bool,
    yes: bool,
    verify: bool,
    rollback: bool,
    break_lock: bool,
    allow_unpublished: bool,
    allow_future: bool,
    allow_base_url: bool,
    as_json: bool,
) -> int:
    """Build the site anew and take what has changed to a target.

    TARGET is the name of a table [publish.NAME] in tidings.toml; it may be left out where there
    is only one. Only what an earlier publish took there is ever deleted. A publish that was cut
    off leaves a whole site; the same command goes on.

    Exit codes: 0 the target holds the site; 1 it does not, because of the content, or because
    more would be removed or shown than is allowed (with --verify also: the public site shows
    something else); 2 the command line, tidings.toml or the target is at fault; 70 a bug in
    tidings.
    """
    from tidings.cli.progress import watch_progress
    from tidings.publish.report import PublishRequest, Surroundings
    from tidings.publish.run import publish

    gc.enable()  # Off since the process began; see `console`.

    if rollback and (dry_run or verify):
        raise click.UsageError("--rollback goes with neither --dry-run nor --verify")
    request = PublishRequest(
        build=msgspec.structs.replace(
            make_request(source, None, base_url, unpublished, future, clock),
            strict=strict,
            clean=clean,
        ),
        target=target,
        dry_run=dry_run,
        yes=yes,
        verify=verify,
        rollback=rollback,
        break_lock=break_lock,
        allow_unpublished=allow_unpublished,
        allow_future=allow_future,
        allow_base_url=allow_base_url,
    )
    with watch_progress(quiet=as_json) as progress:
        around = Surroundings(
            ask=_asker(as_json), show=None if as_json else _show_changes, progress=progress
        )
        report = publish(request, around)
    if as_json:
        from tidings.cli.publish_json import encode_publish

        click.echo(encode_publish(report), nl=False)
    else:
        from tidings.cli.publish_text import show_publish

        show_publish(report, request.build.source)
    return report.exit_code


def _show_changes(changes: tuple[Change, ...]) -> None:
    """Say what will change, by kind."""
    from tidings.cli.publish_text import kind_lines

    for line in kind_lines(changes):
        click.echo(line)


def _asker(as_json: bool) -> Callable[[str], bool] | None:
    """How to ask the user; None where nobody reads questions."""
    if as_json or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return None
    from tidings.cli.text import plain

    return lambda question: click.confirm(plain(question), default=False, err=True)
