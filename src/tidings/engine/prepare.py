"""Everything before rendering, in its order: scan, parse, catalog, plan, theme.

Part of the engine; shared by building and by the commands that only look. Nothing is written.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from urllib.parse import quote

import msgspec

from tidings.catalog.assemble import make_catalog
from tidings.engine.held import count_held, held_notes
from tidings.engine.inputs import Inputs, read_inputs
from tidings.engine.load import Loaded, load_site
from tidings.engine.places import CONFIG, NEWS, STATIC, TEMPLATES
from tidings.engine.report import BuildReport, BuildRequest, Counts, Progress
from tidings.model.asset import Asset
from tidings.model.catalog import Catalog
from tidings.model.config import Config
from tidings.model.diagnostic import Diagnostic, Place, Severity, sorted_diagnostics
from tidings.model.page import SitePlan
from tidings.model.source import SourceFile
from tidings.output.assets import hash_assets
from tidings.pages.plan import plan_pages
from tidings.pages.urls import base_path
from tidings.render.minify import can_minify
from tidings.render.stylesheet import theme_stylesheet, theme_view
from tidings.render.theme import Theme, make_theme
from tidings.sources.config import parse_config
from tidings.sources.record import ReadOptions
from tidings.sources.scan import read_file


class Run:
    """What one run of the steps has gathered so far: problems, counts and times."""

    def __init__(self, request: BuildRequest, progress: Progress) -> None:
        self.request = request
        self.progress = progress
        self.diagnostics: list[Diagnostic] = []
        self.seconds: dict[str, float] = {}
        self.counts = Counts()
        self.notes: tuple[str, ...] = ()
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


class Prepared(msgspec.Struct, frozen=True):
    """All that the steps before rendering made."""

    config: Config
    """With what the request changes in it."""
    inputs: Inputs
    loaded: Loaded
    catalog: Catalog
    assets: tuple[Asset, ...]
    plan: SitePlan | None
    """None where two pages claim one path."""
    theme: Theme | None
    """None where a template cannot be read."""


def read_config(run: Run) -> Config | None:
    """The site's config with what the request changes in it; None, and why, without one.

    A folder that holds no records at all is no site either.
    """
    request = run.request
    outcome = parse_config(read_file(request.source, CONFIG))
    run.diagnostics.extend(outcome.diagnostics)
    config = outcome.value
    if config is None:
        return None
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
    site, content = config.site, config.content
    if request.base_url is not None:
        site = msgspec.structs.replace(site, base_url=request.base_url.rstrip("/") + "/")
    if request.unpublished is not None:
        content = msgspec.structs.replace(content, unpublished=request.unpublished)
    if request.future is not None:
        content = msgspec.structs.replace(content, future=request.future)
    return msgspec.structs.replace(config, site=site, content=content)


def prepare(config: Config, run: Run) -> Prepared:
    """All steps before rendering; their problems are added to the run."""
    inputs = read_inputs(run.request.source, config)
    run.diagnostics.extend(inputs.diagnostics)
    run.phase_done("scan")
    loaded = load_site(
        inputs, read_options(config), lambda done, total: run.progress("parse", done, total)
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
    return Prepared(
        config=config,
        inputs=inputs,
        loaded=loaded,
        catalog=catalog,
        assets=assets,
        plan=_make_plan(catalog, loaded, config, assets, run),
        theme=_make_theme(inputs, config, assets, run),
    )


def read_options(config: Config) -> ReadOptions:
    """What reading a record depends on beside its file."""
    return ReadOptions(remote_pictures=config.media.remote_pictures)


def _make_catalog(loaded: Loaded, config: Config, run: Run) -> Catalog:
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
    run: Run,
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
    inputs: Inputs, config: Config, assets: tuple[Asset, ...], run: Run
) -> Theme | None:
    base = base_path(config.site.base_url)
    outcome = make_theme(
        inputs.themes, {asset.name: base + quote(asset.path) for asset in assets}
    )
    run.diagnostics.extend(outcome.diagnostics)
    run.phase_done("plan")
    return outcome.value
