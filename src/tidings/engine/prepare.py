"""Everything before rendering, in its order: scan, parse, catalog, plan, theme.

Part of the engine; shared by building and by the commands that only look. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from urllib.parse import quote

import msgspec

from tidings.catalog.assemble import NO_STATE, Assembled, CatalogState, make_catalog
from tidings.catalog.horizon import next_change
from tidings.engine.held import count_held, held_notes
from tidings.engine.inputs import Inputs, Listed, list_inputs, read_listed
from tidings.engine.kept import NOTHING_KEPT, KeptReadings
from tidings.engine.load import Loaded, load_site
from tidings.engine.places import STATIC, TEMPLATES
from tidings.engine.reading import Read, read_records
from tidings.engine.relating import relate_afar, relating_by
from tidings.engine.run import Run, read_options
from tidings.model.asset import Asset
from tidings.model.catalog import Catalog
from tidings.model.config import Config
from tidings.model.diagnostic import Severity
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

Keep = Callable[[Read, CatalogState], None]
"""Takes what the next build can be made with."""


def keep_nothing(_read: Read, _state: CatalogState) -> None:
    """For those who look and build nothing."""


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
    """None where a template cannot be read."""
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
    config: Config,
    run: Run,
    listed: Listed | None = None,
    kept: KeptReadings = NOTHING_KEPT,
    state: CatalogState = NO_STATE,
    compiled: CompiledTemplates | None = None,
    keep: Keep = keep_nothing,
    apart: bytes = b"",
) -> Prepared:
    """All steps before planning; their problems are added to the run.

    `listed` has the site's files where they are known already, `kept` what earlier builds read,
    `state` what their catalogs left, `compiled` their templates, and `apart` the claims of one
    whose pages did not clash. `keep` is given what this build leaves, as soon as there is
    nothing more to be done with it.
    """
    request = run.request
    if listed is None:
        listed = list_inputs(request.source, config)
        run.phase_done("scan")
    inputs = read_listed(listed)
    run.diagnostics.extend(inputs.diagnostics)
    run.phase_done("scan")
    options = read_options(config)
    read = read_records(
        inputs.news,
        options,
        kept,
        run.jobs,
        lambda done, total: run.progress("parse", done, total),
        trust_times=not request.clean,
        remote=run.remote,
    )
    loaded = load_site(inputs, read, options)
    run.diagnostics.extend(loaded.diagnostics)
    run.count(
        files=len(inputs.news) + inputs.refused,
        parsed=loaded.parsed,
        skipped=loaded.skipped + inputs.refused,
    )
    run.phase_done("parse")
    entries = read.index.entries
    marks = {record.id: entries[record.file].check for record in loaded.records}
    assembled = _make_catalog(loaded, config, state, marks, run)
    catalog = assembled.catalog
    keep(read, assembled.state)
    # What is only there for the next build would take memory from here on.
    del assembled, read, entries
    assets = _make_assets(inputs, config)
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
    outcome = make_theme(inputs.themes, urls, compiled, config.theme.logo)
    run.diagnostics.extend(outcome.diagnostics)
    run.phase_done("plan")
    # A template that was not read would be the default theme's, and the site another one.
    return None if _lacks_templates(inputs) else outcome.value


def _lacks_templates(inputs: Inputs) -> bool:
    """Whether a template of the site's own, or a file of its theme, could not be read."""
    return any(
        problem.severity is Severity.ERROR and problem.place.file.partition("/")[0] == TEMPLATES
        for problem in inputs.diagnostics
    )
