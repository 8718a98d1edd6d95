"""Finished files to the output folder: the only code that writes or deletes there.

Last part of the output step. The caller holds the folder's lock. The order makes a killed build
harmless: say what is about to be written, write, delete, say in the manifest what is there.
Files are not forced to the disk's platter: a power cut may cost a build, never a record.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from tidings.model.diagnostic import Diagnostic, Place, Severity
from tidings.model.output import Change, Manifest, Rendered, Staged, Written
from tidings.output.manifest import (
    digest_of,
    read_pending,
    remove_torn,
    replace_file,
    store_manifest,
    store_pending,
)
from tidings.output.paths import fold_case, folders_of
from tidings.output.staging import place_staged
from tidings.output.survey import Known, is_untouched, survey_folder


class Saved(msgspec.Struct, frozen=True):
    """How writing went. With an error among the diagnostics the site is not complete."""

    change: Change
    manifest: Manifest
    """What is ours in the folder now."""
    diagnostics: tuple[Diagnostic, ...] = ()


def write_site(
    output: Path,
    rendered: Iterable[Rendered | Staged],
    kept: Mapping[str, Written],
    previous: Manifest | None,
) -> Saved:
    """Make the folder hold exactly `rendered` and `kept`, beside the files that are not ours.

    `kept` are entries of `previous` whose files the caller knows to be right (`intact_files`);
    they are not looked at. A file that is not ours and that differs from the page that belongs
    there is never replaced: `output-blocked`, and nothing is written. Where `previous` is None
    the folder is new, or its manifest was of no use: then that holds for dotfiles only.
    """
    output = output.resolve()
    pages = sorted(rendered, key=lambda page: page.path)
    fresh = {page.path: _written(page) for page in pages}
    if len(fresh) != len(pages) or not fresh.keys().isdisjoint(kept):
        raise ValueError("two files of a site have one path")
    files = {**kept, **fresh}
    before = previous.files if previous else {}
    stale = {path: before[path] for path in sorted(before.keys() - files.keys())}

    unfinished = read_pending(output)
    _remove_leftovers(output, unfinished)
    survey = survey_folder(Known(output, before, stale, previous is not None), pages)
    if survey.refusals:
        return Saved(Change(), Manifest(before), survey.refusals)

    change = _Change()
    try:
        output.mkdir(parents=True, exist_ok=True)
        if unfinished and previous is not None:
            # Or all that the killed build had come to would be forgotten now. Where nobody
            # knows what is ours, nothing is said before all is written: it would be believed.
            store_manifest(output, before)
        if survey.changed:
            store_pending(output, {page.path: fresh[page.path] for page in survey.changed})
        _delete(output, survey.in_the_way, change)
        _write(output, survey.changed, change)
        twins = _twins(output, stale, files)
        for path, written in stale.items():
            if path not in twins:
                _delete_stale(output, path, written, change)
        left = {path: before[path] for path in change.undeleted}
        manifest = Manifest({**files, **left})
        store_manifest(output, manifest.files)
    except OSError as error:
        change.diagnostics.append(write_failure(output, error))
        # It is still on disk what this build was about to write, so nothing is lost.
        manifest = Manifest({**before, **{path: fresh[path] for path in change.written}})
    return Saved(
        Change(tuple(sorted(change.written)), tuple(sorted(change.deleted))),
        manifest,
        tuple(change.diagnostics),
    )


class _Change(msgspec.Struct):
    """What has been done so far."""

    written: list[str] = []
    deleted: list[str] = []
    undeleted: list[str] = []
    """Stale files that could not be deleted."""
    diagnostics: list[Diagnostic] = []


def _written(page: Rendered | Staged) -> Written:
    if isinstance(page, Staged):
        return Written(page.key, page.digest, page.size)
    return Written(page.key, digest_of(page.data), len(page.data))


def _write(output: Path, pages: Iterable[Rendered | Staged], change: _Change) -> None:
    """Create or replace the files, with the folders that they need."""
    made: set[Path] = set()
    staged: list[Staged] = []
    for page in pages:
        if isinstance(page, Staged):
            staged.append(page)
            continue
        file = output / page.path
        if file.parent not in made:
            file.parent.mkdir(parents=True, exist_ok=True)
            made.add(file.parent)
        replace_file(file, page.data)
        change.written.append(page.path)
    if staged:
        placed = place_staged(output, staged)
        change.written.extend(placed.paths)
        if placed.error is not None:
            raise placed.error


def _delete(output: Path, paths: Iterable[str], change: _Change) -> None:
    """Delete files that were just found to be ours, and the folders that this empties."""
    for path in paths:
        # A build that was killed has deleted it, where it is gone.
        with contextlib.suppress(FileNotFoundError):
            (output / path).unlink()
            change.deleted.append(path)
        _remove_empty_folders(output, path)


def _delete_stale(output: Path, path: str, written: Written, change: _Change) -> None:
    """Delete a file that no longer belongs, if it still is what we wrote."""
    file = output / path
    behind = _behind_symlink(output, path)
    if not os.path.lexists(file):
        if not behind:
            # A build that was killed may have deleted it, and not yet its folders.
            _remove_empty_folders(output, path)
        return
    if file.is_dir() and not file.is_symlink():
        return
    if behind:
        change.diagnostics.append(_edited(file, "it is now behind a symbolic link"))
        return
    if not is_untouched(output, path, written):
        change.diagnostics.append(_edited(file, "it has been edited since tidings wrote it"))
        return
    try:
        file.unlink()
    except OSError as error:
        # Kept in the manifest, so that the next build tries again.
        change.undeleted.append(path)
        change.diagnostics.append(write_failure(file, error, Severity.WARNING))
        return
    change.deleted.append(path)
    _remove_empty_folders(output, path)


def _behind_symlink(output: Path, path: str) -> bool:
    """Whether a folder that the path lies in is a symbolic link."""
    return any((output / folder).is_symlink() for folder in folders_of(path))


def _remove_empty_folders(output: Path, path: str) -> None:
    """Remove the folders above a deleted file that now hold nothing."""
    for folder in folders_of(path):
        try:
            (output / folder).rmdir()
        except FileNotFoundError:
            continue
        except OSError:
            return


def _twins(
    output: Path, stale: Mapping[str, Written], files: Mapping[str, Written]
) -> frozenset[str]:
    """Stale paths that name a file of the site, on a disk which ignores the case of letters."""
    if not stale or not files:
        return frozenset()
    # All paths of the site are folded together: one by one they would take much longer.
    folded = fold_case("\n".join(files)).split("\n")
    gone = set(map(fold_case, stale))
    wanted = {each: path for each, path in zip(folded, files, strict=True) if each in gone}
    twins: set[str] = set()
    for path in stale:
        other = wanted.get(fold_case(path))
        if other is not None:
            with contextlib.suppress(OSError):
                if (output / path).samefile(output / other):
                    twins.add(path)
    return frozenset(twins)


def _remove_leftovers(output: Path, pending: Mapping[str, Written]) -> None:
    """Remove the half-written files of a killed build, and folders that then hold nothing."""
    for folder in sorted({path.rpartition("/")[0] for path in pending}):
        if _behind_symlink(output, f"{folder}/"):
            continue
        remove_torn(output / folder)
        # One that is not there may still have some above it that were made for it.
        _remove_empty_folders(output, f"{folder}/")


def _edited(file: Path, reason: str) -> Diagnostic:
    return Diagnostic(
        "edited-output",
        Severity.WARNING,
        f"a file that no longer belongs to the site was left in place: {reason}",
        Place(str(file)),
        hint="delete it yourself when you no longer need it",
    )


def write_failure(
    file: Path, error: OSError, severity: Severity = Severity.ERROR
) -> Diagnostic:
    """What to say of a file or folder that could not be written."""
    # The first name is that of the temporary file, where it could not be given the second.
    name = error.filename2 or error.filename or file
    return Diagnostic(
        "write-failed",
        severity,
        error.strerror or str(error),
        Place(str(name)),
        hint="make room or mend the rights, then build again: nothing is lost",
    )
