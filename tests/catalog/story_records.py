"""Records made for tests of stories, and the stories found among them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from story_pairs import stories_of

from tidings.catalog.storytelling.stories import Stories
from tidings.model.catalog import Story
from tidings.model.record import Coverage, Provider, Record

START = datetime(2024, 3, 4, 9, tzinfo=UTC)


def record(
    name: str, title: str, hours: float = 0, *related: Coverage | str, **keys: Any
) -> Record:
    """A record by an outlet of its own, so many hours after the start."""
    outlet = keys.pop("outlet", name)
    url = keys.pop("url", f"{outlet}.example/{name}")
    return Record(
        id=f"{name}.md",
        file=f"content/news/{name}.md",
        title=title,
        published_at=START + timedelta(hours=hours),
        url=f"https://{url}",
        url_keys=(url,),
        provider=Provider(outlet, f"{outlet}.example"),
        coverage=tuple(
            entry if isinstance(entry, Coverage) else listed(entry) for entry in related
        ),
        **keys,
    )


def listed(url: str, title: str = "", days: float | None = None, **keys: Any) -> Coverage:
    """An entry of `related`, so many days after the start."""
    host = url.partition("/")[0]
    return Coverage(
        title=title or f"What {url} says",
        url=f"https://{url}",
        url_key=url,
        published_at=None if days is None else START + timedelta(days=days),
        provider=Provider(host, host),
        **keys,
    )


def groups(stories: Stories) -> set[frozenset[str]]:
    """The stories of more than one member, each as the set of its members."""
    found = {frozenset(story.members) for story in stories.values()}
    return {members for members in found if len(members) > 1}


def together(*records: Record) -> Story | None:
    """The one story that all the records are in, or None."""
    stories = stories_of(records)
    found = {story.id: story for story in stories.values()}
    if len(found) == 1 and len(stories) == len(records):
        return next(iter(found.values()))
    return None


PLACES = "Arlo Brin Cato Dova Elko Faro Gibs Hask Ivor Jule Kade Lomo"
QUAKE = "Strong earthquake shakes Valparaiso and its harbour"


def encoded(stories: Stories) -> bytes:
    """The stories as bytes, in their order."""
    return msgspec.json.encode(stories)
