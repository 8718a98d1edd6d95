"""Records and coverage as lists show them. A card is made once, when a page first shows it, and
shared by all pages.

Part of planning, after addresses.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from urllib.parse import urlsplit

import msgspec

from tidings.model.catalog import Catalog, CoverageItem, Source, Story
from tidings.model.config import Config
from tidings.model.measure import Measure
from tidings.model.record import Kind, Provider, Record
from tidings.model.view import CardView, CoverageView, LinkView, SourceView
from tidings.pages.basis import Bases, BasisInputs
from tidings.pages.material import Material, logo_href, picture_view
from tidings.pages.urls import Addresses, story_path, topic_path

HEADLINES = 2
"""Other outlets' headlines on a card."""

RIGHT_TO_LEFT = frozenset(
    ("ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "syr", "ug", "ur", "yi")
)
"""Primary language subtags whose usual script runs from right to left."""


def make_material(
    catalog: Catalog,
    addresses: Addresses,
    config: Config,
    assets: Mapping[str, str],
    measures: Mapping[str, Measure] | None = None,
) -> Material:
    """The planner's inputs, ready to make any record's card; pages have no basis yet.

    `measures` has what is known of pictures, by output path.
    """
    none = Bases(catalog, None)
    bare = Material(catalog, addresses, config, assets, {}, {}, none, measures or {})
    sources = {domain: _source(each, bare) for domain, each in catalog.sources.items()}
    with_sources = msgspec.structs.replace(bare, sources=sources)
    return msgspec.structs.replace(with_sources, cards=_Cards(with_sources))


def with_bases(
    material: Material, marks: Mapping[str, bytes], bodies: Mapping[str, bytes]
) -> Material:
    """The same, with bases of pages.

    `marks` has, by a record's id, bytes that change when anything of it does; `bodies` a digest
    of the HTML of each body that links anything of this site.
    """
    read = BasisInputs(material.addresses, material.sources, marks, bodies, material.told_of)
    return msgspec.structs.replace(material, bases=Bases(material.catalog, read))


def with_catalog(material: Material, catalog: Catalog) -> Material:
    """The same with another catalog, of records at the same addresses."""
    edited = msgspec.structs.replace(material, catalog=catalog)
    return msgspec.structs.replace(edited, cards=_Cards(edited))


class _Cards(dict[str, CardView]):
    """The cards made so far. A build that changes few pages needs few of them."""

    def __init__(self, material: Material) -> None:
        super().__init__()
        self._material = material

    def __missing__(self, identity: str) -> CardView:
        card = _card(self._material.catalog.records[identity], self._material)
        self[identity] = card
        return card


def _source(source: Source, material: Material) -> SourceView:
    return SourceView(
        name=source.name,
        domain=source.domain,
        url=material.addresses.href(material.addresses.sources[source.domain]),
        logo=logo_href(source.logo, material),
        monogram=monogram(source.name),
    )


def _card(record: Record, material: Material) -> CardView:
    story = material.catalog.stories.get(record.id)
    return CardView(
        title=record.title,
        url=material.addresses.record_href(record.id),
        published_at=record.published_at,
        source_url=record.url,
        host=host_shown(record.url),
        excerpt=record.excerpt,
        source=_source_of(record, material),
        topics=_topic_links(record.id, material),
        picture=picture_view(record.pictures, material, ""),
        video=record.kind is Kind.VIDEO or record.video is not None,
        locale=record.locale,
        rtl=runs_right_to_left(record.title, record.locale),
        outlets=story.outlets if story else _outlets(record, material),
        coverage=_headlines(record, story, material),
        story_url=material.addresses.href(story_path(story.id)) if story else "",
    )


def _outlets(record: Record, material: Material) -> int:
    """Distinct outlets of the record and its coverage, where stories are not told apart."""
    items = material.catalog.coverage.get(record.id, ())
    found = {item.coverage.provider.domain for item in items if item.coverage.provider}
    if record.provider is not None:
        found.add(record.provider.domain)
    return max(1, len(found))


def _source_of(record: Record, material: Material) -> SourceView | None:
    return material.sources.get(material.catalog.record_sources.get(record.id, ""))


def _headlines(
    record: Record, story: Story | None, material: Material
) -> tuple[CoverageView, ...]:
    """What others wrote of the record's story: its other members first, then other outlets."""
    if story is None:
        items = material.catalog.coverage.get(record.id, ())
        return tuple(coverage_view(item, material) for item in items[:HEADLINES])
    members = [each for each in story.members if each != record.id][:HEADLINES]
    rest = story.coverage[: HEADLINES - len(members)]
    return (
        *(member_view(each, material) for each in members),
        *(
            coverage_view(CoverageItem(item.coverage, item.record_id), material)
            for item in rest
        ),
    )


def _alone(item: CoverageItem) -> CoverageItem:
    """The entry without its outlet's further ones."""
    return CoverageItem(item.coverage, item.record_id)


def member_view(identity: str, material: Material) -> CoverageView:
    """A record of this site as one telling of its story among others."""
    record = material.catalog.records[identity]
    return CoverageView(
        title=record.title,
        url=material.addresses.record_href(identity),
        host=host_shown(record.url),
        source_url=record.url,
        internal=True,
        excerpt=record.excerpt,
        published_at=record.published_at,
        source=_source_of(record, material),
        video=record.kind is Kind.VIDEO or record.video is not None,
        locale=record.locale,
        rtl=runs_right_to_left(record.title, record.locale),
    )


def _topic_links(identity: str, material: Material) -> tuple[LinkView, ...]:
    """The record's topics; those that stand for the whole digest only if it has no other."""
    topics = [
        material.catalog.topics[slug]
        for slug in material.catalog.record_topics.get(identity, ())
    ]
    return tuple(
        LinkView(
            name=topic.shortname or topic.name,
            url=material.addresses.href(topic_path(topic.slug)),
        )
        for topic in ([topic for topic in topics if not topic.root] or topics)
    )


def coverage_view(item: CoverageItem, material: Material) -> CoverageView:
    """Another outlet's article; where it is a record of this site, linked to its page here."""
    entry, identity = item.coverage, item.record_id
    locale = material.catalog.records[identity].locale if identity else ""
    return CoverageView(
        title=entry.title,
        url=material.addresses.record_href(identity) if identity else entry.url,
        host=host_shown(entry.url),
        source_url=entry.url,
        internal=bool(identity),
        excerpt=entry.excerpt,
        published_at=entry.published_at,
        source=_outlet(entry.provider, material),
        locale=locale,
        rtl=runs_right_to_left(entry.title, locale),
        video=entry.kind is Kind.VIDEO,
        also=tuple(coverage_view(other, material) for other in item.also),
    )


def _outlet(provider: Provider | None, material: Material) -> SourceView | None:
    if provider is None:
        return None
    known = material.sources.get(provider.domain)
    if known is not None:
        return known
    return SourceView(
        name=provider.name,
        domain=provider.domain,
        logo=logo_href(provider.logo, material),
        monogram=monogram(provider.name),
    )


def host_shown(url: str) -> str:
    """The host that the URL really leads to, as readers are told it."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def monogram(name: str) -> str:
    """The first letters of the name's first two words, in capitals; of one word, its first."""
    words = [word for word in name.replace(".", " ").split() if word[0].isalnum()]
    if len(words) > 1 and words[0].casefold() == "the":
        words = words[1:]
    return "".join(word[0] for word in words[:2]).upper()


def runs_right_to_left(text: str, locale: str) -> bool:
    """Whether the text runs from right to left: by its language, else by its first strong
    letter (Unicode Standard Annex 9, rule P2)."""
    if locale:
        return locale.partition("-")[0].lower() in RIGHT_TO_LEFT
    for char in text:
        direction = unicodedata.bidirectional(char)
        if direction in ("L", "R", "AL"):
            return direction != "L"
    return False
