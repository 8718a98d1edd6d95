"""The site made again from nothing, in memory, and compared with the output folder.

Part of the engine: the same steps as a build with nothing kept; nothing is written. It holds
the incremental build to its promise: equal keys promise equal bytes.
"""

from __future__ import annotations

import os
import tempfile
from itertools import zip_longest
from pathlib import Path

import msgspec

from tidings.engine.finish import Work, finish_site
from tidings.engine.prepare import prepare
from tidings.engine.report import BuildRequest, Progress, no_progress
from tidings.engine.run import Run, read_config
from tidings.engine.searching import with_search
from tidings.model.diagnostic import Diagnostic, sorted_diagnostics
from tidings.model.output import Rendered
from tidings.output.manifest import read_manifest, read_plain_file
from tidings.output.paths import path_problem


class Difference(msgspec.Struct, frozen=True):
    """A file that holds other bytes than it should."""

    path: str
    """Path below the output folder."""
    line: int
    """First line that differs, counted from 1; 0 where no plain file is there."""


class VerifyReport(msgspec.Struct, frozen=True):
    """How the output folder compares."""

    exit_code: int
    """0 every file is as it should be; 1 not; 2 the config is at fault."""
    output: Path
    files: int = 0
    """Files that the site consists of; 0 where it could not be made."""
    differing: tuple[Difference, ...] = ()
    """By path."""
    missing: tuple[str, ...] = ()
    """Files that are not there, sorted."""
    left_over: tuple[str, ...] = ()
    """Files of earlier builds that no longer belong, sorted."""
    listed: bool = True
    """Whether earlier builds' list of files could be read. Without it nothing is left over."""
    diagnostics: tuple[Diagnostic, ...] = ()


def verify(request: BuildRequest, progress: Progress = no_progress) -> VerifyReport:
    """Compares the output folder with the site as it would be built now."""
    run = Run(request, progress)
    config = read_config(run)
    if config is None:
        return _unable(run, 2)
    prepared = prepare(config, run)
    if prepared.sketch is None or prepared.theme is None:
        return _unable(run, 1)
    sketch = prepared.sketch
    work = Work(sketch, prepared.theme, prepared.assets, {}, sketch.pages)
    # Nothing is written to the folder that is looked at.
    with tempfile.TemporaryDirectory(prefix="tidings-") as aside:
        finished = with_search(finish_site(work, run), work, run, Path(aside) / "search")
    if finished is None:
        return _unable(run, 1)
    output = request.output
    made = [page for page in finished.rendered if isinstance(page, Rendered)]
    differing, missing = [], []
    for page in sorted(made, key=lambda page: page.path):
        file = output / page.path
        data = None if path_problem(page.path) else read_plain_file(file)
        if data is None and not os.path.lexists(file):
            missing.append(page.path)
        elif data != page.data:
            line = 0 if data is None else _first_line(data, page.data)
            differing.append(Difference(page.path, line))
    manifest = read_manifest(output).value
    wanted = {page.path for page in finished.rendered}
    left_over = sorted(
        path
        for path in (manifest.files if manifest else {})
        if path not in wanted and read_plain_file(output / path) is not None
    )
    return VerifyReport(
        exit_code=1 if differing or missing or left_over else 0,
        output=output,
        files=len(finished.rendered),
        differing=tuple(differing),
        missing=tuple(missing),
        left_over=tuple(left_over),
        listed=manifest is not None,
        diagnostics=sorted_diagnostics(run.diagnostics),
    )


def _unable(run: Run, exit_code: int) -> VerifyReport:
    return VerifyReport(
        exit_code, run.request.output, diagnostics=sorted_diagnostics(run.diagnostics)
    )


def _first_line(one: bytes, other: bytes) -> int:
    """The first line in which the two differ; they are not equal."""
    lines = zip_longest(one.split(b"\n"), other.split(b"\n"))
    return next(number for number, (this, that) in enumerate(lines, 1) if this != that)
