"""Problems as values: collected by every step, sorted and shown once at the end."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from typing import Generic, TypeVar

import msgspec

Value = TypeVar("Value")


class Severity(enum.StrEnum):
    """How much a problem weighs. An error leaves something out; a warning repairs or
    guesses."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


SEVERITY_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


class Place(msgspec.Struct, frozen=True):
    """Where in a file a problem is."""

    file: str
    """Path from the site's folder, or as the user gave it."""
    line: int = 0
    """Line, counted from 1; 0 when the problem is the whole file's."""
    column: int = 0
    """Column in characters, counted from 1; 0 when unknown."""


class Diagnostic(msgspec.Struct, frozen=True):
    """One problem, said so that its reader can mend it."""

    code: str
    """A stable slug such as `unknown-topic`; listed in docs/reference/diagnostics.md."""
    severity: Severity
    message: str
    """What was found, in one line."""
    place: Place
    hint: str = ""
    """What to do about it, in one line; empty when the message says it all."""


class Outcome(msgspec.Struct, Generic[Value], frozen=True):
    """A value, or None where there was no making one, and the problems met on the way."""

    value: Value | None
    diagnostics: tuple[Diagnostic, ...] = ()


def sorted_diagnostics(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The problems without repeats, by file, then line, column, severity, code and message."""
    return tuple(
        sorted(
            set(diagnostics),
            key=lambda problem: (
                problem.place.file,
                problem.place.line,
                problem.place.column,
                SEVERITY_ORDER[problem.severity],
                problem.code,
                problem.message,
                problem.hint,
            ),
        )
    )


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether any of the problems is an error."""
    return any(problem.severity is Severity.ERROR for problem in diagnostics)
