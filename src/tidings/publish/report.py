"""What a publish is asked for, and what it has to say for itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import msgspec

from tidings.engine.report import BuildReport, BuildRequest, Progress, no_progress
from tidings.model.diagnostic import Diagnostic
from tidings.publish.changes import Change


def _now() -> datetime:
    return datetime.now(UTC)


class PublishRequest(msgspec.Struct, frozen=True):
    """One publish."""

    build: BuildRequest
    """What to build. Its output folder does not count: a publish has one of its own."""
    target: str = ""
    """The target's name in `tidings.toml`; empty for the only one there is."""
    dry_run: bool = False
    """Say what would be done, and change nothing at the target."""
    yes: bool = False
    """Remove as much as it takes, and replace files of others, without asking."""
    verify: bool = False
    """Read a sample of addresses back from the public site afterwards."""
    rollback: bool = False
    """Show the release before the present one again; nothing is built."""
    break_lock: bool = False
    """Take the lock even where another publish seems to hold it."""
    allow_unpublished: bool = False
    allow_future: bool = False
    allow_base_url: bool = False


class Surroundings(msgspec.Struct, frozen=True):
    """What a publish may ask of the world outside; tests give their own."""

    ask: Callable[[str], bool] | None = None
    """Asks the user a question; None where there is nobody to ask."""
    now: Callable[[], datetime] = _now
    """The real time, aware UTC: locks and release ids follow it, whatever the build's clock."""
    show: Callable[[tuple[Change, ...]], None] | None = None
    """Called with what will change, before anything does; not of a dry run, nor of nothing."""
    progress: Progress = no_progress
    """Called as (phase, done, total); the phase `upload` counts bytes, `files` files."""


class PublishReport(msgspec.Struct, frozen=True):
    """How a publish ended."""

    ok: bool
    """Whether the target now holds the site; of a dry run, whether it could be made."""
    exit_code: int
    """0 fine; 1 the content, a guard or a check was against it; 2 settings or target are."""
    target: str = ""
    """The target's name; empty where none was found."""
    label: str = ""
    """Its kind and place, without any secret."""
    release: str = ""
    """The publish's own id; after a rollback, the id of the release shown now. Empty where
    nothing was done."""
    dry_run: bool = False
    build: BuildReport | None = None
    """The build that came before; None where none was made."""
    changes: tuple[Change, ...] = ()
    """What was done, or would be, in the order of the stages."""
    uploaded: int = 0
    """Files sent, our own notes left out."""
    deleted: int = 0
    """Files deleted."""
    sent_bytes: int = 0
    """Bytes of the files that were sent."""
    checked: int = 0
    """Addresses read back by `--verify`."""
    diagnostics: tuple[Diagnostic, ...] = ()
    """Problems of the publish, those of the build left out; sorted."""
    notes: tuple[str, ...] = ()
    """Lines worth saying to a person."""
    seconds: dict[str, float] = {}
    """Wall seconds by phase: `build`, `compare`, `upload`, `after`, `verify`, `total`."""
