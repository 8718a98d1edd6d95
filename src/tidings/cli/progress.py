"""How far a build is: bars on a terminal, nothing in a pipe but word of a wait."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from tidings.engine.report import Progress, no_progress

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress
    from rich.progress import Task, TaskID

PATIENCE = 0.3
"""Seconds that a build may take before bars are worth their import."""
WAIT = "wait"
"""How the phase begins in which a build waits for another to leave the output folder."""
WAITING = "Another build is writing to this folder; waiting for it to end."
WAITING_TO_PUBLISH = "Another publish to this target is going on; waiting for it to end."
BYTES = frozenset(("upload",))
"""Phases whose progress counts bytes."""


@contextlib.contextmanager
def watch_progress(quiet: bool) -> Iterator[Progress]:
    """The progress to hand to a build; what it shows is gone when the block ends."""
    if quiet:
        yield no_progress
    elif sys.stderr.isatty():
        with _Bars() as bars:
            yield bars.show
    else:
        yield _plain_progress


def _plain_progress(phase: str, done: int, _total: int) -> None:
    """Say only what explains a pause."""
    if phase.startswith(WAIT) and done == 0:
        click.echo(WAITING_TO_PUBLISH if "publish" in phase else WAITING, err=True)


class _Bars(contextlib.ExitStack):
    """One bar for each phase, from the moment that the build turns out to be a long one."""

    def __init__(self) -> None:
        super().__init__()
        self._start = time.monotonic()
        self._tasks: dict[str, TaskID] = {}

    def show(self, phase: str, done: int, total: int) -> None:
        """Draw the phase's bar as far as it has come."""
        if phase.startswith(WAIT):
            _plain_progress(phase, done, total)
        elif time.monotonic() - self._start > PATIENCE:
            task = self._tasks.get(phase)
            if task is None:
                task = self._tasks[phase] = self._progress.add_task(phase, total=total or None)
            self._progress.update(task, completed=done, total=total or None)

    @property
    def _progress(self) -> RichProgress:
        if not hasattr(self, "_rich"):
            self._rich = self.enter_context(_rich_progress())
        return self._rich


def _rich_progress() -> RichProgress:
    """Bars on standard error that vanish at the end."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        TextColumn,
    )
    from rich.text import Text

    class Amount(ProgressColumn):
        """What is done of all: bytes where bytes are counted, things everywhere else."""

        def __init__(self) -> None:
            super().__init__()
            self._bytes, self._things = DownloadColumn(), MofNCompleteColumn()

        def render(self, task: Task) -> Text:
            column = self._bytes if task.description in BYTES else self._things
            return column.render(task)

    return Progress(
        TextColumn("{task.description:>8}"),
        BarColumn(),
        Amount(),
        console=Console(stderr=True),
        transient=True,
    )
