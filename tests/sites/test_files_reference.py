"""docs/reference/files.md names every file that a build makes."""

from __future__ import annotations

import re
from pathlib import Path

from fixture_examples import SAMPLE_CLOCK
from fixture_machines import TOP
from test_crawl import copied

REFERENCE = TOP / "docs/reference/files.md"
ROW = re.compile(r"^\| (`.*?) \|", re.MULTILINE)


def test_every_file_of_a_site_is_in_the_reference(tmp_path: Path) -> None:
    site = copied(tmp_path, TOP / "content", TOP / "static")
    site.write("tidings.toml", "[newsletter]\nenabled = true\n")
    site.built(unpublished=True, clock=SAMPLE_CLOCK, preview=False)
    table = REFERENCE.read_text("utf-8").partition("\n## ")[0]
    names = [name for row in ROW.findall(table) for name in re.findall("`(.*?)`", row)]
    used = set()
    for file in site.output.rglob("*"):
        path = file.relative_to(site.output).as_posix()
        known = [name for name in names if _is(name, path)]
        assert known or file.is_dir(), path
        used.update(known)
    assert used == set(names)


def _is(name: str, path: str) -> bool:
    """Whether the path is what the reference calls so: `…` is anything, `N` a number."""
    if "/" not in name and path.rpartition("/")[2] in ("feed.xml", "rss.xml", "feed.json"):
        path = path.rpartition("/")[2]
    pattern = re.escape(name).replace("N\\.", r"\d+\.").replace("…", ".*")
    return re.fullmatch(pattern.replace(r".*/index", "(.*/)?index"), path) is not None
