"""Asks a small site with a command that only looks, and holds that it only looks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

from click.testing import CliRunner
from fixture_site import Site

from tidings.cli import commands

CLOCK = "--clock=2025-06-01T12:00:00Z"


class Answer(NamedTuple):
    """What a command said."""

    code: int
    text: str
    errors: str

    @property
    def json(self) -> Any:
        """The object on standard output; nothing else may be said."""
        assert self.errors == ""
        return json.loads(self.text)


def ask(site: Site, command: str, *arguments: str) -> Answer:
    """Runs the command on the site; nothing may be written."""
    before = _files(site.source.parent)
    given = [
        command,
        *("--source", str(site.source), "--output", str(site.output), CLOCK),
        *arguments,
    ]
    done = CliRunner().invoke(commands, given, env={"GITHUB_ACTIONS": None})
    assert _files(site.source.parent) == before, "a command that only looks has written"
    return Answer(done.exit_code, done.stdout, done.stderr)


def _files(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {
        str(file): (file.read_bytes(), file.stat().st_mtime_ns)
        for file in folder.rglob("*")
        if file.is_file()
    }
