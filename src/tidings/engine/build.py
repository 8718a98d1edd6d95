"""One build, from the site's folder to its output folder: the steps in their order.

    scan, parse, catalog, plan, render, write

Each step is a pure function of what the ones before it gave; only the first reads, only the
last writes. Whatever goes wrong before the last leaves the site that was there as it was.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from urllib.parse import quote

import msgspec

from tidings.catalog.assemble import make_catalog
from tidings.engine.held import count_held, held_notes
from tidings.engine.inputs import Inputs, read_inputs
from tidings.engine.keys import page_key, site_digest
from tidings.engine.load import Loaded, load_site
from tidings.engine.places import CONFIG, NEWS, STATIC, TEMPLATES, watched_paths
from tidings.engine.report import (
    BuildReport,
    BuildRequest,
    Counts,
    Progress,
    no_progress,
)
from tidings.model.asset import Asset
from tidings.model.catalog import Catalog
from tidings.model.config import Config
from tidings.model.diagnostic import (
    Diagnostic,
    Place,
    Severity,
    has_errors,
    sorted_diagnostics,
)
from tidings.model.output import Manifest, Rendered, Written
from tidings.model.page import SitePlan
from tidings.model.source import SourceFile
from tidings.output.assets import hash_assets
from tidings.output.guard import refuse_output
from tidings.output.lock import locked
from tidings.output.manifest import digest_of, intact_files, read_manifest
from tidings.output.write import write_site
from tidings.pages.plan import plan_pages
from tidings.pages.urls import base_path
from tidings.render.html import open_renderer
from tidings.render.stylesheet import theme_stylesheet, theme_view
from tidings.render.theme import Theme, make_theme, template_digest
from tidings.sources.config import parse_config
from tidings.sources.record import ReadOptions
from tidings.sources.scan import read_file

__all__ = ["build", "watched_paths"]

LOCK_TIMEOUT = 600.0
"""Seconds that a build waits for another one into the same folder."""

PLAN_ENCODER = msgspec.msgpack.Encoder()


class _Run:
    """What one build has gathered so far."""

    def __init__(self, request: BuildRequest, progress: Progress) -> None:
        self.request = request
        self.progress = progress
        self.diagnostics: list[Diagnostic] = []
        self.seconds: dict[str, float] = {}
        self.counts = Counts()
        self.notes: tuple[str, ...] = ()
        self.started = self.last = time.perf_counter()

    def phase_done(self, name: str) -> None:
        now = time.perf_counter()
        self.seconds[name] = self.seconds.get(name, 0.0) + now - self.last
        self.last = now

    def count(self, **changes: object) -> None:
        self.counts = msgspec.structs.replace(self.counts, **changes)

    def report(
        self, exit_code: int, written: Iterable[str] = (), deleted: Iterable[str] = ()
    ) -> BuildReport:
        self.seconds["total"] = time.perf_counter() - self.started
        return BuildReport(
            ok=exit_code == 0,
            output=self.request.output,
            counts=self.counts,
            diagnostics=sorted_diagnostics(self.diagnostics),
            notes=self.notes,
            written=tuple(sorted(written)),
            deleted=tuple(sorted(deleted)),
            seconds=dict(self.seconds),
            exit_code=exit_code,
        )


def build(request: BuildRequest, progress: Progress = no_progress) -> BuildReport:
    """Builds the site and says how it went; problems of the content never raise."""
    run = _Run(request, progress)
    config = _read_config(run)
    if config is None:
        return run.report(2)
    if not (request.source / NEWS).is_dir():
        run.diagnostics.append(
            Diagnostic(
                "no-content",
                Severity.ERROR,
                f"there is no folder {NEWS} in {request.source}",
                Place(NEWS),
                "name the site's folder with --source, or put records there",
            )
        )
        return run.report(2)
    refused = refuse_output(request.output, request.source)
    if refused is not None:
        run.diagnostics.append(refused)
        return run.report(2)
    # Another build is waited for before anything is read, so that what is written last is also
    # what was read last.
    with locked(
        request.output, LOCK_TIMEOUT, lambda: progress("wait for another build", 0, 0)
    ) as busy:
        if busy is not None:
            run.diagnostics.append(busy)
            return run.report(2)
        return _build_alone(config, run)


def _build_alone(config: Config, run: _Run) -> BuildReport:
    """All steps of the build; the caller holds the output folder's lock."""
    request = run.request
    inputs = read_inputs(request.source, config)
    run.diagnostics.extend(inputs.diagnostics)
    run.phase_done("scan")
    loaded = load_site(
        inputs,
        ReadOptions(remote_pictures=config.media.remote_pictures),
        lambda done, total: run.progress("parse", done, total),
    )
    run.diagnostics.extend(loaded.diagnostics)
    run.count(
        files=len(inputs.news) + inputs.refused,
        parsed=loaded.parsed,
        skipped=loaded.skipped + inputs.refused,
    )
    run.phase_done("parse")
    catalog = _make_catalog(loaded, config, run)
    assets = _make_assets(inputs, config)
    plan = _make_plan(catalog, loaded, config, assets, run)
    theme = _make_theme(inputs, config, assets, run)
    if plan is None or theme is None:
        return run.report(1)
    if request.strict and any(
        problem.severity is not Severity.INFO for problem in run.diagnostics
    ):
        return run.report(1)
    return _render_and_write(plan, theme, assets, run)


