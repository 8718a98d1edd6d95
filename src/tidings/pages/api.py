"""The JSON API: every list of records in pages, and every record alone. Part of planning.

A record stands in several files, so it is put into JSON once. Pages count from the newest, as
the family's apps expect; what that costs is told in docs/reference/api.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from hashlib import blake2b
from typing import cast
from urllib.parse import quote

import msgspec

from tidings.model.api import (
    ApiAuthor,
    ApiImage,
    ApiItem,
    ApiPage,
    ApiProvider,
    ApiRelated,
    ApiStory,
    api_schema,
)
from tidings.model.catalog import CoverageItem
from tidings.model.documents import Json
from tidings.model.page import PagePlan, PageSketch
from tidings.model.record import Picture, Provider, Record
from tidings.pages.bodies import resolve_body
from tidings.pages.material import Material
from tidings.pages.urls import numbered_path, story_path, topic_path

NEWS = "/api/news/"
SCHEMA = "api/schema.json"
CATEGORIES = ("news",)

KEPT_BYTES = 200_000_000
"""Bytes of records put into JSON that are kept, those of about 130,000; others are put into it
for each file."""

ENCODER = msgspec.json.Encoder()


def sketch_api(material: Material) -> list[PageSketch]:
    """All files of the API; none where the publisher wants none."""
    if not material.config.api.enabled:
        return []
    catalog, addresses, bases = material.catalog, material.addresses, material.bases
    items = _Items(material)
    schema = PageSketch(
        SCHEMA,
        "",
        "json",
        partial(_plan_schema, material.absolute(f"/{SCHEMA}")),
        bases.fixed(SCHEMA, addresses.origin, addresses.base),
    )
    lists = [
        (NEWS, tuple(catalog.records)),
        *(
            (f"/api{topic_path(each.slug)}", each.record_ids)
            for each in catalog.topics.values()
        ),
        *(
            (f"/api{addresses.sources[each.domain]}", each.record_ids)
            for each in catalog.sources.values()
        ),
    ]
    pages = [page for home, ids in lists for page in _sketch_list(home, ids, items)]
    return [
        schema,
        *pages,
        *(
            PageSketch(
                record_file(addresses.records[identity]),
                record.file,
                "json",
                partial(_plan_record, identity, items),
                items.bases[identity],
            )
            for identity, record in catalog.records.items()
        ),
    ]


def record_file(path: str) -> str:
    """The output file of the record alone whose page is at `path`."""
    return f"api/news{path}index.json"


def _sketch_list(home: str, ids: tuple[str, ...], items: _Items) -> Iterator[PageSketch]:
    material = items.material
    size = material.config.api.page_size
    last = max(1, -(-len(ids) // size))
    for number in range(1, last + 1):
        shown = ids[(number - 1) * size : number * size]
        following = number + 1 if number < last else None
        path = f"{numbered_path(home, number) if number > 1 else home}index.json"[1:]
        yield PageSketch(
            path,
            "",
            "json",
            partial(_plan_list, path, number, shown, following, items),
            material.bases.together(
                ("api", number, following), [items.bases[each] for each in shown]
            ),
        )


class _Items(dict[str, msgspec.Raw]):
    """The records put into JSON so far, by id."""

    def __init__(self, material: Material) -> None:
        super().__init__()
        self.material = material
        self._bytes = 0
        # Pictures of coverage may become placeholders, which no record tells of itself.
        about = blake2b(repr(sorted(material.catalog.placeholders)).encode()).digest()
        whole = material.bases.whole
        self.bases = {each: whole(about, each) for each in material.catalog.records}

    def __missing__(self, identity: str) -> msgspec.Raw:
        record = self.material.catalog.records[identity]
        data = msgspec.Raw(ENCODER.encode(_item(record, self.material)))
        if self._bytes < KEPT_BYTES:
            self._bytes += len(bytes(data))
            self[identity] = data
        return data


def _plan_schema(url: str) -> PagePlan:
    data = msgspec.json.format(ENCODER.encode(api_schema(url)), indent=2)
    return PagePlan(path=SCHEMA, template="json", origin="", document=Json(data))


def _plan_list(
    path: str, number: int, ids: tuple[str, ...], following: int | None, items: _Items
) -> PagePlan:
    # The encoder writes a raw value as it stands, so a page costs little more than its bytes.
    value = cast("tuple[ApiItem, ...]", tuple(items[identity] for identity in ids))
    page = ApiPage(page=number, value=value, next_page=following)
    return PagePlan(path=path, template="json", origin="", document=Json(ENCODER.encode(page)))


def _plan_record(identity: str, items: _Items) -> PagePlan:
    material = items.material
    return PagePlan(
        path=record_file(material.addresses.records[identity]),
        template="json",
        origin=material.catalog.records[identity].file,
        document=Json(bytes(items[identity])),
    )


def _item(record: Record, material: Material) -> ApiItem:
    catalog, addresses = material.catalog, material.addresses
    path = addresses.records[record.id]
    story = catalog.stories.get(record.id)
    return ApiItem(
        path=quote(path, safe="/"),
        url=addresses.absolute(path),
        title=record.title,
        type=record.kind.value,
        published_date_time=record.published_at,
        updated_date_time=record.updated_at,
        excerpt=record.excerpt,
        # Readers of the API are elsewhere, so addresses within the text are whole.
        content=resolve_body(record.body, record.file, material, addresses.origin).html,
        web_url=record.web_url or None,
        original_url=record.original_url or None,
        amp_web_url=record.amp_url or None,
        cdn_amp_web_url=record.cdn_amp_url or None,
        heat=record.heat,
        quality=record.quality,
        locale=record.locale or material.config.site.language,
        provider=_provider(record.provider, material),
        categories=CATEGORIES,
        topics=tuple(
            catalog.topics[slug].name for slug in catalog.record_topics.get(record.id, ())
        ),
        tags=record.tags,
        images=_images(record.pictures, material),
        story=ApiStory(story.id, addresses.absolute(story_path(story.id)), story.outlets)
        if story
        else None,
        related=tuple(_related(catalog.coverage.get(record.id, ()), material)),
    )


def _provider(provider: Provider | None, material: Material) -> ApiProvider | None:
    if provider is None:
        return None
    known = material.sources.get(provider.domain)
    logo = _address(provider.logo, material)
    return ApiProvider(
        name=known.name if known else provider.name,
        domain=provider.domain,
        images=(ApiImage(logo),) if logo else (),
        authors=tuple(ApiAuthor(name) for name in provider.authors),
    )


def _images(pictures: Iterable[Picture], material: Material) -> tuple[ApiImage, ...]:
    placeholders = material.catalog.placeholders
    return tuple(
        ApiImage(url, picture.width, picture.height, picture.title, picture.attribution)
        for picture in pictures
        if picture.url not in placeholders
        for url in [_address(picture.url, material)]
        if url
    )


def _address(url: str, material: Material) -> str:
    """The whole address of a picture; "" where it is one of the site's that is not there."""
    if not url.startswith("/"):
        return url
    href = material.asset_href(url)
    return material.addresses.origin + href if href else ""


def _related(items: Iterable[CoverageItem], material: Material) -> Iterator[ApiRelated]:
    """The coverage, an outlet's further articles after its first."""
    for item in items:
        entry = item.coverage
        yield ApiRelated(
            title=entry.title,
            web_url=entry.url,
            url=material.absolute(material.addresses.records[item.record_id])
            if item.record_id
            else None,
            excerpt=entry.excerpt,
            type=entry.kind.value,
            published_date_time=entry.published_at,
            quality=entry.quality,
            provider=_provider(entry.provider, material),
            images=_images(entry.pictures, material),
            amp_web_url=entry.amp_url or None,
            cdn_amp_web_url=entry.cdn_amp_url or None,
        )
        yield from _related(item.also, material)
