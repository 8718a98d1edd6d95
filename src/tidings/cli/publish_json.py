"""What `tidings publish --json` writes: one typed object."""

from __future__ import annotations

import msgspec

from tidings import __version__
from tidings.cli.layout import json_text
from tidings.engine.report import Counts
from tidings.model.diagnostic import Diagnostic
from tidings.publish.changes import Change
from tidings.publish.report import PublishReport


class KindCount(msgspec.Struct, frozen=True):
    """What was done with files of one kind."""

    kind: str
    """`assets and pictures`, `new pages`, `changed pages`, `lists and front`,
    `feeds and sitemaps` or `deletes`."""
    files: int
    """How many they are."""
    bytes: int
    """Bytes to be sent for them."""


class PublishJson(msgspec.Struct, frozen=True):
    """The outcome of one publish."""

    tidings: str
    """Version of tidings."""
    ok: bool
    """Whether the target now holds the site; of a dry run, whether it could be made."""
    exit_code: int
    """The process's exit code."""
    target: str
    """The target's name in `tidings.toml`; empty where none was found."""
    place: str
    """The target's kind and place, without any secret."""
    release: str
    """The publish's own id, or what a rollback went back to; empty where nothing was done."""
    dry_run: bool
    """Whether nothing was to be changed."""
    counts: Counts | None
    """What the build went through; null where none was made."""
    uploaded: int
    """Files sent."""
    deleted: int
    """Files deleted."""
    sent_bytes: int
    """Bytes of the files that were sent."""
    checked: int
    """Addresses read back by `--verify`."""
    kinds: tuple[KindCount, ...]
    """What was done, or would be, by kind, in the order in which it is done."""
    changes: tuple[Change, ...]
    """The same, file by file."""
    seconds: dict[str, float]
    """Wall seconds by phase: `build`, `compare`, `upload`, `after`, `verify`, `total`."""
    notes: tuple[str, ...]
    """Lines worth saying to a person."""
    diagnostics: tuple[Diagnostic, ...]
    """All problems, those of the build first."""


def encode_publish(report: PublishReport) -> bytes:
    """The report as one JSON object with a closing line end, in UTF-8."""
    built = report.build
    value = PublishJson(
        tidings=__version__,
        ok=report.ok,
        exit_code=report.exit_code,
        target=report.target,
        place=report.label.encode("utf-8", "surrogateescape").decode("utf-8", "replace"),
        release=report.release,
        dry_run=report.dry_run,
        counts=built.counts if built else None,
        uploaded=report.uploaded,
        deleted=report.deleted,
        sent_bytes=report.sent_bytes,
        checked=report.checked,
        kinds=_count_kinds(report.changes),
        changes=report.changes,
        seconds={phase: round(seconds, 4) for phase, seconds in report.seconds.items()},
        notes=(*(built.notes if built else ()), *report.notes),
        diagnostics=(*(built.diagnostics if built else ()), *report.diagnostics),
    )
    return json_text(value)


def _count_kinds(changes: tuple[Change, ...]) -> tuple[KindCount, ...]:
    """The counts of each kind that occurs, in the changes' own order."""
    kinds = dict.fromkeys(change.kind for change in changes)
    return tuple(
        KindCount(
            str(kind),
            sum(change.kind is kind for change in changes),
            sum(change.size for change in changes if change.kind is kind),
        )
        for kind in kinds
    )
