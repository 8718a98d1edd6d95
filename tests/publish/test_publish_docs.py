"""The pages on publishing say what is so: their settings are read, their workflows run."""

from __future__ import annotations

import configparser
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from publish_sites import PublishSite

from tidings.model.source import SourceFile
from tidings.sources.config import parse_config

ROOT = Path(__file__).parents[2]
HOWTO = ROOT / "docs/how-to"
PAGES = ("publish.md", "github-pages.md")


def workflow(name: str) -> Any:
    """A workflow as its host reads it."""
    return yaml.safe_load((HOWTO / "automation" / name).read_text("utf-8"))


@pytest.mark.parametrize("page", PAGES)
def test_settings_in_the_pages_are_read(page: str) -> None:
    text = (HOWTO / page).read_text("utf-8")
    blocks = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    blocks += [
        re.sub(r"(?m)^    ", "", block)
        for block in re.findall(r"(?m)((?:^    .*\n)+)", text)
        if block.startswith("    [publish")
    ]
    assert blocks
    for block in blocks:
        tomllib.loads(block)
        outcome = parse_config(SourceFile("tidings.toml", block.encode()))
        assert outcome.value is not None, outcome.diagnostics
        assert outcome.value.publish


def test_each_cell_of_the_table_names_a_test() -> None:
    text = (HOWTO / "publish.md").read_text("utf-8")
    named = set(re.findall(r"`(test_\w+)`", text))
    sources = "".join(
        file.read_text("utf-8") for file in Path(__file__).parent.glob("test_*.py")
    )
    assert named
    assert [name for name in sorted(named) if f"def {name}(" not in sources] == []


@pytest.mark.parametrize("page", PAGES)
def test_links_of_the_pages_lead_to_files(page: str) -> None:
    links = re.findall(r"\]\(([^):#]+)[^)]*\)", (HOWTO / page).read_text("utf-8"))
    assert [link for link in links if not (HOWTO / link).exists()] == []


def commands_of(name: str) -> list[str]:
    """The commands that the workflow runs, in order."""
    found = workflow(name)
    if name == "gitlab.yml":
        return list(found["pages"]["script"])
    return [step["run"] for step in found["jobs"]["publish"]["steps"] if "run" in step]


def test_the_workflows_have_what_their_hosts_ask_for() -> None:
    github = workflow("github.yml")
    # YAML 1.1 reads the key `on` as true; the host does not.
    assert set(github) == {"name", True, "permissions", "concurrency", "jobs"}
    assert github[True]["schedule"] == [{"cron": "17 * * * *"}]
    for step in github["jobs"]["publish"]["steps"]:
        assert ("run" in step) != ("uses" in step)
    steps = github["jobs"]["publish"]["steps"]
    cached = [step["with"].get("path") for step in steps if "with" in step]
    assert ".tidings" in cached
    gitlab = workflow("gitlab.yml")
    assert gitlab["pages"]["artifacts"]["paths"] == ["public"]
    assert gitlab["pages"]["cache"]["paths"] == [".tidings/"]


@pytest.mark.parametrize("name", ["github.yml", "gitlab.yml"])
def test_the_commands_of_the_workflows_publish(tmp_path: Path, name: str) -> None:
    """In an environment with nothing but a home, git, and the installed program."""
    site = PublishSite(tmp_path)
    site.stories(3)
    page = (HOWTO / "github-pages.md").read_text("utf-8")
    wanted = "pages" if name == "github.yml" else "public"
    (config,) = [
        block
        for block in re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
        if f"[publish.{wanted}]" in block
    ]
    site.write("tidings.toml", config)
    remote = tmp_path / "remote.git"
    home = tmp_path / "home"
    home.mkdir()
    environment = {
        "HOME": str(home),
        "PATH": f"{program_folder(tmp_path)}{os.pathsep}/usr/bin{os.pathsep}/bin",
        "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
    }

    def run(command: str) -> None:
        done = subprocess.run(
            ["bash", "-e", "-c", command],
            cwd=site.source,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr

    run(f"git init -q --bare {remote} && git init -q . && git remote add origin {remote}")
    for command in commands_of(name):
        if "pip install" not in command:  # No registry is asked in a test.
            run(command)
    if name == "github.yml":
        run("git fetch -q origin gh-pages && git cat-file -e FETCH_HEAD:index.html")
        run("git log -1 --format=%cn FETCH_HEAD | grep -qxF 'github-actions[bot]'")
    else:
        assert (site.source / "public/index.html").exists()


def program_folder(tmp_path: Path) -> Path:
    """A folder that holds the program `tidings` and nothing else."""
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "tidings"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m tidings "$@"\n')
    program.chmod(0o755)
    return folder


@pytest.mark.parametrize("name", ["tidings.service", "tidings.timer"])
def test_the_units_are_well_formed(name: str) -> None:
    unit = configparser.ConfigParser(interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string((HOWTO / "automation" / name).read_text("utf-8"))
    if name.endswith(".service"):
        assert unit["Service"]["ExecStart"].endswith("tidings publish production")
        assert unit["Service"]["Type"] == "oneshot"
    else:
        assert unit["Timer"]["OnCalendar"] == "hourly"
        assert unit["Install"]["WantedBy"] == "timers.target"
