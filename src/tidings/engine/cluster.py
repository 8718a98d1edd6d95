"""A Dask cluster as the engine's workers: `tidings build --executor dask`.

Part of the engine, and the only module that knows Dask, which is an extra.
"""

from __future__ import annotations

import contextlib
import importlib.util
import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tidings.engine.remote import OtherVersionError, Remote, WorkersLostError
from tidings.engine.run import StoppedError
from tidings.model.diagnostic import Diagnostic, Place, Severity

if TYPE_CHECKING:
    from distributed import Client

FIRST_ANSWER = 10.0
"""Seconds that the scheduler has for its first answer."""
FIRST_WORKER = 60
"""Seconds that a build waits for the first worker."""
LAST_ANSWER = 2.0


@contextlib.contextmanager
def join_cluster(scheduler: str) -> Iterator[Remote]:
    """The workers of the cluster whose scheduler has this address.

    Raises StoppedError where there are none, and, within the block, where they are lost.
    """
    if importlib.util.find_spec("distributed") is None:
        raise StoppedError(
            _problem(
                "missing-extra",
                "--executor dask needs distributed, which is not installed",
                scheduler,
                "pip install tidings[dask]",
            )
        )
    import dask
    from distributed import Client, KilledWorker

    _silence_logs()
    with dask.config.set({"distributed.comm.timeouts.connect": f"{FIRST_ANSWER}s"}):
        try:
            client = Client(scheduler, timeout=FIRST_ANSWER, set_as_default=False)
        except (OSError, ValueError) as error:
            raise _unreachable(scheduler, f"does not answer: {error}") from error
        try:
            _wait_for_worker(client, scheduler)
            yield Remote(
                client.get_executor(pure=False),
                lambda: sum(client.nthreads().values()),
                losses=(KilledWorker,),
            )
        except WorkersLostError as error:
            raise _lost(scheduler, error) from error
        except OtherVersionError as error:
            raise _differing(scheduler, error) from error
        finally:
            with contextlib.suppress(Exception):
                client.close(timeout=LAST_ANSWER)


def _silence_logs() -> None:
    """Dask tells of every broken connection, with tracebacks; what matters we tell, once."""
    for name in tuple(logging.root.manager.loggerDict):
        if name.partition(".")[0] in ("distributed", "tornado"):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def _wait_for_worker(client: Client, scheduler: str) -> None:
    try:
        client.wait_for_workers(1, timeout=FIRST_WORKER)
    except OSError as error:  # A timeout is one, too.
        raise _unreachable(scheduler, f"has no worker after {FIRST_WORKER} s") from error


def _unreachable(scheduler: str, what: str) -> StoppedError:
    message = f"the scheduler {scheduler} {what}"
    hint = "see that `dask scheduler` and `dask worker` run, and that this machine reaches them"
    return StoppedError(_problem("cluster-unreachable", message, scheduler, hint))


def _lost(scheduler: str, error: Exception) -> StoppedError:
    message = f"the cluster was lost during the build: {error}"
    hint = "the site is as it was; build again when the cluster is back, or without it"
    return StoppedError(_problem("cluster-lost", message, scheduler, hint))


def _differing(scheduler: str, error: Exception) -> StoppedError:
    message = f"a worker has another tidings, Python, library or time zone: {error}"
    hint = "give all workers what this machine has, and start them anew"
    return StoppedError(_problem("cluster-differs", message, scheduler, hint))


def _problem(code: str, message: str, scheduler: str, hint: str) -> Diagnostic:
    return Diagnostic(code, Severity.ERROR, message, Place(scheduler), hint)
