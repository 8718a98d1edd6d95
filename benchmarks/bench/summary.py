"""From measured rows to tables: medians, and ratios to Hugo and to the copy limit."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import median

import msgspec

START, END = "<!-- figures: written by `make bench` -->", "<!-- end of figures -->"
TOOLS = ("tidings", "hugo", "hugo-plain", "copy")
REBUILD = "body"
"""The scenario whose Hugo figures stand for those of every edit."""
SERVED = "serve-"


class Row(msgspec.Struct, frozen=True):
    """One measured run, as it stands in the raw file."""

    scenario: str
    tool: str
    run: int
    wall: float
    """Seconds."""
    cpu: float
    """Seconds."""
    peak: float
    """MiB."""
    rendered: int
    written: int


class Line(msgspec.Struct, frozen=True):
    """The medians of one scenario and tool."""

    scenario: str
    tool: str
    runs: int
    wall: float
    cpu: float
    peak: float
    rendered: float
    written: float


def write_rows(file: Path, rows: Iterable[Row]) -> None:
    """The raw file."""
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(Row.__struct_fields__)
        writer.writerows(msgspec.structs.astuple(row) for row in rows)


def read_rows(file: Path) -> list[Row]:
    """What `write_rows` wrote."""
    with file.open(encoding="utf-8", newline="") as lines:
        return [msgspec.convert(row, Row, strict=False) for row in csv.DictReader(lines)]


def medians(rows: Sequence[Row]) -> list[Line]:
    """One line for each scenario and tool, in the order of their first rows."""
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        groups.setdefault((row.scenario, row.tool), []).append(row)
    return [
        Line(
            scenario,
            tool,
            len(group),
            *(
                median(getattr(row, name) for row in group)
                for name in ("wall", "cpu", "peak", "rendered", "written")
            ),
        )
        for (scenario, tool), group in groups.items()
    ]


def yardstick(lines: Sequence[Line], scenario: str, tool: str) -> Line | None:
    """What a scenario of tidings is compared with; None where that was not measured.

    Hugo's rebuild after one edit stands for every edit, because Hugo makes all pages anew. The
    copy limit is always that of the whole site.
    """
    wanted = [scenario]
    if tool == "copy":
        wanted = ["cold"]
    elif not scenario.startswith(SERVED):
        wanted += [REBUILD, "cold"]
    for name in wanted:
        for line in lines:
            if (line.scenario, line.tool) == (name, tool):
                return line
    return None


def ratio(line: Line, other: Line | None) -> str:
    """Wall time as a multiple of another's."""
    return f"{line.wall / other.wall:.3g}" if other and other.wall else ""


def table(rows: Sequence[Row], titles: dict[str, str]) -> str:
    """The two Markdown tables: tidings with its ratios, and what it was compared with."""
    lines = medians(rows)
    out = [
        "| tidings | wall s | CPU s | peak MiB | rendered | written "
        "| ÷ Hugo | ÷ Hugo, nothing related | ÷ copy |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for line in lines:
        if line.tool == "tidings":
            others = [yardstick(lines, line.scenario, tool) for tool in TOOLS[1:]]
            # Nobody copies a site while it is served.
            if line.scenario.startswith(SERVED):
                others[-1] = None
            ratios = " | ".join(ratio(line, other) for other in others)
            out.append(f"| {titles[line.scenario]} | {figures(line)} | {ratios} |")
    out += [
        "",
        "| compared with | wall s | CPU s | peak MiB | rendered | written |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    names = dict(zip(TOOLS[1:], ("Hugo", "Hugo, nothing related", "copy"), strict=True))
    for line in sorted(lines, key=lambda line: TOOLS.index(line.tool)):
        if line.tool in names:
            name = f"{names[line.tool]}: {titles[line.scenario]}"
            out.append(f"| {name} | {figures(line)} |")
    return "\n".join(out) + "\n"


def figures(line: Line) -> str:
    """The cells of a line. What cannot be counted is empty."""
    served = line.scenario.startswith(SERVED)
    rendered = "" if served or line.tool == "copy" else f"{line.rendered:.0f}"
    written = "" if served else f"{line.written:.0f}"
    peak = f"{line.peak:.0f}" if line.peak else ""
    return f"{line.wall:.3f} | {line.cpu:.2f} | {peak} | {rendered} | {written}"


def with_figures(page: str, figures: str) -> str:
    """The page with other text between its two markers."""
    head, start, rest = page.partition(START)
    _, end, tail = rest.partition(END)
    if not start or not end:
        raise ValueError("the page has no markers for figures")
    return f"{head}{START}\n\n{figures.strip()}\n\n{END}{tail}"
