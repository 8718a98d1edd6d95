"""Where the processor time of a build from nothing goes: its steps, and each kind of page.

    python benchmarks/kinds.py DIR

builds the site in DIR in one process into a folder that is then removed, and prints two tables.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from tidings.engine import finish
from tidings.engine.build import build
from tidings.engine.keys import open_makers, page_key
from tidings.engine.report import BuildRequest
from tidings.model.diagnostic import Outcome
from tidings.model.output import Rendered
from tidings.render.html import open_renderer

SPENT: dict[str, list[float]] = defaultdict(lambda: [0, 0.0, 0.0, 0.0, 0])
"""By template: pages, seconds of planning, of keys, of rendering, and bytes."""


def open_measured(work: Any) -> Any:
    """What `finish` makes pages with, and a clock between its steps."""
    render = open_renderer(work.theme, work.sketch.site)
    makers = open_makers(work.theme, work.sketch.site)
    encoder = msgspec.msgpack.Encoder()
    clock = time.process_time

    def make(sketch: Any) -> Any:
        began = clock()
        plan = sketch.draw()
        planned = clock()
        key = page_key(makers(plan.template), plan, encoder)
        keyed = clock()
        outcome = render(plan)
        spent = SPENT[plan.template]
        steps = (1, planned - began, keyed - planned, clock() - keyed, len(outcome.value))
        for place, value in enumerate(steps):
            spent[place] += value
        page = Rendered(plan.path, key, outcome.value)
        return Outcome(finish._Made(page, plan.template), outcome.diagnostics)

    return make


def main() -> None:
    """Builds and prints."""
    finish._open_finisher = open_measured
    with tempfile.TemporaryDirectory() as folder:
        request = BuildRequest(
            Path(sys.argv[1]).resolve(), Path(folder) / "site", datetime.now(UTC), jobs=1
        )
        report = build(request)
    print("| step | seconds |\n|---|--:|")
    for name, seconds in report.seconds.items():
        print(f"| {name} | {seconds:.2f} |")
    print("\n| made by | pages | planning s | key s | rendering s | MB | µs a page |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    for name, (pages, *steps, size) in sorted(
        SPENT.items(), key=lambda item: -sum(item[1][1:4])
    ):
        each = sum(steps) / pages * 1e6
        cells = " | ".join(f"{step:.2f}" for step in steps)
        print(f"| `{name}` | {pages} | {cells} | {size / 1e6:.1f} | {each:.0f} |")


if __name__ == "__main__":
    main()
