"""The search index of pages, made by Pagefind in a folder put aside for it.

Part of the output step. Pagefind is given the pages as files and nothing else: no settings of
the machine, no file of the site. What it makes is read back, and written like any page.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

from tidings.output.search_files import settle_files

HTML = re.compile(rb"<html\b[^>]*>", re.IGNORECASE)
MAIN = re.compile(rb"<main\b.*</main\s*>", re.IGNORECASE | re.DOTALL)
SIGN = b"data-pagefind"
INPUT, OUTPUT = "pages", "index"


class NoIndexError(RuntimeError):
    """Pagefind did not make an index; the text says why."""


def make_index(
    program: Path, folder: Path, pages: Iterable[tuple[str, bytes]]
) -> dict[str, bytes]:
    """The files of the index by name, the same for the same pages in whatever order.

    `pages` are (path below the site, bytes); `folder` is empty or not there, and is the
    caller's to remove. Raises NoIndexError, and UnknownIndexError where the index is of another
    kind than this version knows, and OSError where files cannot be written or Pagefind not be
    started.
    """
    made: set[Path] = set()
    for path, data in pages:
        file = folder / INPUT / path
        if file.parent not in made:
            file.parent.mkdir(parents=True, exist_ok=True)
            made.add(file.parent)
        file.write_bytes(searched_part(data))
    _run(program, folder)
    top = folder / OUTPUT
    return settle_files(
        {
            file.relative_to(top).as_posix(): file.read_bytes()
            for file in top.rglob("*")
            if file.is_file()
        }
    )


def searched_part(page: bytes) -> bytes:
    """As much of the page as search can see: reading the rest takes most of the time.

    All of it, where anything outside its `main` element is marked for search.
    """
    top, main = HTML.search(page), MAIN.search(page)
    if top is None or main is None or main[0].count(SIGN) != page.count(SIGN):
        return page
    return b"<!doctype html>" + top[0] + b"<body>" + main[0]


def _run(program: Path, folder: Path) -> None:
    command = [str(program), "--site", INPUT, "--output-path", OUTPUT, "--quiet"]
    # Settings could also come from variables; then the site would depend on who builds it.
    variables = {
        name: value for name, value in os.environ.items() if not name.startswith("PAGEFIND_")
    }
    result = subprocess.run(
        command, cwd=folder, env=variables, stdin=subprocess.DEVNULL, capture_output=True
    )
    if result.returncode != 0:
        said = (result.stderr + result.stdout).decode("utf-8", "replace").strip()
        last = said.splitlines()[-1] if said else f"it ended with {result.returncode}"
        raise NoIndexError(last)
