"""Notices what an author saves: changed source files, out of the noise of file systems.

The first part of a preview's loop. Its threads belong to watchdog; `settle` takes the paths
over to the event loop and waits for a burst to end.
"""

from __future__ import annotations

import contextlib
import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver, ObservedWatch
from watchdog.observers.polling import PollingObserver

Note = Callable[[Path], None]

# Reading a file, closing it, or touching a folder's own times changes nothing for a site.
HEEDED: list[type[FileSystemEvent]] = [
    FileCreatedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileDeletedEvent,
    DirCreatedEvent,
    DirMovedEvent,
    DirDeletedEvent,
]
BACKUP = re.compile(
    r"^\..*|.*~|#.*#|4913|.*\.(?:sw[a-z]|tmp|temp|bak|orig|part|crdownload)", re.I
)
"""What editors and tools call copies of their own; 4913 is what Vim tries a folder with."""
POLL_SECONDS = 0.5
STOP_SECONDS = 0.3
"""How long the end of a preview waits for the watching threads."""


@contextlib.contextmanager
def watching(
    paths: Sequence[Path],
    note: Note,
    poll: bool,
    say: Callable[[str], None],
) -> Iterator[None]:
    """Call `note` with each changed path at or below `paths` while the block runs.

    `note` is called on other threads. Paths need not exist yet. Where the system cannot watch
    that many folders, they are polled instead.
    """
    # Folders made one within the other are met twice; watchdog minds it, but it does no harm.
    warnings.filterwarnings("ignore", "Callback with id", RuntimeWarning)
    observer: BaseObserver = PollingObserver(timeout=POLL_SECONDS) if poll else Observer()
    try:
        _start(observer, paths, note)
    except OSError as error:
        if poll:
            raise
        say(f"Cannot watch for changes ({error.strerror or error}); comparing folders instead.")
        observer.stop()
        observer = PollingObserver(timeout=POLL_SECONDS)
        _start(observer, paths, note)
    try:
        yield
    finally:
        observer.stop()
        observer.join(STOP_SECONDS)


def is_source_name(name: str) -> bool:
    """Whether a file or folder of this name can be part of a site's sources."""
    return BACKUP.fullmatch(name) is None


class _Tree(FileSystemEventHandler):
    """Passes on what changes at or below one folder."""

    def __init__(self, named: Path, root: Path, note: Note) -> None:
        self.named = named
        self.root = root
        self.note = note

    def on_any_event(self, event: FileSystemEvent) -> None:
        if not isinstance(event, tuple(HEEDED)):
            return
        # A move tells of two names; an atomic save is one from a name that does not count.
        for raw in (event.src_path, event.dest_path):
            path = Path(_text(raw)) if raw else None
            if path is not None and path.is_relative_to(self.root):
                self._pass_on(path)

    def _pass_on(self, path: Path) -> None:
        below = path.relative_to(self.root)
        if all(map(is_source_name, below.parts)):
            self.note(self.named / below)


class _Parent(FileSystemEventHandler):
    """Passes on the coming, going and changing of watched paths, seen from the folder above."""

    def __init__(self, trees: _Trees, root: Path, named: dict[str, Path], note: Note) -> None:
        self.trees = trees
        self.root = root
        self.named = named
        self.note = note

    def on_any_event(self, event: FileSystemEvent) -> None:
        if not isinstance(event, tuple(HEEDED)):
            return
        for raw in (event.src_path, event.dest_path):
            path = Path(_text(raw)) if raw else None
            if path is not None and path.parent == self.root and path.name in self.named:
                named = self.named[path.name]
                if event.is_directory or named.is_dir():
                    # The new folder is watched before it is read, so nothing falls between.
                    with contextlib.suppress(OSError):
                        self.trees.renew(named)
                self.note(named)


class _Trees:
    """The recursive watches, one for each watched folder that exists."""

    def __init__(self, observer: BaseObserver, note: Note) -> None:
        self.observer = observer
        self.note = note
        self.watches: dict[Path, ObservedWatch] = {}

    def renew(self, named: Path) -> None:
        """Watch the folder afresh; one that was removed and made again is another one."""
        watch = self.watches.pop(named, None)
        if watch is not None:
            self.observer.unschedule(watch)
        if named.is_dir():
            root = named.resolve()
            handler = _Tree(named, root, self.note)
            self.watches[named] = self.observer.schedule(
                handler, str(root), recursive=True, event_filter=HEEDED
            )


def _start(observer: BaseObserver, paths: Sequence[Path], note: Note) -> None:
    """Schedule everything and start the observer."""
    trees = _Trees(observer, note)
    parents: dict[Path, dict[str, Path]] = {}
    for path in paths:
        trees.renew(path)
        parents.setdefault(path.parent.resolve(), {})[path.name] = path
    for parent, named in parents.items():
        if parent.is_dir():
            handler = _Parent(trees, parent, named, note)
            observer.schedule(handler, str(parent), recursive=False, event_filter=HEEDED)
    observer.start()


def _text(path: bytes | str) -> str:
    """The path as text."""
    return path if isinstance(path, str) else path.decode("utf-8", "surrogateescape")
