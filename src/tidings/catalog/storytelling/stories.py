"""Stories: records and outside coverage that report the same event, brought together.

Part of the catalog step, after duplicates are merged. Pure: the order of the records does not
matter, and only records that are shown may come here. Records that share URLs are joined first,
then groups whose texts are alike; `docs/stories.md` has the method and its measurements.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from operator import attrgetter
from pathlib import PurePosixPath
from typing import NamedTuple

import msgspec

from tidings.catalog.coverage import coverage_of
from tidings.catalog.rank import by_worth
from tidings.catalog.storytelling.company import weigh_pairs
from tidings.catalog.storytelling.groups import first_groups, group_records
from tidings.catalog.storytelling.joins import explain_joins
from tidings.catalog.storytelling.kept import Digested, KeptStories, known_digests
from tidings.catalog.storytelling.links import UrlLink, link_by_urls
from tidings.catalog.storytelling.pairing import Verdicts, survey
from tidings.catalog.storytelling.relinking import Named, are_linked_alike, name_urls, relink
from tidings.catalog.storytelling.retelling import (
    NOTHING,
    Places,
    Told,
    ToldOnce,
    places_now,
    reached,
)
from tidings.catalog.storytelling.texts import UNIT, outlet_of
from tidings.catalog.storytelling.updating import keep_pairs
from tidings.model.catalog import CoverageItem, Story, StoryJoin
from tidings.model.config import StoriesConfig
from tidings.model.record import Coverage, Record
from tidings.model.slug import make_slug, short_digest

Stories = dict[str, Story]
"""Stories by the id of each member, oldest member first."""

DAY = 86_400

DEFAULTS = StoriesConfig()


def make_stories(
    records: Sequence[Record],
    coverage: Mapping[str, tuple[CoverageItem, ...]],
    owners: Mapping[str, str],
    config: StoriesConfig = DEFAULTS,
) -> Stories:
    """The stories of these records: those with more than one member or more than one outlet.

    `coverage` has the related coverage of the records that have any, `owners` the id of the
    record for every URL key of one. Leave out records that must not be shown.
    """
    ordered, seconds = _in_order(records)
    verdicts: Verdicts = {}
    if config.enabled and config.by_text:
        verdicts = survey(ordered, seconds, config.window_days * DAY).verdicts
    return _make(ordered, seconds, verdicts, coverage, owners, config)[0]


def keep_stories(
    records: Sequence[Record],
    coverage: Mapping[str, tuple[CoverageItem, ...]],
    owners: Mapping[str, str],
    config: StoriesConfig = DEFAULTS,
    kept: KeptStories | None = None,
    told: Told | None = None,
) -> tuple[Stories, KeptStories | None, Told | None]:
    """What `make_stories` gives, whatever was kept, and what to keep for the next time.

    The very state that is given comes back where it may stay as it is. `told` is for the same
    process only, and saves time where records and coverage are the very same values; see
    `retelling` for what it takes for granted.
    """
    ordered, seconds = _in_order(records)
    verdicts: Verdicts = {}
    digested: Digested = {}
    if config.enabled and config.by_text:
        window = config.window_days * DAY
        try:
            digested = known_digests(ordered, seconds, told.digested if told else {})
            digests = [digest for _, digest in digested.values()]
            verdicts, kept = keep_pairs(ordered, seconds, digests, window, kept)
        except UnicodeEncodeError:
            # Half a surrogate pair cannot be written: nothing of such a site is kept.
            verdicts, kept = survey(ordered, seconds, window).verdicts, None
    stories, told = _make(ordered, seconds, verdicts, coverage, owners, config, told)
    if told is not None:
        told = msgspec.structs.replace(told, digested=digested)
    return stories, kept, told


def _in_order(records: Sequence[Record]) -> tuple[list[Record], list[int]]:
    """The records, oldest first, and their instants in seconds since 1970 (UTC)."""
    # The second sort keeps what the first did.
    ordered = sorted(records, key=attrgetter("id"))
    ordered.sort(key=attrgetter("published_at"))
    return ordered, [int(record.published_at.timestamp()) for record in ordered]


def _make(
    ordered: Sequence[Record],
    seconds: Sequence[int],
    verdicts: Verdicts,
    coverage: Mapping[str, tuple[CoverageItem, ...]],
    owners: Mapping[str, str],
    config: StoriesConfig,
    told: Told | None = None,
) -> tuple[Stories, Told | None]:
    """The stories of the records, oldest first, whose texts have these verdicts."""
    if not config.enabled:
        return {}, None
    if told is not None and told.config != config:
        told = None
    window = timedelta(days=config.window_days)
    found = _find_groups(ordered, seconds, verdicts, owners, config, told)
    fresh, groups = found.fresh, found.groups
    before = told.stories if told else {}
    made: dict[str, ToldOnce] = {}
    grouped: set[int] = set()
    for places in groups:
        grouped.update(places)
        members = tuple([ordered[place] for place in places])
        shown = tuple([coverage.get(record.id, NOTHING) for record in members])
        first = members[0].id
        joins = fresh.get(places)
        if joins is None:
            old = before[first]
            if old.is_of(members, shown):
                made[first] = old
                continue
            joins = old.joins()
        best = sorted(members, key=by_worth)
        made[first] = ToldOnce(members, shown, _tell(best, coverage, owners, window, joins))
    for place, record in enumerate(ordered):
        if place not in grouped and record.id in coverage:
            own = coverage[record.id]
            known = before.get(record.id)
            if known is None or not known.is_of_one(record, own):
                story = _tell_one(record, coverage, owners, window)
                known = ToldOnce((record,), (own,), story)
            made[record.id] = known
    stories = {
        record.id: each.story
        for each in made.values()
        if each.story is not None
        for record in each.records
    }
    in_order = {record.id: stories[record.id] for record in ordered if record.id in stories}
    return _told_apart(in_order), Told(
        config, ordered, verdicts, found.links, groups, made, owners, found.named
    )


def _told_apart(stories: Stories) -> Stories:
    """The stories, none of which has the id of another: the older one keeps it.

    Two files in one folder can be named so that they give one id, and strangers' titles may
    name files.
    """
    owners: dict[str, str] = {}
    clashing = {
        story.lead: story
        for story in stories.values()
        if owners.setdefault(story.id, story.lead) != story.lead
    }
    if not clashing:
        return stories
    own: dict[str, Story] = {}
    for lead, story in clashing.items():
        name = f"{story.id}-{short_digest(story.id)}"
        while owners.setdefault(name, lead) != lead:
            name = f"{name}-{short_digest(name)}"
        own[lead] = msgspec.structs.replace(story, id=name)
    return {identity: own.get(story.lead, story) for identity, story in stories.items()}


class _Found(NamedTuple):
    """The groups of a site, and what they were found by."""

    links: Sequence[UrlLink]
    named: Named
    groups: Sequence[Places]
    fresh: Mapping[Places, Mapping[str, StoryJoin]]
    """Those that were not taken over, and why each member but the lead is one."""


def _find_groups(
    ordered: Sequence[Record],
    seconds: Sequence[int],
    verdicts: Verdicts,
    owners: Mapping[str, str],
    config: StoriesConfig,
    told: Told | None,
) -> _Found:
    window = timedelta(days=config.window_days)
    named: Named = {}
    again = None
    links: Sequence[UrlLink]
    if told is None:
        links = link_by_urls(ordered, owners, window)
    else:
        at = places_now(told.records, ordered)
        named, links = told.named, told.links
        if owners != told.owners or not are_linked_alike(told.records, ordered):
            named = name_urls(ordered, named)
            known = links, told.records, told.owners
            links = relink(*known, ordered, owners, named, at, window)
        again = reached(told, ordered, verdicts, links, at)
    if again is None:
        fresh = _group(ordered, seconds, verdicts, links, config)
        return _Found(links, named, list(fresh), fresh)
    places = again.places
    near = {pair: found for pair, found in verdicts.items() if pair[0] in places}
    joining = [link for link in links if link.one in places]
    fresh = _group(ordered, seconds, near, joining, config)
    return _Found(links, named, [*again.groups, *fresh], fresh)


def _group(
    ordered: Sequence[Record],
    seconds: Sequence[int],
    verdicts: Verdicts,
    links: Sequence[UrlLink],
    config: StoriesConfig,
) -> dict[Places, dict[str, StoryJoin]]:
    """The groups that verdicts and links make, and why each member but the lead is one."""
    reach = int(timedelta(days=config.span_days).total_seconds())
    pairs = weigh_pairs(verdicts)
    start = first_groups(seconds, [(link.one, link.other) for link in links], reach)
    groups = group_records(seconds, start, pairs, reach, config.likeness * UNIT // 1000)
    inner = _by_group(links, groups)
    return {
        tuple(places): explain_joins(
            min(places, key=lambda place: by_worth(ordered[place])),
            places,
            ordered,
            pairs,
            inner[number],
        )
        for number, places in enumerate(groups)
    }


@functools.lru_cache(maxsize=16384)
def story_id(earliest: str) -> str:
    """The id of the story whose earliest member this is: fit for a URL, and the same for ever.

    It depends on the record's file only, so that a new headline does not move the story. The
    cache only saves time.
    """
    name = earliest.rpartition("/")[2]
    stem = name[:-3] if name.endswith(".md") and len(name) > 3 else PurePosixPath(name).stem
    return f"{make_slug(stem, earliest)}-{short_digest(earliest)}"


def _by_group(links: Sequence[UrlLink], groups: Sequence[Sequence[int]]) -> list[list[UrlLink]]:
    """The links within each group."""
    owner = {place: number for number, places in enumerate(groups) for place in places}
    shelves: list[list[UrlLink]] = [[] for _ in groups]
    for link in links:
        number = owner.get(link.one)
        if number is not None and owner.get(link.other) == number:
            shelves[number].append(link)
    return shelves


def _tell_one(
    record: Record,
    coverage: Mapping[str, tuple[CoverageItem, ...]],
    owners: Mapping[str, str],
    window: timedelta,
) -> Story | None:
    """The story of a record that no other one joins; None where only one outlet tells it."""
    found = coverage[record.id]
    first = last = record.published_at
    since, until = first - window, last + window
    outlets = {outlet_of(record)}
    for item in found:
        for each in (item, *item.also):
            entry = each.coverage
            at = entry.published_at
            if at is not None:
                if not since <= at <= until:
                    # What is too old or too new is told apart, as for more than one.
                    story = _tell([record], coverage, owners, window, {})
                    return story if story.outlets > 1 else None
                if at < first:
                    first = at
                elif at > last:
                    last = at
        outlets.add(_outlet(item.coverage))
    if len(outlets) == 1:
        return None
    return Story(story_id(record.id), record.id, (record.id,), found, len(outlets), first, last)


def _tell(
    members: Sequence[Record],
    coverage: Mapping[str, tuple[CoverageItem, ...]],
    owners: Mapping[str, str],
    window: timedelta,
    joins: Mapping[str, StoryJoin],
) -> Story:
    """The story of these members, best first."""
    earliest = min(members, key=lambda record: (record.published_at, record.id))
    latest = max(record.published_at for record in members)
    since, until = earliest.published_at - window, latest + window
    ids = {record.id for record in members}
    keys = {key for record in members for key in record.url_keys}
    current: list[Coverage] = []
    background: list[Coverage] = []
    for record in members:
        for item in coverage.get(record.id, ()):
            for each in (item, *item.also):
                entry = each.coverage
                if entry.url_key in keys or owners.get(entry.url_key) in ids:
                    continue
                inside = entry.published_at is None or since <= entry.published_at <= until
                (current if inside else background).append(entry)
    if len(members) == 1 and not background:
        found = coverage.get(members[0].id, ())
    else:
        found = _without_repeats(members, current, owners)
    outlets = {outlet_of(record) for record in members}
    outlets.update(_outlet(item.coverage) for item in found)
    instants = [record.published_at for record in members]
    for item in found:
        instants.extend(_instants(item))
    return Story(
        id=story_id(earliest.id),
        lead=members[0].id,
        members=tuple(record.id for record in members),
        coverage=found,
        outlets=len(outlets),
        first_at=min(instants),
        last_at=max(instants),
        background=_without_repeats(members, background, owners),
        joins=tuple(joins[record.id] for record in members[1:]),
    )


def _without_repeats(
    members: Sequence[Record], entries: Sequence[Coverage], owners: Mapping[str, str]
) -> tuple[CoverageItem, ...]:
    """The members' coverage as that of one record, their lead."""
    if not entries:
        return ()
    keys = tuple(dict.fromkeys(key for record in members for key in record.url_keys))
    whole = msgspec.structs.replace(members[0], coverage=tuple(entries), url_keys=keys)
    return coverage_of(whole, owners)


def _outlet(entry: Coverage) -> str:
    return entry.provider.domain if entry.provider else entry.url_key.partition("/")[0]


def _instants(item: CoverageItem) -> list[datetime]:
    return [
        each.coverage.published_at
        for each in (item, *item.also)
        if each.coverage.published_at is not None
    ]
