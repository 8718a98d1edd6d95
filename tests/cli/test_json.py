"""What `--json` writes, where a stranger's text stands in it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from asking import CLOCK
from click.testing import CliRunner
from fixture_site import Site

from tidings.cli import commands

COMMAND = "##[add-mask]e"
"""What the runner of a GitHub workflow obeys, wherever it stands in a line."""


@pytest.mark.parametrize("command", ["build", "check", "publish", "explain"])
def test_no_text_is_a_command_to_a_workflow_of_github(tmp_path: Path, command: str) -> None:
    site = Site(tmp_path)
    site.write(
        "tidings.toml",
        '[site]\nbase_url = "https://digest.news/"\n[search]\nenabled = false\n'
        '[publish.live]\ntype = "folder"\npath = "live"\n',
    )
    site.news("one", f"One {COMMAND}")
    site.news("two", "Two", publishedDateTime=f"{COMMAND}")
    given = [command, "--source", str(site.source), CLOCK, "--json"]
    given += ["content/news/one.md"] if command == "explain" else []
    text = CliRunner().invoke(commands, given, env={"GITHUB_ACTIONS": None}).stdout
    told = json.dumps(json.loads(text))
    assert COMMAND in told
    assert "##[" not in text
