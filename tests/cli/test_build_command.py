"""`tidings build` as its user meets it: exit codes, streams, text that cannot be trusted."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner

from tidings.cli import commands, main

RECORD = """\
---
category: news
title: {title}
excerpt: An excerpt.
publishedDateTime: 2024-10-07T12:00:00Z
webUrl: https://example.com/{slug}
type: article
published: {published}
provider:
  name: Example
  domain: example.com
topics:
  - Things
---
"""
CLOCK = "--clock=2024-12-01T00:00:00Z"


def add_record(site: Path, slug: str, title: str, published: str = "true") -> Path:
    """Write a record into a site's folder."""
    file = site / "content" / "news" / f"2024-10-07-{slug}.md"
    file.parent.mkdir(parents=True, exist_ok=True)
    text = RECORD.format(title=title, slug=slug, published=published)
    file.write_text(text, encoding="utf-8")
    return file


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site with one record."""
    add_record(tmp_path, "one", "One thing")
    return tmp_path


class Done(NamedTuple):
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


def run(site: Path, *arguments: str, **environment: str) -> Done:
    """Run `tidings` in the site's folder, as if with pipes."""
    given = {"GITHUB_ACTIONS": None, "TIDINGS_DEBUG": None, **environment}
    with contextlib.chdir(site):
        done = CliRunner().invoke(commands, arguments, env=given)
    return Done(done.exit_code, done.stdout, done.stderr)


def run_process(site: Path, *arguments: str, **environment: str) -> Done:
    """Run `tidings` in the site's folder as a process of its own, with pipes."""
    done = subprocess.run(
        [sys.executable, "-m", "tidings", *arguments],
        cwd=site,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        encoding="latin-1",
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def test_pipe_gets_one_plain_line_and_the_next_build_changes_nothing(site: Path) -> None:
    first = run(site, "build", CLOCK)
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout.startswith("1 record, ")
    assert first.stdout.endswith(f" s (site{os.sep})\n")
    assert "0 deleted" in first.stdout
    assert (site / "site" / "index.html").exists()
    assert ": nothing changed in " in run(site, "build", CLOCK).stdout


def test_it_is_said_when_the_site_will_change_by_itself(site: Path) -> None:
    clock = "--clock=2024-10-07T13:00:00Z"
    line = "The site changes by itself at 2024-10-09T12:00:00Z: build then\n"
    assert run(site, "build", clock).stdout.startswith(line)
    # Also where nothing has changed since; a publisher's timer reads it as data.
    assert run(site, "build", clock).stdout.startswith(line)
    report = json.loads(run(site, "build", clock, "--json").stdout)
    assert report["next_change"] == "2024-10-09T12:00:00Z"
    assert json.loads(run(site, "build", CLOCK, "--json").stdout)["next_change"] is None


def test_bad_record_is_told_and_left_out_and_the_rest_is_built(site: Path) -> None:
    bad = add_record(site, "two", "Another thing")
    bad.write_text(bad.read_text().replace("published: true", "published: maybe"))
    done = run(site, "build", CLOCK)
    assert done.returncode == 0
    first, hint = done.stderr.splitlines()
    assert first.startswith("content/news/2024-10-07-two.md:8:12: error[wrong-type]: ")
    assert hint.startswith("  hint: ")
    assert "1 record left out because of errors" in done.stdout


def test_strict_refuses_the_same_site_and_leaves_the_old_one(site: Path) -> None:
    run(site, "build", CLOCK)
    before = (site / "site" / "index.html").read_bytes()
    bad = add_record(site, "two", "Another thing")
    bad.write_text("no front matter")
    done = run(site, "build", CLOCK, "--strict")
    assert done.returncode == 1
    assert done.stdout == f"Not built, 1 error: site{os.sep} is as it was\n"
    assert (site / "site" / "index.html").read_bytes() == before


def test_held_back_records_are_counted_with_the_way_to_show_them(site: Path) -> None:
    add_record(site, "two", "Another thing", published="false")
    done = run(site, "build", CLOCK)
    note = done.stdout.splitlines()[0]
    assert note.startswith("1 of 2 records ")
    assert note.endswith(" with --unpublished or unpublished = true")
    assert "2 records, " in run(site, "build", CLOCK, "--unpublished").stdout


def test_every_phase_of_a_build_is_in_the_reference(site: Path) -> None:
    report = json.loads(run(site, "build", CLOCK, "--json").stdout)
    page = (Path(__file__).parents[2] / "docs/reference/build-json.md").read_text("utf-8")
    (row,) = [line for line in page.splitlines() if line.startswith("| `seconds` |")]
    told = set(re.findall(r"`(\w+)`", row)) - {"seconds"}
    assert set(report["seconds"]) | {"search"} == told


def test_json_is_one_object_on_standard_output_and_nothing_else(site: Path) -> None:
    add_record(site, "two", "Another thing", published="false")
    done = run(site, "build", CLOCK, "--json", GITHUB_ACTIONS="true")
    assert done.stderr == ""
    report = json.loads(done.stdout)
    assert report["ok"] is True
    assert report["counts"]["records"] == 1
    assert report["counts"]["held"] == {"unpublished": 1}
    assert "index.html" in report["written"]
    assert report["output"] == str(site / "site")


def test_json_tells_of_a_failure_too(site: Path) -> None:
    (site / "tidings.toml").write_text("[site]\ntitel = 1\n")
    done = run(site, "build", "--json")
    assert done.returncode == 2
    (problem,) = json.loads(done.stdout)["diagnostics"]
    assert problem["code"] == "unknown-setting"
    assert problem["place"] == {"file": "tidings.toml", "line": 2, "column": 1}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["bild"], "No such command"),
        (["build", "--source", "nowhere"], "does not exist"),
        (["build", "--clock", "noon"], "is not an instant"),
        (["build", "--base-url", "example.org"], "is not an absolute http or https address"),
        (["build", "--output", "."], "output-refused"),
    ],
)
def test_usage_and_output_problems_exit_with_2(
    site: Path, arguments: list[str], words: str
) -> None:
    done = run(site, *arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert not (site / "site").exists()


def test_text_of_a_record_cannot_steer_the_terminal(site: Path) -> None:
    file = site / "content" / "news" / "2024-10-07-\u202e\u2028red.md"
    file.write_text('---\ntitle: "a"\npublishedDateTime: "\\e]0;owned\\a\\nx"\n---\n')
    done = run(site, "build", CLOCK)
    assert "2024-10-07-\\u202e\\u2028red.md" in done.stderr
    shown = done.stderr + done.stdout
    assert not [letter for letter in shown if letter not in "\n" and not letter.isprintable()]


def test_github_gets_notes_beside_the_lines(site: Path) -> None:
    bad = add_record(site, "two, 100%", "Another thing")
    bad.write_text("no front matter")
    done = run(site, "build", CLOCK, GITHUB_ACTIONS="true", GITHUB_WORKSPACE=str(site.parent))
    note = next(line for line in done.stderr.splitlines() if line.startswith("::"))
    path = f"{site.name}/content/news/2024-10-07-two%2C 100%25.md"
    assert note.startswith(f"::error file={path},line=1,col=1,title=no-front-matter::")


def test_process_exits_with_the_code_and_knows_few_letters(site: Path) -> None:
    done = run_process(site, "build", CLOCK, PYTHONIOENCODING="latin-1")
    assert (done.returncode, done.stderr) == (0, "")
    add_record(site, "\u0142", "x").write_text("no front matter")
    done = run_process(site, "build", CLOCK, "--strict", PYTHONIOENCODING="latin-1")
    assert done.returncode == 1
    assert "2024-10-07-\\u0142.md" in done.stderr


def run_broken(monkeypatch: pytest.MonkeyPatch, error: BaseException, *options: str) -> int:
    """Run a build that breaks with the error; the exit code."""

    def broken(_request: object, _progress: object, **_left: object) -> None:
        raise error

    monkeypatch.setattr("tidings.engine.build.build", broken)
    with pytest.raises(SystemExit) as end:
        main([*options, "build"])
    assert isinstance(end.value.code, int)
    return end.value.code


@pytest.mark.parametrize("options", [[], ["--debug"]])
def test_our_own_bug_is_called_one(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], options: list[str]
) -> None:
    assert run_broken(monkeypatch, RuntimeError("\x1bx"), *options) == 70
    shown = capfd.readouterr().err
    assert "this is a bug in tidings: RuntimeError: \\x1bx" in shown
    assert ("Traceback" in shown) is bool(options)


