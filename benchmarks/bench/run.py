"""The order of the measuring: every round does all scenarios, and in each all tools by turns.

So a noisy moment of the machine hits all alike. What is measured is kept at once, and an
interrupted benchmark leaves a summary of what it has.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

from bench.digest import write_digest
from bench.scenarios import SCENARIOS, Scenario, apply, chosen, undo
from bench.serving import measure_serving
from bench.setup_note import code_stamp, setup_note
from bench.summary import Row, table, write_rows
from bench.tools import (
    Result,
    Work,
    build_copy,
    build_hugo,
    build_tidings,
    find_hugo,
    forget_hugo,
    forget_tidings,
    prepare_digest,
    prepare_hugo,
    remove_all,
)

SERVE_TITLES = {
    "serve-body": "`serve`: one body, until the article is new",
    "serve-title": "`serve`: one title, until article, day, front and topic are new",
}
TITLES = {scenario.name: scenario.title for scenario in SCENARIOS} | SERVE_TITLES


class Plan(msgspec.Struct, frozen=True):
    """What is to be measured."""

    records: int
    runs: int
    edits: int
    """Edits of each kind under `serve`."""
    seed: int
    only: tuple[str, ...]
    """Names of scenarios."""
    tools: tuple[str, ...]
    work: Path
    """A folder that may grow large."""
    keep: Path
    """The folder for the figures."""


def run(plan: Plan) -> None:
    """Measures, and writes setup note, raw figures and summary into the folder to keep."""
    plan = with_tools_that_are_here(plan)
    work = prepare(plan)
    plan.keep.mkdir(parents=True, exist_ok=True)
    size = f"{plan.records:,}"
    note = setup_note(
        f"{size} (seed {plan.seed})",
        f"median of {plan.runs}; under `serve`: median of {plan.edits} edits",
        with_hugo="hugo" in " ".join(plan.tools),
    )
    (plan.keep / f"setup-{plan.records}.md").write_text(note, encoding="utf-8")
    rows: list[Row] = []
    stamp = code_stamp()
    try:
        for row in measured(plan, work):
            rows.append(row)
            write_rows(plan.keep / f"raw-{plan.records}.csv", rows)
            say(
                f"{row.scenario:11} {row.tool:10} {row.run:2}  {row.wall:8.3f} s wall "
                f"{row.cpu:8.2f} s CPU {row.peak:6.0f} MiB {row.rendered:7} {row.written:7}"
            )
    finally:
        remove_all(work)
        summary = f"### {size} records\n\n{table(rows, TITLES)}"
        if code_stamp() != stamp:
            summary += "\n**tidings was edited meanwhile: do not trust these figures.**\n"
        (plan.keep / f"summary-{plan.records}.md").write_text(summary, encoding="utf-8")
    say(f"\n{summary}\nkept in {os.path.relpath(plan.keep)}")


def with_tools_that_are_here(plan: Plan) -> Plan:
    """The plan without Hugo where there is none."""
    if find_hugo():
        return plan
    say("Hugo is not installed, so its columns are left out")
    tools = tuple(tool for tool in plan.tools if not tool.startswith("hugo"))
    return msgspec.structs.replace(plan, tools=tools)


def prepare(plan: Plan) -> Work:
    """The digest, generated once for each size and seed, and copies of it for edits."""
    pristine = plan.work / f"generated-{plan.records}-{plan.seed}"
    # The config is written last, so a digest that has it is whole.
    if not (pristine / "tidings.toml").is_file():
        say(f"generating {plan.records:,} records")
        write_digest(pristine, plan.records, plan.seed)
    work = Work(plan.work / "sites")
    work.folder.mkdir(parents=True, exist_ok=True)
    prepare_digest(work, pristine)
    forget_tidings(work)
    # Its templates are edited in any case.
    prepare_hugo(work, with_sources=any(tool.startswith("hugo") for tool in plan.tools))
    for tool in ("hugo", "hugo-plain"):
        forget_hugo(work, tool)
    return work


def measured(plan: Plan, work: Work) -> Iterator[Row]:
    """All rows, as they are measured."""
    scenarios = chosen(list(plan.only))
    if not any(scenario.fresh for scenario in scenarios):
        build_tidings(work)
    for number in range(1, plan.runs + 1):
        for scenario in scenarios:
            yield from measured_scenario(plan, work, scenario, number)
    kinds = [name.removeprefix("serve-") for name in SERVE_TITLES if name in plan.only]
    # Serving without related articles says little more of Hugo than serving with them.
    for tool in ("tidings", "hugo") if kinds else ():
        if tool in plan.tools:
            yield from measure_serving(work, tool, os.environ, kinds, plan.edits)


def measured_scenario(plan: Plan, work: Work, scenario: Scenario, number: int) -> Iterator[Row]:
    """One scenario by all its tools, and everything as it was before."""
    edits = scenario.edits(work.sites, number)
    apply(edits)
    try:
        for tool in tools_of(plan, scenario):
            if scenario.fresh and tool != "copy":
                forget_tidings(work) if tool == "tidings" else forget_hugo(work, tool)
            yield to_row(scenario.name, tool, number, build(work, tool))
    finally:
        undo(edits)
    if edits and "tidings" in plan.tools:
        build_tidings(work)


def tools_of(plan: Plan, scenario: Scenario) -> list[str]:
    """The tools that a scenario is measured with."""
    wanted = ["tidings"]
    if scenario.hugo:
        wanted += ["hugo", "hugo-plain"]
    if scenario.fresh:
        wanted.append("copy")
    return [tool for tool in wanted if tool in plan.tools]


def build(work: Work, tool: str) -> Result:
    """One measured build."""
    if tool == "tidings":
        return build_tidings(work)
    return build_copy(work) if tool == "copy" else build_hugo(work, tool)


def to_row(scenario: str, tool: str, number: int, result: Result) -> Row:
    """A build's row of the raw file."""
    cost = result.cost
    peak = cost.peak / 2**20
    wall, cpu = round(cost.wall, 4), round(cost.cpu, 4)
    return Row(
        scenario, tool, number, wall, cpu, round(peak, 1), result.rendered, result.written
    )


def say(text: str) -> None:
    """Shows a line at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
