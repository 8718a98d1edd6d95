"""The catalog: all shown records, grouped, related and ranked; the only input of planning.

Lists hold record ids, never records, so that each record is held once.
"""

from __future__ import annotations

import enum
from datetime import date, datetime

import msgspec

from tidings.model.record import Coverage, Record, StaticPage


class Visibility(enum.StrEnum):
    """Whether a record is shown, and if not, why. Decided once per record and build."""

    SHOWN = "shown"
    UNPUBLISHED = "unpublished"
    FUTURE = "future"
    EXPIRED = "expired"
    BLOCKED = "blocked"
    DUPLICATE = "duplicate"
    """Same source URL as another record, which is the one shown; its page redirects there."""


class Held(msgspec.Struct, frozen=True):
    """A record that is not shown."""

    id: str
    visibility: Visibility
    reason: str
    """One line for `tidings explain`."""


class CoverageItem(msgspec.Struct, frozen=True):
    """One entry of "Related coverage", repaired and freed of repeats."""

    coverage: Coverage
    record_id: str = ""
    """The shown record with the same URL, when there is one."""
    also: tuple[CoverageItem, ...] = ()
    """Further articles of the same outlet, listed under this one; they have none below them."""


class RelatedItem(msgspec.Struct, frozen=True, gc=False):
    """One entry of "More on this"."""

    id: str
    score: int
    reason: str
    """Why, as a code: `same-story`, `shared-coverage`, `similar`, `topic`."""
    detail: str = ""
    """What the reason names: the topic, or the words shared."""


class StoryJoin(msgspec.Struct, frozen=True):
    """Why a record is a member of its story, for `tidings explain`."""

    id: str
    other: str
    """Id of the member that it was joined to; following these leads to the story's lead."""
    reason: str
    """`same-url`, `covers` (one lists the other's URL), `shared-coverage` (both list one URL),
    `same-title`, `similar`, or `company` (near to the same third records)."""
    detail: str = ""
    """The URL of the first three; the shared words of the others."""


class Story(msgspec.Struct, frozen=True):
    """Records and outside coverage that report one event."""

    id: str
    """Stable: made from the earliest member's id."""
    lead: str
    """Id of the member that stands for it in lists."""
    members: tuple[str, ...]
    """Ids of all members, lead first, then by rank."""
    coverage: tuple[CoverageItem, ...]
    """Outside coverage of all members, without repeats, best first."""
    outlets: int
    """Distinct outlets among members and coverage."""
    first_at: datetime
    last_at: datetime
    background: tuple[CoverageItem, ...] = ()
    """Coverage that members list though it was published too long before or after the event."""
    joins: tuple[StoryJoin, ...] = ()
    """Why each member but the lead is one, in the order of `members`."""


class Topic(msgspec.Struct, frozen=True):
    """A topic with what it holds."""

    slug: str
    name: str
    shortname: str = ""
    description: str = ""
    parent: str = ""
    """Slug; empty at the root."""
    children: tuple[str, ...] = ()
    """Slugs, by order, then name."""
    order: int = 0
    declared: bool = False
    """Whether `content/topics/` tells of it."""
    root: bool = False
    """Whether it stands for the whole digest."""
    logo: str = ""
    record_ids: tuple[str, ...] = ()
    """Records of it and of its sub-topics, newest first."""
    held: int = 0
    """Records of it that are held back."""
    lead: str = ""
    """Id of the best record of its latest week; empty without records."""


class Source(msgspec.Struct, frozen=True):
    """An outlet with its records."""

    domain: str
    name: str
    logo: str = ""
    large_logo: str = ""
    record_ids: tuple[str, ...] = ()
    """Newest first."""


class Section(msgspec.Struct, frozen=True):
    """One topic's records within a day."""

    topic: str
    """Slug; empty for records without topics."""
    record_ids: tuple[str, ...]
    """By rank."""


class Day(msgspec.Struct, frozen=True):
    """One local day with its records."""

    date: date
    record_ids: tuple[str, ...]
    """By rank."""
    sections: tuple[Section, ...]
    """The same records by their main topic."""


class Catalog(msgspec.Struct, frozen=True):
    """Everything that pages are planned from."""

    records: dict[str, Record]
    """Shown records by id, newest first."""
    held: tuple[Held, ...]
    """Records that are not shown, by id."""
    redirects: dict[str, str]
    """Ids of duplicate records, with the id of the record shown in their place."""
    local_dates: dict[str, date]
    """The local day of each shown record, and of each duplicate."""
    main_topics: dict[str, str]
    """The slug of the topic that each shown record is listed under; absent without topics."""
    record_topics: dict[str, tuple[str, ...]]
    """The slugs of each shown record's topics, in its own order."""
    record_sources: dict[str, str]
    """The domain of each shown record's source; absent without one."""
    days: tuple[Day, ...]
    """Newest first."""
    topics: dict[str, Topic]
    """By slug, ordered as the topic tree lists them."""
    sources: dict[str, Source]
    """By domain, ordered by name."""
    coverage: dict[str, tuple[CoverageItem, ...]]
    """Related coverage of each shown record that has any, best first."""
    related: dict[str, tuple[RelatedItem, ...]]
    """The site's own related articles of each shown record, best first."""
    stories: dict[str, Story]
    """Stories with more than one member or outlet, by id of each member."""
    placeholders: frozenset[str]
    """Picture URLs that are repeated so often that they show no story."""
    pages: tuple[StaticPage, ...]
    """The publisher's own pages, in navigation order."""
    recent: tuple[str, ...] = ()
    """Ids of the records that are news now, newest first: published within the two days before
    the clock."""
