"""Reads a published site over HTTP over and over until standard input ends; like `reading.py`.

python remote_reading.py URL
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "sites")]

import reading  # noqa: E402 - needs the path.
from remote_sites import WebRoot  # noqa: E402 - needs the path.

if __name__ == "__main__":
    root: Any = WebRoot(sys.argv[1])
    reading.main(root)
