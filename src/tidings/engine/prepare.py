"""Everything before rendering, in its order: scan, parse, catalog, plan, theme.

Part of the engine; shared by building and by the commands that only look. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol
from urllib.parse import quote

import msgspec

from tidings.catalog.assemble import NO_STATE, Assembled, CatalogState, make_catalog
from tidings.catalog.horizon import next_change
from tidings.engine.held import count_held, held_notes
from tidings.engine.inputs import Inputs, Listed, list_inputs, read_listed
from tidings.engine.kept import NOTHING_KEPT, KeptReadings
from tidings.engine.load import Loaded, load_site
from tidings.engine.places import CONFIG, STATIC, TEMPLATES
from tidings.engine.reach import KeptBases
from tidings.engine.reading import Read, read_records
from tidings.engine.relating import relate_afar, relating_by
from tidings.engine.run import Run, read_options
from tidings.model.asset import Asset
from tidings.model.catalog import Catalog
from tidings.model.config import Config
from tidings.model.diagnostic import Diagnostic, Place, Severity
from tidings.model.measure import measure_all
from tidings.model.page import SitePlan, SiteSketch
from tidings.model.period import local_day
from tidings.model.source import SourceFile
from tidings.output.assets import hash_assets
from tidings.pages.plan import plan_all, sketch_pages
from tidings.pages.urls import base_path
from tidings.render.compiled import CompiledTemplates
from tidings.render.stylesheet import theme_stylesheet, theme_view
from tidings.render.theme import Theme, make_theme
from tidings.sources.record import ReadOptions


class Past(Protocol):
    """What earlier builds left, and where this one leaves what the next can be made with.

    Each part is asked for when its step begins, and taken back when that has ended: together
    they are as large as all records.
    """

    def readings(self, options: ReadOptions) -> KeptReadings:
        """What they read."""

    def keep_readings(self, kept: KeptReadings, read: Read) -> None:
        """Takes what was read now, beside what was kept."""

    def catalog(self) -> CatalogState:
        """What their last catalog was made with."""

    def keep_catalog(self, state: CatalogState) -> None:
        """Takes what this one was made with."""

    def templates(self) -> CompiledTemplates | None:
        """Their templates, compiled."""

    def bases(self) -> KeptBases:
        """What the pages of the last finished one were planned from."""


class NoPast:
    """For those who look, and build nothing."""

    def readings(self, _options: ReadOptions) -> KeptReadings:
        """Nothing."""
        return NOTHING_KEPT

    def keep_readings(self, _kept: KeptReadings, _read: Read) -> None:
        """Lets it go."""

    def catalog(self) -> CatalogState:
        """Nothing."""
        return NO_STATE

    def keep_catalog(self, _state: CatalogState) -> None:
        """Lets it go."""

    def templates(self) -> CompiledTemplates | None:
        """None."""
        return None

    def bases(self) -> KeptBases:
        """Nothing."""
        return KeptBases()


class Prepared(msgspec.Struct, frozen=True):
    """All that the steps before planning made."""

    config: Config
    """With what the request changes in it."""
    inputs: Inputs
    loaded: Loaded
    catalog: Catalog
    assets: tuple[Asset, ...]
    sketch: SiteSketch | None
    """None where two pages claim one path."""
    theme: Theme | None
    """None where a template cannot be read, or the logo is not there."""
    until: datetime | None
    """The instant from which other records would be shown; None for ever."""
    plan: SitePlan | None = None
    """Only for those who look at pages and build none."""


def without_sources(prepared: Prepared) -> Prepared:
    """The same without what nothing after planning asks for: record files, and records as they
    were read."""
    return msgspec.structs.replace(
        prepared,
        inputs=msgspec.structs.replace(prepared.inputs, news=()),
        loaded=msgspec.structs.replace(prepared.loaded, records=()),
    )


def with_plans(prepared: Prepared) -> Prepared:
    """The same with the plans of all pages, where no two of them claim one path."""
    if prepared.sketch is None:
        return prepared
    return msgspec.structs.replace(prepared, plan=plan_all(prepared.sketch))


def prepare(
    config: Config, run: Run, listed: Listed | None = None, past: Past | None = None
) -> Prepared:
    """All steps before planning; their problems are added to the run.

    `listed` has the site's files where they are known already. A build that starts afresh takes
    nothing from the `past` but what the bytes of files prove.
    """
    request = run.request
    past = past or NoPast()
    if listed is None:
        listed = list_inputs(request.source, config)
        run.phase_done("scan")
    inputs = read_listed(listed)
    run.diagnostics.extend(inputs.diagnostics)
    run.phase_done("scan")
    loaded, marks = _load(inputs, config, run, past)
    state = NO_STATE if request.clean else past.catalog()
    assembled = _make_catalog(loaded, config, state, marks, run)
    catalog = assembled.catalog
    past.keep_catalog(assembled.state)
    # What is only there for the next build would take memory from here on.
    del assembled, state
    assets = _make_assets(inputs, config)
    compiled = None if request.clean else past.templates()
    apart = b"" if request.clean else past.bases().apart
    return Prepared(
        config=config,
        inputs=inputs,
        loaded=loaded,
        catalog=catalog,
        assets=assets,
        sketch=_sketch(catalog, loaded, config, assets, marks, run, apart),
        theme=_make_theme(inputs, config, assets, compiled, run),
        until=next_change(loaded.records, config, request.clock),
    )


def _load(
    inputs: Inputs, config: Config, run: Run, past: Past
) -> tuple[Loaded, dict[str, bytes]]:
    """What all files say, and for each record, by id, bytes that differ whenever it does."""
    options = read_options(config)
    kept = past.readings(options)
    read = read_records(
        inputs.news,
        options,
        kept,
        run.jobs,
        lambda done, total: run.progress("parse", done, total),
        trust_times=not run.request.clean,
        remote=run.remote,
    )
    past.keep_readings(kept, read)
    loaded = load_site(inputs, read, options)
    run.diagnostics.extend(loaded.diagnostics)
    run.count(
        files=len(inputs.news) + inputs.refused,
        parsed=loaded.parsed,
        skipped=loaded.skipped + inputs.refused,
    )
    run.phase_done("parse")
    entries = read.index.entries
    return loaded, {record.id: entries[record.file].check for record in loaded.records}


def _make_catalog(
    loaded: Loaded,
    config: Config,
    state: CatalogState,
    marks: Mapping[str, bytes],
    run: Run,
) -> Assembled:
    assembled = make_catalog(
        loaded.records,
        loaded.topics,
        loaded.providers,
        loaded.pages,
        config,
        run.request.clock,
        state,
        relating_by(run.jobs) if run.remote is None else relate_afar(run.remote),
        marks,
    )
    run.diagnostics.extend(assembled.diagnostics)
    catalog = assembled.catalog
    held = count_held(catalog.held)
    run.count(records=len(catalog.records), held=held)
    run.notes = held_notes(held, len(loaded.records))
    run.phase_done("catalog")
    return assembled


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


def _sketch(
    catalog: Catalog,
    loaded: Loaded,
    config: Config,
    assets: tuple[Asset, ...],
    marks: Mapping[str, bytes],
    run: Run,
    apart: bytes,
) -> SiteSketch | None:
    outcome = sketch_pages(
        catalog,
        config,
        {asset.name: asset.path for asset in assets},
        [record for record in loaded.records if record.id in catalog.redirects],
        theme_view(config.theme),
        marks,
        local_day(run.request.clock, config.site.timezone),
        measure_all(assets),
        apart,
    )
    run.diagnostics.extend(outcome.diagnostics)
    run.phase_done("plan")
    return outcome.value


def _make_theme(
    inputs: Inputs,
    config: Config,
    assets: tuple[Asset, ...],
    compiled: CompiledTemplates | None,
    run: Run,
) -> Theme | None:
    base = base_path(config.site.base_url)
    urls = {asset.name: base + quote(asset.path) for asset in assets}
    logo = config.theme.logo
    outcome = make_theme(inputs.themes, urls, compiled, logo)
    run.diagnostics.extend(outcome.diagnostics)
    run.phase_done("plan")
    if logo and logo not in urls:
        run.diagnostics.append(_missing_logo(logo, urls))
        return None
    # A template that was not read would be the default theme's, and the site another one.
    return None if _lacks_templates(inputs) else outcome.value


def _missing_logo(logo: str, known: Collection[str]) -> Diagnostic:
    """Told here: pages that show the logo would blame a template."""
    import difflib

    bare = logo.lstrip("/")
    near = difflib.get_close_matches(bare, sorted(known), n=1, cutoff=0.8)
    hint = f'did you mean "{near[0]}"?' if near else f"put it at static/{bare}"
    if bare in known:
        hint = f'write logo = "{bare}"'
    message = f'theme.logo is "{logo}", which is not in static/'
    return Diagnostic("missing-asset", Severity.ERROR, message, Place(CONFIG), hint)


def _lacks_templates(inputs: Inputs) -> bool:
    """Whether a template of the site's own, or a file of its theme, could not be read."""
    return any(
        problem.severity is Severity.ERROR and problem.place.file.partition("/")[0] == TEMPLATES
        for problem in inputs.diagnostics
    )