def _read_config(run: _Run) -> Config | None:
    request = run.request
    outcome = parse_config(read_file(request.source, CONFIG))
    run.diagnostics.extend(outcome.diagnostics)
    config = outcome.value
    if config is None:
        return None
    site, content = config.site, config.content
    if request.base_url is not None:
        site = msgspec.structs.replace(site, base_url=request.base_url.rstrip("/") + "/")
    if request.unpublished is not None:
        content = msgspec.structs.replace(content, unpublished=request.unpublished)
    if request.future is not None:
        content = msgspec.structs.replace(content, future=request.future)
    return msgspec.structs.replace(config, site=site, content=content)


def _make_catalog(loaded: Loaded, config: Config, run: _Run) -> Catalog:
    outcome = make_catalog(
        loaded.records,
        loaded.topics,
        loaded.providers,
        loaded.pages,
        config,
        run.request.clock,
    )
    run.diagnostics.extend(outcome.diagnostics)
    catalog = outcome.value
    assert catalog is not None  # A catalog can be made of anything.
    held = count_held(catalog.held)
    run.count(records=len(catalog.records), held=held)
    run.notes = held_notes(held, len(loaded.records))
    run.phase_done("catalog")
    return catalog


def _make_assets(inputs: Inputs, config: Config) -> tuple[Asset, ...]:
    """All assets under the names of their bytes: of themes, of the site, and of options."""
    files = [
        file
        for layer in inputs.themes
        for file in layer
        if file.path.startswith(f"{TEMPLATES}/{STATIC}/")
    ]
    options = theme_stylesheet(config.theme)
    if options:
        files.append(SourceFile(f"{TEMPLATES}/{STATIC}/theme.css", options))
    return hash_assets((*files, *inputs.static))


def _make_plan(
    catalog: Catalog,
    loaded: Loaded,
    config: Config,
    assets: tuple[Asset, ...],
    run: _Run,
) -> SitePlan | None:
    outcome = plan_pages(
        catalog,
        config,
        {asset.name: asset.path for asset in assets},
        [record for record in loaded.records if record.id in catalog.redirects],
        theme_view(config.theme),
    )
    run.diagnostics.extend(outcome.diagnostics)
    run.phase_done("plan")
    return outcome.value


def _make_theme(
    inputs: Inputs, config: Config, assets: tuple[Asset, ...], run: _Run
) -> Theme | None:
    base = base_path(config.site.base_url)
    outcome = make_theme(
        inputs.themes, {asset.name: base + quote(asset.path) for asset in assets}
    )
    run.diagnostics.extend(outcome.diagnostics)
    run.phase_done("plan")
    return outcome.value


def _render_and_write(
    plan: SitePlan, theme: Theme, assets: tuple[Asset, ...], run: _Run
) -> BuildReport:
    """Renders what no earlier build has, then writes."""
    manifest = _known_files(run)
    known = manifest.files if manifest else {}
    intact = intact_files(run.request.output, manifest) if manifest else frozenset()
    usable = {} if run.request.clean else {path: known[path] for path in intact}
    kept: dict[str, Written] = {}
    rendered: list[Rendered] = []

    def settle(path: str, key: str, make: Callable[[], bytes | None]) -> None:
        before = usable.get(path)
        if before is not None and before.key == key:
            kept[path] = before
            return
        data = make()
        if data is not None:
            rendered.append(Rendered(path, key, data))

    _render(plan, theme, settle, run)
    if has_errors(run.diagnostics) and any(
        problem.code.startswith(("template-", "missing-asset")) for problem in run.diagnostics
    ):
        return run.report(1)
    for asset in assets:
        settle(asset.path, digest_of(asset.data), lambda data=asset.data: data)  # type: ignore[misc]
    run.count(pages=len(kept) + len(rendered), rendered=len(rendered))
    run.phase_done("render")
    saved = write_site(run.request.output, rendered, kept, manifest)
    run.diagnostics.extend(saved.diagnostics)
    run.count(written=len(saved.change.written), deleted=len(saved.change.deleted))
    run.phase_done("write")
    failed = has_errors(saved.diagnostics)
    return run.report(2 if failed else 0, saved.change.written, saved.change.deleted)


def _known_files(run: _Run) -> Manifest | None:
    outcome = read_manifest(run.request.output)
    run.diagnostics.extend(outcome.diagnostics)
    return outcome.value


def _render(
    plan: SitePlan,
    theme: Theme,
    settle: Callable[[str, str, Callable[[], bytes | None]], None],
    run: _Run,
) -> None:
    render = open_renderer(theme, plan.site)
    shared = site_digest(plan.site)
    total = len(plan.pages)
    for number, page in enumerate(plan.pages):

        def make(page=page) -> bytes | None:  # type: ignore[no-untyped-def]
            outcome = render(page)
            run.diagnostics.extend(outcome.diagnostics)
            return outcome.value

        key = page_key(shared, page, template_digest(theme, page.template), PLAN_ENCODER)
        settle(page.path, key, make)
        if number % 200 == 0:
            run.progress("render", number, total)
    run.progress("render", total, total)
