"""Where the program is that indexes pages for search: Pagefind, of the extra `search`.

Part of the engine. It is looked for among the installed packages only, not along the machine's
paths, so that what is declared is what is used.
"""

from __future__ import annotations

import importlib
import importlib.util
from pathlib import Path

PACKAGES = ("pagefind_bin_extended", "pagefind_bin")
"""The packages that bring it. The first also knows the words of Chinese and Japanese."""


def has_indexer() -> bool:
    """Whether Pagefind is installed. Imports nothing."""
    return any(importlib.util.find_spec(name) is not None for name in PACKAGES)


def indexer() -> Path | None:
    """The program; None where it is not installed."""
    for name in PACKAGES:
        try:
            package = importlib.import_module(name)
            return Path(package.get_executable())
        except (ImportError, FileNotFoundError):
            continue
    return None
