"""Why a record is or is not on the site, and where: the steps before rendering, asked.

Part of the engine: it runs the same steps as a build, writes nothing, and reads the answer off
the catalog and the plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from tidings.catalog.group import local_dates
from tidings.catalog.rank import heat_of
from tidings.engine.checking import record_findings
from tidings.engine.explaining_parts import (
    explain_related,
    list_coverage,
    list_dropped,
    tell_story,
)
from tidings.engine.explanation import (
    Explanation,
    PageExplanation,
    Rank,
    RecordExplanation,
)
from tidings.engine.prepare import Prepared, prepare, with_plans
from tidings.engine.report import BuildRequest, Progress, no_progress
from tidings.engine.run import Run, read_config
from tidings.engine.showing import address_of, entries_of, kind_of, pages_with
from tidings.engine.targets import find_target
from tidings.model.catalog import Visibility
from tidings.model.diagnostic import Diagnostic, Severity, sorted_diagnostics
from tidings.model.page import PagePlan
from tidings.model.record import Record

UNREADABLE = "the file has errors"


def explain(request: BuildRequest, name: str, progress: Progress = no_progress) -> Explanation:
    """What the site knows of the record or page that the path or URL names."""
    run = Run(request, progress)
    config = read_config(run)
    if config is None:
        problems = sorted_diagnostics(run.diagnostics)
        return Explanation(2, problem="the site cannot be read", diagnostics=problems)
    prepared = with_plans(prepare(config, run))
    target = find_target(name, request, prepared)
    if target.file:
        return Explanation(0, record=_explain_file(target.file, prepared, run))
    if target.page is not None:
        return Explanation(0, page=_explain_page(target.page, prepared))
    return Explanation(2, problem=target.problem, suggestions=target.suggestions)


def _explain_page(page: PagePlan, prepared: Prepared) -> PageExplanation:
    by_url = {}
    for plan in _plans(prepared):
        if kind_of(plan) == "article" and plan.view is not None:
            by_url[plan.view.url] = by_url[plan.view.absolute_url] = plan.origin
    shown = (by_url[url] for url in entries_of(page) if url in by_url)
    return PageExplanation(
        page=address_of(page),
        file=page.path,
        kind=kind_of(page),
        title=page.view.title if page.view else page.feed.title if page.feed else "",
        template=page.template,
        origin=page.origin,
        target=page.view.target_url if page.view else "",
        records=tuple(dict.fromkeys(shown)),
    )


def _explain_file(file: str, prepared: Prepared, run: Run) -> RecordExplanation:
    diagnostics = sorted_diagnostics(
        problem for problem in run.diagnostics if problem.place.file == file
    )
    record = next((each for each in prepared.loaded.records if each.file == file), None)
    if record is None:
        return RecordExplanation(
            file,
            visibility="unreadable",
            reason=_first_error(diagnostics),
            diagnostics=diagnostics,
        )
    found = msgspec.structs.replace(
        _explain_any(record, prepared),
        findings=record_findings(record, prepared, run),
        diagnostics=diagnostics,
    )
    if record.id not in prepared.catalog.records:
        return _explain_held(record, found, prepared)
    return _explain_shown(prepared.catalog.records[record.id], found, prepared)


def _first_error(diagnostics: Iterable[Diagnostic]) -> str:
    errors = [each for each in diagnostics if each.severity is Severity.ERROR]
    return f"{UNREADABLE}: {errors[0].message}" if errors else UNREADABLE


def _explain_any(record: Record, prepared: Prepared) -> RecordExplanation:
    """What can be said of a record whether it is shown or not."""
    timezone = prepared.config.site.timezone
    return RecordExplanation(
        file=record.file,
        title=record.title,
        url=record.url,
        source=record.provider.name if record.provider else "",
        domain=record.provider.domain if record.provider else "",
        published_at=record.published_at,
        day=local_dates((record,), timezone)[record.id],
        timezone=timezone,
        topics=record.topics,
    )


def _explain_held(
    record: Record, found: RecordExplanation, prepared: Prepared
) -> RecordExplanation:
    catalog = prepared.catalog
    held = next(each for each in catalog.held if each.id == record.id)
    first = catalog.redirects.get(record.id)
    own = _page_of(record.file, "redirect", prepared) if first else None
    reason = held.reason
    if held.visibility is Visibility.DUPLICATE and first:
        shown = catalog.records[first]
        reason = f"it has the same URL as {shown.file}, which is shown in its place"
    return msgspec.structs.replace(
        found,
        visibility=held.visibility.value,
        reason=reason,
        instead=catalog.records[first].file if first else "",
        page=own.view.url if own and own.view else "",
        address=own.view.absolute_url if own and own.view else "",
    )


def _explain_shown(
    record: Record, found: RecordExplanation, prepared: Prepared
) -> RecordExplanation:
    catalog = prepared.catalog
    files = {each.id: each.file for each in prepared.loaded.records}
    slugs = catalog.record_topics.get(record.id, ())
    main = catalog.main_topics.get(record.id, "")
    source = catalog.sources.get(catalog.record_sources.get(record.id, ""))
    own = _page_of(record.file, "article", prepared)
    found = msgspec.structs.replace(
        found,
        shown=True,
        visibility=Visibility.SHOWN.value,
        repeated_by=tuple(
            sorted(files[each] for each, to in catalog.redirects.items() if to == record.id)
        ),
        source=source.name if source else "",
        domain=source.domain if source else "",
        main_topic=catalog.topics[main].name if main else "",
        topics=tuple(catalog.topics[slug].name for slug in slugs),
        rank=_rank(record, prepared),
        coverage=list_coverage(catalog.coverage.get(record.id, ()), files),
        dropped=list_dropped(record, prepared),
    )
    if own is None or own.view is None:
        return found
    return msgspec.structs.replace(
        found,
        page=own.view.url,
        address=own.view.absolute_url,
        aliases=tuple(
            plan.view.url
            for plan in _plans(prepared)
            if plan.view
            and plan.view.kind == "redirect"
            and plan.view.target_url == own.view.url
        ),
        pages=pages_with(_plans(prepared), own),
        related=explain_related(record, own.view, _addresses(prepared), prepared),
        story=tell_story(record, own.view, prepared),
    )


def _rank(record: Record, prepared: Prepared) -> Rank:
    catalog = prepared.catalog
    day = next(day for day in catalog.days if record.id in day.record_ids)
    section = next(each for each in day.sections if record.id in each.record_ids)
    return Rank(
        place=day.record_ids.index(record.id) + 1,
        records=len(day.record_ids),
        place_in_topic=section.record_ids.index(record.id) + 1,
        records_in_topic=len(section.record_ids),
        heat=heat_of(record),
        heat_given=record.heat is not None,
        quality=record.quality,
    )


def _plans(prepared: Prepared) -> tuple[PagePlan, ...]:
    return prepared.plan.pages if prepared.plan else ()


def _page_of(file: str, kind: str, prepared: Prepared) -> PagePlan | None:
    """The page of this kind that is made from the file."""
    plans = (plan for plan in _plans(prepared) if plan.origin == file and kind_of(plan) == kind)
    return next(plans, None)


def _addresses(prepared: Prepared) -> Mapping[str, str]:
    """The address of each shown record's page by its file."""
    return {
        plan.origin: plan.view.url
        for plan in _plans(prepared)
        if plan.view is not None and plan.view.kind == "article"
    }
