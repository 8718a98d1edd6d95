"""The command line: the outermost layer, which alone reads the clock and ends the process.

Each command has a module of its own, which is imported only when that command is asked for.
"""

from __future__ import annotations

import atexit
import errno
import gc
import importlib
import os
import sys
import threading
from collections.abc import Sequence
from typing import NoReturn

import click

from tidings import __version__

COMMANDS = {
    "new": "new_command",
    "build": "build_command",
    "serve": "serve_command",
    "publish": "publish_command",
    "newsletter": "newsletter_command",
    "check": "check_command",
    "explain": "explain_command",
    "verify": "verify_command",
}
"""Command names, with the name of the command in the module `tidings.cli.<command>`."""

USAGE, BUG, INTERRUPTED = 2, 70, 130
REFUSED = {
    *(errno.EACCES, errno.EPERM, errno.EROFS, errno.ENAMETOOLONG),
    *(errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE, errno.EIO),
}
"""What the machine refuses is no bug of ours."""


class _Commands(click.Group):
    """A group that imports a command when it is asked for, so that `--version` is quick."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """The names of all commands."""
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name; None when there is none."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"tidings.cli.{cmd_name}")
        command = getattr(module, COMMANDS[cmd_name])
        assert isinstance(command, click.Command)
        return command

    def invoke(self, ctx: click.Context) -> None:
        """Run the command and leave with the exit code that it returns."""
        try:
            code = super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception as error:  # noqa: BLE001 - the last place to say it in plain words.
            code = _failed(error, ctx.params["debug"])
        ctx.exit(code)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="tidings", message="%(prog)s %(version)s")
@click.option(
    "--debug",
    is_flag=True,
    envvar="TIDINGS_DEBUG",
    help="Show the whole traceback of a bug in tidings.",
)
def commands(debug: bool) -> None:
    """Turn a folder of news records into a finished topic news digest.

    A command that Ctrl-C cuts off ends with the exit code 130; run again, it goes on.
    """


def main(args: Sequence[str] | None = None, left: list[object] | None = None) -> NoReturn:
    """Run one command and end the process with its exit code.

    Into `left` go values that nobody needs to take apart, because the process ends next.
    """
    _open_missing_streams()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A terminal that knows few letters must not stop a build.
            stream.reconfigure(errors="backslashreplace")
    try:
        code = commands.main(args, prog_name="tidings", standalone_mode=False, obj=left)
    except click.Abort:
        code = INTERRUPTED
    except click.ClickException as problem:
        problem.show()
        code = problem.exit_code
    except OSError as error:  # Help that nobody can be told.
        code = _failed(error, debug=False)
    sys.exit(code)


def console() -> NoReturn:
    """Run one command, as `main` does, for a process that is there for nothing else.

    A large site's values are left for the system to take back at once: Python would let go of
    them one by one. What was registered for the end is done as ever.
    """
    # Imports and a site's values stay: looking for cycles among them finds none. Commands that
    # go on for long look again.
    gc.disable()
    left: list[object] = []
    try:
        main(left=left)
    except SystemExit as end:
        # Other threads, and a stream that nobody reads any more, are Python's to end with.
        if not isinstance(end.code, int) or threading.active_count() > 1:
            raise
        atexit._run_exitfuncs()
        try:
            for stream in filter(None, (sys.stdout, sys.stderr)):
                stream.flush()
        except (OSError, ValueError):
            raise end from None
        os._exit(end.code)


def _open_missing_streams() -> None:
    """See to it that there are three streams, also where the process was started without.

    Otherwise the first file that is opened gets a missing one's number, and with it whatever a
    library or another program says there.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123


def _failed(error: Exception, debug: bool) -> int:
    """Say what went wrong that no command foresaw; the exit code."""
    from tidings.cli.text import plain

    if debug:
        import traceback

        traceback.print_exception(error)
    if isinstance(error, OSError) and error.errno in REFUSED:
        place = f": {os.fsdecode(error.filename)}" if error.filename else ""
        click.echo(plain(f"tidings: {error.strerror}{place}"), err=True)
        return USAGE
    found = plain(f"{type(error).__name__}: {error}")
    click.echo(
        f"tidings: this is a bug in tidings: {found}\n"
        "  please report it, with your command and all that `tidings --debug` prints for it",
        err=True,
    )
    return BUG
