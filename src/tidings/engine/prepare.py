"""Everything before rendering, in its order: scan, parse, catalog, plan, theme.

Part of the engine; shared by building and by the commands that only look. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from tidings.catalog.assemble import NO_STATE, Assembled, CatalogState, make_catalog
from tidings.catalog.horizon import next_change
from tidings.engine.held import count_held, held_notes
from tidings.engine.inputs import Inputs, Listed, list_inputs, read_listed
from tidings.engine.load import Loaded, load_site
from tidings.engine.past import NoPast, Past
from tidings.engine.reading import read_records
from tidings.engine.relating import relate_afar, relating_by
from tidings.engine.run import Run, read_options
from tidings.engine.theming import load_theme, make_assets
from tidings.model.asset import Asset
from tidings.model.catalog import Catalog
from tidings.model.config import Config
from tidings.model.measure import measure_all
from tidings.model.page import SitePlan, SiteSketch
from tidings.model.period import local_day
from tidings.pages.plan import plan_all, sketch_pages
from tidings.render.stylesheet import theme_view
from tidings.render.theme import Theme


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
    assets = make_assets(inputs, config)
    compiled = None if request.clean else past.templates()
    apart = b"" if request.clean else past.bases().apart
    return Prepared(
        config=config,
        inputs=inputs,
        loaded=loaded,
        catalog=catalog,
        assets=assets,
        sketch=_sketch(catalog, loaded, config, assets, marks, run, apart),
        theme=load_theme(inputs, config, assets, compiled, run),
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
