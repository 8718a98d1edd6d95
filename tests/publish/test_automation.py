"""The workflows and units that publish by themselves: their hosts' schemas take them, and their
commands publish, in an environment with nothing but a home, git and what they install."""

from __future__ import annotations

import configparser
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from publish_sites import PublishSite

ROOT = Path(__file__).parents[2]
HOWTO = ROOT / "docs/how-to"
AUTOMATION = HOWTO / "automation"
SCHEMAS = {"github.yml": "github-workflows.json", "gitlab.yml": "gitlab-ci.json"}
UNITS = ("tidings.service", "tidings.timer")
Run = Callable[[str], None]


def workflow(name: str) -> Any:
    """A workflow as its host reads it."""
    found = yaml.safe_load((AUTOMATION / name).read_text("utf-8"))
    # YAML 1.1 reads the key `on` as true; the host does not.
    return {"on" if key is True else key: value for key, value in found.items()}


def commands_of(name: str) -> list[str]:
    """The commands that the workflow runs, in order."""
    found = workflow(name)
    if name == "gitlab.yml":
        return list(found["pages"]["script"])
    return [step["run"] for step in found["jobs"]["publish"]["steps"] if "run" in step]


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_hosts_published_schemas_take_the_workflows(name: str) -> None:
    vendor = resources.files("check_jsonschema") / "builtin_schemas/vendor"
    schema = json.loads((vendor / SCHEMAS[name]).read_text("utf-8"))
    jsonschema.Draft7Validator(schema).validate(workflow(name))
    wrong = {**workflow(name), "jobs" if name == "github.yml" else "pages": 3}
    assert list(jsonschema.Draft7Validator(schema).iter_errors(wrong))


def test_the_workflows_run_every_hour_and_keep_what_builds_remember() -> None:
    github = workflow("github.yml")
    assert github["on"]["schedule"] == [{"cron": "17 * * * *"}]
    steps = github["jobs"]["publish"]["steps"]
    cached = [step["with"].get("path") for step in steps if "with" in step]
    assert ".tidings" in cached
    gitlab = workflow("gitlab.yml")
    assert gitlab["pages"]["artifacts"]["paths"] == ["public"]
    assert gitlab["pages"]["cache"]["paths"] == [".tidings/"]
    (unit,) = (read_unit(name) for name in UNITS if name.endswith(".timer"))
    assert unit["Timer"]["OnCalendar"] == "hourly"


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheels")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    return folder


@pytest.fixture
def clean(tmp_path: Path, wheels: Path) -> tuple[PublishSite, Run]:
    """A site, and how to run a command in its folder.

    Python is a fresh one whose pip finds this checkout's wheel and asks no registry; what the
    wheel needs is that of the test run.
    """
    site = PublishSite(tmp_path)
    site.stories(3)
    site.news("held", "A record that is held back", published=False)
    home = tmp_path / "home"
    home.mkdir()
    venv.create(tmp_path / "venv", with_pip=False)
    (packages,) = (tmp_path / "venv").glob("lib/python*/site-packages")
    paths = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (packages / "dependencies.pth").write_text("\n".join(sorted(paths)) + "\n")
    environment = {
        "HOME": str(home),
        "PATH": f"{tmp_path / 'venv/bin'}:/usr/bin:/bin",
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(wheels),
        "PIP_NO_DEPS": "1",
        "PIP_FORCE_REINSTALL": "1",
        "PIP_ROOT_USER_ACTION": "ignore",
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
        assert done.returncode == 0, (command, done.stdout, done.stderr)

    return site, run


def settings_of_the_page(target: str) -> str:
    """The block of settings of the how-to page that names the target."""
    page = (HOWTO / "github-pages.md").read_text("utf-8")
    blocks = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    (block,) = [block for block in blocks if f"[publish.{target}]" in block]
    return str(block)


@pytest.mark.skipif(sys.platform == "win32", reason="the workflows run on Linux")
@pytest.mark.parametrize("name", SCHEMAS)
def test_the_commands_of_the_workflows_publish(
    tmp_path: Path, clean: tuple[PublishSite, Run], name: str
) -> None:
    site, run = clean
    remote = tmp_path / "remote.git"
    site.write(
        "tidings.toml", settings_of_the_page("pages" if name == "github.yml" else "public")
    )
    run(f"git init -q --bare {remote} && git init -q . && git remote add origin {remote}")
    for _ in range(2):  # Every hour the same.
        for command in commands_of(name):
            run(command)
    assert (tmp_path / "venv/bin/tidings").exists()
    shown = site.source / "public"
    if name == "github.yml":
        run("git fetch -q origin gh-pages && git worktree add -q public FETCH_HEAD")
        run("test $(git rev-list --count FETCH_HEAD) = 1")
        run("git log -1 --format=%cn FETCH_HEAD | grep -qxF 'github-actions[bot]'")
    assert (shown / "index.html").exists()
    told = b"".join(site.files(shown).values())
    assert b"held back" not in told
    assert b"Story 1" in told


def read_unit(name: str) -> configparser.ConfigParser:
    """A unit of systemd; its files are what `configparser` reads, too."""
    unit = configparser.ConfigParser(interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string((AUTOMATION / name).read_text("utf-8"))
    return unit


@pytest.mark.skipif(sys.platform == "win32", reason="systemd is Linux's")
def test_the_command_of_the_timers_service_publishes(
    tmp_path: Path, clean: tuple[PublishSite, Run]
) -> None:
    site, run = clean
    service = read_unit("tidings.service")["Service"]
    assert service["Type"] == "oneshot"
    program, _, arguments = service["ExecStart"].partition(" ")
    assert program == f"{service['WorkingDirectory']}/venv/bin/tidings"
    site.target("production", type="folder", path=str(site.live), releases=2)
    run("python -m pip install --quiet tidings")
    run(f"{tmp_path}/venv/bin/tidings {arguments}")
    assert (site.live / "current/index.html").exists()


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    for name in UNITS:
        text = (AUTOMATION / name).read_text("utf-8")
        # What is looked for must be there: some program stands for the one of the service.
        text = re.sub(r"(?m)^ExecStart=\S+", f"ExecStart={sys.executable}", text)
        (tmp_path / name).write_text(text)
    command = ["systemd-analyze", "verify", *(str(tmp_path / name) for name in UNITS)]
    environment = {**os.environ, "SYSTEMD_UNIT_PATH": f"{tmp_path}:"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert (done.returncode, done.stderr) == (0, "")
    wrong = (tmp_path / UNITS[1]).read_text().replace("hourly", "every hour")
    (tmp_path / UNITS[1]).write_text(wrong)
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert "every hour" in done.stderr
