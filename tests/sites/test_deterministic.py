"""The same inputs give the same bytes, on every machine and in every order."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from fixture_site import Site, record

RUN = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from tidings.engine.build import build
from tidings.engine.report import BuildRequest
import os
if sys.argv[3] == "shuffled":
    import random
    scandir = os.scandir
    class Shuffled:
        def __init__(self, path):
            with scandir(path) as entries:
                self.entries = list(entries)
            random.Random(7).shuffle(self.entries)
        def __enter__(self):
            return iter(self.entries)
        def __exit__(self, *_):
            pass
        def __iter__(self):
            return iter(self.entries)
    os.scandir = Shuffled
source, output = Path(sys.argv[1]), Path(sys.argv[2])
clock = datetime(2025, 6, 1, tzinfo=UTC)
report = build(BuildRequest(source=source, output=output, clock=clock))
for problem in report.diagnostics:
    print(problem.code, problem.message)
sys.exit(report.exit_code)
"""

WORDS = ("bridge", "harbour", "opens", "vote", "model", "council", "night", "record", "train")


def make_site(folder: Path) -> Site:
    """A site with something of everything, made from fixed chances."""
    chance = random.Random(3)
    site = Site(
        folder,
        '-- tidings.toml --\n[site]\ntimezone = "America/Chicago"\n[lists]\npage_size = 3\n'
        "-- content/topics/01-a.yaml --\nname: Alpha\n"
        "-- content/topics/02-b.yaml --\nname: Beta\nparent: Alpha\n"
        "-- content/pages/about.md --\n---\ntitle: About\n---\nWho we are.\n"
        "-- static/pictures/x.svg --\n<svg/>\n",
        preview=False,
    )
    for number in range(24):
        related = [
            {
                "title": " ".join(chance.sample(WORDS, 4)),
                "webUrl": f"https://o{chance.randrange(5)}.example/{chance.randrange(30)}",
                "quality": chance.randrange(3),
            }
            for _ in range(chance.randrange(5))
        ]
        site.write(
            f"content/news/{'deep/' if number % 3 else ''}r{number}.md",
            record(
                " ".join(chance.sample(WORDS, 3)),
                f"2024-0{chance.randrange(1, 4)}-0{chance.randrange(1, 4)}T0{number % 8}:00",
                webUrl=f"https://o{chance.randrange(5)}.example/{chance.randrange(30)}",
                topics=chance.sample(
                    ["Alpha", "Beta", "gamma", "Gamma", "Ünder", "C++", "C#"], 2
                ),
                related=related,
                images=[{"url": "/pictures/x.svg"}] if number % 2 else [],
                body="Read [this](r1.md)." if number % 5 == 0 else "",
                provider={
                    "name": chance.choice(["One", "Two"]),
                    "domain": f"o{number % 4}.example",
                },
            ),
        )
    return site


def run(site: Site, output: Path, order: str = "", **environment: str) -> dict[str, bytes]:
    """The output of a build in a process of its own."""
    result = subprocess.run(
        [sys.executable, "-c", RUN, str(site.source), str(output), order],
        env={**os.environ, **environment},
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return {**site.files(output), "(said)": result.stdout}


def test_hash_seed_time_zone_locale_and_order_of_files_change_no_byte(tmp_path: Path) -> None:
    site = make_site(tmp_path / "here")
    first = run(site, tmp_path / "1", PYTHONHASHSEED="1", TZ="UTC", LC_ALL="C")
    second = run(
        site,
        tmp_path / "2",
        "shuffled",
        PYTHONHASHSEED="2",
        TZ="Asia/Kathmandu",
        LC_ALL="tr_TR.UTF-8",
        LANG="tr_TR.UTF-8",
    )
    assert first == second
    moved = make_site(tmp_path / "somewhere" / "quite else")
    moved.build()
    assert {**moved.files(), "(said)": first["(said)"]} == first


def test_the_notes_of_a_build_are_the_same_too(tmp_path: Path) -> None:
    site = make_site(tmp_path)
    site.built()
    manifest = (site.output / ".tidings/manifest.json").read_bytes()
    site.built(output=tmp_path / "other")
    assert (tmp_path / "other/.tidings/manifest.json").read_bytes() == manifest
    assert str(tmp_path).encode() not in manifest


def test_a_second_build_writes_and_renders_nothing(tmp_path: Path) -> None:
    site = make_site(tmp_path)
    site.built()
    times = {path: (site.output / path).stat().st_mtime_ns for path in site.files()}
    report = site.built()
    assert (report.counts.rendered, report.written, report.deleted) == (0, (), ())
    assert report.counts.pages == len(site.files())
    assert {path: (site.output / path).stat().st_mtime_ns for path in site.files()} == times


def test_line_ends_and_byte_order_marks_change_no_page(tmp_path: Path) -> None:
    site = make_site(tmp_path)
    site.built()
    before = site.files()
    for file in sorted((site.source / "content").rglob("*")):
        if file.is_file():
            file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    assert site.built().written == ()
    assert site.files() == before


def test_a_build_from_nothing_gives_the_same_pages(tmp_path: Path) -> None:
    site = make_site(tmp_path)
    site.built()
    before = site.files()
    report = site.built(clean=True)
    assert report.counts.rendered == report.counts.pages
    assert report.written == ()
    shutil.rmtree(site.output)
    site.built()
    assert site.files() == before


def test_a_build_from_nothing_takes_nobodys_word(tmp_path: Path) -> None:
    """Neither that of times nor that of sizes, where all seems to be as it was left."""
    site = make_site(tmp_path)
    time.sleep(0.06)  # Until the times of its files prove something.
    site.built()
    before = site.files()
    page = site.output / "topics/index.html"
    page.write_bytes(page.read_bytes().replace(b"html", b"HTML"))
    assert site.built().written == ()
    assert site.built(clean=True).written == ("topics/index.html",)
    assert site.files() == before


@pytest.mark.parametrize("damage", ["gone", "longer"])
def test_a_page_that_was_lost_or_changed_comes_back(tmp_path: Path, damage: str) -> None:
    site = make_site(tmp_path)
    site.built()
    before = site.files()
    page = site.output / "topics/index.html"
    if damage == "gone":
        page.unlink()
    else:
        page.write_bytes(page.read_bytes() + b"<!-- changed -->")
    assert site.built().written == ("topics/index.html",)
    assert site.files() == before
