"""What hubs, search engines and the user's commands have not heard of yet.

A publish that is killed once its files are there, but before all that follows, leaves a target
at which nothing is left to do. So it notes beforehand, in its own folder on this machine, what
is to be told of; the note goes when that is done. Otherwise the next publish does it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection
from pathlib import Path

import msgspec

from tidings.model.publishing import TargetConfig
from tidings.output.manifest import read_plain_file, replace_file
from tidings.publish.changes import MANNER, Changes, There

NAME = "untold.json"


def news_of(changes: Changes, there: There) -> set[str]:
    """The paths of files that are news to readers once the changes are made.

    Those that an earlier publish brought there, which was cut off, count too: nobody knows of
    them yet. The same bytes, sent with other settings, are news to nobody.
    """
    begun = there.pending.writes if there.pending else {}
    return {
        *(path for path in changes.unsure if path in begun),
        *(
            change.path
            for change in changes.changes
            if change.what in ("new", "changed") and change.reason != MANNER
        ),
    }


def read_untold(work: Path, there: There) -> set[str] | None:
    """The paths that earlier publishes from this folder brought to the target and did not tell
    of; None where nothing has to follow them, or no note of it can be read."""
    release = there.published.release if there.published else ""
    # Ids grow with time. A later one is of a publish that did not get as far.
    noted = [told for each, told in _read(work).items() if each <= release]
    return {path for told in noted for path in told} if noted else None


def note_untold(
    work: Path, target: TargetConfig, there: There, release: str, paths: Collection[str]
) -> None:
    """Note that these paths are to be told of once the release is there.

    What earlier ones left stays noted with them: this one may be cut off before it is there. A
    disk without room for the note stops no publish.
    """
    if not (target.websub or target.indexnow_key or target.after):
        forget_untold(work)
        return
    told = {release: sorted(paths)}
    earlier = read_untold(work, there)
    if there.published is not None and earlier is not None:
        told[there.published.release] = sorted(earlier)
    with contextlib.suppress(OSError):
        replace_file(work / NAME, msgspec.json.encode(told))


def note_not_sent(work: Path, release: str) -> None:
    """Note that nothing of this release came to the target."""
    told = _read(work)
    if told.pop(release, None) is None:
        return
    with contextlib.suppress(OSError):
        replace_file(work / NAME, msgspec.json.encode(told))


def forget_untold(work: Path) -> None:
    """Note that all is told."""
    with contextlib.suppress(OSError):
        (work / NAME).unlink()


def _read(work: Path) -> dict[str, list[str]]:
    data = read_plain_file(work / NAME)
    with contextlib.suppress(msgspec.DecodeError, UnicodeDecodeError):
        return msgspec.json.decode(data or b"{}", type=dict[str, list[str]])
    return {}
