"""What each page is planned from, as a digest: equal bases promise equal plans.

Part of planning. A basis is made of the digests of what a page's plan reads, and costs a small
part of the plan; a build plans only pages whose basis is new. What all pages read (the config,
the site's own view, the code) is not in it: the engine adds that once. A property test holds
that a plan never changes without its basis.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import blake2b
from typing import TypeVar

import msgspec

from tidings.model.catalog import Catalog, CoverageItem, Day, Source, Story, Topic
from tidings.model.record import Picture, Provider
from tidings.model.view import SourceView
from tidings.pages.urls import Addresses

SIZE = 16
"""Bytes of a basis."""

NOTHING = b"\0" * SIZE

ENCODER = msgspec.msgpack.Encoder()

K = TypeVar("K")


class _Made(dict[K, bytes]):
    """What was made so far; the rest is made when it is asked for."""

    def __init__(self, make: Callable[[K], bytes]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, key: K) -> bytes:
        found = self[key] = self._make(key)
        return found


class BasisInputs(msgspec.Struct, frozen=True):
    """What bases are made from, beside the catalog."""

    addresses: Addresses
    sources: Mapping[str, SourceView]
    """By domain."""
    marks: Mapping[str, bytes]
    """By the record's id, bytes that change when anything of it does."""
    bodies: Mapping[str, bytes]
    """By the record's id a digest of its body's HTML, where that has links of this site."""
    asset: Callable[[str], object]
    """All that pages say of the asset that content names by its path."""


