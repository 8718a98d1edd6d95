"""A bucket of an object store: S3 and what speaks it, Google Cloud Storage, Azure.

An object appears whole or not at all, so each stage is only many requests at once. Each object
carries the digest of its bytes, for after a publish that was cut off.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING, TypeVar

from tidings.model.publishing import S3Target
from tidings.output.manifest import digest_of
from tidings.publish.lock import Claim, encode_claim, taken_by
from tidings.publish.s3_objects import attributes_of, manner_of
from tidings.publish.target import LOCK, Done, How, Put, Stage, TargetError, Upload, read_put

if TYPE_CHECKING:
    from tidings.publish.s3_bucket import Bucket

BULK = 1000
"""Objects that S3's DeleteObjects takes at once."""
Item = TypeVar("Item")


class S3:
    """One bucket, or a folder of one."""

    how = How.FILES

    def __init__(self, config: S3Target) -> None:
        self._config = config
        self._opened: Bucket | None = None
        self._claim: Claim | None = None

    @property
    def label(self) -> str:
        """Kind and place for messages."""
        return f"s3 {self._config.url}"

    @property
    def manner(self) -> str:
        """What decides media types and how long objects may be kept."""
        return manner_of(self._config.page_seconds)

    def open(self, claim: Claim | None, break_lock: bool) -> None:
        """Take the lock; a dry run needs none."""
        try:
            from tidings.publish.s3_bucket import Bucket, TakenError, refusals
        except ImportError:
            raise TargetError(
                "target-unreachable",
                "targets of type s3 need obstore, which is missing",
                'install it: pip install "tidings[s3]"',
            ) from None
        self._opened = Bucket(self._config)
        if claim is None:
            return
        with refusals("target-unreachable"):
            try:
                self._bucket.create(LOCK, *_lock(claim))
            except TakenError:
                self._take_over(claim, break_lock)
        self._claim = claim

    def read(self, path: str) -> bytes | None:
        """The bytes of one of our notes."""
        from tidings.publish.s3_bucket import refusals

        with refusals("target-unreachable"):
            return self._bucket.get(path)[0]

    def survey(self, paths: Collection[str]) -> Mapping[str, str]:
        """What is at these paths, with the digests of what an earlier publish put there."""
        from tidings.publish.s3_bucket import refusals

        found: dict[str, str] = {}

        async def look(path: str) -> None:
            wanted = attributes_of(Put(path, "", 0), self._config.page_seconds)
            digest = await self._bucket.digest(path, wanted)
            if digest is not None:
                found[path] = digest

        with refusals("target-unreachable"):
            there = paths
            if len(paths) > self._config.uploads:
                there = sorted(self._bucket.paths().intersection(paths))
            asyncio.run(_at_once(there, look, self._config.uploads))
        return found

    def apply(self, upload: Upload, done: Done) -> None:
        """Do stage after stage."""
        from tidings.publish.s3_bucket import refusals

        with refusals("publish-failed"):
            for stage in upload.stages:
                asyncio.run(self._do(upload, stage, done))

    def renew(self, claim: Claim) -> None:
        """Say in the lock that its holder is still at work."""
        from tidings.publish.s3_bucket import TakenError, refusals

        with refusals("publish-failed"):
            found, tag = self._bucket.get(LOCK)
            try:
                if found is None or not _is_of(found, claim):
                    raise TakenError
                self._bucket.replace(LOCK, tag, *_lock(claim))
            except TakenError:
                self._claim = None
                raise TargetError(
                    "target-busy", f"another publish has taken over {self.label}", "try again"
                ) from None

    def rollback(self) -> str:
        """Impossible here: the old objects are gone."""
        raise TargetError(
            "publish-failed",
            f"{self.label} keeps no earlier releases",
            "publish the site as it was, or turn on the bucket's own versions",
        )

    def close(self) -> None:
        """Give the lock back, if it is still ours."""
        claim, self._claim = self._claim, None
        if claim is None:
            return
        from tidings.publish.s3_bucket import refusals

        with contextlib.suppress(TargetError), refusals("publish-failed"):
            found, _ = self._bucket.get(LOCK)
            if found is not None and _is_of(found, claim):
                asyncio.run(self._bucket.delete([LOCK]))

    @property
    def _bucket(self) -> Bucket:
        assert self._opened is not None, "not opened"
        return self._opened

    def _take_over(self, claim: Claim, break_lock: bool) -> None:
        """Replace the lock of somebody who lost it. Raises TargetError when he has not."""
        from tidings.publish.s3_bucket import TakenError

        found, tag = self._bucket.get(LOCK)
        holder = taken_by(found, claim, break_lock)
        try:
            if not holder and found is None:
                self._bucket.create(LOCK, *_lock(claim))
            elif not holder:
                self._bucket.replace(LOCK, tag, *_lock(claim))
        except TakenError:
            holder = "somebody who was quicker"
        if holder:
            raise TargetError(
                "target-busy",
                f"{holder} is publishing to {self.label}",
                "wait for it to end; if it was cut off, publish with --break-lock",
            )

    async def _do(self, upload: Upload, stage: Stage, done: Done) -> None:
        """Do one stage, with so many requests at once as the config allows."""

        async def send(put: Put) -> None:
            attributes = attributes_of(put, self._config.page_seconds)
            await self._bucket.put(put.path, read_put(upload, put), attributes)
            done(1, put.size)

        await _at_once(stage.puts, send, self._config.uploads)
        for start in range(0, len(stage.deletes), BULK):
            batch = stage.deletes[start : start + BULK]
            await self._bucket.delete(batch)
            done(len(batch), 0)


async def _at_once(
    items: Iterable[Item], work: Callable[[Item], Awaitable[None]], limit: int
) -> None:
    """Work on all items, at most so many at a time; after an error none is begun any more.

    What is under way is always waited for: a request that was given up might still be answered
    when the next publish is at work.
    """
    left = iter(items)
    failures: list[BaseException] = []

    async def worker() -> None:
        for item in left:
            if failures:
                return
            try:
                await work(item)
            except Exception as error:  # noqa: BLE001 - raised below.
                failures.append(error)

    await asyncio.gather(*(worker() for _ in range(limit)))
    if failures:
        raise failures[0]


def _lock(claim: Claim) -> tuple[bytes, dict[str, str]]:
    """The lock's bytes, and what goes along with them."""
    data = encode_claim(claim)
    return data, attributes_of(Put(LOCK, digest_of(data), len(data), data), 0)


def _is_of(lock: bytes, claim: Claim) -> bool:
    return f'"token":"{claim.token}"'.encode() in lock
