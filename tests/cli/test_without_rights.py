"""What the system does not let `tidings` read is said plainly; the site stays as it was."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from fixture_site import Site

POWERS = "-dac_override,-dac_read_search"
"""What lets the superuser read and write files that nobody may."""


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A site that was built."""
    site = Site(tmp_path)
    site.output = site.source / "site"
    site.news("a", "Story", topics=["Things"])
    site.write("tidings.toml", '[site]\ntitle = "My digest"\n')
    site.built()
    return site


def run(site: Site, command: str, *words: str, closed: Path) -> tuple[int, str, str]:
    """Exit code and both streams of a command while nobody may read or write a place."""
    source = ("--source", str(site.source))
    program = [sys.executable, "-m", "tidings", command, *source, *words]
    if os.geteuid() == 0:
        setpriv = shutil.which("setpriv")
        if setpriv is None:
            pytest.skip("the superuser may read everything")
        program = [setpriv, f"--bounding-set={POWERS}", f"--inh-caps={POWERS}", *program]
    mode = closed.stat().st_mode
    closed.chmod(0)
    try:
        done = subprocess.run(program, capture_output=True, text=True, check=False, timeout=60)
    finally:
        closed.chmod(mode)
    return done.returncode, done.stdout, done.stderr


CLOSED = [
    ("site/tidings.toml", "tidings.toml: error[unreadable]: cannot be read"),
    ("site/content", "content/news: error[unreadable]: cannot be read"),
    ("site/content/news", "content/news: error[unreadable]: cannot be read"),
    ("site/site", ": error[output-refused]: the output folder cannot be read"),
    ("site/site/.tidings", ": error[output-refused]: its .tidings cannot be read"),
]


@pytest.mark.parametrize(("closed", "told"), CLOSED)
def test_a_build_says_what_it_cannot_read(
    site: Site, tmp_path: Path, closed: str, told: str
) -> None:
    before = site.files()
    code, said, errors = run(site, "build", closed=tmp_path / closed)
    assert code == 2
    assert f"{told}: Permission denied\n  hint: " in errors
    assert said.startswith("Not built, 1 error: ")
    assert site.files() == before


@pytest.mark.parametrize(("closed", "told"), CLOSED)
def test_and_json_says_so_too(site: Site, tmp_path: Path, closed: str, told: str) -> None:
    code, said, errors = run(site, "build", "--json", closed=tmp_path / closed)
    assert (code, errors) == (2, "")
    (problem,) = json.loads(said)["diagnostics"]
    assert f"error[{problem['code']}]: {problem['message']}" in f"{told}: Permission denied"


@pytest.mark.parametrize("command", ["check", "verify"])
@pytest.mark.parametrize(("closed", "told"), CLOSED[:3])
def test_commands_that_only_look_say_the_same(
    site: Site, tmp_path: Path, command: str, closed: str, told: str
) -> None:
    code, _, errors = run(site, command, closed=tmp_path / closed)
    assert code == 2
    assert told in errors


def test_one_record_that_cannot_be_read_is_left_out(site: Site) -> None:
    site.news("b", "Another")
    code, said, errors = run(site, "build", closed=site.source / "content/news/b.md")
    assert code == 0
    assert "content/news/b.md: error[unreadable]: cannot be read: Permission denied" in errors
    assert "1 record left out because of errors" in said