class Bases:
    """Makes bases of pages. Without anything read it makes none: all are empty."""

    def __init__(self, catalog: Catalog, read: BasisInputs | None) -> None:
        self._catalog = catalog
        self._read = read
        self._plain = _Made(self._make_plain)
        self._cards = _Made(self._make_card)
        self._topics = _Made(self._make_topics)
        self._assets = _Made(self._make_asset)
        self._providers = _Made(self._make_provider)
        self._stories: dict[str, bytes] = {}
        self._outlets: dict[str, bytes] = {}
        self._world = b""
        self._instants = b""
        if read is None:
            return
        self._marks = read.marks
        self._bodies = read.bodies
        # A record that stands for others has their coverage too.
        self._absorbed: dict[str, bytes] = {}
        for other, first in sorted(catalog.redirects.items()):
            self._absorbed[first] = self._absorbed.get(first, b"") + read.marks[other]
        self._paths = read.addresses.records
        self._sources = {
            domain: digest(repr(view).encode()) for domain, view in read.sources.items()
        }
        self._labels = {slug: self._label(topic) for slug, topic in catalog.topics.items()}
        paths = "\0".join(f"{key}\0{path}" for key, path in sorted(self._paths.items()))
        others = repr((sorted(catalog.redirects.items()), len(catalog.held)))
        self._places = digest(paths.encode("utf-8", "surrogatepass"), others.encode())

    def card(self, identity: str) -> bytes:
        """Of a record as lists show it, and of all that its own page says of it alone."""
        return self._cards[identity]

    def cards(self, ids: Iterable[str]) -> bytes:
        """Of a list of records in this order."""
        return digest(*map(self._cards.__getitem__, ids))

    def article(self, identity: str, older: str, newer: str) -> bytes:
        """Of the page of a record with its neighbours; empty ids stand for none."""
        if self._read is None:
            return b""
        cards = self._cards
        related = self._catalog.related.get(identity, ())
        reasons = "\0".join([f"{item.reason}\0{item.detail}" for item in related])
        return digest(
            b"article",
            cards[identity],
            cards[older] if older else NOTHING,
            cards[newer] if newer else NOTHING,
            self._bodies.get(identity, NOTHING),
            *[cards[item.id] for item in related],
            reasons.encode("utf-8", "surrogatepass"),
        )

    def story(self, story: Story) -> bytes:
        """Of a story, wherever it is told."""
        if self._read is None:
            return b""
        found = self._stories.get(story.id)
        if found is None:
            told = (
                story.id,
                story.lead,
                story.members,
                story.outlets,
                len(story.coverage),
                len(story.background),
                story.first_at,
                story.last_at,
            )
            found = digest(
                b"story", ENCODER.encode(told), *map(self._plain.__getitem__, story.members)
            )
            self._stories[story.id] = found
        return found

    def story_feed(self, story: Story) -> bytes:
        """Of a feed of the story's members."""
        if self._read is None:
            return b""
        # Titles, order and bodies of the members are theirs, and the story has all of that.
        own = self.story(story)
        if self._bodies.keys().isdisjoint(story.members):
            return own
        return digest(b"story-feed", own, *self._linking(story.members))

    def day(self, day: Day, around: Iterable[Day | None]) -> bytes:
        """Of a day's page; `around` are the days that it links."""
        if self._read is None:
            return b""
        dates = [other.date if other else None for other in around]
        return digest(
            b"day",
            repr((day.date, dates)).encode(),
            self.cards(day.record_ids),
            *(self._section(section.topic, section.record_ids) for section in day.sections),
        )

    def days(self, days: Iterable[Day], counts: Iterable[object]) -> bytes:
        """Of a page that shows several days; `counts` are what else it shows."""
        if self._read is None:
            return b""
        return digest(
            b"days",
            repr(list(counts)).encode(),
            *(
                part
                for day in days
                for part in (repr(day.date).encode(), self.cards(day.record_ids))
            ),
        )

    def topic(self, topic: Topic) -> bytes:
        """Of all that pages say of a topic, but for its records."""
        if self._read is None:
            return b""
        topics = self._catalog.topics
        children = [(child, len(topics[child].record_ids)) for child in topic.children]
        return digest(
            b"topic",
            self._label_of(topic.slug),
            repr((len(topic.record_ids), topic.held, topic.description, children)).encode(),
            self.card(topic.lead) if topic.lead else NOTHING,
            *(self._label_of(child) for child in topic.children),
        )

    def listed(self, kind: str, about: bytes, ids: tuple[str, ...], pager: object) -> bytes:
        """Of one page of a list of records; `about` tells whose list it is."""
        if self._read is None:
            return b""
        return digest(
            kind.encode(),
            about,
            repr(pager).encode(),
            self.cards(ids),
            repr([self._catalog.local_dates[each] for each in ids]).encode(),
        )

    def label(self, slug: str) -> bytes:
        """Of a topic's names and place in the tree."""
        return b"" if self._read is None else self._label_of(slug)

    def source(self, source: Source) -> bytes:
        """Of all that pages say of a source, but for its records."""
        if self._read is None:
            return b""
        found = self._outlets.get(source.domain)
        if found is not None:
            return found
        main = self._catalog.main_topics
        topics = [main.get(each, "") for each in source.record_ids]
        found = self._outlets[source.domain] = digest(
            self._sources[source.domain],
            repr((source.large_logo, topics)).encode("utf-8", "surrogatepass"),
            self._assets[source.large_logo],
            *(self._label_of(slug) for slug in sorted(set(topics)) if slug),
        )
        return found

    def outlet(self, domain: str) -> bytes:
        """Of a source's names and address."""
        return b"" if self._read is None else self._sources[domain]

    def feed(self, about: object, ids: tuple[str, ...]) -> bytes:
        """Of a feed of these records; `about` is what else it says."""
        if self._read is None:
            return b""
        return digest(
            b"feed",
            repr(about).encode("utf-8", "surrogatepass"),
            self.cards(ids),
            *self._linking(ids),
        )

    def whole(self, about: bytes, identity: str) -> bytes:
        """Of all that is said of one record, with its body; `about` is what else is said."""
        if self._read is None:
            return b""
        return digest(b"whole", about, self.card(identity), self._bodies.get(identity, NOTHING))

    def together(self, about: object, bases: Iterable[bytes]) -> bytes:
        """Of a page that is made from what the pages of these bases are made from, in this
        order; `about` is what else it says."""
        if self._read is None:
            return b""
        return digest(b"together", repr(about).encode("utf-8", "surrogatepass"), *bases)

    def everything(self, kind: str) -> bytes:
        """Of a page that may show anything of the whole catalog."""
        if self._read is None:
            return b""
        if not self._world:
            catalog = self._catalog
            self._world = digest(
                self._places,
                repr(sorted(each.id for each in catalog.held)).encode("utf-8", "replace"),
                self.cards(catalog.records),
                *map(self.topic, catalog.topics.values()),
                *map(self.source, catalog.sources.values()),
            )
        return digest(kind.encode(), self._world)

    def times(self, about: str) -> bytes:
        """Of a page that says where records are and when they changed, and nothing else of
        them; `about` is what else it says."""
        if self._read is None:
            return b""
        if not self._instants:
            catalog = self._catalog
            records = catalog.records.values()
            told = (
                [(each.id, each.published_at, each.updated_at) for each in records],
                [(day.date, day.record_ids) for day in catalog.days],
                [(topic.slug, topic.record_ids) for topic in catalog.topics.values()],
                [(source.domain, source.record_ids) for source in catalog.sources.values()],
                {story.id: story.members for story in catalog.stories.values()},
            )
            self._instants = digest(self._places, msgspec.msgpack.encode(told))
        return digest(b"times", about.encode("utf-8", "surrogatepass"), self._instants)

    def fixed(self, *values: object) -> bytes:
        """Of a page that reads nothing but these values, which `repr` must tell apart."""
        if self._read is None:
            return b""
        return digest(b"fixed", repr(values).encode("utf-8", "surrogatepass"))

    def _make_card(self, identity: str) -> bytes:
        story = self._catalog.stories.get(identity)
        plain = self._plain[identity]
        return digest(plain, self.story(story)) if story else plain

    def _make_plain(self, identity: str) -> bytes:
        """Of a record, without its story."""
        catalog = self._catalog
        told = (
            f"{self._paths[identity]}\0{catalog.local_dates[identity].toordinal()}"
            f"\0{catalog.main_topics.get(identity, '')}\0"
        )
        parts = [
            self._marks[identity],
            told.encode("utf-8", "surrogatepass"),
            self._topics[catalog.record_topics.get(identity, ())],
        ]
        record = catalog.records[identity]
        if catalog.placeholders:
            pictures = record.pictures
            parts.append(bytes([picture.url in catalog.placeholders for picture in pictures]))
        parts.append(self._absorbed.get(identity, b""))
        parts += self._pictures(record.pictures)
        if record.provider is not None:
            parts.append(self._providers[record.provider])
        coverage = catalog.coverage.get(identity)
        if coverage:
            parts += self._coverage(coverage)
        return digest(*parts)

    def _make_topics(self, slugs: tuple[str, ...]) -> bytes:
        return b"".join([self._labels[slug] for slug in slugs])

    def _coverage(self, items: Iterable[CoverageItem]) -> Iterator[bytes]:
        """What coverage takes from other parts of the catalog than its record."""
        for item in items:
            entry = item.coverage
            if entry.provider is not None:
                yield self._providers[entry.provider]
            if entry.pictures:
                yield from self._pictures(entry.pictures)
            if item.record_id:
                # Which entry it is, too: of two that tell the same, the one that is a record of
                # this site is listed, and another record may have the address by then.
                locale = self._catalog.records[item.record_id].locale
                told = f"{self._paths[item.record_id]}\0{entry.url_key}\0{locale}\0"
                yield told.encode("utf-8", "surrogatepass")
            if item.also:
                yield b"("
                yield from self._coverage(item.also)
                yield b")"

    def _linking(self, ids: Iterable[str]) -> list[bytes]:
        """Of the bodies of these records, as far as their marks do not tell all of them."""
        return [self._bodies.get(each, NOTHING) for each in ids]

    def _pictures(self, pictures: Iterable[Picture]) -> list[bytes]:
        """Of those among the pictures that are the site's own."""
        return [self._assets[each.url] for each in pictures if each.url[:1] == "/"]

    def _make_provider(self, provider: Provider) -> bytes:
        """Of an outlet, however it is named here, and of the source that it is."""
        told = repr((provider.name, provider.domain, provider.logo))
        return digest(
            told.encode("utf-8", "surrogatepass"),
            self._sources.get(provider.domain, NOTHING),
            self._assets[provider.logo],
        )

    def _make_asset(self, path: str) -> bytes:
        """Of the asset that content names so; nothing of what is elsewhere."""
        if self._read is None or path[:1] != "/":
            return b""
        return digest(repr(self._read.asset(path)).encode("utf-8", "surrogatepass"))

    def _section(self, slug: str, ids: tuple[str, ...]) -> bytes:
        label = self._label_of(slug) if slug in self._catalog.topics else NOTHING
        return digest(label, repr(ids).encode("utf-8", "surrogatepass"))

    def _label_of(self, slug: str) -> bytes:
        return self._labels[slug]

    def _label(self, topic: Topic) -> bytes:
        topics = self._catalog.topics
        above = [topic]
        while above[-1].parent:
            above.append(topics[above[-1].parent])
        told = [(each.slug, each.name, each.shortname, each.root) for each in above]
        return digest(repr(told).encode("utf-8", "surrogatepass"))


def digest(*parts: bytes) -> bytes:
    """The digest of these bytes, one after the other."""
    return blake2b(b"".join(parts), digest_size=SIZE).digest()
