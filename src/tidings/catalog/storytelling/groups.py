"""Records to groups of one event: agglomeration by average likeness, in rounds.

Part of finding stories. It starts from the groups that shared URLs make. In each round every
group looks for the group that it is most alike to on average, and two groups that choose each
other become one. An average over all pairs does not drift along chains as nearest links do.
Small groups need strong likeness, for one pair may be chance; large ones need less.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from math import isqrt

from tidings.catalog.storytelling.company import Pairs
from tidings.catalog.storytelling.texts import UNIT

STRENGTH = 1400
"""Likeness and twice the company that two single records need, together, in 1024ths."""
LEAST_STRENGTH = 164
"""What any two groups need on average, however large they are."""

SHIFT = 40
LIKENESS = (1 << SHIFT) - 1
"""Two sums in one whole number: strength above these bits, likeness in them."""


def first_groups(
    seconds: Sequence[int], links: Iterable[tuple[int, int]], span: int
) -> dict[int, int]:
    """The group of each record that a link joins, named by its first member.

    Links are taken in their order; one that would stretch a group over more than `span` seconds
    is left out.
    """
    group: dict[int, int] = {}
    ends: dict[int, tuple[int, int]] = {}

    def root(place: int) -> int:
        while group.setdefault(place, place) != place:
            group[place] = group[group[place]]
            place = group[place]
        return place

    for one, other in links:
        first, second = sorted((root(one), root(other)))
        since, until = ends.get(first, (seconds[first],) * 2)
        start, end = ends.get(second, (seconds[second],) * 2)
        low, high = min(since, start), max(until, end)
        if first != second and high - low <= span:
            group[second] = first
            ends[first] = (low, high)
    return {place: root(place) for place in sorted(group)}


class _Groups:
    """The state of the agglomeration; positions name groups by their first member."""

    def __init__(
        self, members: dict[int, list[int]], seconds: Sequence[int], span: int, least: int
    ) -> None:
        self.span = span
        self.least = least
        self.members = members
        self.ends = {
            group: (seconds[min(places)], seconds[max(places)])
            for group, places in members.items()
        }
        # By group and other group: sums over all pairs of strength, and of likeness.
        self.links: dict[int, dict[int, int]] = {group: {} for group in members}
        self.vetoes: dict[int, set[int]] = {}

    def add(self, one: int, other: int, weight: int) -> None:
        if one != other:
            row, others = self.links[one], self.links[other]
            row[other] = others[one] = row.get(other, 0) + weight

    def veto(self, one: int, other: int) -> None:
        if one != other:
            self.vetoes.setdefault(one, set()).add(other)
            self.vetoes.setdefault(other, set()).add(one)

    def best(self, group: int) -> int:
        """The group that this one would join; -1 for none. Ties go to the earliest group."""
        found, most = -1, 0.0
        members, ends = self.members, self.ends
        size, (low, high) = len(members[group]), ends[group]
        vetoes = self.vetoes.get(group, ())
        for other, weight in self.links[group].items():
            strength = weight >> SHIFT
            others = len(members[other])
            # A quotient of whole numbers is rounded the same way on every machine, and for a
            # fixed group it orders the averages.
            average = strength / others
            if average < most or (average == most and other > found):
                continue
            pairs = size * others
            if strength < LEAST_STRENGTH * pairs:
                continue
            root = isqrt(min(size, others) << 20)
            if (
                strength * root >= STRENGTH * UNIT * pairs
                and (weight & LIKENESS) * root >= self.least * UNIT * pairs
                and max(high, ends[other][1]) - min(low, ends[other][0]) <= self.span
                and other not in vetoes
            ):
                found, most = other, average
        return found

    def merge(self, one: int, other: int) -> set[int]:
        """Joins the second group to the first; gives those that must choose anew."""
        self.members[one] += self.members.pop(other)
        ends, others = self.ends[one], self.ends.pop(other)
        self.ends[one] = (min(ends[0], others[0]), max(ends[1], others[1]))
        for third, weight in self.links.pop(other).items():
            del self.links[third][other]
            self.add(one, third, weight)
        for third in self.vetoes.pop(other, set()):
            self.vetoes[third].discard(other)
            self.veto(one, third)
        return {one, *self.links[one]}


def group_records(
    seconds: Sequence[int], start: Mapping[int, int], pairs: Pairs, span: int, least: int
) -> list[list[int]]:
    """The groups of more than one record, by their first members; members oldest first.

    `start` has the group of each record that is not alone (records are oldest first), `least`
    the likeness in 1024ths that two single records need.
    """
    # A record that no pair and no group names stays alone.
    members: dict[int, list[int]] = {}
    for place in sorted({*start, *chain.from_iterable((*pairs.likeness, *pairs.company))}):
        members.setdefault(start.get(place, place), []).append(place)
    state = _Groups(members, seconds, span, least)
    for one, other in pairs.vetoes:
        state.veto(start.get(one, one), start.get(other, other))
    company = pairs.company
    for pair, likeness in pairs.likeness.items():
        weight = (likeness + 2 * company.get(pair, 0) << SHIFT) + likeness
        state.add(start.get(pair[0], pair[0]), start.get(pair[1], pair[1]), weight)
    for pair in company.keys() - pairs.likeness.keys():
        weight = 2 * company[pair] << SHIFT
        state.add(start.get(pair[0], pair[0]), start.get(pair[1], pair[1]), weight)
    waiting = {group for group, links in state.links.items() if links}
    choices: dict[int, int] = {}
    while waiting:
        for group in waiting:
            choices[group] = state.best(group)
        couples = {
            (min(group, other), max(group, other))
            for group in waiting
            if (other := choices[group]) >= 0 and choices.get(other) == group
        }
        waiting = set()
        # No group is in two couples, so that their order does not matter.
        for one, other in couples:
            waiting |= state.merge(one, other)
            choices.pop(other, None)
        waiting &= state.members.keys()
    return [sorted(places) for _, places in sorted(state.members.items()) if len(places) > 1]
