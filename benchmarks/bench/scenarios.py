"""The edits that are measured: values that say which files change, and how.

An edit depends on the digest and the number of the run alone, so everybody measures the same.
Each run changes something else, so that no cache has seen it before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

RECORDS = Path("content/news")
ARTICLE = 'class="article'
"""Both sites' article templates have it; an edit adds a class."""
TITLE = re.compile(r'^title: "(.*)"$', re.MULTILINE)


class Sites(msgspec.Struct, frozen=True):
    """The folders that edits are made in."""

    tidings: Path
    """The digest, with a template of its own."""
    hugo: Path
    """Hugo's config and templates. Its records are the digest's."""


class Edit(msgspec.Struct, frozen=True):
    """One file, before and after; None stands for no file."""

    file: Path
    before: bytes | None
    after: bytes | None


class Scenario(msgspec.Struct, frozen=True):
    """One thing that is measured."""

    name: str
    title: str
    edits: Callable[[Sites, int], tuple[Edit, ...]]
    """What changes in a run."""
    hugo: bool = False
    """Hugo is measured too. It makes all pages whatever changed, so one edit stands for all."""
    fresh: bool = False
    """Nothing of earlier builds is there."""


def apply(edits: tuple[Edit, ...]) -> None:
    """Makes the changes."""
    for edit in edits:
        _put(edit.file, edit.after)


def undo(edits: tuple[Edit, ...]) -> None:
    """Makes everything as it was."""
    for edit in edits:
        _put(edit.file, edit.before)


def days(site: Path) -> list[Path]:
    """The folders of records, by date."""
    return sorted((site / RECORDS).glob("*/*/*"))


def pick(site: Path, place: float, fits: Callable[[str], bool]) -> Path:
    """The first record that fits, from a place on (0 is the oldest day, 1 the newest)."""
    folders = days(site)
    start = int(place * (len(folders) - 1))
    for folder in folders[start:] + folders[:start]:
        for file in sorted(folder.glob("*.md")):
            if fits(file.read_text(encoding="utf-8")):
                return file
    raise LookupError(f"no record of {site} fits; are there too few?")


def is_shown(text: str) -> bool:
    """Whether a record is published."""
    return "\npublished: true\n" in text


def has_body(text: str) -> bool:
    """Whether a published record has a body."""
    return is_shown(text) and bool(text.rpartition("\n---\n")[2].strip())


def title_of(text: str) -> str:
    """A record's title."""
    found = TITLE.search(text)
    if not found:
        raise LookupError("a generated record without a title")
    return found[1]


def with_body(text: str, mark: str) -> str:
    """The record with one sentence more in its body."""
    return f"{text}\n{mark}\n"


def with_title(text: str, title: str) -> str:
    """The record with another title."""
    return TITLE.sub(lambda _: f'title: "{title}"', text, count=1)


def edit_nothing(_sites: Sites, _run: int) -> tuple[Edit, ...]:
    return ()


def edit_body(sites: Sites, run: int) -> tuple[Edit, ...]:
    file = pick(sites.tidings, 0.5, has_body)
    return (_changed(file, lambda text: with_body(text, f"Edited in run {run}.")),)


def edit_title(sites: Sites, run: int) -> tuple[Edit, ...]:
    file = pick(sites.tidings, 0.4, is_shown)
    return (_changed(file, lambda text: with_title(text, f"{title_of(text)} again {run}")),)


def add_record(sites: Sites, run: int) -> tuple[Edit, ...]:
    """One more record, near to one that is there but with addresses and a title of its own."""
    model = pick(sites.tidings, 0.6, is_shown)
    text = model.read_text(encoding="utf-8")
    text = with_title(text, f"{title_of(text)} besides {run}")
    text = re.sub(
        r'^(originalUrl|webUrl): ".*"$', rf'\1: "https://added.example/{run}"', text, flags=re.M
    )
    file = model.with_name(f"{model.name[:10]}-added-{run}.md")
    return (Edit(file, None, text.encode()),)


def delete_record(sites: Sites, run: int) -> tuple[Edit, ...]:
    file = pick(sites.tidings, 0.1 + run % 10 / 50, is_shown)
    return (Edit(file, file.read_bytes(), None),)


def edit_template(sites: Sites, run: int) -> tuple[Edit, ...]:
    files = (sites.tidings / "templates/article.html", sites.hugo / "layouts/page.html")
    return tuple(
        _changed(file, lambda text: text.replace(ARTICLE, f"{ARTICLE} run-{run}", 1))
        for file in files
    )


def edit_config(sites: Sites, run: int) -> tuple[Edit, ...]:
    files = (sites.tidings / "tidings.toml", sites.hugo / "hugo.toml")
    return tuple(
        _changed(file, lambda text: text.replace('"Generated', f'"Generated {run}', 1))
        for file in files
    )


SCENARIOS = (
    Scenario("cold", "from nothing", edit_nothing, hugo=True, fresh=True),
    Scenario("unchanged", "nothing changed", edit_nothing),
    Scenario("body", "one body edited", edit_body, hugo=True),
    Scenario("title", "one title edited", edit_title),
    Scenario("added", "one record added", add_record),
    Scenario("deleted", "one record deleted", delete_record),
    Scenario("template", "one template edited", edit_template),
    Scenario("config", "config edited", edit_config),
)


def chosen(names: Iterator[str] | list[str]) -> tuple[Scenario, ...]:
    """The scenarios so named, in the order of the table."""
    wanted = set(names)
    return tuple(scenario for scenario in SCENARIOS if scenario.name in wanted)


def _changed(file: Path, change: Callable[[str], str]) -> Edit:
    before = file.read_bytes()
    after = change(before.decode()).encode()
    if after == before:
        raise LookupError(f"{file.name} has no place for the edit")
    return Edit(file, before, after)


def _put(file: Path, data: bytes | None) -> None:
    if data is None:
        file.unlink()
    else:
        file.write_bytes(data)
