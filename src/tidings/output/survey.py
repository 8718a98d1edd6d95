"""What writing would do, found out before anything is written.

Compares the finished files with the folder, and finds everything that stands in the way. Reads
the disk and changes nothing, so that a build which is refused here leaves the site as it was.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from tidings.model.diagnostic import Diagnostic, Place, Severity
from tidings.model.output import Rendered, Staged, Written
from tidings.output.manifest import digest_of, read_plain_file
from tidings.output.paths import fold_case, path_problem


class Survey(msgspec.Struct, frozen=True):
    """What is to be done."""

    changed: tuple[Rendered | Staged, ...]
    """Files to create or replace."""
    in_the_way: tuple[str, ...]
    """Stale files of ours to delete first: a folder must be where they are, or the reverse."""
    refusals: tuple[Diagnostic, ...]
    """Reasons to write nothing at all."""


class Known(msgspec.Struct, frozen=True):
    """What is known of the folder before looking at it."""

    output: Path
    files: Mapping[str, Written]
    """Every file of ours."""
    stale: Mapping[str, Written]
    """Those of them that no longer belong."""
    trusted: bool
    """Whether `files` is complete: there was a manifest."""


def survey_folder(known: Known, pages: Sequence[Rendered | Staged]) -> Survey:
    """What writing the pages would do to the folder."""
    changed: list[Rendered | Staged] = []
    clear: set[str] = set()
    problems: list[tuple[str, str]] = []
    parents: dict[str, _Finding] = {"": _Finding()}
    for page in pages:
        if reason := path_problem(page.path):
            problems.append((page.path, f"the path {reason}"))
            continue
        parent = _survey_parent(known, page.path.rpartition("/")[0], parents)
        place = parent if parent.decided else _survey_place(known, page)
        if place.problem:
            problems.append((place.path or page.path, place.problem))
        clear.update(place.clear)
        if not place.same:
            changed.append(page)
    return Survey(tuple(changed), tuple(sorted(clear)), _refusals(known.output, problems))


class _Finding(msgspec.Struct, frozen=True):
    """What is at one path."""

    decided: bool = False
    """For a folder: whether nothing below it needs a look, since it is no folder yet."""
    same: bool = False
    """Whether the wanted bytes are there."""
    problem: str = ""
    path: str = ""
    clear: tuple[str, ...] = ()


def _survey_parent(known: Known, folder: str, findings: dict[str, _Finding]) -> _Finding:
    """What stands where a folder must be; each folder is looked at once."""
    finding = findings.get(folder)
    if finding is not None:
        return finding
    finding = _survey_parent(known, folder.rpartition("/")[0], findings)
    if not finding.decided:
        finding = _survey_folder(known, folder)
    findings[folder] = finding
    return finding


def _survey_folder(known: Known, folder: str) -> _Finding:
    try:
        mode = os.lstat(known.output / folder).st_mode
    except FileNotFoundError:
        return _Finding(decided=True)
    except OSError as error:
        return _Finding(True, problem=str(error.strerror), path=folder)
    if stat.S_ISDIR(mode):
        return _Finding()
    if stat.S_ISLNK(mode):
        # Following it could lead out of the output folder, or to one file by two paths.
        return _Finding(True, problem="a symbolic link is where a folder must be", path=folder)
    if is_untouched(known.output, folder, known.stale.get(folder)):
        return _Finding(True, clear=(folder,))
    return _Finding(True, problem="a file is where a folder must be", path=folder)


def _survey_place(known: Known, page: Rendered | Staged) -> _Finding:
    """What stands where a file must be."""
    file = known.output / page.path
    try:
        status = os.lstat(file)
    except FileNotFoundError:
        return _Finding()
    except OSError as error:
        return _Finding(problem=str(error.strerror))
    if stat.S_ISDIR(status.st_mode):
        return _survey_full_folder(known, page.path)
    if isinstance(page, Staged):
        if not page.stage:
            return _Finding(same=True)
    elif holds(file, page.data, status):
        return _Finding(same=True)
    if page.path in known.files or not (known.trusted or page.path.startswith(".")):
        return _Finding()
    if _has_twin(known, page.path, status):
        return _Finding()
    return _Finding(problem="a file that tidings did not write is in the way")


def _has_twin(known: Known, path: str, status: os.stat_result) -> bool:
    """Whether the file at the path, of that status, is a stale one of ours under another name:
    on a disk that ignores the case of letters."""
    folded = fold_case(path)
    for other in known.stale:
        if fold_case(other) == folded:
            with contextlib.suppress(OSError):
                if os.path.samestat(os.lstat(known.output / other), status):
                    return True
    return False


def _survey_full_folder(known: Known, folder: str) -> _Finding:
    """A folder where a file must be: it can go when all that it holds is stale and ours.

    An empty one can where a stale file of ours was in it: a killed build has deleted that.
    """
    clear: list[str] = []
    for base, names, files in os.walk(known.output / folder):
        if not names and not files:
            path = Path(base).relative_to(known.output).as_posix()
            gone = [each for each in known.stale if each.startswith(f"{path}/")]
            if not gone:
                return _Finding(
                    problem="a folder that tidings did not make is in the way", path=path
                )
            clear.append(gone[0])
        for name in files + [name for name in names if (Path(base) / name).is_symlink()]:
            path = (Path(base) / name).relative_to(known.output).as_posix()
            if not is_untouched(known.output, path, known.stale.get(path)):
                problem = "a folder is in the way, with a file in it that tidings did not write"
                return _Finding(problem=problem, path=path)
            clear.append(path)
    return _Finding(clear=tuple(clear))


def holds(file: Path, data: bytes, status: os.stat_result) -> bool:
    """Whether the file, of which the status is known, is a plain one with these bytes."""
    return status.st_size == len(data) and read_plain_file(file) == data


def is_untouched(output: Path, path: str, written: Written | None) -> bool:
    """Whether the file holds the bytes that we wrote."""
    if written is None:
        return False
    data = read_plain_file(output / path)
    return data is not None and digest_of(data) == written.digest


def _refusals(output: Path, problems: Sequence[tuple[str, str]]) -> tuple[Diagnostic, ...]:
    """One error for each path that has a problem."""
    return tuple(
        Diagnostic(
            "output-blocked",
            Severity.ERROR,
            problem,
            Place(str(output / path)),
            hint="move it away, or choose another folder with --output; nothing was written",
        )
        for path, problem in sorted(set(problems))
    )
