"""What a preview makes: builds one after the other, and drafts before them.

Between `rebuild`, which runs builds, and `run`, which says when. All builds of a preview share
one memory, so that each reads only what has changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import msgspec

from tidings.engine.build import build
from tidings.engine.first import Draft, draft_pages
from tidings.engine.memory import Memory
from tidings.engine.report import BuildReport, BuildRequest
from tidings.serve.rebuild import at, run_builder, utc_now
from tidings.serve.tell import report_lines

Say = Callable[[str], None]


class Maker:
    """Makes the site as it is asked to, and tells what came of it. One build at a time."""

    def __init__(self, request: BuildRequest, say: Say) -> None:
        self.request = msgspec.structs.replace(request, preview=True)
        self._say = say
        self._memory = Memory(request.output)
        self._last: BuildReport | None = None

    def draft(self, changed: Iterable[Path]) -> Draft | None:
        """What can be shown of the changed files before the site is built; None for nothing."""
        return draft_pages(self.request, self._memory, changed)

    async def build(self) -> BuildReport:
        """The report of a build, which is told too."""
        report = await run_builder(
            partial(build, memory=self._memory), at(self.request, utc_now)
        )
        self._tell(report)
        return report

    async def fill(self) -> BuildReport | None:
        """Has the site read whole, where the last build found nothing to do and read nothing.

        Whoever edits then waits no longer than after any later edit. None where nothing came of
        it, as a rule; the report of a build where something had changed meanwhile.
        """
        if self._memory.last is not None or self._last is None or not self._last.ok:
            return None
        filling = partial(build, memory=self._memory, fill=True)
        report = await run_builder(filling, at(self.request, utc_now))
        if report.ok and not (report.written or report.deleted):
            return None
        self._tell(report)
        return report

    def _tell(self, report: BuildReport) -> None:
        for line in report_lines(report, self._last):
            self._say(line)
        self._last = report
