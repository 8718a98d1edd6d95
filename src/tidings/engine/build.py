"""One build, from the site's folder to its output folder: the steps in their order.

    list, read, catalog, sketch, then for each page plan and render, write

Each step is a pure function of what the ones before it gave; only the first reads, only the
last writes. Whatever goes wrong before the last leaves the site that was there as it was.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from tidings.engine.inputs import list_inputs
from tidings.engine.places import watched_paths
from tidings.engine.report import BuildReport, BuildRequest, Progress, no_progress
from tidings.engine.run import Run, StoppedError, read_config
from tidings.engine.schedule import begin_aside, in_batches
from tidings.engine.unchanged import (
    Snapshot,
    inputs_digest,
    load_snapshot,
    still_holds,
    store_snapshot,
)
from tidings.model.config import Config
from tidings.model.diagnostic import Severity, has_errors
from tidings.model.output import Manifest
from tidings.output.guard import refuse_output
from tidings.output.lock import locked
from tidings.output.manifest import intact_files, look_at_files, read_manifest

if TYPE_CHECKING:
    from tidings.engine.memory import Memory

__all__ = ["build", "watched_paths"]

LOCK_TIMEOUT = 600.0
"""Seconds that a build waits for another one into the same folder."""

WORTH_LOOKING_ASIDE = 2000
"""Files of the output from which another process saves more time than it takes to start."""


def build(
    request: BuildRequest,
    progress: Progress = no_progress,
    memory: Memory | None = None,
    left: list[object] | None = None,
    *,
    fill: bool = False,
) -> BuildReport:
    """Builds the site and says how it went; problems of the content never raise.

    A program that builds into one output folder again and again hands in the same memory each
    time, and saves reading back what it has. One that ends after its build hands in a list, and
    saves taking apart what it then has in it. Where nothing has changed, nothing is read, and
    an empty memory stays so, unless it is to be filled: `fill`.
    """
    run = Run(request, progress)
    config = read_config(run)
    if config is None:
        return run.report(2)
    run.diagnostics.extend(run.asides)
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
        try:
            with _collector_paused(), contextlib.ExitStack() as stack:
                known = not fill or memory is None or memory.last is not None
                left = [] if left is None else left
                return _build_alone(config, run, memory, stack, left, known)
        except StoppedError as stopped:
            run.diagnostics.append(stopped.diagnostic)
            return run.report(2)


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


def _build_alone(
    config: Config,
    run: Run,
    memory: Memory | None,
    stack: contextlib.ExitStack,
    left: list[object],
    known: bool,
) -> BuildReport:
    """All steps of the build; the caller holds the folder's lock, and closes the stack.

    `known` is whether the site may stay as it is without being looked into.
    """
    request = run.request
    started = time.time_ns()
    manifest = _known_files(run)
    look = functools.cache(_begin_looking(run, manifest))
    # However the build ends, nobody looks any more when it has.
    stack.callback(look)
    listed = list_inputs(request.source, config)
    inputs = inputs_digest(listed, config, run.asides, request, started)
    run.phase_done("scan")
    snapshot = None if request.clean else load_snapshot(request.output)
    held = still_holds(snapshot, inputs, request.clock)
    # Whoever has more to do lets others look meanwhile.
    if known and held is not None and manifest is not None and all(look()):
        left += (manifest, listed)
        return _report_again(held, run)
    # Imported here, because most builds of an hourly digest end above.
    from tidings.engine.finish import Work
    from tidings.engine.keys import open_makers
    from tidings.engine.memory import Memory
    from tidings.engine.prepare import prepare, without_sources
    from tidings.engine.reach import KeptBases, bases_of, shared_digest, unreached_pages
    from tidings.engine.workers import finish_and_write, open_remote
    from tidings.output.staging import drop_stages

    run.remote = stack.enter_context(open_remote(run))
    memory = memory or Memory(request.output, lasting=False)
    prepared = without_sources(prepare(config, run, listed, memory))
    del listed
    run.next_change = prepared.until
    if prepared.sketch is None or prepared.theme is None:
        return run.report(1)
    if request.strict and any(
        problem.severity is not Severity.INFO for problem in run.diagnostics
    ):
        return run.report(1)
    usable = {} if request.clean or manifest is None else intact_files(manifest, look())
    bases = KeptBases() if request.clean else memory.bases()
    sketch, theme = prepared.sketch, prepared.theme
    shared = shared_digest(config)
    makers = open_makers(theme, sketch.site)
    unreached = unreached_pages(sketch, shared, makers, bases, usable)
    pages = tuple(page for page in sketch.pages if page.path not in unreached)
    work = Work(sketch, theme, prepared.assets, usable, pages)
    drop_stages(request.output)
    store_snapshot(request.output, None)
    done = finish_and_write(work, run, manifest)
    if isinstance(done, int):
        return run.report(done)
    finished, saved = done
    left += (memory, manifest, prepared, usable, bases, unreached, work, done)
    run.diagnostics.extend(saved.diagnostics)
    run.count(written=len(saved.change.written), deleted=len(saved.change.deleted))
    failed = has_errors(saved.diagnostics)
    report = run.report(2 if failed else 0, saved.change.written, saved.change.deleted)
    memory.keep_templates(theme, finished.templates)
    memory.remember(prepared, {} if failed else saved.manifest.files)
    if not saved.diagnostics:
        files = saved.manifest.files
        memory.keep_bases(bases_of(sketch, shared, makers, files, bases, unreached))
    if inputs is not None and not saved.diagnostics and not run.retry:
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
        snapshot.counts, parsed=0, planned=0, rendered=0, written=0, deleted=0
    )
    run.diagnostics = list(snapshot.diagnostics)
    run.notes = snapshot.notes
    run.next_change = snapshot.until
    return run.report(0)


def _begin_looking(run: Run, manifest: Manifest | None) -> Callable[[], bytes]:
    """Begins to look at the output's files; gives what waits for the answer."""
    if manifest is None:
        return bytes
    work = partial(look_at_files, run.request.output, manifest)
    total = len(manifest.files)
    if run.jobs == 1 or total < WORTH_LOOKING_ASIDE:
        return work
    # As many processes as are asked for: this one has the inputs to list meanwhile, which takes
    # less time than one of them alone would.
    parts = [
        begin_aside(partial(work, part.start, part.stop))
        for part in in_batches(total, run.jobs, WORTH_LOOKING_ASIDE)
    ]
    return lambda: b"".join([part() for part in parts])


def _known_files(run: Run) -> Manifest | None:
    outcome = read_manifest(run.request.output)
    run.diagnostics.extend(outcome.diagnostics)
    return outcome.value
