"""`tidings new`: what it makes can be built, looked at and published as it is."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from tidings.cli import commands

AUTOMATION = Path(__file__).parents[2] / "docs/how-to/automation"


def run(*arguments: str | Path) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command."""
    given = [str(each) for each in arguments]
    done = CliRunner().invoke(commands, given, env={"GITHUB_ACTIONS": None})
    return done.exit_code, done.stdout, done.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A new site."""
    folder = tmp_path / "digest"
    code, said, errors = run("new", folder)
    assert (code, errors) == (0, "")
    assert "tidings serve --source" in said
    return folder


def test_it_can_be_built_without_a_word_of_complaint(folder: Path) -> None:
    code, said, errors = run("build", "--source", folder, "--strict")
    assert (code, errors) == (0, "")
    assert "2 records, " in said
    front = (folder / "site/index.html").read_text("utf-8")
    assert "A record is one file" in front
    assert "Topics make the sections" in front


def test_it_is_published_once_it_has_an_address(folder: Path) -> None:
    assert run("publish", "--source", folder, "public")[0] == 1
    config = folder / "tidings.toml"
    config.write_text(config.read_text().replace("https://example.org/", "https://my.news/"))
    assert run("publish", "--source", folder, "public")[0] == 0
    assert (folder / "public/index.html").exists()


@pytest.mark.parametrize(
    ("path", "told"),
    [(".github/workflows/publish.yml", "github.yml"), (".gitlab-ci.yml", "gitlab.yml")],
)
def test_its_workflows_are_those_that_the_how_to_tells_of(
    folder: Path, path: str, told: str
) -> None:
    made = (folder / path).read_text("utf-8")
    assert made == (AUTOMATION / told).read_text("utf-8")


def test_a_folder_with_files_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    code, _, errors = run("new", tmp_path)
    assert code == 2
    assert "is not empty" in errors
    assert [file.name for file in tmp_path.iterdir()] == ["mine"]


def test_an_empty_repository_is_a_good_place(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    assert run("new", tmp_path)[0] == 0
    assert (tmp_path / "tidings.toml").exists()


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("file/digest", "Not a directory"),
        ("x" * 300, "File name too long"),
        ("link/digest", "Too many levels of symbolic links"),
    ],
)
def test_a_place_where_no_folder_can_be_is_told(tmp_path: Path, place: str, told: str) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "link").symlink_to("link")
    code, said, errors = run("new", tmp_path / place)
    assert (code, said) == (2, "")
    assert errors == f"tidings: {told}: {tmp_path / place}\n"


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="the system has no /proc")
def test_a_system_that_makes_no_folder_there_is_told() -> None:
    code, _, errors = run("new", "/proc/digest")
    assert (code, errors) == (2, "tidings: No such file or directory: /proc/digest\n")


def test_the_command_that_it_shows_can_be_copied(tmp_path: Path) -> None:
    folder = tmp_path / "my first digest"
    said = run("new", folder)[1]
    line = said.splitlines()[0].rpartition("Look at it with: ")[2]
    words = shlex.split(line)
    assert words == ["tidings", "serve", "--source", str(folder)]
