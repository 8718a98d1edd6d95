"""What is wrong with single values, before anybody knows where in the file they are.

Converting notes a problem with the path of the value (`related`, 0, `webUrl`); only the
diagnosing path knows places, and turns the notes into diagnostics.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from tidings.model.diagnostic import Diagnostic, Place, Severity, sorted_diagnostics

FieldPath = tuple[str | int, ...]
"""Where in the front matter a value is: `("related", 0, "webUrl")`."""

Places = Mapping[FieldPath, tuple[int, int]]
"""Line and column of values by their paths, both counted from 1."""

MAX_PROBLEMS = 100
"""Problems of one file that are told; nobody mends a file from more."""


class Problem(msgspec.Struct, frozen=True):
    """Something wrong with one value."""

    path: FieldPath
    code: str
    message: str
    hint: str = ""
    error: bool = False
    """Whether the record cannot be shown because of it."""


class Notes:
    """The problems of one file while its values are converted. Make a new one for each file."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def add(self, path: FieldPath, code: str, message: str, hint: str = "") -> None:
        """Notes something that was repaired or left out."""
        self.problems.append(Problem(path, code, message, hint))

    def fail(self, path: FieldPath, code: str, message: str, hint: str = "") -> None:
        """Notes something that keeps the record from being shown."""
        self.problems.append(Problem(path, code, message, hint, error=True))

    @property
    def failed(self) -> bool:
        """Whether anything noted keeps the record from being shown."""
        return any(problem.error for problem in self.problems)


def spell(path: FieldPath) -> str:
    """The path as people write and count it: `related[1].webUrl` is in the first entry."""
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def shown(text: str) -> str:
    """The text in quotes and on one line, cut where it is long."""
    text = text.strip()
    return repr(text if len(text) <= 60 else text[:60] + "…")


def place_problems(
    problems: Iterable[Problem], file: str, places: Places, *, first_line: int = 1
) -> tuple[Diagnostic, ...]:
    """The problems at their values' places; a missing value's is that of what should hold it.

    What is missing from the file itself is told at `first_line`.
    """
    diagnostics = []
    for problem in problems:
        path = problem.path
        while path and path not in places:
            path = path[:-1]
        line, column = places[path] if path else (first_line, 1)
        severity = Severity.ERROR if problem.error else Severity.WARNING
        place = Place(file, line, column)
        diagnostics.append(
            Diagnostic(problem.code, severity, problem.message, place, problem.hint)
        )
    return tuple(diagnostics)


def told(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """One file's diagnostics in order; of very many only the first, and how many there are."""
    ordered = sorted_diagnostics(diagnostics)
    if len(ordered) <= MAX_PROBLEMS:
        return ordered
    worst = min(ordered[MAX_PROBLEMS:], key=lambda problem: problem.severity != Severity.ERROR)
    more = Diagnostic(
        "more-problems",
        worst.severity,
        f"{len(ordered) - MAX_PROBLEMS:,} more problems follow in this file",
        ordered[MAX_PROBLEMS].place,
        "mend those above, then build again",
    )
    return (*ordered[:MAX_PROBLEMS], more)
