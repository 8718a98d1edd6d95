"""One build, from the site's folder to its output folder: the steps in their order.

    list, read, catalog, sketch, then for each page plan and render, write

Each step is a pure function of what the ones before it gave; only the first reads, only the
last writes. Whatever goes wrong before the last leaves the site that was there as it was.
"""

from __future__ import annotations

import contextlib
import gc
import time
from collections.abc import Iterator

import msgspec

from tidings.engine.inputs import list_inputs
from tidings.engine.memory import (
    load_bases,
    load_readings,
    load_snapshot,
    store_bases,
    store_readings,
    store_snapshot,
)
from tidings.engine.places import watched_paths
from tidings.engine.report import BuildReport, BuildRequest, Progress, no_progress
from tidings.engine.run import Run, read_config, read_options
from tidings.engine.unchanged import Snapshot, inputs_digest, still_holds
from tidings.model.config import Config
from tidings.model.diagnostic import Severity, has_errors
from tidings.model.output import Manifest
from tidings.output.guard import refuse_output
from tidings.output.lock import locked
from tidings.output.manifest import intact_files, read_manifest

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
        with _collector_paused():
            return _build_alone(config, run)


@contextlib.contextmanager
def _collector_paused() -> Iterator[None]:
    """No search for cycles meanwhile: a build makes a great many values, hardly any in one."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _build_alone(config: Config, run: Run) -> BuildReport:
    """All steps of the build; the caller holds the output folder's lock."""
    request = run.request
    started = time.time_ns()
    listed = list_inputs(request.source, config)
    inputs = inputs_digest(listed, config, request, started)
    run.phase_done("scan")
    manifest = _known_files(run)
    intact = intact_files(request.output, manifest) if manifest else frozenset()
    snapshot = None if request.clean else load_snapshot(request.output)
    held = still_holds(snapshot, inputs, request.clock)
    if held is not None and manifest is not None and len(intact) == len(manifest.files):
        return _report_again(held, run)
    # Imported here, because most builds of an hourly digest end above.
    from tidings.engine.finish import Crowd, Work, finish_site, worth_a_crowd
    from tidings.engine.prepare import prepare
    from tidings.engine.reach import KeptBases, bases_of, shared_digest, unreached_pages
    from tidings.output.staging import drop_stages
    from tidings.output.write import write_failure, write_site

    kept = load_readings(request.output, read_options(config))
    prepared = prepare(config, run, listed, kept)
    store_readings(request.output, kept, prepared.read)
    if prepared.sketch is None or prepared.theme is None:
        return run.report(1)
    if request.strict and any(
        problem.severity is not Severity.INFO for problem in run.diagnostics
    ):
        return run.report(1)
    known = manifest.files if manifest else {}
    usable = {} if request.clean else {path: known[path] for path in intact}
    shared = shared_digest(
        prepared.sketch, prepared.theme, config, prepared.loaded, prepared.assets
    )
    bases = KeptBases() if request.clean else load_bases(request.output)
    unreached = unreached_pages(prepared.sketch, shared, bases, usable)
    work = Work(prepared.sketch, prepared.theme, prepared.assets, usable, unreached)
    drop_stages(request.output)
    store_snapshot(request.output, None)
    if worth_a_crowd(work, run):
        try:
            with Crowd(work, run, request.output) as crowd:
                finished = crowd.finish()
                if finished is None:
                    return run.report(1)
                saved = write_site(
                    request.output, finished.rendered, finished.kept, manifest, crowd.place
                )
        except OSError as error:
            run.diagnostics.append(write_failure(request.output, error))
            return run.report(2)
        finally:
            drop_stages(request.output)
    else:
        finished = finish_site(work, run)
        if finished is None:
            return run.report(1)
        saved = write_site(request.output, finished.rendered, finished.kept, manifest)
    run.diagnostics.extend(saved.diagnostics)
    run.count(written=len(saved.change.written), deleted=len(saved.change.deleted))
    failed = has_errors(saved.diagnostics)
    report = run.report(2 if failed else 0, saved.change.written, saved.change.deleted)
    if not saved.diagnostics:
        store_bases(request.output, bases_of(prepared.sketch, shared, saved.manifest.files))
    if inputs is not None and not saved.diagnostics:
        store_snapshot(
            request.output,
            Snapshot(
                inputs,
                request.clock,
                prepared.until,
                report.counts,
                report.diagnostics,
                report.notes,
            ),
        )
    run.phase_done("write")
    return msgspec.structs.replace(report, seconds=run.total_seconds())


def _report_again(snapshot: Snapshot, run: Run) -> BuildReport:
    """What is to be said of a site that is as it must be."""
    run.counts = msgspec.structs.replace(
        snapshot.counts, parsed=0, rendered=0, written=0, deleted=0
    )
    run.diagnostics = list(snapshot.diagnostics)
    run.notes = snapshot.notes
    return run.report(0)


def _known_files(run: Run) -> Manifest | None:
    outcome = read_manifest(run.request.output)
    run.diagnostics.extend(outcome.diagnostics)
    return outcome.value
