"""The README, the tutorial and the guide to `tidings explain` hold, word by word."""

from __future__ import annotations

import contextlib
import re
import shlex
import textwrap
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tidings.cli import commands

TOP = Path(__file__).parents[2]
TUTORIAL = (TOP / "docs/tutorial.md").read_text("utf-8")
RECORD = "content/news/2024-10-07-python-3-13.md"
FILES = dict(
    re.findall(
        r"`my-digest/([\w./-]+)`[^`\n]*:\n\n((?:(?: {4}.*)?\n)+)", TUTORIAL, re.MULTILINE
    )
)
"""The files that the tutorial has its reader write, by path."""


def run(folder: Path, line: str) -> Result:
    """What a command line of the documentation does, in that folder."""
    words = shlex.split(line, comments=True)
    assert words[0] == "tidings"
    with contextlib.chdir(folder):
        return CliRunner().invoke(commands, words[1:], env={"GITHUB_ACTIONS": None})


def write(folder: Path, *paths: str) -> None:
    """Writes files of the tutorial."""
    for path in paths:
        file = folder / "my-digest" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(FILES[path]).strip() + "\n", encoding="utf-8")


def command_lines(text: str) -> list[str]:
    """The commands that a page shows."""
    return re.findall(r"^ {4}(tidings .*)$", text, re.MULTILINE)


def test_the_tutorial_makes_a_site(tmp_path: Path) -> None:
    assert list(FILES) == [
        RECORD,
        "tidings.toml",
        "content/topics/01-python.yaml",
        "content/providers/python.org.md",
    ]
    write(tmp_path, RECORD)
    line = command_lines(TUTORIAL)[-1]
    assert line == "tidings build --source my-digest --output public"
    assert run(tmp_path, line).exit_code == 0
    for page in ("", "2024/10/07", "2024/10/07/python-3-13-is-out", "topics/python"):
        assert (tmp_path / "public" / page / "index.html").exists()
    assert (tmp_path / "public/sources/python.org/index.html").exists()
    (tmp_path / "public/mine.txt").write_text("mine")
    write(tmp_path, *FILES)
    done = run(tmp_path, f"{line} --strict")
    assert (done.exit_code, done.stderr) == (0, "")
    front = (tmp_path / "public/index.html").read_text("utf-8")
    assert "Snakes and ladders" in front
    assert "Python Software Foundation" in front
    topic = (tmp_path / "public/topics/python/index.html").read_text("utf-8")
    assert "The language and its ecosystem." in topic
    assert "nothing changed" in run(tmp_path, line).stdout
    assert (tmp_path / "public/mine.txt").exists()


def test_a_closing_quotation_mark_is_missed_where_it_is(tmp_path: Path) -> None:
    write(tmp_path, RECORD)
    file = tmp_path / "my-digest" / RECORD
    file.write_text(file.read_text().replace(' is out"', " is out"))
    told = run(tmp_path, "tidings build --source my-digest").stderr
    assert told.startswith(f"{RECORD}:2:8: error[yaml-syntax]: not YAML: the quotes")


@pytest.mark.parametrize("named", [False, True])
def test_the_names_that_mean_the_record_do(tmp_path: Path, named: bool) -> None:
    write(tmp_path, *(FILES if named else [RECORD]))
    page = (TOP / "docs/how-to/find-out-why.md").read_text("utf-8")
    lines = [line for line in command_lines(page) if line.startswith("tidings explain ")]
    assert len(lines) == 5
    for line in lines:
        done = run(tmp_path / "my-digest", line)
        assert (done.exit_code, done.stdout.splitlines()[:1]) == (0, [RECORD]), line


def test_the_readme_leads_to_a_published_site(tmp_path: Path) -> None:
    new, serve, build, publish = command_lines((TOP / "README.md").read_text("utf-8"))
    assert serve == "tidings serve --source my-digest"
    assert run(tmp_path, new).exit_code == 0
    done = run(tmp_path, build)
    assert (done.exit_code, done.stderr) == (0, "")
    # It waits for a real address, and says so.
    done = run(tmp_path, publish)
    assert done.exit_code == 1
    assert "base_url is https://example.org/" in done.stderr
    config = tmp_path / "my-digest/tidings.toml"
    config.write_text(config.read_text().replace("https://example.org/", "https://my.news/"))
    assert run(tmp_path, publish).exit_code == 0
    assert (tmp_path / "my-digest/public/index.html").exists()


def test_a_wrong_name_in_a_template_is_told_as_the_theme_guide_shows(tmp_path: Path) -> None:
    write(tmp_path, RECORD)
    site = tmp_path / "my-digest"
    (site / RECORD).rename(site / "content/news/2020-12-14-city.md")
    (site / "templates").mkdir()
    (site / "templates/article.html").write_text("\n" * 11 + "{{ page.titel }}\n")
    told = run(site, "tidings build").stderr
    assert textwrap.indent(told, "    ") in (TOP / "docs/how-to/theme.md").read_text("utf-8")
