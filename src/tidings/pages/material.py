"""What every planning function is given: the catalog, the addresses, the assets, the cards."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from tidings.model.catalog import Catalog
from tidings.model.config import Config
from tidings.model.record import Picture
from tidings.model.view import CardView, PictureView, SourceView
from tidings.pages.urls import Addresses


class Material(msgspec.Struct, frozen=True):
    """The planner's inputs, and the cards that are made from them once."""

    catalog: Catalog
    addresses: Addresses
    config: Config
    assets: Mapping[str, str]
    """Asset name to path below the output folder: `pictures/x.svg`, `static/pictures/x.1a2b.svg`."""
    cards: Mapping[str, CardView]
    """The card of each shown record, by id. Empty while the cards are being made."""
    sources: Mapping[str, SourceView]
    """The view of each source, by domain."""

    def asset_href(self, path: str) -> str:
        """The link to an asset that content names by its path (`/pictures/x.svg`); "" if none."""
        found = self.assets.get(path[1:])
        return self.addresses.href(f"/{found}") if found else ""

    def cards_of(self, ids: tuple[str, ...]) -> tuple[CardView, ...]:
        """The cards of the records, in the order given."""
        return tuple(self.cards[identity] for identity in ids)

    def absolute(self, path: str) -> str:
        """The full address of a path of this site."""
        return self.addresses.absolute(path)


def picture_view(
    pictures: tuple[Picture, ...], material: Material, alt: str
) -> PictureView | None:
    """The first picture that may be shown: no placeholder, and from here unless others may be."""
    for picture in pictures:
        if picture.url in material.catalog.placeholders:
            continue
        if picture.url.startswith("/"):
            url, remote = material.asset_href(picture.url), False
        else:
            url = picture.url if material.config.media.remote_pictures else ""
            remote = True
        if url:
            return PictureView(
                url=url,
                width=picture.width,
                height=picture.height,
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
