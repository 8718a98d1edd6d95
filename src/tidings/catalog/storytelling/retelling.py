"""What telling the stories of one catalog leaves for telling those of the next, in memory.

Part of finding stories, and of speed only: the stories are those from nothing. Records, their
coverage and what is known of pairs are compared with those of the last time. Groups depend on
nothing but what pairs and links connect them to, so that only what is connected to a change is
grouped again, and only what differs is told again.

Who asks for this promises that coverage which is the very same value was made with the same
owners of its URLs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import is_, is_not

import msgspec

from tidings.catalog.storytelling.kept import Digested
from tidings.catalog.storytelling.links import UrlLink
from tidings.catalog.storytelling.pairing import Verdicts
from tidings.catalog.storytelling.relinking import Named
from tidings.model.catalog import CoverageItem, Story, StoryJoin
from tidings.model.config import StoriesConfig
from tidings.model.record import Record

SHARE = 4
"""A change that is connected to more than one record in so many has all grouped again."""

Places = tuple[int, ...]
"""Of the members of a group, oldest first."""
Shown = tuple[CoverageItem, ...]
NOTHING: Shown = ()


class ToldOnce(msgspec.Struct, frozen=True, gc=False):
    """One story, or that there is none, and what it was made of; oldest record first."""

    records: tuple[Record, ...]
    coverage: tuple[Shown, ...]
    story: Story | None

    def is_of(self, records: Sequence[Record], coverage: Sequence[Shown]) -> bool:
        """Whether it was made of these very values."""
        return (
            len(records) == len(self.records)
            and all(map(is_, records, self.records))
            and all(map(is_, coverage, self.coverage))
        )

    def is_of_one(self, record: Record, coverage: Shown) -> bool:
        """The same for one record alone."""
        return (
            self.records[0] is record
            and self.coverage[0] is coverage
            and len(self.records) == 1
        )

    def joins(self) -> dict[str, StoryJoin]:
        """Why each member but the lead is one."""
        if self.story is None:
            return {}
        return dict(zip(self.story.members[1:], self.story.joins, strict=True))


class Told(msgspec.Struct, frozen=True):
    """The stories of one catalog and what they were made of. Never changed."""

    config: StoriesConfig
    records: Sequence[Record]
    """Oldest first; positions are places in it."""
    verdicts: Verdicts
    links: Sequence[UrlLink]
    groups: Sequence[Places]
    stories: Mapping[str, ToldOnce]
    """By the id of the earliest member."""
    owners: Mapping[str, str]
    named: Named = {}
    """Of as many records as somebody asked for."""
    digested: Digested = {}


class Reached(msgspec.Struct, frozen=True):
    """What must be grouped again, and what need not."""

    places: frozenset[int]
    groups: list[Places]
    """The groups of all others, as they were."""


def reached(
    told: Told,
    records: Sequence[Record],
    verdicts: Verdicts,
    links: Sequence[UrlLink],
    at: Sequence[int],
) -> Reached | None:
    """What a change is connected to; None when that is much of the site.

    `at` are the places where the records that were told of are now.
    """
    seeds = set(range(len(records))).difference(
        now
        for now, old in zip(at, told.records, strict=True)
        if now >= 0 and records[now] is old
    )
    before, every = told.verdicts, set(told.links)
    if at != list(range(len(at))):
        # Of two that change places one has changed, and is a seed whatever joins it.
        before = {(at[one], at[other]): each for (one, other), each in told.verdicts.items()}
        every = {_moved(link, at) for link in told.links}
    if before != verdicts:
        seeds.update(_differing(before, verdicts))
    for link in every.symmetric_difference(links):
        seeds.update((link.one, link.other))
    seeds.discard(-1)
    # What only was there before connects seeds with seeds.
    edges = [*verdicts, *[(link.one, link.other) for link in links]]
    found = _connected(seeds, edges, len(records) // SHARE)
    if found is None:
        return None
    kept = (tuple([at[place] for place in group]) for group in told.groups)
    # A group of which a record has gone is connected to it by those that are left.
    return Reached(
        frozenset(found), [group for group in kept if -1 not in group and group[0] not in found]
    )


def places_now(old: Sequence[Record], records: Sequence[Record]) -> list[int]:
    """Where each old record is now; -1 where it is not there any more."""
    if len(old) == len(records) and all(
        old[place].id == records[place].id
        for place, differs in enumerate(map(is_not, old, records))
        if differs
    ):
        return list(range(len(old)))
    places = {record.id: place for place, record in enumerate(records)}
    return [places.get(record.id, -1) for record in old]


def _moved(link: UrlLink, at: Sequence[int]) -> UrlLink:
    return UrlLink(at[link.one], at[link.other], link.reason, link.url)


def _differing(before: Verdicts, verdicts: Verdicts) -> Iterator[int]:
    known = before.get
    for pair, verdict in verdicts.items():
        if known(pair) != verdict:
            yield from pair
    for pair in before.keys() - verdicts.keys():
        yield from pair


def _connected(seeds: set[int], edges: Iterable[tuple[int, int]], most: int) -> set[int] | None:
    """The seeds and all that edges connect them to; None when these are more than `most`."""
    found = set(seeds)
    if not found:
        return found
    waiting = list(edges)
    while len(found) <= most:
        size = len(found)
        rest = []
        for edge in waiting:
            one, other = edge
            if one in found:
                found.add(other)
            elif other in found:
                found.add(one)
            else:
                rest.append(edge)
        if len(found) == size:
            return found
        waiting = rest
    return None
