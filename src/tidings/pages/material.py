"""What every planning function is given: the catalog, the addresses, the assets, the cards.

Part of planning: made once by its composer.
"""

from __future__ import annotations

import posixpath
import unicodedata
from collections.abc import Mapping
from functools import cached_property
from typing import TypedDict
from urllib.parse import unquote

import msgspec

from tidings.model.catalog import Catalog, Held, Visibility
from tidings.model.config import Config
from tidings.model.measure import Measure
from tidings.model.record import Picture
from tidings.model.view import CardView, PictureView, SourceView
from tidings.pages.basis import Bases
from tidings.pages.urls import Addresses

AT_ROOT = "root/"
"""Assets below it keep their names and stand at the site's root."""


class Material(msgspec.Struct, frozen=True, dict=True):
    """The planner's inputs, and the cards that are made from them once."""

    catalog: Catalog
    addresses: Addresses
    config: Config
    assets: Mapping[str, str]
    """Path below the output folder by asset name: `static/pictures/x.1a2b.svg`."""
    cards: Mapping[str, CardView]
    """The card of each shown record, by id; each is made when a page first shows it."""
    sources: Mapping[str, SourceView]
    """The view of each source, by domain."""
    bases: Bases
    """Makes the bases of pages."""
    measures: Mapping[str, Measure] = {}
    """What is known of each picture among the assets, by its path below the output folder."""

    def asset_href(self, path: str) -> str:
        """The link to an asset that content names by its path, `/pictures/x.svg`; "" if none.

        A query is left out, because the asset's name already tells its bytes; a fragment stays.
        """
        named, mark, fragment = path[1:].partition("#")
        found = self._asset(named)
        return self.addresses.href(f"/{found}") + mark + fragment if found else ""

    def measure(self, path: str) -> Measure | None:
        """What is known of the picture that content names by its path; None if nothing."""
        return self.measures.get(self._asset(path[1:].partition("#")[0]))

    def told_of(self, path: str) -> tuple[str, Measure | None]:
        """All that pages say of the asset that content names by its path."""
        return self.asset_href(path), self.measure(path)

    def _asset(self, named: str) -> str:
        """The output path of the asset with that address; "" if none."""
        name = unicodedata.normalize("NFC", unquote(named.partition("?")[0]))
        return self.assets.get(name) or self.assets.get(f"{AT_ROOT}{name}") or ""

    # Made once, because a body may have thousands of links to look up.
    @cached_property
    def record_by_name(self) -> dict[str, str]:
        """The id of each record by its file's name; "" for a name that several have."""
        found: dict[str, str] = {}
        for identity in self.addresses.records:
            name = posixpath.basename(identity)
            found[name] = "" if name in found else identity
        return found

    @cached_property
    def held_by_name(self) -> dict[str, Held]:
        """The record that is not shown, by its file's name; of several the first."""
        return {posixpath.basename(each.id): each for each in reversed(self.catalog.held)}

    @property
    def held_back(self) -> int:
        """How many records are not on the site in any form."""
        held = self.catalog.held
        return sum(each.visibility is not Visibility.DUPLICATE for each in held)

    def cards_of(self, ids: tuple[str, ...]) -> tuple[CardView, ...]:
        """The cards of the records, in the order given."""
        return tuple(self.cards[identity] for identity in ids)

    def absolute(self, path: str) -> str:
        """The full address of a path of this site."""
        return self.addresses.absolute(path)


class Addressed(TypedDict):
    """Where a page is, as its view says it."""

    url: str
    absolute_url: str
    canonical_url: str


def addressed(path: str, material: Material) -> Addressed:
    """The addresses of the page at that path, which is its own canonical one."""
    absolute = material.absolute(path)
    return Addressed(
        url=material.addresses.href(path), absolute_url=absolute, canonical_url=absolute
    )


def picture_view(
    pictures: tuple[Picture, ...], material: Material, alt: str
) -> PictureView | None:
    """The first picture that may be shown: no placeholder, and from here unless others may."""
    for picture in pictures:
        if picture.url in material.catalog.placeholders:
            continue
        if picture.url.startswith("/"):
            url, remote = material.asset_href(picture.url), False
        else:
            url = picture.url if material.config.media.remote_pictures else ""
            remote = True
        if url:
            width, height = picture.width, picture.height
            known = None if remote else material.measure(picture.url)
            if known is not None and not (width and height):
                width, height = known.width, known.height
            return PictureView(
                url=url,
                width=width,
                height=height,
                alt=picture.title or alt,
                attribution=picture.attribution,
                remote=remote,
            )
    return None


def logo_href(url: str, material: Material) -> str:
    """The logo's address where it may be shown, else ""."""
    if url.startswith("/"):
        return material.asset_href(url)
    return url if material.config.media.remote_pictures else ""
