"""What `tidings newsletter` is asked for, and what it has to say for itself."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import msgspec

from tidings.engine.report import BuildRequest
from tidings.model.diagnostic import Diagnostic


class MailRequest(msgspec.Struct, frozen=True):
    """One e-mail: of which site, which time and which topic, and where to."""

    site: BuildRequest
    """The site and the clock; nothing of its output folder is read or written."""
    folder: Path
    """Where the files are written, absolute; made where it is not there."""
    day: date | None = None
    week: date | None = None
    """Any day of the week."""
    since: datetime | None = None
    """Aware UTC instant: records published from it on, and before the clock. Without it and
    the two above: the last day or week that is over, as `[newsletter] every` says."""
    topic: str = ""
    """Slug or name; empty for all."""


class MailReport(msgspec.Struct, frozen=True):
    """How writing an e-mail ended."""

    ok: bool
    """Whether the files below are there now. Otherwise nothing was written."""
    exit_code: int
    """0 written; 1 there is no story to tell, or a template is at fault; 2 the command line,
    `tidings.toml` or the folder is."""
    period: str = ""
    """What the issue tells of, in words."""
    subject: str = ""
    stories: int = 0
    """Stories of the period."""
    shown: int = 0
    """Those of them that are in the e-mail; it links to the others."""
    html_bytes: int = 0
    """Size of the HTML (bytes); at most 102,400."""
    files: tuple[str, ...] = ()
    """What was written: `.html`, `.txt` and `.eml`."""
    diagnostics: tuple[Diagnostic, ...] = ()
    """What is wrong, sorted; of the content only errors, which leave a record out."""
