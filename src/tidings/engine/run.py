"""One run of the engine: what was asked, and what has come of it so far."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from tidings.engine.indexer import has_indexer
from tidings.engine.places import CONFIG, NEWS
from tidings.engine.report import BuildReport, BuildRequest, Counts, Progress
from tidings.engine.schedule import usable_cores
from tidings.model.config import Config, SearchConfig
from tidings.model.diagnostic import Diagnostic, Place, Severity, sorted_diagnostics
from tidings.render.minify import can_minify
from tidings.sources.config import parse_config
from tidings.sources.scan import read_file, refuse_folder

if TYPE_CHECKING:
    from tidings.engine.remote import Remote
    from tidings.sources.record import ReadOptions


class StoppedError(Exception):
    """The run cannot go on, for a reason that its user can mend."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


class Run:
    """What one run of the steps has gathered so far: problems, counts and times."""

    def __init__(self, request: BuildRequest, progress: Progress) -> None:
        self.request = request
        self.jobs = request.jobs or usable_cores()
        self.progress = progress
        self.remote: Remote | None = None
        self.diagnostics: list[Diagnostic] = []
        self.asides: list[Diagnostic] = []
        """What only a build has to say."""
        self.retry = False
        """Whether the next build must look again, though nothing may have changed by then."""
        self.seconds: dict[str, float] = {}
        self.counts = Counts()
        self.notes: tuple[str, ...] = ()
        self.next_change: datetime | None = None
        self.started = self.last = time.perf_counter()

    def phase_done(self, name: str) -> None:
        """Adds the time since the phase before to this one's."""
        now = time.perf_counter()
        self.seconds[name] = self.seconds.get(name, 0.0) + now - self.last
        self.last = now

    def count(self, **changes: object) -> None:
        """Sets some of the counts."""
        self.counts = msgspec.structs.replace(self.counts, **changes)

    def report(
        self, exit_code: int, written: Iterable[str] = (), deleted: Iterable[str] = ()
    ) -> BuildReport:
        """How the run ended."""
        return BuildReport(
            ok=exit_code == 0,
            output=self.request.output,
            counts=self.counts,
            diagnostics=sorted_diagnostics(self.diagnostics),
            notes=self.notes,
            written=tuple(sorted(written)),
            deleted=tuple(sorted(deleted)),
            seconds=self.total_seconds(),
            next_change=self.next_change,
            exit_code=exit_code,
        )

    def total_seconds(self) -> dict[str, float]:
        """Wall seconds by phase, and of the whole run until now as `total`."""
        return {**self.seconds, "total": time.perf_counter() - self.started}


def read_config(run: Run) -> Config | None:
    """The site's config with what the request changes in it; None, and why, without one.

    A folder without a place for records is no site either. Nor is one whose place for them
    cannot be read: the site must not be emptied because of that.
    """
    request = run.request
    outcome = parse_config(read_file(request.source, CONFIG))
    run.diagnostics.extend(outcome.diagnostics)
    config = outcome.value
    if config is None:
        return None
    refused = refuse_folder(request.source, NEWS)
    if refused is None and not (request.source / NEWS).is_dir():
        refused = Diagnostic(
            "no-content",
            Severity.ERROR,
            f"there is no folder {NEWS} in {request.source}",
            Place(NEWS),
            "name the site's folder with --source, or put records there",
        )
    if refused is not None:
        run.diagnostics.append(refused)
        return None
    if config.output.minify and not can_minify():
        run.diagnostics.append(
            Diagnostic(
                "missing-extra",
                Severity.ERROR,
                "output.minify needs minify-html, which is not installed",
                Place(CONFIG),
                "pip install tidings[minify], or set minify = false",
            )
        )
        return None
    site, content, search = config.site, config.content, config.search
    wanted = search.enabled and (search.serve or not request.preview)
    if wanted and not has_indexer():
        wanted = False
        run.asides.append(_no_search())
    if request.base_url is not None:
        site = msgspec.structs.replace(site, base_url=request.base_url.rstrip("/") + "/")
    if request.unpublished is not None:
        content = msgspec.structs.replace(content, unpublished=request.unpublished)
    if request.future is not None:
        content = msgspec.structs.replace(content, future=request.future)
    # Where a site is published is no input of its pages: another target calls for no new build.
    return msgspec.structs.replace(
        config,
        site=site,
        content=content,
        search=SearchConfig(enabled=wanted),
        publish={},
    )


def _no_search() -> Diagnostic:
    return Diagnostic(
        "no-search",
        Severity.INFO,
        "the site has no search page: Pagefind is not installed",
        Place(CONFIG),
        "pip install tidings[search], or set enabled = false in [search]",
    )


def read_options(config: Config) -> ReadOptions:
    """What reading a record depends on beside its file."""
    # Imported here, because a build that finds nothing changed reads no record.
    from tidings.sources.record import ReadOptions

    return ReadOptions(remote_pictures=config.media.remote_pictures)
