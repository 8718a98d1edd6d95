"""Tells open pages what a build has made of them: new styles, a reload, a move, or problems.

Works by value: a page says which bytes it was made from, and they are compared with what would
be served now. That is right whatever was missed: by a hidden tab, a lost connection, a restart.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Iterator
from urllib.parse import quote

import msgspec
from starlette.concurrency import run_in_threadpool

from tidings.model.diagnostic import Diagnostic
from tidings.serve.answer import Answer, answer, page_digest
from tidings.serve.edition import Edition

HEARTBEAT = 15.0
"""Seconds of silence after which a stream says that it is alive, and notices that it is not."""


class Hello(msgspec.Struct, frozen=True, tag_field="event", tag="hello"):
    """The first thing that a page hears."""

    server: str
    """Another value for each start of the server."""


class Reload(msgspec.Struct, frozen=True, tag_field="event", tag="reload"):
    """The page must be fetched again."""


class Move(msgspec.Struct, frozen=True, tag_field="event", tag="move"):
    """The page has another address now."""

    url: str
    """URL path, percent-encoded."""


class Restyle(msgspec.Struct, frozen=True, tag_field="event", tag="style"):
    """Only styles differ, and can be exchanged in place."""

    styles: dict[str, str]
    """URLs of the new styles by those of the old."""
    page: str
    """Digest of the page as it is now on disk."""


class Problems(msgspec.Struct, frozen=True, tag_field="event", tag="problems"):
    """What is wrong with the site; empty when nothing is."""

    problems: tuple[Diagnostic, ...]


Event = Hello | Reload | Move | Restyle | Problems


class Board:
    """The place where editions are posted, and read by any number of open pages.

    Belongs to the event loop; other threads must not touch it.
    """

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        """The last one."""
        self.server = secrets.token_hex(6)
        self._readers: set[asyncio.Queue[Edition | None]] = set()
        self._closed = False

    def post(self, edition: Edition) -> None:
        """Make the edition the last one and pass it to every reader."""
        self.edition = edition
        self._pass_on(edition)

    def close(self) -> None:
        """End every stream, those still to come included."""
        self._closed = True
        self._pass_on(None)

    @contextlib.contextmanager
    def reader(self) -> Iterator[asyncio.Queue[Edition | None]]:
        """A queue of the editions posted from now on; None ends it."""
        queue: asyncio.Queue[Edition | None] = asyncio.Queue()
        self._readers.add(queue)
        if self._closed:
            queue.put_nowait(None)
        try:
            yield queue
        finally:
            self._readers.discard(queue)

    def _pass_on(self, news: Edition | None) -> None:
        for queue in self._readers:
            queue.put_nowait(news)


async def page_events(board: Board, path: str, seen: str) -> AsyncIterator[bytes]:
    """The event stream of one open page, as server-sent events.

    `path` is the decoded URL path of the page, `seen` the digest of the bytes that it shows.
    """
    with board.reader() as queue:
        edition = board.edition
        yield encode_event(Hello(board.server))
        shown = await run_in_threadpool(answer, edition, path)
        if page_digest(shown) != seen or path in edition.moves:
            # The page may be older than the last build, so new styles alone will not do.
            change = page_change(edition, path, shown, "")
            if change is not None:
                yield encode_event(change)
        yield encode_event(Problems(edition.problems))
        while True:
            try:
                news = await asyncio.wait_for(queue.get(), HEARTBEAT)
            except TimeoutError:
                yield b":\n\n"
                continue
            if news is None:
                return
            shown = await run_in_threadpool(answer, news, path)
            change = page_change(news, path, shown, seen)
            if change is not None:
                seen = page_digest(shown)
                yield encode_event(change)
            yield encode_event(Problems(news.problems))


def page_change(
    edition: Edition, path: str, shown: Answer, seen: str
) -> Reload | Move | Restyle | None:
    """What a page at `path` that shows bytes of the digest `seen` must do to show `shown`."""
    if path in edition.moves and shown.status != 200:
        return Move(quote(edition.moves[path]))
    if lost_by_mistake(edition, shown):
        return None
    digest = page_digest(shown)
    if digest == seen:
        # The page is the same; a part that keeps its name while its bytes change is not.
        if any(url.encode() in shown.data for url in edition.parts):
            return Reload()
        renewed = {
            old: new for old, new in edition.styles.items() if old == new and _names(shown, new)
        }
        return Restyle(renewed, digest) if renewed else None
    styles = {old: new for old, new in edition.styles.items() if _names(shown, new)}
    before = shown.data
    for old, new in styles.items():
        before = before.replace(new.encode(), old.encode())
    return Restyle(styles, digest) if page_digest(before) == seen else Reload()


def lost_by_mistake(edition: Edition, shown: Answer) -> bool:
    """Whether the page is probably missing only because its record cannot be read just now.

    The last good page then stays, under the problems, until they are mended.
    """
    return shown.status != 200 and bool(edition.problems)


def encode_event(event: Event) -> bytes:
    """The event as one message of an event stream."""
    return b"data: " + msgspec.json.encode(event) + b"\n\n"


def _names(shown: Answer, url: str) -> bool:
    """Whether the page's text has the URL in it."""
    return url.encode() in shown.data
