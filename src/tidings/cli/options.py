"""Options that several commands share, and the build request that they make."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from tidings.engine.report import BuildRequest

Command = Callable[..., Any]
Option = Callable[[Command], Command]


def _base_url(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    """The address with its closing slash, checked by the rules of `tidings.toml`."""
    if value is None:
        return None
    from tidings.sources.config_values import check_base_url

    url, problem, hint = check_base_url(value)
    if problem:
        raise click.BadParameter(f"{problem}; {hint}")
    return url


_SOURCE = click.option(
    "--source",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=".",
    metavar="DIR",
    help="The site's folder: it holds content/. By default the current folder.",
)
_OUTPUT = click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Where the site is written. By default site/ in the site's folder.",
)
_CHOICES = (
    click.option(
        "--base-url",
        callback=_base_url,
        metavar="URL",
        help="Where the site will be reached; instead of base_url in tidings.toml.",
    ),
    click.option(
        "--unpublished/--no-unpublished",
        default=None,
        help="Show records with `published: false` too.",
    ),
    click.option(
        "--future/--no-future",
        default=None,
        help="Show records dated after the build's clock too.",
    ),
)


def site_options(command: Command) -> Command:
    """Give a command the options that say which site to build, where to, and with what."""
    return _give(command, (_SOURCE, _OUTPUT, *_CHOICES))


def input_options(command: Command) -> Command:
    """Give a command the same options without the one that says where to."""
    return _give(command, (_SOURCE, *_CHOICES))


def _give(command: Command, options: tuple[Option, ...]) -> Command:
    for option in reversed(options):
        command = option(command)
    return command


def clock_option(command: Command) -> Command:
    """Give a command that only looks at the site the option that says at which time."""
    return click.option(
        "--clock",
        callback=parse_instant,
        metavar="INSTANT",
        help="Look as if it were this time (ISO 8601, UTC without an offset). By default now.",
    )(command)


def parse_instant(
    _ctx: click.Context, _param: click.Parameter, value: str | None
) -> datetime | None:
    """The UTC instant that an ISO 8601 text names; without an offset it is meant as UTC."""
    if value is None:
        return None
    try:
        given = datetime.fromisoformat(value)
        instant = given.replace(tzinfo=given.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        problem = f"{value!r} is not an instant such as 2024-10-07T12:00:00Z"
        raise click.BadParameter(problem) from None
    from tidings.sources.fields import YEARS

    # Those that records can have; days before and after them can be reckoned.
    if instant.year not in YEARS:
        raise click.BadParameter(f"{value!r} is not in the years {YEARS[0]} to {YEARS[-1]}")
    return instant


def make_request(
    source: Path,
    output: Path | None,
    base_url: str | None,
    unpublished: bool | None,
    future: bool | None,
    clock: datetime | None = None,
) -> BuildRequest:
    """A build request with absolute paths; its clock is the present if none is given."""
    root = _absolute(source)
    return BuildRequest(
        source=root,
        output=_absolute(output) if output else root / "site",
        clock=clock or datetime.now(UTC),
        base_url=base_url,
        unpublished=unpublished,
        future=future,
    )


def _absolute(path: Path) -> Path:
    """The path from the root, without `..`; links stay, since messages name what users know."""
    return Path(os.path.abspath(path))  # noqa: PTH100 - `resolve` would follow links.
