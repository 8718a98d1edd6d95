"""`make bench`: the command line of the benchmark."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

from bench.run import SERVE_TITLES, Plan, run
from bench.scenarios import SCENARIOS
from bench.summary import TOOLS, with_figures

HERE = Path(__file__).parents[1]
PAGE = HERE.parent / "docs" / "performance.md"
NAMES = [scenario.name for scenario in SCENARIOS] + list(SERVE_TITLES)


def words(text: str) -> list[str]:
    """Names with commas or blanks between."""
    return text.replace(",", " ").split()


def main() -> None:
    """Reads the arguments, measures, and says where the figures are."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--edits", type=int, default=10, help="edits of each kind under serve")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=words, default=NAMES, help=", ".join(NAMES))
    parser.add_argument("--tools", type=words, default=list(TOOLS), help=", ".join(TOOLS))
    parser.add_argument("--work", type=Path, default=HERE.parent / ".tidings" / "bench")
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    parser.add_argument("--keep", type=Path, default=HERE / "runs" / today)
    parser.add_argument("--docs", action="store_true", help="put the figures into docs, too")
    given = parser.parse_args()
    # Where it is set, every command would compile all modules anew: few users have it set.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    # So that a server that is being measured does not go on alone.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    for kind, wrong in (
        ("scenario", set(given.only) - set(NAMES)),
        ("tool", set(given.tools) - set(TOOLS)),
    ):
        if wrong:
            parser.error(f"there is no {kind} {', '.join(sorted(wrong))}")
    run(
        Plan(
            records=given.records,
            runs=given.runs,
            edits=given.edits,
            seed=given.seed,
            only=tuple(given.only),
            tools=tuple(given.tools),
            work=given.work.resolve(),
            keep=given.keep.resolve(),
        )
    )
    if given.docs:
        files = sorted(given.keep.glob("summary-*.md"), key=lambda file: len(file.name))
        figures = "\n".join(file.read_text(encoding="utf-8") for file in files)
        page = with_figures(PAGE.read_text(encoding="utf-8"), figures)
        PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
