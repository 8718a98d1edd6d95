"""One build, from the site's folder to its output folder: the steps in their order.

    scan, parse, catalog, plan, render, write

Each step is a pure function of what the ones before it gave; only the first reads, only the
last writes. Whatever goes wrong before the last leaves the site that was there as it was.
"""

from __future__ import annotations

from tidings.engine.finish import finish_site
from tidings.engine.places import watched_paths
from tidings.engine.prepare import Run, prepare, read_config
from tidings.engine.report import BuildReport, BuildRequest, Progress, no_progress
from tidings.model.config import Config
from tidings.model.diagnostic import Severity, has_errors
from tidings.model.output import Manifest
from tidings.output.guard import refuse_output
from tidings.output.lock import locked
from tidings.output.manifest import intact_files, read_manifest
from tidings.output.write import write_site

__all__ = ["build", "watched_paths"]

LOCK_TIMEOUT = 600.0
"""Seconds that a build waits for another one into the same folder."""


def build(request: BuildRequest, progress: Progress = no_progress) -> BuildReport:
    """Builds the site and says how it went; problems of the content never raise."""
    run = Run(request, progress)
    config = read_config(run)
    if config is None:
        return run.report(2)
    refused = refuse_output(request.output, request.source)
    if refused is not None:
        run.diagnostics.append(refused)
        return run.report(2)
    # Another build is waited for before anything is read, so that what is written last is also
    # what was read last.
    with locked(
        request.output, LOCK_TIMEOUT, lambda: progress("wait for another build", 0, 0)
    ) as busy:
        if busy is not None:
            run.diagnostics.append(busy)
            return run.report(2)
        return _build_alone(config, run)


def _build_alone(config: Config, run: Run) -> BuildReport:
    """All steps of the build; the caller holds the output folder's lock."""
    request = run.request
    prepared = prepare(config, run)
    if prepared.plan is None or prepared.theme is None:
        return run.report(1)
    if request.strict and any(
        problem.severity is not Severity.INFO for problem in run.diagnostics
    ):
        return run.report(1)
    manifest = _known_files(run)
    known = manifest.files if manifest else {}
    intact = intact_files(request.output, manifest) if manifest else frozenset()
    usable = {} if request.clean else {path: known[path] for path in intact}
    finished = finish_site(prepared.plan, prepared.theme, prepared.assets, usable, run)
    if finished is None:
        return run.report(1)
    saved = write_site(request.output, finished.rendered, finished.kept, manifest)
    run.diagnostics.extend(saved.diagnostics)
    run.count(written=len(saved.change.written), deleted=len(saved.change.deleted))
    run.phase_done("write")
    failed = has_errors(saved.diagnostics)
    return run.report(2 if failed else 0, saved.change.written, saved.change.deleted)


def _known_files(run: Run) -> Manifest | None:
    outcome = read_manifest(run.request.output)
    run.diagnostics.extend(outcome.diagnostics)
    return outcome.value
