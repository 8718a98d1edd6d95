"""Writes a digest of generated records: python benchmarks/generate.py FOLDER [--records N]."""

from __future__ import annotations

import argparse
from pathlib import Path

from bench.digest import write_digest


def main() -> None:
    """Reads the arguments and writes the digest."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    write_digest(given.folder, given.records, given.seed)


if __name__ == "__main__":
    main()
