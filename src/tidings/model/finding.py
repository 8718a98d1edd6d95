"""What is peculiar about single records though nothing is wrong with their files.

Diagnostics tell what keeps a file from being read as it was meant; findings tell what was
repaired on the way, and what looks odd beside the other records. `tidings check` counts them.
"""

from __future__ import annotations

import enum

import msgspec


class Level(enum.StrEnum):
    """How much a finding asks of the publisher."""

    WARNING = "warning"
    """Somebody should look: readers may be misled."""
    NOTE = "note"
    """Worth knowing; the site is right as it is."""
    REPAIRED = "repaired"
    """Readers see it mended."""


class Rule(msgspec.Struct, frozen=True):
    """One kind of finding."""

    code: str
    """A stable slug: `entities`."""
    level: Level
    meaning: str
    """What is found, in one sentence."""
    result: str
    """What readers get instead, or what to do, in one sentence."""


class Finding(msgspec.Struct, frozen=True):
    """One thing found in one record."""

    rule: str
    """The code of its rule."""
    file: str
    """Path of the record from the site's folder."""
    detail: str = ""
    """What exactly, in one line: `excerpt has &#8217;`."""
    others: tuple[str, ...] = ()
    """Files of the other records that it concerns, sorted."""


def sorted_findings(findings: list[Finding]) -> tuple[Finding, ...]:
    """The findings by file, then rule, then detail."""
    return tuple(
        sorted(findings, key=lambda found: (found.file, found.rule, found.detail, found.others))
    )
