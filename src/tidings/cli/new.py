"""`tidings new`: a working site to begin with, in a folder of its own."""

from __future__ import annotations

import shlex
from datetime import UTC, datetime
from pathlib import Path

import click


@click.command("new")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def new_command(folder: Path) -> int:
    """Make a site with sample records, settings, and workflows that publish it every hour.

    DIR must not exist, or be empty but for .git. Nothing that is there is ever replaced.

    Exit codes: 0 the site is there; 2 it is not, because of the folder; 70 a bug in tidings.
    """
    from tidings.cli.text import plain, short_path

    try:
        _make_site(folder)
    except OSError as error:
        click.echo(plain(f"tidings: {error.strerror}: {folder}"), err=True)
        return 2
    place = short_path(folder)
    look = f"tidings serve --source {shlex.quote(place)}"
    click.echo(f"A new site is in {place}. Look at it with: {look}")
    click.echo(f"Then say what it is called, and where it will be, in {place}/tidings.toml")
    return 0


def _make_site(folder: Path) -> None:
    from tidings.cli.new_site import site_files
    from tidings.cli.text import plain

    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise click.UsageError(plain(f"{folder} is not a folder"))
    if folder.is_dir() and any(each.name != ".git" for each in folder.iterdir()):
        raise click.UsageError(plain(f"{folder} is not empty"))
    for path, text in site_files(datetime.now(UTC)).items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
