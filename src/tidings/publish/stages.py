"""Changes to stages: what a target is handed, with our own notes at the right moments. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from tidings.output.manifest import digest_of
from tidings.output.paths import fold_case, folders_of
from tidings.publish.changes import Change, Changes
from tidings.publish.published import Pending, Sent, encode_notes
from tidings.publish.target import MANIFEST, PENDING, How, Kind, Put, Stage, Upload

ORDER = (Kind.ASSET, Kind.NEW, Kind.CHANGED, Kind.LIST, Kind.FEED)


def make_upload(
    changes: Changes, built: Mapping[str, Sent], site: Path, release: str, how: How
) -> Upload:
    """What the target is to do: pages in their stages, our notes around them.

    A target that takes file after file is told first what is about to change (the pending
    note), then how far that has come, and at the end that it is over.
    """
    puts = [
        Put(change.path, built[change.path].digest, change.size)
        for change in changes.changes
        if change.what in ("new", "changed")
    ]
    kinds = {change.path: change.kind for change in changes.changes}
    deletes = [change.path for change in changes.changes if change.what == "deleted"]
    blocking = _in_the_way(deletes, [put.path for put in puts])
    manifest = msgspec.structs.replace(changes.after, release=release)
    before = Stage(Kind.DELETE, deletes=tuple(sorted(blocking)))
    sent = {
        kind: Stage(kind, tuple(put for put in puts if kinds[put.path] is kind))
        for kind in ORDER
    }
    known = Stage(Kind.MANIFEST, (_note(MANIFEST, encode_notes(manifest)),))
    after = Stage(Kind.DELETE, deletes=tuple(sorted(set(deletes) - blocking)))
    stages = [before, *sent.values(), known, after]
    if how is How.FILES:
        first, seen, last = _pending_notes(changes, puts, deletes, sent[Kind.NEW])
        rest = [sent[kind] for kind in ORDER if kind not in (Kind.ASSET, Kind.NEW)]
        known = msgspec.structs.replace(known, puts=(*known.puts, *last.puts))
        stages = [first, before, sent[Kind.ASSET], sent[Kind.NEW], seen, *rest, known, after]
        stages.append(Stage(Kind.NOTE, deletes=(PENDING,)))
    filled = tuple(stage for stage in stages if stage.puts or stage.deletes)
    return Upload(release, site, filled, _twins(deletes, built))


def _pending_notes(
    changes: Changes, puts: list[Put], deletes: list[str], new: Stage
) -> tuple[Stage, Stage, Stage]:
    """The pending note as it is at the start, once the new pages are there, and before deletes.

    They differ in what no reader comes to: the new pages until all of them are there, and what
    an earlier publish left; then only the latter; at last all that is to be deleted. The second
    and the third are empty where they would say nothing new.
    """
    pending = Pending(
        writes={**changes.unsure, **{put.path: Sent(put.digest, put.size) for put in puts}},
        deletes=tuple(sorted(deletes)),
        hidden=tuple({*changes.hidden, *(put.path for put in new.puts)}),
    )
    unfinished = tuple(set(changes.hidden).difference(changes.after.files))
    seen = msgspec.structs.replace(pending, hidden=unfinished)
    gone = msgspec.structs.replace(pending, hidden=tuple(deletes))
    if not deletes:
        gone = seen
    stages = []
    told = ""
    for each in (pending, seen, gone):
        note = _note(PENDING, encode_notes(each))
        stages.append(Stage(Kind.NOTE, () if note.digest == told else (note,)))
        told = note.digest
    return stages[0], stages[1], stages[2]


def _note(path: str, data: bytes) -> Put:
    return Put(path, digest_of(data), len(data), data)


def _in_the_way(deletes: list[str], writes: list[str]) -> frozenset[str]:
    """Deletes that must come first: a folder must be where the file is, or the reverse."""
    going, coming = set(deletes), set(writes)
    return frozenset(
        {above for path in writes for above in folders_of(path) if above in going}
        | {path for path in deletes if any(above in coming for above in folders_of(path))}
    )


def _twins(deletes: Iterable[str], built: Iterable[str]) -> dict[str, str]:
    """What is to be deleted that has the name of a file of the site but for the case."""
    going = {fold_case(path): path for path in deletes}
    if not going:
        return {}
    return {going[name]: path for path in built if (name := fold_case(path)) in going}


def bytes_to_send(changes: tuple[Change, ...]) -> int:
    """Bytes of all files to be sent, without our notes."""
    return sum(change.size for change in changes)
