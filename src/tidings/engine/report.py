"""What a build is asked for, and what it has to say for itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import msgspec

from tidings.model.diagnostic import Diagnostic


class BuildRequest(msgspec.Struct, frozen=True):
    """One build: where from, where to, against which clock. None means "as the config says"."""

    source: Path
    """The site's folder, absolute: it holds `content/` and perhaps `tidings.toml`."""
    output: Path
    """The output folder, absolute."""
    clock: datetime
    """Aware UTC instant that decides what is in the future and what has expired."""
    base_url: str | None = None
    unpublished: bool | None = None
    future: bool | None = None
    jobs: int = 0
    """Worker processes on this machine; 0: as many as it has cores."""
    scheduler: str | None = None
    """Address of the scheduler of a Dask cluster that does the work: `tcp://HOST:PORT`."""
    strict: bool = False
    """Fail, and leave the site as it was, where there is any error or warning."""
    clean: bool = False
    """Trust nothing that earlier builds left: render and compare every page."""
    preview: bool = False
    """The site is for looking at while it is edited: what takes long is left out, unless the
    config wants it there too."""


class Counts(msgspec.Struct, frozen=True):
    """What a build went through. All are numbers of things, none are sizes."""

    files: int = 0
    """Record files read."""
    records: int = 0
    """Records shown."""
    skipped: int = 0
    """Record files left out because of an error."""
    held: dict[str, int] = {}
    """Records held back, by reason: `unpublished`, `future`, `expired`, `blocked` or
    `duplicate`."""
    parsed: int = 0
    """Record files parsed (the others were known from an earlier build)."""
    pages: int = 0
    """Files that the site consists of."""
    planned: int = 0
    """Pages planned in this build, to see whether they have changed."""
    rendered: int = 0
    """Files made anew in this build."""
    written: int = 0
    """Files whose bytes changed on disk."""
    deleted: int = 0
    """Files of an earlier build that were removed."""


class BuildReport(msgspec.Struct, frozen=True):
    """How a build ended."""

    ok: bool
    """Whether the output folder now holds the finished site. Otherwise it is as it was."""
    output: Path
    counts: Counts
    diagnostics: tuple[Diagnostic, ...]
    """Sorted, without repeats."""
    notes: tuple[str, ...] = ()
    """Lines worth saying at the end: "2 of 2 records are unpublished; …"."""
    written: tuple[str, ...] = ()
    """Paths below the output folder that were created or replaced, sorted."""
    deleted: tuple[str, ...] = ()
    """Paths that were removed, sorted."""
    seconds: dict[str, float] = {}
    """Wall seconds by phase: `scan`, `parse`, `catalog`, `plan`, `render`, `write`, `total`,
    and `search` where its index was made."""
    next_change: datetime | None = None
    """The instant (UTC) from which a build of the same files would give another site, because
    something goes live, expires or is no news any more; None for never."""
    exit_code: int = 0
    """0 fine; 1 content errors, or warnings under strict; 2 config or output folder refused."""


Progress = Callable[[str, int, int], None]
"""Called as (phase, done, total) while a build goes on; total is 0 while unknown."""


def no_progress(phase: str, done: int, total: int) -> None:
    """The progress of a build that nobody watches."""
