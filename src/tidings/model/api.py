"""The JSON API: the shapes of its files. `api/schema.json` and its reference page are made from
these structs.

Names are those that the records' family has always had. Instants are UTC, as RFC 3339 writes
them. URLs are absolute; those of records are http or https.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec

Instant = Annotated[datetime, msgspec.Meta(tz=True)]
"""Aware, so that the schema says `date-time`: RFC 3339 has no instant without an offset."""


class ApiValue(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """Base of all values of the API.

    What is not known of a record is null, or empty, and still there; of its pictures, outlets
    and related articles it is left out.
    """


class ApiImage(ApiValue, frozen=True, omit_defaults=True):
    """A picture."""

    url: str
    width: int = 0
    """Pixels; 0 when unknown."""
    height: int = 0
    """Pixels; 0 when unknown."""
    title: str = ""
    attribution: str = ""


class ApiAuthor(ApiValue, frozen=True):
    """Somebody whom an outlet names as author."""

    name: str


class ApiProvider(ApiValue, frozen=True, omit_defaults=True):
    """The outlet that published something."""

    name: str
    domain: str
    """Host name without `www.`, lower case."""
    images: tuple[ApiImage, ...] = ()
    """Its logo, where there is one."""
    authors: tuple[ApiAuthor, ...] = ()


class ApiStory(ApiValue, frozen=True):
    """The story that a record is part of."""

    id: str
    url: str
    """Its page here."""
    outlets: int
    """Distinct outlets that report it."""


class ApiRelated(ApiValue, frozen=True, omit_defaults=True, kw_only=True):
    """Another outlet's article on the same event."""

    title: str
    web_url: str
    """The article at its outlet."""
    url: str | None = None
    """Its page here; null unless it is a record of this site."""
    excerpt: str = ""
    type: str
    """`article` or `video`."""
    published_date_time: Instant | None = None
    quality: int | None = None
    provider: ApiProvider | None = None
    images: tuple[ApiImage, ...] = ()
    amp_web_url: str | None = None
    cdn_amp_web_url: str | None = None


class ApiItem(ApiValue, frozen=True):
    """One record."""

    path: str
    """Where its page is, below the site's base address, percent-encoded: `/2020/11/17/x/`. The
    record alone is at `/api/news` and this path and `index.json`."""
    url: str
    """Its page here."""
    title: str
    type: str
    """`article` or `video`."""
    published_date_time: Instant
    updated_date_time: Instant | None
    excerpt: str
    content: str
    """The record's own text as sanitised HTML; empty as a rule."""
    web_url: str | None
    """Where a reader should go; where it is null, `originalUrl` is that place."""
    original_url: str | None
    amp_web_url: str | None
    cdn_amp_web_url: str | None
    heat: int | None
    quality: int | None
    locale: str
    """BCP 47 tag of title and excerpt."""
    provider: ApiProvider | None
    categories: tuple[str, ...]
    """Always `news`."""
    topics: tuple[str, ...]
    """Display names."""
    tags: tuple[str, ...]
    images: tuple[ApiImage, ...]
    """Without placeholders."""
    story: ApiStory | None
    related: tuple[ApiRelated, ...]
    """Other outlets' articles on the same event, repaired and freed of repeats, best first."""


class ApiPage(ApiValue, frozen=True):
    """One page of a list of records."""

    page: int
    """Counted from 1, the newest."""
    value: tuple[ApiItem, ...]
    """Newest first."""
    next_page: int | None
    """The number of the page of older records; null on the last page."""


def api_schema(url: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of every file of the API but the schema itself.

    `url` is the absolute address of the schema.
    """
    shapes, parts = msgspec.json.schema_components(
        (ApiPage, ApiItem), ref_template="#/$defs/{name}"
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": url,
        "title": "The JSON API of a site made with tidings",
        "anyOf": list(shapes),
        "$defs": {name: parts[name] for name in sorted(parts)},
    }
