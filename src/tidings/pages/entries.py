"""Which records a list shows when several of them tell one story: one entry for each story.

Part of planning. Within one list the story's best member stands for it: its lead where the list
has it. The others keep their own pages and are named beneath it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice

from tidings.model.catalog import Story


def entries_by_rank(ids: Iterable[str], stories: Mapping[str, Story]) -> tuple[str, ...]:
    """The ids, ranked, with one for each story, at the place of its best-ranked member."""
    listed = tuple(ids)
    chosen = _chosen(listed, stories)
    entries = dict.fromkeys(chosen.get(_story(each, stories), each) for each in listed)
    return tuple(entries)


def entries_by_time(ids: Iterable[str], stories: Mapping[str, Story]) -> tuple[str, ...]:
    """The ids, newest first, with one for each story, at its own place in time."""
    listed = tuple(ids)
    chosen = _chosen(listed, stories)
    return tuple(each for each in listed if chosen.get(_story(each, stories), each) == each)


def latest_entries(
    ids: Iterable[str], stories: Mapping[str, Story], most: int
) -> tuple[str, ...]:
    """The first so many that `entries_by_time` gives of these, which are all members of all
    stories."""
    entries = (
        each for each in ids if (story := stories.get(each)) is None or story.members[0] == each
    )
    return tuple(islice(entries, most))


def _story(identity: str, stories: Mapping[str, Story]) -> str:
    story = stories.get(identity)
    return story.id if story else ""


def _chosen(ids: Iterable[str], stories: Mapping[str, Story]) -> dict[str, str]:
    """The id that stands for each story among these ids, by the story's id."""
    places: dict[str, tuple[int, str]] = {}
    for identity in ids:
        story = stories.get(identity)
        if story is not None and len(story.members) > 1:
            place = (story.members.index(identity), identity)
            places[story.id] = min(place, places.get(story.id, place))
    return {story: identity for story, (_, identity) in places.items()}
