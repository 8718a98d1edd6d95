"""What the preview answers for an address, before HTTP: files of the site, by clean URLs.

Pure but for reading the output folder; pages with fresh edits may come from memory. `app`
turns an answer into a response; `reload` compares answers to know whether an open page is out
of date.
"""

from __future__ import annotations

import hashlib
import html
from pathlib import Path
from urllib.parse import quote

import msgspec

from tidings.model.diagnostic import Diagnostic
from tidings.model.media import HTML, TEXT, content_type
from tidings.output.manifest import manifest_file
from tidings.serve.edition import Edition


class Answer(msgspec.Struct, frozen=True):
    """One answer."""

    status: int
    content_type: str = TEXT
    data: bytes = b""
    """The bytes as they are on disk."""
    location: str = ""
    """Where a redirect leads, percent-encoded; empty for everything else."""


def answer(edition: Edition, path: str) -> Answer:
    """The answer for a decoded URL path; never one from outside the output folder."""
    # A folder without our manifest is somebody else's, or nothing was ever finished in it.
    if not manifest_file(edition.output).is_file():
        return _unbuilt(edition.problems)
    below = _below(edition.base_path, path)
    if below is None:
        # A prefix comes from the config and may change, so the redirect to it is a passing one.
        if path == "/" or path + "/" == edition.base_path:
            return Answer(307, location=quote(edition.base_path))
        return _missing(edition.output)
    drafted = _drafted(edition, below)
    if drafted is not None:
        return Answer(200, HTML, drafted)
    file = _safe_file(edition.output, below)
    if file is None:
        return _missing(edition.output)
    if file.is_dir():
        if below and not below.endswith("/"):
            return Answer(308, location=quote(path + "/"))
        file = file / "index.html"
    elif below.endswith("/"):
        return _missing(edition.output)
    data = _read(file)
    if data is None:
        return _missing(edition.output)
    return Answer(200, content_type(file.name), data)


def _drafted(edition: Edition, below: str) -> bytes | None:
    """The page with texts that no build has seen yet; None where there is none."""
    if edition.draft is None or (below and not below.endswith("/")):
        return None
    return edition.draft.page(f"{below}index.html")


def page_digest(shown: Answer | bytes) -> str:
    """Hexadecimal digits that are equal for equal bytes on disk, and for equal redirects."""
    data = shown if isinstance(shown, bytes) else shown.data + shown.location.encode()
    return hashlib.blake2b(data, digest_size=12).hexdigest()


def _below(base_path: str, path: str) -> str | None:
    """The path below the site's own prefix; None when it lies elsewhere."""
    return path.removeprefix(base_path) if path.startswith(base_path) else None


def _safe_file(output: Path, below: str) -> Path | None:
    """The file or folder that the path names; None for what is not to be served."""
    parts = below.removesuffix("/").split("/") if below else []
    for part in parts:
        # Names with a dot in front are our own notes, or the publisher's: never part of a site.
        if not part or part.startswith(".") or any(mark in part for mark in "\\:\0"):
            return None
    try:
        file = output.joinpath(*parts).resolve()
        return file if file.is_relative_to(output.resolve()) and file.exists() else None
    except OSError:  # A name longer than the file system allows, or a loop of links.
        return None


def _read(file: Path) -> bytes | None:
    """The file's bytes; None when a build has just removed it, or it is no file."""
    try:
        return file.read_bytes()
    except OSError:
        return None


def _missing(output: Path) -> Answer:
    """The site's own page for what is not there, or a plain one."""
    page = _read(output / "404.html")
    plain = _plain_page("Not found", "<p>There is no such page on this site.</p>")
    return Answer(404, HTML, plain if page is None else page)


def _unbuilt(problems: tuple[Diagnostic, ...]) -> Answer:
    """The page for a site that was never built."""
    items = "".join(
        f"<li><code>{html.escape(where(problem))}</code> {html.escape(problem.message)}"
        f" [{html.escape(problem.code)}]<br>{html.escape(problem.hint)}</li>"
        for problem in problems
    )
    said = f"<p>It is shown here as soon as a build succeeds.</p><ul>{items}</ul>"
    return Answer(503, HTML, _plain_page("The site could not be built", said))


def where(problem: Diagnostic) -> str:
    """The problem's place as editors and terminals understand it: `file:line:column`."""
    place = problem.place
    numbers = [str(number) for number in (place.line, place.column) if number]
    return ":".join([place.file, *numbers[: 2 if place.line else 0]])


def _plain_page(title: str, body: str) -> bytes:
    """A small HTML page of our own; `body` is HTML."""
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width">\n<title>{title}</title>\n'
        f"</head>\n<body>\n<h1>{title}</h1>\n{body}\n</body>\n</html>\n"
    ).encode()
