"""What pages say to machines: the terms of schema.org that they use, as JSON-LD 1.1 has them.

A page of this site never says that it wrote what others wrote: nothing here has an author.
"""

from __future__ import annotations

from datetime import datetime

import msgspec


class Reference(msgspec.Struct, frozen=True):
    """Something that is told elsewhere in the same text."""

    id: str = msgspec.field(name="@id")


class Thing(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="@type", rename="camel"):
    """Base of all terms, told apart by `@type`."""


class EntryPoint(Thing, frozen=True, tag="EntryPoint"):
    """An address with a place for what is asked."""

    url_template: str


class SearchAction(Thing, frozen=True, tag="SearchAction", omit_defaults=False):
    """How to search the site."""

    target: EntryPoint
    query_input: str = msgspec.field(
        name="query-input", default="required name=search_term_string"
    )


class WebSite(Thing, frozen=True, tag="WebSite"):
    """The site."""

    id: str = msgspec.field(name="@id")
    url: str
    name: str
    description: str = ""
    in_language: str = ""
    potential_action: SearchAction | None = None


class Organization(Thing, frozen=True, tag="Organization"):
    """An outlet."""

    name: str
    url: str


class NewsArticle(Thing, frozen=True, tag="NewsArticle"):
    """An article at its outlet."""

    id: str = msgspec.field(name="@id")
    url: str
    headline: str
    date_published: datetime
    date_modified: datetime | None = None
    in_language: str = ""
    publisher: Organization | None = None


class ListItem(Thing, frozen=True, tag="ListItem"):
    """One entry of a list."""

    position: int
    """Counted from 1."""
    name: str
    item: str
    """Its address."""


class ListedPage(Thing, frozen=True, tag="ListItem"):
    """One entry of a list of pages."""

    position: int
    """Counted from 1."""
    url: str
    name: str


class ItemList(Thing, frozen=True, tag="ItemList"):
    """What a page lists."""

    number_of_items: int
    item_list_element: tuple[ListedPage, ...]


class BreadcrumbList(Thing, frozen=True, tag="BreadcrumbList"):
    """Where in the site a page stands."""

    id: str = msgspec.field(name="@id")
    item_list_element: tuple[ListItem, ...]


class WebPage(Thing, frozen=True, tag="WebPage"):
    """A page of this site."""

    id: str = msgspec.field(name="@id")
    url: str
    name: str
    description: str = ""
    in_language: str = ""
    is_part_of: Reference | None = None
    breadcrumb: Reference | None = None
    about: NewsArticle | None = None
    """What the page is about: somebody else's article."""
    citation: Reference | None = None


class CollectionPage(Thing, frozen=True, tag="CollectionPage"):
    """A page of this site that lists others."""

    id: str = msgspec.field(name="@id")
    url: str
    name: str
    description: str = ""
    in_language: str = ""
    is_part_of: Reference | None = None
    breadcrumb: Reference | None = None
    main_entity: ItemList | None = None


class Graph(msgspec.Struct, frozen=True, kw_only=True):
    """All that a page says."""

    context: str = msgspec.field(name="@context", default="https://schema.org")
    things: tuple[WebSite | WebPage | CollectionPage | BreadcrumbList, ...] = msgspec.field(
        name="@graph"
    )
