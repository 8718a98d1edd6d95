"""The question before any writing: may a build write to this folder at all?

Looks at the disk and changes nothing.
"""

from __future__ import annotations

import os
from pathlib import Path

from tidings.model.diagnostic import Diagnostic, Place, Severity
from tidings.output.manifest import manifest_file, read_manifest
from tidings.output.paths import STATE

INPUTS = ("content", "templates", "static")
"""The folders of a site that its author writes."""
ELSEWHERE = "choose another folder with --output"
RIGHTS = f"look at its rights, or {ELSEWHERE}"


def refuse_output(output: Path, source: Path) -> Diagnostic | None:
    """Why the site at `source` must not be built into `output`; None when it may.

    Symbolic links are followed first, so that no other name of a folder gets past.
    """
    target, origin = output.resolve(), source.resolve()
    refused = (
        _refused_place(target, origin)
        or _refused_inputs(target, origin)
        or _refused_state(target)
    )
    if refused is None:
        return None
    reason, hint = refused
    return Diagnostic("output-refused", Severity.ERROR, reason, Place(str(output)), hint)


def _refused_place(target: Path, origin: Path) -> tuple[str, str] | None:
    """Reason and hint where the place itself is out of the question."""
    if target == Path(target.anchor):
        return "the output folder is the root of the file system", ELSEWHERE
    if target == Path(os.path.expanduser("~")).resolve():  # noqa: PTH111 - never raises.
        return "the output folder is your home folder", ELSEWHERE
    if target == origin:
        return "the output folder is the site's source folder", ELSEWHERE
    if target in origin.parents:
        return "the output folder contains the site's source folder", ELSEWHERE
    if ".git" in target.parts:
        return "the output folder belongs to a git repository's own files", ELSEWHERE
    return None


def _refused_inputs(target: Path, origin: Path) -> tuple[str, str] | None:
    """Reason and hint where output and input would mix."""
    for name in INPUTS:
        folder = (origin / name).resolve()
        if target == folder or target in folder.parents:
            return f"the output folder holds the site's {name} folder", ELSEWHERE
        if folder in target.parents:
            return f"the output folder lies within the site's {name} folder", ELSEWHERE
    return None


def _refused_state(target: Path) -> tuple[str, str] | None:
    """Reason and hint where something is there that no build of ours made."""
    if not os.path.lexists(target):
        return None
    if not target.is_dir():
        return "there is a file where the output folder should be", ELSEWHERE
    state = target / STATE
    try:
        names = sorted(file.name for file in target.iterdir())
        if state.is_symlink() or (state.exists() and not state.is_dir()):
            return f"its {STATE} is not a plain folder", f"remove {STATE}, or {ELSEWHERE}"
    except OSError as error:
        return f"the output folder cannot be read: {error.strerror}", RIGHTS
    try:
        next(state.iterdir(), None)
    except FileNotFoundError:
        pass
    except OSError as error:
        return f"its {STATE} cannot be read: {error.strerror}", RIGHTS
    foreign = [name for name in names if not name.startswith(".")]
    if foreign and not _is_known(target):
        first = f'"{foreign[0]}"' + (f" and {len(foreign) - 1} more" if foreign[1:] else "")
        return (
            f"the output folder holds files that tidings did not write: {first}",
            f"empty the folder, or {ELSEWHERE}",
        )
    return None


def _is_known(target: Path) -> bool:
    """Whether a build has written to the folder.

    One that was killed, the first one there, has said no more than what it was about to write.
    The target of a publish has a note of that name, too, but of another form.
    """
    return os.path.lexists(manifest_file(target)) or read_manifest(target).value is not None
