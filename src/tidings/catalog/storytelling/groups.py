"""Records to groups of one event: agglomeration by average likeness, in rounds.

Part of finding stories. It starts from the groups that shared URLs make. In each round every
group looks for the group that it is most alike to on average, and two groups that choose each
other become one. An average over all pairs does not drift along chains as nearest links do.
Small groups need strong likeness, for one pair may be chance; large ones need less.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import isqrt

from tidings.catalog.storytelling.likeness import Pairs
from tidings.catalog.storytelling.texts import UNIT

STRENGTH = 1400
"""Likeness and twice the company that two single records need, together, in 1024ths."""
LEAST_STRENGTH = 164
"""What any two groups need on average, however large they are."""


def first_groups(
    seconds: Sequence[int], links: Iterable[tuple[int, int]], span: int
) -> list[int]:
    """The group of each record, named by its first member, after joining along the links.

    Links are taken in their order; one that would stretch a group over more than `span` seconds
    is left out.
    """
    group = list(range(len(seconds)))
    ends = [(at, at) for at in seconds]

    def root(place: int) -> int:
        while group[place] != place:
            group[place] = group[group[place]]
            place = group[place]
        return place

    for one, other in links:
        first, second = sorted((root(one), root(other)))
        low = min(ends[first][0], ends[second][0])
        high = max(ends[first][1], ends[second][1])
        if first != second and high - low <= span:
            group[second] = first
            ends[first] = (low, high)
    return [root(place) for place in range(len(seconds))]


class _Groups:
    """The state of the agglomeration; positions name groups by their first member."""

    def __init__(
        self, seconds: Sequence[int], start: Sequence[int], span: int, least: int
    ) -> None:
        self.span = span
        self.least = least
        self.members: dict[int, list[int]] = {}
        for place, group in enumerate(start):
            self.members.setdefault(group, []).append(place)
        self.ends = {
            group: (min(seconds[m] for m in members), max(seconds[m] for m in members))
            for group, members in self.members.items()
        }
        # By group and other group: sums over all pairs of strength, and of likeness.
        self.links: dict[int, dict[int, tuple[int, int]]] = {}
        self.vetoes: dict[int, set[int]] = {}

    def add(self, one: int, other: int, strength: int, likeness: int) -> None:
        if one == other:
            return
        for first, second in ((one, other), (other, one)):
            row = self.links.setdefault(first, {})
            before = row.get(second, (0, 0))
            row[second] = (before[0] + strength, before[1] + likeness)

    def veto(self, one: int, other: int) -> None:
        if one != other:
            self.vetoes.setdefault(one, set()).add(other)
            self.vetoes.setdefault(other, set()).add(one)

    def best(self, group: int) -> int:
        """The group that this one would join; -1 for none. Ties go to the earliest group."""
        found, most = -1, 0.0
        size, (low, high) = len(self.members[group]), self.ends[group]
        vetoes = self.vetoes.get(group, ())
        for other, (strength, likeness) in self.links.get(group, {}).items():
            others = len(self.members[other])
            # A quotient of whole numbers is rounded the same way on every machine, and for a
            # fixed group it orders the averages.
            average = strength / others
            if average < most or (average == most and other > found):
                continue
            pairs = size * others
            root = isqrt(min(size, others) << 20)
            if (
                strength >= LEAST_STRENGTH * pairs
                and strength * root >= STRENGTH * UNIT * pairs
                and likeness * root >= self.least * UNIT * pairs
                and max(high, self.ends[other][1]) - min(low, self.ends[other][0]) <= self.span
                and other not in vetoes
            ):
                found, most = other, average
        return found

    def merge(self, one: int, other: int) -> set[int]:
        """Joins the second group to the first; gives those that must choose anew."""
        self.members[one] += self.members.pop(other)
        ends, others = self.ends[one], self.ends.pop(other)
        self.ends[one] = (min(ends[0], others[0]), max(ends[1], others[1]))
        for third, (strength, likeness) in self.links.pop(other, {}).items():
            del self.links[third][other]
            self.add(one, third, strength, likeness)
        for third in self.vetoes.pop(other, set()):
            self.vetoes[third].discard(other)
            self.veto(one, third)
        return {one, *self.links.get(one, ())}


def group_records(
    seconds: Sequence[int], start: Sequence[int], pairs: Pairs, span: int, least: int
) -> list[list[int]]:
    """The groups of more than one record, by their first members; members oldest first.

    `start` has the group of each record (oldest first), `least` the likeness in 1024ths that
    two single records need.
    """
    state = _Groups(seconds, start, span, least)
    for one, other in sorted(pairs.vetoes):
        state.veto(start[one], start[other])
    for pair in pairs.likeness.keys() | pairs.company.keys():
        likeness = pairs.likeness.get(pair, 0)
        strength = likeness + 2 * pairs.company.get(pair, 0)
        state.add(start[pair[0]], start[pair[1]], strength, likeness)
    waiting = set(state.links)
    choices: dict[int, int] = {}
    while waiting:
        for group in waiting:
            choices[group] = state.best(group)
        couples = sorted(
            (group, other)
            for group in waiting
            if (other := choices[group]) >= 0 and choices.get(other) == group
        )
        waiting = set()
        for one, other in {(min(couple), max(couple)) for couple in couples}:
            waiting |= state.merge(one, other)
            choices.pop(other, None)
        waiting &= state.members.keys()
    return [sorted(members) for _, members in sorted(state.members.items()) if len(members) > 1]
