"""What is asked of a bucket, by obstore; imported only where a target of type `s3` is opened.

Nothing here reads keys: the client takes them from the environment, or from the role of the
machine, by itself. It tries again what fails on the way or by the service's own fault.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Collection, Iterator
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import obstore
from obstore.exceptions import (
    AlreadyExistsError,
    BaseError,
    PermissionDeniedError,
    PreconditionError,
    UnauthenticatedError,
)
from obstore.store import from_url

from tidings.model.publishing import S3Target
from tidings.publish.redact import redact
from tidings.publish.s3_objects import DIGEST, SHOWN, Attributes
from tidings.publish.target import TargetError

if TYPE_CHECKING:
    from obstore import UpdateVersion

CONNECT = timedelta(seconds=15)
RETRIES = 8
PATIENCE = timedelta(minutes=3)
"""The time after which a request is not tried again."""
FIRST_PAUSE = timedelta(milliseconds=200)
LONGEST_PAUSE = timedelta(seconds=15)
DELETE_ATTEMPTS = 4
"""Bulk deletes are requests that the client does not always try again by itself."""
DELETE_PAUSE = 0.5
"""Seconds before such a request is tried again; doubled each time."""
MESSAGE_LENGTH = 400
KEYS = (
    "look at the keys in the environment, and at what they may do: get, put, delete and list"
    " objects"
)


class TakenError(Exception):
    """The object is not, or no longer, what it would have to be for being replaced."""


class Bucket:
    """A bucket, or a folder of one."""

    def __init__(self, config: S3Target) -> None:
        settings: Any = {}
        if config.endpoint:
            settings["endpoint"] = config.endpoint
        if config.region:
            settings["region"] = config.region
        client: Any = {
            "timeout": timedelta(seconds=config.timeout_seconds),
            "connect_timeout": CONNECT,
            "user_agent": "tidings",
        }
        if config.endpoint.startswith("http://"):
            client["allow_http"] = True
        retry: Any = {
            "max_retries": RETRIES,
            "retry_timeout": PATIENCE,
            "backoff": {"init_backoff": FIRST_PAUSE, "max_backoff": LONGEST_PAUSE, "base": 2},
        }
        try:
            self._store = from_url(
                config.url, config=settings or None, client_options=client, retry_config=retry
            )
        except (BaseError, ValueError) as error:
            raise TargetError("target-unreachable", _words(error), KEYS) from None

    def get(self, path: str) -> tuple[bytes | None, UpdateVersion]:
        """An object's bytes and its tag; None where there is no object."""
        try:
            answer = obstore.get(self._store, path)
        except FileNotFoundError as error:
            if "NoSuchBucket" in str(error) or "ContainerNotFound" in str(error):
                raise
            return None, {}
        # Google's service knows its objects by the version, the others by the tag.
        tag: UpdateVersion = {"e_tag": answer.meta["e_tag"]}
        if answer.meta["version"] is not None:
            tag["version"] = answer.meta["version"]
        return bytes(answer.bytes()), tag

    def create(self, path: str, data: bytes, attributes: Attributes) -> None:
        """Put an object where there is none. Raises TakenError where there is one."""
        try:
            obstore.put(self._store, path, data, attributes=attributes, mode="create")
        except (AlreadyExistsError, PreconditionError):
            raise TakenError from None

    def replace(
        self, path: str, tag: UpdateVersion, data: bytes, attributes: Attributes
    ) -> None:
        """Replace the object with this tag. Raises TakenError where it has another one."""
        try:
            obstore.put(self._store, path, data, attributes=attributes, mode=tag)
        except PreconditionError:
            raise TakenError from None

    async def put(self, path: str, data: bytes, attributes: Attributes) -> None:
        """Put an object, whatever is there."""
        await obstore.put_async(self._store, path, data, attributes=attributes)

    async def digest(self, path: str, wanted: Attributes) -> str | None:
        """The digest beside an object, empty where it has none, or other attributes than are
        wanted; None without an object."""
        try:
            answer = await obstore.get_async(self._store, path, options={"head": True})
        except FileNotFoundError:
            return None
        given = answer.attributes
        if any(given.get(name) != wanted[name] for name in SHOWN):
            return ""
        return given.get(DIGEST, "")

    def paths(self) -> set[str]:
        """The paths of all objects: a request for each thousand."""
        return {meta["path"] for batch in obstore.list(self._store) for meta in batch}

    async def delete(self, paths: Collection[str]) -> None:
        """Delete objects, at most a thousand, of which some may not be there."""
        try:
            await _again(partial(obstore.delete_async, self._store, list(paths)))
        except FileNotFoundError:  # Some services refuse to delete what is not there.
            for path in paths:
                with contextlib.suppress(FileNotFoundError):
                    await _again(partial(obstore.delete_async, self._store, path))


@contextlib.contextmanager
def refusals(code: str) -> Iterator[None]:
    """Turns what the service refuses meanwhile into a TargetError with this code."""
    try:
        yield
    except (PermissionDeniedError, UnauthenticatedError) as error:
        raise TargetError(code, _words(error), KEYS) from None
    except FileNotFoundError as error:
        raise TargetError(code, _words(error), "make the bucket first") from None
    except (BaseError, OSError, NotImplementedError) as error:
        hint = "run the same command again: it goes on"
        raise TargetError(code, _words(error), hint) from None


async def _again(request: Callable[[], Awaitable[None]]) -> None:
    """Make a request that may be made twice, until it succeeds or has failed often enough."""
    for attempt in range(DELETE_ATTEMPTS):
        try:
            await request()
        except FileNotFoundError:
            raise
        except (BaseError, OSError):
            if attempt == DELETE_ATTEMPTS - 1:
                raise
            await asyncio.sleep(DELETE_PAUSE * 2**attempt)
        else:
            return


def _words(error: BaseException) -> str:
    """What the client says, without its own inside, and without a long answer in full."""
    text = redact(" ".join(str(error).partition("Debug source:")[0].split()))
    return text if len(text) <= MESSAGE_LENGTH else text[: MESSAGE_LENGTH - 1] + "…"
