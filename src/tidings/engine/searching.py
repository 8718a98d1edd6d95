"""The files of the site's own search, from its finished article pages.

Part of the engine, between rendering and writing. The index is made anew only when a page in it
has changed; its files are keyed and written like pages, so they are deleted like pages too.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec

from tidings.engine.finish import Finished, Work
from tidings.engine.indexer import indexer
from tidings.engine.places import CONFIG
from tidings.engine.run import Run
from tidings.engine.version import code_digest
from tidings.model.diagnostic import Diagnostic, Place, Severity
from tidings.model.output import Rendered, Staged, Written
from tidings.output.manifest import digest_of
from tidings.output.paths import folders_of
from tidings.output.search_files import UnknownIndexError
from tidings.output.search_index import NoIndexError, make_index
from tidings.output.staging import open_stage

FOLDER = "pagefind/"


def with_search(
    finished: Finished | None, work: Work, run: Run, aside: Path | None = None
) -> Finished | None:
    """The site's files with those of its search; as they are where the site has none.

    `aside` is an empty folder to work in; by default one among the output folder's own notes,
    where the next build finds it if this one is killed.

    None, and the problem, where a file of the publisher's stands in the way. An index that
    cannot be made is a warning: the site is whole without it, and the one before it may stay.
    """
    if finished is None or not work.sketch.site.search_url:
        return finished
    pages = sorted(page.path for page in work.sketch.pages if page.searched)
    known: dict[str, Rendered | Staged | Written] = {
        **finished.kept,
        **{page.path: page for page in finished.rendered},
    }
    key = _key((path, _digest(known[path])) for path in pages)
    before = {
        path: each
        for path, each in work.usable.items()
        if path.startswith(FOLDER) and path not in known
    }
    if _is_whole(before, key):
        return _unless_claimed(_with_kept(finished, before, run), known, before, run)
    run.progress("search", 0, len(pages))
    try:
        files = _make(((path, known[path]) for path in pages), run, aside)
    except (NoIndexError, UnknownIndexError, OSError) as error:
        run.diagnostics.append(_failure(error))
        run.retry = True
        if run.request.strict:
            return None
        return _with_kept(finished, before, run)
    key = f"{key}-{len(files)}"
    made = tuple(Rendered(path, key, data) for path, data in files.items())
    run.count(pages=run.counts.pages + len(made), rendered=run.counts.rendered + len(made))
    run.phase_done("search")
    whole = msgspec.structs.replace(finished, rendered=(*finished.rendered, *made))
    return _unless_claimed(whole, known, files, run)


def _unless_claimed(
    finished: Finished, known: Iterable[str], files: Iterable[str], run: Run
) -> Finished | None:
    """The site; None, and the problem, where a file of its own is where one of the index or a
    folder for it must be, or the reverse."""
    own, made = {path for path in known if f"{path}/".startswith(FOLDER)}, set(files)
    folders = {above for path in made for above in folders_of(path)}
    below = {path for path in own if made.intersection(folders_of(path))}
    clash = sorted(own & (made | folders) | below)
    if not clash:
        return finished
    run.diagnostics.append(_clash(clash[0]))
    return None


def _key(pages: Iterable[tuple[str, str]]) -> str:
    """What the index of these pages, (path, digest of the bytes), is known by."""
    digest = hashlib.blake2b(digest_size=16)
    digest.update(code_digest("output", "engine/searching.py").encode())
    for path, page in pages:
        digest.update(f"\0{path}\0{page}".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _is_whole(before: Mapping[str, Written], key: str) -> bool:
    """Whether these are all files of the index with the key: each says how many they are."""
    return bool(before) and {each.key for each in before.values()} == {f"{key}-{len(before)}"}


def _with_kept(finished: Finished, before: Mapping[str, Written], run: Run) -> Finished:
    taken = {page.path for page in finished.rendered}.union(finished.kept)
    kept = {path: each for path, each in before.items() if path not in taken}
    run.count(pages=run.counts.pages + len(kept))
    return msgspec.structs.replace(finished, kept={**finished.kept, **kept})


def _make(
    pages: Iterable[tuple[str, Rendered | Staged | Written]], run: Run, aside: Path | None
) -> dict[str, bytes]:
    """The files of the index by path."""
    output = run.request.output
    program = indexer()
    if program is None:
        raise NoIndexError("it is not there any more")
    folder = aside or output / open_stage(output)
    try:
        made = make_index(program, folder, _read(output, pages))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return {f"{FOLDER}{name}": data for name, data in made.items()}


def _read(
    output: Path, pages: Iterable[tuple[str, Rendered | Staged | Written]]
) -> Iterator[tuple[str, bytes]]:
    """The pages with their bytes, wherever those are by now."""
    for path, page in pages:
        if isinstance(page, Rendered):
            yield path, page.data
        else:
            there = page.file if isinstance(page, Staged) else path
            yield path, (output / there).read_bytes()


def _digest(page: Rendered | Staged | Written) -> str:
    return digest_of(page.data) if isinstance(page, Rendered) else page.digest


def _failure(error: Exception) -> Diagnostic:
    return Diagnostic(
        "search-failed",
        Severity.WARNING,
        f"the search index could not be made: {error}",
        Place(CONFIG),
        "install the pagefind that this version of tidings asks for, or set enabled = false "
        "in [search]",
    )


def _clash(path: str) -> Diagnostic:
    return Diagnostic(
        "path-clash",
        Severity.ERROR,
        f"the site's own file and the search index both claim /{path}",
        Place(f"static/root/{path}"),
        f"keep {FOLDER} free for the index, or set enabled = false in [search]",
    )
