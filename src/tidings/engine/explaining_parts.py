"""A shown record's coverage, related articles and story, each with its reasons.

Part of the engine, for `tidings explain`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from tidings.catalog.left_out import left_out, owners_of
from tidings.catalog.more import relatable, related_options
from tidings.catalog.relating.explaining import explain as explain_pair
from tidings.catalog.relating.relating_types import PairExplanation
from tidings.catalog.visibility import is_blocked_coverage
from tidings.engine.explanation import (
    Covered,
    Dropped,
    Member,
    Related,
    StoryTold,
    Term,
)
from tidings.engine.prepare import Prepared
from tidings.model.catalog import CoverageItem
from tidings.model.record import Record
from tidings.model.view import PageView

TERMS = 8
"""Shared terms that are told of a pair."""


def list_coverage(
    items: Iterable[CoverageItem], files: Mapping[str, str], under: bool = False
) -> tuple[Covered, ...]:
    """The coverage in its order, each outlet's further articles after its first."""
    found: list[Covered] = []
    for item in items:
        entry = item.coverage
        outlet = entry.provider.name if entry.provider else entry.url_key.partition("/")[0]
        file = files.get(item.record_id, "")
        found.append(Covered(entry.title, entry.url, outlet, file, under))
        found.extend(list_coverage(item.also, files, under=True))
    return tuple(found)


def list_dropped(record: Record, prepared: Prepared) -> tuple[Dropped, ...]:
    """The entries of the record's `related` that are not listed; `record` is the catalog's."""
    catalog, loaded = prepared.catalog, prepared.loaded.records
    items = catalog.coverage.get(record.id, ())
    dropped = [
        Dropped(
            each.coverage.title,
            each.coverage.url,
            each.reason,
            each.kept.title if each.kept else "",
        )
        for each in left_out(record, items, owners_of(catalog, loaded))
    ]
    as_read = next(each for each in loaded if each.id == record.id)
    for entry in as_read.coverage:
        if is_blocked_coverage(entry, prepared.config.block):
            dropped.append(Dropped(entry.title, entry.url, "blocked"))
    return tuple(dropped)


def explain_related(
    record: Record, page: PageView, addresses: Mapping[str, str], prepared: Prepared
) -> tuple[Related, ...]:
    """The record's related articles, best first, with what made their scores.

    `addresses` has the address of each record's page by its file.
    """
    catalog, config = prepared.catalog, prepared.config.related
    links = catalog.related.get(record.id, ())
    if not links:
        return ()
    # As the catalog step has it: names as the site shows them.
    items = [
        relatable(
            each,
            tuple(catalog.topics[slug].name for slug in catalog.record_topics.get(each.id, ())),
        )
        for each in catalog.records.values()
    ]
    listed = {view.card.url for view in page.related}
    found = []
    for link in links:
        other = catalog.records[link.id]
        told = Related(
            file=other.file,
            title=other.title,
            score=link.score,
            reason=link.reason,
            detail=link.detail,
            shown=addresses.get(other.file, "") in listed,
        )
        if told.shown and told.score:  # Asking costs a look at the whole site.
            pair = explain_pair(items, record.id, link.id, related_options(config))
            told = _with_parts(told, pair)
        found.append(told)
    return tuple(found)


def _with_parts(told: Related, pair: PairExplanation) -> Related:
    return msgspec.structs.replace(
        told,
        text=pair.enriched_text,
        topic_factor=pair.topic_factor,
        closeness=pair.closeness,
        shared_url=pair.shared_url,
        terms=tuple(Term(each.term, each.enriched) for each in pair.terms[:TERMS]),
    )


def tell_story(record: Record, page: PageView, prepared: Prepared) -> StoryTold | None:
    """The story that the record belongs to, with why each member is one."""
    catalog = prepared.catalog
    story = catalog.stories.get(record.id)
    if story is None:
        return None
    joins = {join.id: join for join in story.joins}
    members = []
    for identity in story.members:
        member, join = catalog.records[identity], joins.get(identity)
        members.append(
            Member(
                file=member.file,
                title=member.title,
                reason=join.reason if join else "",
                other=catalog.records[join.other].file if join else "",
                detail=join.detail if join else "",
            )
        )
    return StoryTold(
        id=story.id,
        page=page.story_url,
        members=tuple(members),
        outlets=story.outlets,
        coverage=sum(1 + len(item.also) for item in story.coverage),
        background=sum(1 + len(item.also) for item in story.background),
        first_at=story.first_at,
        last_at=story.last_at,
    )
