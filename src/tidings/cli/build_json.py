"""What `tidings build --json` writes: one typed object, and its JSON Schema."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from tidings import __version__
from tidings.cli.layout import json_text
from tidings.cli.text import text_path
from tidings.engine.report import BuildReport, Counts
from tidings.model.diagnostic import Diagnostic


class BuildJson(msgspec.Struct, frozen=True):
    """The outcome of one build."""

    tidings: str
    """Version of tidings that made the build."""
    ok: bool
    """Whether the output folder now holds the finished site. Otherwise it is as it was."""
    exit_code: int
    """The process's exit code."""
    output: str
    """The output folder, absolute."""
    counts: Counts
    """What the build went through."""
    seconds: dict[str, float]
    """Wall seconds by phase: `scan`, `parse`, `catalog`, `plan`, `render`, `write`, `total`,
    and `search` where its index was made."""
    notes: tuple[str, ...]
    """Lines worth saying to a person."""
    next_change: datetime | None
    """When to build again though no file changes: the instant (UTC) at which something goes
    live, expires or leaves the news sitemap. Null for never."""
    diagnostics: tuple[Diagnostic, ...]
    """All problems, by file, line and column."""
    written: tuple[str, ...]
    """Paths below the output folder that were created or replaced, sorted."""
    deleted: tuple[str, ...]
    """Paths below the output folder that were removed, sorted."""


def encode_report(report: BuildReport) -> bytes:
    """The report as one JSON object with a closing line end, in UTF-8."""
    value = BuildJson(
        tidings=__version__,
        ok=report.ok,
        exit_code=report.exit_code,
        output=text_path(report.output),
        counts=report.counts,
        seconds={phase: round(seconds, 4) for phase, seconds in report.seconds.items()},
        notes=report.notes,
        next_change=report.next_change,
        diagnostics=report.diagnostics,
        written=report.written,
        deleted=report.deleted,
    )
    return json_text(value)


def build_schema() -> dict[str, Any]:
    """The JSON Schema of what `encode_report` returns."""
    return msgspec.json.schema(BuildJson)