def test_full_disk_is_no_bug(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run_broken(monkeypatch, OSError(28, "No space left on device", "x")) == 2
    assert capfd.readouterr().err == "tidings: No space left on device: x\n"


def test_ctrl_c_ends_quietly(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run_broken(monkeypatch, KeyboardInterrupt()) == 130
    assert capfd.readouterr().err.strip() == ""


def on_terminal(site: Path, *arguments: str, **environment: str) -> str:
    """What `tidings` shows on a terminal."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "tidings", *arguments],
        cwd=site,
        env={**os.environ, "TERM": "xterm-256color", **environment},
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            piece = os.read(ours, 4096)
        except OSError:  # Linux says so when the other side is closed.
            break
        if not piece:
            break
        shown += piece
    process.wait()
    os.close(ours)
    return shown.decode()


def test_terminal_gets_colour_and_a_table_unless_it_wants_none(site: Path) -> None:
    add_record(site, "two", "x").write_text("no front matter")
    shown = on_terminal(site, "build", CLOCK)
    assert "\x1b[31m\x1b[1merror[no-front-matter]" in shown
    assert "records shown" in shown
    plain = on_terminal(site, "build", CLOCK, NO_COLOR="1")
    assert "error[no-front-matter]" in plain
    assert "\x1b[3" not in plain


def test_version_needs_none_of_the_heavy_parts() -> None:
    command = (
        "import sys\n"
        "from tidings.cli import main\n"
        "try: main(['--version'])\n"
        "except SystemExit as end: assert end.code == 0\n"
        "print(sorted({'rich', 'yaml', 'jinja2', 'msgspec', 'ftfy'} & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", command], capture_output=True, text=True, check=True
    )
    version, heavy = done.stdout.splitlines()
    assert version.startswith("tidings ")
    assert heavy == "[]"


@pytest.mark.parametrize("instant", ["9999-12-31T23:59:59", "0999-12-31", "0001-01-01"])
def test_a_clock_shows_years_that_records_can_have(site: Path, instant: str) -> None:
    (site / "tidings.toml").write_text(
        '[site]\ntimezone = "Pacific/Kiritimati"\n[newsletter]\nenabled = true\n'
    )
    for command, option in (
        ("build", "--clock"),
        ("check", "--clock"),
        ("newsletter", "--since"),
    ):
        done = run(site, command, option, instant)
        assert (done.returncode, done.stdout) == (2, "")
        assert f"'{instant}' is not in the years 1000 to 9998" in done.stderr
    assert run(site, "build", "--clock", "9998-12-31T23:59:59Z").returncode == 0
    done = run(site, "build", "--clock", "1000-01-01")
    assert (done.returncode, done.stderr) == (0, "")
