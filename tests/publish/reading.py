"""Reads a published site over and over until standard input ends; a process of its own.

    python reading.py ROOT

Writes, as JSON, how often it went through the whole site and every broken link that it met.
"""

from __future__ import annotations

import json
import select
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "sites")]

from publish_sites import broken_links  # noqa: E402 - needs the path.

PAUSE = 0.005
"""Seconds between two rounds."""


def main(root: Path) -> None:
    """Read until told to stop."""
    rounds, broken = 0, []
    while not select.select([sys.stdin], [], [], PAUSE)[0]:
        broken += broken_links(root)
        rounds += 1
    print(json.dumps({"rounds": rounds, "broken": broken}))  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]))
