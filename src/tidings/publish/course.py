"""One publish on its way: what was asked, and what has come of it so far."""

from __future__ import annotations

import time
from typing import Any

import msgspec

from tidings.engine.places import CONFIG
from tidings.model.diagnostic import Diagnostic, Place, Severity, sorted_diagnostics
from tidings.publish.report import PublishReport, PublishRequest, Surroundings
from tidings.publish.target import TargetError


class Course:
    """What the steps of one publish have gathered so far."""

    def __init__(self, request: PublishRequest, around: Surroundings) -> None:
        self.request = request
        self.around = around
        self.diagnostics: list[Diagnostic] = []
        self.notes: list[str] = []
        self.news: list[str] | None = None
        """Sorted paths of files at the target that nobody was told of yet; None where nothing
        has to follow."""
        self._seconds: dict[str, float] = {}
        self._facts: dict[str, Any] = {"dry_run": request.dry_run}
        self._started = self._last = time.perf_counter()

    def know(self, **facts: Any) -> None:
        """Sets fields of the report to come."""
        self._facts.update(facts)

    def phase_done(self, name: str) -> None:
        """Adds the time since the phase before to this one's."""
        now = time.perf_counter()
        self._seconds[name] = self._seconds.get(name, 0.0) + now - self._last
        self._last = now

    def warn(self, code: str, message: str, place: str, hint: str = "") -> None:
        """Keeps a problem that does not undo the publish."""
        self.diagnostics.append(Diagnostic(code, Severity.WARNING, message, Place(place), hint))

    def failed(self, error: TargetError) -> PublishReport:
        """The report of a publish that the target would not let go on."""
        place = Place(self._facts.get("label", CONFIG))
        self.diagnostics.append(
            Diagnostic(error.code, Severity.ERROR, error.message, place, error.hint)
        )
        return self.report(2)

    def report(self, exit_code: int) -> PublishReport:
        """How the publish ended."""
        report = PublishReport(
            ok=exit_code == 0,
            exit_code=exit_code,
            diagnostics=sorted_diagnostics(self.diagnostics),
            notes=tuple(self.notes),
            seconds={**self._seconds, "total": time.perf_counter() - self._started},
        )
        return msgspec.structs.replace(report, **self._facts)
