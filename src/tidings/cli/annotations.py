"""Problems as GitHub shows them: as notes beside the lines of a change."""

from __future__ import annotations

import os
from pathlib import Path

from tidings.cli.text import plain
from tidings.model.diagnostic import Diagnostic, Severity

LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def annotation(problem: Diagnostic, source: Path) -> str:
    """The workflow command that notes a problem; paths are made to start at the checkout."""
    properties = {"file": _path_in_checkout(problem.place.file, source)}
    if problem.place.line:
        properties["line"] = str(problem.place.line)
    if problem.place.column:
        properties["col"] = str(problem.place.column)
    properties["title"] = problem.code
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    text = plain(problem.message) + (f" ({plain(problem.hint)})" if problem.hint else "")
    return f"::{LEVELS[problem.severity]} {listed}::{_data(text)}"


def _path_in_checkout(file: str, source: Path) -> str:
    """The file's path from the checkout's folder, where it lies below it."""
    checkout = Path(os.environ.get("GITHUB_WORKSPACE") or Path.cwd())
    try:
        return (source / file).relative_to(checkout).as_posix()
    except ValueError:
        return file


def _data(text: str) -> str:
    """The text with the marks that would end a workflow command written out."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """The same for a property, which colons and commas would end too."""
    return _data(plain(text)).replace(":", "%3A").replace(",", "%2C")
