"""What `tidings explain` has to say, as values: also the fields of its JSON.

Part of the engine: made in `explaining`, shown by the command.
"""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from tidings.model.diagnostic import Diagnostic
from tidings.model.finding import Finding


class Rank(msgspec.Struct, frozen=True):
    """Where a record stands on its day."""

    place: int
    """Counted from 1, by heat, quality, time, id."""
    records: int
    """Records of the day."""
    place_in_topic: int
    """Counted from 1 among the day's records of its main topic."""
    records_in_topic: int
    heat: int
    heat_given: bool
    """Whether the record says its heat; if not, it is quality + 10 × related."""
    quality: int | None


class Showing(msgspec.Struct, frozen=True):
    """Pages of one kind that show the record in one way."""

    kind: str
    """`front`, `day`, `topic`, `article`, `feed`, …"""
    role: str
    """`lead`, `listed`, `beneath` (under another record of its story), `story`, `coverage`,
    `related`, `neighbour` (previous or next) or `link`."""
    pages: tuple[str, ...]
    """Their addresses on the site, sorted."""


class Covered(msgspec.Struct, frozen=True):
    """One entry of "Related coverage"."""

    title: str
    url: str
    outlet: str
    file: str = ""
    """The record of this site that it is; empty when it is none."""
    under: bool = False
    """Whether it is listed under the entry before, of the same outlet."""


class Dropped(msgspec.Struct, frozen=True):
    """An entry of `related` that is not listed."""

    title: str
    url: str
    reason: str
    """`itself`, `same-url`, `same-title`, `repeat` or `blocked`."""
    kept: str = ""
    """Title of the entry that is listed in its place."""


class Term(msgspec.Struct, frozen=True):
    """A term that two records share."""

    term: str
    """A stem, two stems together, or `@` and an outlet's name."""
    weight: int
    """What it adds to their likeness, in 1024ths, after both took on terms of their nearest."""


class Related(msgspec.Struct, frozen=True):
    """One of the site's own related articles."""

    file: str
    title: str
    score: int
    """0 to 1000; 0 for a place that was filled by topic alone."""
    reason: str
    """`same-story`, `shared-coverage`, `similar` or `topic`."""
    detail: str
    """The shared words, or the topic."""
    shown: bool
    """Whether the sidebar shows it; further ones stand by for those that are named above it."""
    text: int = 0
    """Likeness of the texts, in 1024ths. This and what follows is told of shown ones that have
    a score."""
    topic_factor: int = 0
    """What topics leave of it, in 1024ths."""
    closeness: int = 0
    """What nearness in time leaves of that, in 1024ths."""
    shared_url: bool = False
    terms: tuple[Term, ...] = ()
    """Weightiest first."""


class Member(msgspec.Struct, frozen=True):
    """A record of a story."""

    file: str
    title: str
    reason: str = ""
    """Why it was joined: `same-url`, `covers`, `shared-coverage`, `same-title`, `similar` or
    `company`; empty for the lead."""
    other: str = ""
    """File of the member that it was joined to."""
    detail: str = ""
    """The URL, or the shared words."""


class StoryTold(msgspec.Struct, frozen=True):
    """The story that the record belongs to."""

    id: str
    page: str
    """Its address on the site; empty without one."""
    members: tuple[Member, ...]
    """The lead first."""
    outlets: int
    coverage: int
    """Other outlets' articles."""
    background: int
    """Those published too long before or after the event."""
    first_at: datetime
    last_at: datetime


class RecordExplanation(msgspec.Struct, frozen=True):
    """Why a record is or is not on the site, and where."""

    file: str
    title: str = ""
    shown: bool = False
    visibility: str = ""
    """`shown`, `unpublished`, `future`, `expired`, `blocked`, `duplicate`, or `unreadable` for
    a file with errors."""
    reason: str = ""
    """Why it is not shown, in one line."""
    instead: str = ""
    """File of the record that is shown in its place."""
    repeated_by: tuple[str, ...] = ()
    """Files of records that redirect to it."""
    page: str = ""
    """Address of its page on the site; of a duplicate, the one that redirects."""
    address: str = ""
    """The same in full."""
    aliases: tuple[str, ...] = ()
    """Addresses that redirect to it."""
    url: str = ""
    """Where readers are sent."""
    source: str = ""
    """The outlet's name."""
    domain: str = ""
    published_at: datetime | None = None
    day: date | None = None
    """Its day in the site's time zone."""
    timezone: str = ""
    main_topic: str = ""
    """The topic that it is listed under on its day."""
    topics: tuple[str, ...] = ()
    rank: Rank | None = None
    pages: tuple[Showing, ...] = ()
    """All other pages that show it."""
    coverage: tuple[Covered, ...] = ()
    """Its own coverage, as it is listed; a story has that of all its members."""
    dropped: tuple[Dropped, ...] = ()
    related: tuple[Related, ...] = ()
    story: StoryTold | None = None
    findings: tuple[Finding, ...] = ()
    """What was repaired or is odd, as in `tidings check`."""
    diagnostics: tuple[Diagnostic, ...] = ()
    """The problems of its file."""


class PageExplanation(msgspec.Struct, frozen=True):
    """What a page that is not a record's own is made of."""

    page: str
    """Its address on the site."""
    file: str
    """Its file below the output folder."""
    kind: str
    title: str
    template: str
    origin: str
    """The file that it is mostly made from; empty when it is made from many."""
    target: str
    """Where a redirect leads."""
    records: tuple[str, ...]
    """Files of the records that it shows as entries, in their order."""


class Explanation(msgspec.Struct, frozen=True):
    """The answer to one question: one of `record` and `page`, or neither."""

    exit_code: int
    """0 explained; 2 nothing of that name, or the config is at fault."""
    record: RecordExplanation | None = None
    page: PageExplanation | None = None
    problem: str = ""
    """Why there is no answer."""
    suggestions: tuple[str, ...] = ()
    """What may have been meant."""
    diagnostics: tuple[Diagnostic, ...] = ()
    """Problems of the config that leave no answer."""
