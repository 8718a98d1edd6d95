"""Turns single changes into bursts: an author's one "save" becomes one build.

Between `watch`, which notes paths, and `rebuild`, which builds when they have settled.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

QUIET = 0.05
"""Seconds without a change that end a burst."""
LONGEST = 0.5
"""Seconds after which a burst is built all the same."""


def wait_left(first: float, last: float, now: float) -> float:
    """Seconds to wait until a burst counts as settled; 0 or less when it does.

    All three are instants of one clock: the burst's first change, its last, and now.
    """
    return min(last + QUIET, first + LONGEST) - now


class Changes:
    """Changed paths that no build has seen yet. Belongs to one event loop."""

    def __init__(self) -> None:
        self._paths: set[Path] = set()
        self._first = 0.0
        self._last = 0.0
        self._any = asyncio.Event()

    def note(self, path: Path) -> None:
        """Add a changed path."""
        self._last = asyncio.get_running_loop().time()
        if not self._paths:
            self._first = self._last
        self._paths.add(path)
        self._any.set()

    async def settled(self) -> tuple[Path, ...]:
        """The paths of the next settled burst, sorted; they are then forgotten here."""
        await self._any.wait()
        now = asyncio.get_running_loop().time
        while (left := wait_left(self._first, self._last, now())) > 0:
            await asyncio.sleep(left)
        paths = tuple(sorted(self._paths))
        self._paths.clear()
        self._any.clear()
        return paths
