"""The parts of the benchmark: its records, its edits, its figures."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bench.digest import records_of, write_digest
from bench.measuring import measure
from bench.scenarios import SCENARIOS, Scenario, Sites, apply, pick, undo
from bench.serving import link_of, path_of
from bench.summary import Row, medians, read_rows, table, with_figures, write_rows
from bench.tools import (
    Work,
    build_copy,
    build_hugo,
    build_tidings,
    find_hugo,
    prepare_digest,
    prepare_hugo,
)

RECORDS = 300
HUGO = Path(__file__).parents[2] / "benchmarks" / "hugo"
TEXTS = dict(records_of(RECORDS, 1))
CHANGES = {
    "cold": {},
    "unchanged": {},
    "body": {"changed": 1},
    "title": {"changed": 1},
    "added": {"added": 1},
    "deleted": {"deleted": 1},
    "template": {"changed": 2},
    "config": {"changed": 2},
}
"""How many files each scenario touches, and how."""


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Sites:
    """A small digest, and Hugo's files beside it. Tests undo what they do."""
    folder = tmp_path_factory.mktemp("bench")
    found = Sites(folder / "digest", folder / "hugo")
    write_digest(found.tidings, RECORDS, 1)
    for source, target in (
        (HUGO / "hugo.toml", found.hugo / "hugo.toml"),
        (HUGO / "layouts/page.html", found.hugo / "layouts/page.html"),
        (HUGO.parents[1] / "templates/article.html", found.tidings / "templates/article.html"),
    ):
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(source.read_bytes())
    return found


