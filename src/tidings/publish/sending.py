"""An upload handed to its target, with its progress, and the lock kept alive meanwhile."""

from __future__ import annotations

import contextlib
import hashlib
import time
from collections.abc import Mapping
from datetime import datetime, timedelta

from tidings.engine.report import Progress
from tidings.publish.lock import RENEWAL, Claim, renewed
from tidings.publish.published import Sent
from tidings.publish.report import Surroundings
from tidings.publish.target import Target, Upload


def release_id(now: datetime, built: Mapping[str, Sent], before: str = "") -> str:
    """An id for this publish: its time, then eight digits that its files alone decide.

    It sorts behind the id of the publish before, also where the clock was set back since.
    """
    digest = hashlib.blake2b(digest_size=4)
    for path in sorted(built):
        digest.update(f"{path}\0{built[path].digest}\n".encode())
    stamp = _stamp(now)
    if before[: len(stamp)] >= stamp:
        with contextlib.suppress(ValueError, OverflowError):  # Whatever somebody wrote there.
            last = datetime.strptime(before[: len(stamp)], "%Y%m%dT%H%M%S%fZ")  # noqa: DTZ007
            stamp = _stamp(last + timedelta(milliseconds=1))
    return f"{stamp}-{digest.hexdigest()}"


def _stamp(instant: datetime) -> str:
    return f"{instant:%Y%m%dT%H%M%S}{instant.microsecond // 1000:03}Z"


def send(target: Target, upload: Upload, claim: Claim, around: Surroundings) -> None:
    """Let the target do all stages. Raises TargetError."""
    target.apply(upload, _Meter(target, upload, claim, around).done)


class _Meter:
    """Counts what was done, shows it, and renews the lock now and then."""

    def __init__(
        self, target: Target, upload: Upload, claim: Claim, around: Surroundings
    ) -> None:
        self._target = target
        self._claim = claim
        self._around = around
        self._show: Progress = around.progress
        self._files = self._bytes = 0
        self._all_files = len(upload.puts) + len(upload.deletes)
        self._all_bytes = sum(put.size for put in upload.puts)
        self._renewed = time.monotonic()
        self._said = around.now()

    def done(self, files: int, size: int) -> None:
        """Take note of more files and bytes."""
        self._files += files
        self._bytes += size
        self._show("upload", self._bytes, self._all_bytes)
        self._show("files", self._files, self._all_files)
        now = self._around.now()
        # A machine that has slept counts no seconds of its own, but its clock tells.
        slept = abs((now - self._said).total_seconds())
        if max(time.monotonic() - self._renewed, slept) > RENEWAL:
            self._renewed, self._said = time.monotonic(), now
            self._target.renew(renewed(self._claim, now))
