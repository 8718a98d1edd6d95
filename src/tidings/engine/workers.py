"""Which workers a build has, and how its pages are finished with them.

Part of the engine: forked processes where the platform has them, spawned ones where it has not,
or those of a cluster.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tidings.engine.finish import (
    Crowd,
    Finished,
    Work,
    finish_site,
    worth_a_crowd,
)
from tidings.engine.run import Run
from tidings.engine.schedule import begin_to_work, can_fork
from tidings.engine.searching import with_search
from tidings.model.output import Manifest
from tidings.output.staging import drop_stages
from tidings.output.write import Saved, write_failure, write_site

if TYPE_CHECKING:
    from tidings.engine.afar import Afar
    from tidings.engine.remote import Remote

WORTH_SPAWNING = 2000
"""Files or pages from which processes save more time than they take to start from nothing."""


MOST_SPAWNED = 61
"""Windows can wait for no more."""


@contextlib.contextmanager
def open_remote(run: Run) -> Iterator[Remote | None]:
    """Workers that share nothing with this process; None where none are asked for or needed.

    Raises StoppedError.
    """
    if run.request.scheduler is not None:
        from tidings.engine.cluster import join_cluster

        with join_cluster(run.request.scheduler) as remote:
            yield remote
    elif run.jobs > 1 and not can_fork():
        with spawned_remote(run.jobs) as remote:
            yield remote
    else:
        yield None


@contextlib.contextmanager
def spawned_remote(jobs: int) -> Iterator[Remote]:
    """Processes of this machine that start from nothing, when there is something to do."""
    # Imported here, because small sites need no pool and should not wait for it.
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    from tidings.engine.remote import Remote

    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(
        min(jobs, MOST_SPAWNED), mp_context=context, initializer=begin_to_work
    )
    try:
        yield Remote(pool, lambda: jobs, least=WORTH_SPAWNING, on_this_machine=True)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def finish_and_write(
    work: Work, run: Run, manifest: Manifest | None
) -> tuple[Finished, Saved] | int:
    """Makes the output folder what the sketch says; the exit code where that was not possible.

    `manifest` has what is ours in the folder. Problems are added to the run.
    """
    output = run.request.output
    try:
        crowd = open_crowd(work, run, output)
        if crowd is not None:
            with crowd:
                finished = with_search(crowd.finish(), work, run)
                if finished is None:
                    return 1
                rendered, kept = finished.rendered, finished.kept
                return finished, write_site(output, rendered, kept, manifest)
    except OSError as error:
        run.diagnostics.append(write_failure(output, error))
        return 2
    finally:
        drop_stages(output)
    finished = with_search(finish_site(work, run), work, run)
    if finished is None:
        return 1
    return finished, write_site(output, finished.rendered, finished.kept, manifest)


def open_crowd(work: Work, run: Run, output: Path) -> Crowd | Afar | None:
    """What finishes the site with others' help; None where this process alone does it best.

    Raises OSError where files cannot be put aside.
    """
    if run.remote is not None:
        if len(work.pages) < run.remote.least:
            return None
        from tidings.engine.afar import Afar

        return Afar(work, run, output, run.remote)
    return Crowd(work, run, output) if worth_a_crowd(work) else None