def files_of(folder: Path) -> dict[str, bytes]:
    """Everything in a folder."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file()
    }


def share(pattern: str) -> float:
    """The part of the records that have a pattern."""
    return sum(bool(re.search(pattern, text, re.M)) for text in TEXTS.values()) / len(TEXTS)


def test_every_record_is_written_once(sites: Sites) -> None:
    news = sites.tidings / "content/news"
    found = {name: data.decode() for name, data in files_of(news).items()}
    assert found == TEXTS
    assert len(TEXTS) == RECORDS


@pytest.mark.parametrize("seed", ["0", "1"])
def test_same_arguments_give_the_same_records(seed: str) -> None:
    code = "from bench.digest import *; print(ascii(list(records_of(40, 1))))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(HUGO.parent)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == ascii(list(records_of(40, 1)))


def test_other_seed_gives_other_records() -> None:
    assert list(records_of(5, 2)) != list(records_of(5, 1))


def test_records_have_the_sizes_of_real_ones() -> None:
    sizes = [len(text.encode()) for text in TEXTS.values()]
    assert 3000 <= sum(sizes) / len(sizes) <= 4000
    assert {text.count("\n    webUrl:") for text in TEXTS.values()} == {0, 1, 2, 3, 4, 5}


def test_records_have_the_shares_that_are_promised() -> None:
    assert share(r"^published: false$") == pytest.approx(0.2, abs=0.06)
    assert share(r"\A---\n(?s:.*)\n---\n\s*\S") == pytest.approx(1 / 3, abs=0.01)
    assert share(r"[^\x00-\x7f]") > 0.9


def test_records_have_twenty_topics_and_many_providers() -> None:
    text = "".join(TEXTS.values())
    assert len(set(re.findall(r"^  - (\S+)$", text, re.M))) == 20
    assert 100 < len(set(re.findall(r"^  domain: (\S+)$", text, re.M))) <= 200


def test_records_lie_in_folders_of_their_day_within_one_year() -> None:
    for name, text in TEXTS.items():
        year, month, day, file = name.split("/")
        assert year == "2025"
        assert file.startswith(f"{year}-{month}-{day}-record-")
        assert f"\npublishedDateTime: {year}-{month}-{day}T" in text


def test_some_stories_have_several_records() -> None:
    text = "".join(TEXTS.values())
    urls = re.findall(r"^    webUrl: (.+)$", text, re.M)
    assert len(set(urls)) < 0.9 * len(urls)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_edit_changes_what_it_says_and_nothing_else(sites: Sites, scenario: Scenario) -> None:
    folder = sites.tidings.parent
    before = files_of(folder)
    edits = scenario.edits(sites, 1)
    apply(edits)
    after = files_of(folder)
    touched = {edit.file.relative_to(folder).as_posix() for edit in edits}
    found = {
        "added": after.keys() - before.keys(),
        "deleted": before.keys() - after.keys(),
        "changed": {name for name in before.keys() & after if before[name] != after[name]},
    }
    assert set().union(*found.values()) == touched
    assert {kind: len(names) for kind, names in found.items() if names} == CHANGES[
        scenario.name
    ]
    undo(edits)
    assert files_of(folder) == before


@pytest.mark.parametrize("name", ["body", "title", "added", "template", "config"])
def test_every_run_makes_another_edit(sites: Sites, name: str) -> None:
    (scenario,) = (scenario for scenario in SCENARIOS if scenario.name == name)
    assert scenario.edits(sites, 1)[0].after != scenario.edits(sites, 2)[0].after


def test_digest_without_a_fitting_record_is_refused(sites: Sites) -> None:
    with pytest.raises(LookupError, match="no record"):
        pick(sites.tidings, 0.5, lambda _: False)


def row(scenario: str, tool: str, run: int, wall: float) -> Row:
    return Row(scenario, tool, run, wall, wall * 2, 10, 3, 2)


ROWS = [
    *(row("cold", "tidings", n, wall) for n, wall in enumerate((9.0, 4.0, 5.0))),
    row("cold", "hugo", 1, 10.0),
    row("cold", "copy", 1, 2.0),
    row("body", "tidings", 1, 1.0),
    row("body", "hugo", 1, 8.0),
    row("title", "tidings", 1, 2.0),
    row("serve-body", "tidings", 1, 0.5),
    row("serve-body", "hugo", 1, 0.25),
]
TITLES = {name: name for name in ("cold", "body", "title", "serve-body")}


def cells(name: str) -> list[str]:
    """The first line of the summary that is about something."""
    lines = [line.split("|")[1:-1] for line in table(ROWS, TITLES).splitlines()]
    return next(
        [cell.strip() for cell in line] for line in lines if line and line[0].strip() == name
    )


def test_figures_are_medians() -> None:
    line = medians(ROWS)[0]
    assert (line.runs, line.wall, line.cpu, line.rendered, line.written) == (3, 5, 10, 3, 2)


def test_build_is_compared_with_hugo_and_the_copy_of_the_whole_site() -> None:
    assert cells("cold")[6:] == ["0.5", "", "2.5"]
    assert cells("body")[6:] == ["0.125", "", "0.5"]


def test_every_edit_is_compared_with_the_one_rebuild_of_hugo() -> None:
    assert cells("title")[6:] == ["0.25", "", "1"]


def test_serving_is_compared_with_serving_alone() -> None:
    assert cells("serve-body")[6:] == ["2", "", ""]


def test_raw_figures_are_kept_whole(tmp_path: Path) -> None:
    write_rows(tmp_path / "raw.csv", ROWS)
    assert read_rows(tmp_path / "raw.csv") == ROWS


def test_figures_replace_those_between_the_markers() -> None:
    page = (HUGO.parents[1] / "docs/performance.md").read_text(encoding="utf-8")
    once = with_figures(page, "one")
    assert with_figures(with_figures(page, "before"), "one") == once
    assert "\none\n" in once
    assert once.partition("<!--")[0] == page.partition("<!--")[0]
    with pytest.raises(ValueError, match="no markers"):
        with_figures("# Performance", "one")


def test_cost_of_children_counts(tmp_path: Path) -> None:
    busy = "import time\nwhile time.process_time() < 0.2: pass"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {busy!r}])"
    done = measure([sys.executable, "-c", code], tmp_path)
    assert done.code == 0
    assert done.cost.cpu >= 0.2


def test_link_is_found_by_its_headline() -> None:
    page = '<a href="/a/">Other</a> <a href="/b/%C3%A9/" data-story><bdi>Çe šo</bdi></a>'
    assert link_of(page, "Çe šo") == "/b/%C3%A9/"
    assert link_of(page, "Çe") == ""


def test_address_loses_its_host() -> None:
    assert path_of("http://localhost:1313/topics/gö/") == "/topics/g%C3%B6/"


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Work:
    """A digest of few records, built by tidings."""
    folder = tmp_path_factory.mktemp("tools")
    write_digest(folder / "generated", 40, 1)
    found = Work(folder)
    prepare_digest(found, folder / "generated")
    build_tidings(found)
    return found


def test_copy_writes_as_many_files_and_bytes_as_the_site_has(work: Work) -> None:
    result = build_copy(work)
    site, copy = (files_of(work.output(tool)) for tool in ("tidings", "copy"))
    assert {name: len(data) for name, data in copy.items()} == {
        name: len(data) for name, data in site.items()
    }
    assert result.written == len(site)


@pytest.mark.skipif(find_hugo() is None, reason="Hugo is not installed (make bench does that)")
def test_hugo_makes_the_same_kinds_of_pages(work: Work) -> None:
    prepare_hugo(work, with_sources=True)
    result = build_hugo(work, "hugo")
    ours, theirs = work.output("tidings"), work.output("hugo")
    days = [file.parent.parent for file in ours.glob("2025/*/*/*/index.html")]
    assert days
    assert sorted(
        file.parent.parent.relative_to(theirs) for file in theirs.glob("2025/*/*/*/index.html")
    ) == sorted(day.relative_to(ours) for day in days)
    for pattern in ("index.html", "feed.xml", "topics/*/index.html", "topics/*/feed.xml"):
        assert len([*theirs.glob(pattern)]) == len([*ours.glob(pattern)]), pattern
    for day in days:
        assert (theirs / day.relative_to(ours) / "index.html").is_file()
    # Hugo wants sources as files, so it also has those whose records are all unpublished.
    assert {file.parent.name for file in ours.glob("sources/*/index.html")} <= {
        file.parent.name for file in theirs.glob("sources/*/index.html")
    }
    assert result.rendered == result.written
