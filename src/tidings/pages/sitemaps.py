"""Sitemaps: every page that search engines may list, and the news of two days.

Part of planning.
The protocol is that of sitemaps.org (0.9), and Google's for news (0.9). Sitemaps stand at the
site's root, because one may name only what is below its own folder.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property, partial
from hashlib import blake2b

from tidings.model.documents import (
    NewsEntry,
    NewsSitemap,
    Sitemap,
    SitemapEntry,
    SitemapIndex,
)
from tidings.model.page import PagePlan, PageSketch
from tidings.model.period import end_of, period_of
from tidings.model.record import Record
from tidings.pages.material import Material
from tidings.pages.newsletters import NEWSLETTERS_PATH
from tidings.pages.urls import (
    day_path,
    file_of,
    month_path,
    newsletter_path,
    numbered_path,
    story_path,
    topic_path,
    year_path,
)

INDEX = "sitemap.xml"
NEWS = "news-sitemap.xml"
MOST_ENTRIES = 45_000
"""Addresses in one sitemap; the protocol allows 50,000."""
MOST_BYTES = 40_000_000
"""Bytes of one sitemap; the protocol allows 52,428,800."""
ENTRY_BYTES = 128
"""What an entry takes beside its address, and more."""

TRADITIONAL = frozenset(("tw", "hk", "mo", "hant"))
"""Subtags of Chinese as the news protocol calls `zh-tw`; all other is `zh-cn`."""


def sketch_sitemaps(sketches: Sequence[PageSketch], material: Material) -> list[PageSketch]:
    """The sitemaps of the pages among the sketches; none where nothing is to be listed."""
    site = material.config.site
    if site.indexing == "noindex":
        return []
    records = material.catalog.records
    # Oldest first, so that a sitemap once full keeps its articles.
    of_articles = [material.addresses.records[each] for each in records][::-1]
    articles = set(map(file_of, of_articles))
    others = sorted(
        path_of(sketch.path)
        for sketch in sketches
        if sketch.indexed and sketch.path.endswith(".html") and sketch.path not in articles
    )
    groups = [("pages", others)]
    if site.indexing == "self":
        groups.insert(0, ("articles", of_articles))
    changes = _Changes(material, others)
    parts = [
        (f"sitemap-{name}-{number}.xml", part)
        for name, paths in groups
        for number, part in enumerate(_parts(paths, material), 1)
    ]
    bases = material.bases
    issues = [path for path in others if path.startswith(NEWSLETTERS_PATH)]
    found = [
        PageSketch(
            file,
            "",
            "sitemap",
            partial(_plan, file, part, changes),
            bases.times(_about(file, _with_issues(part, issues))),
        )
        for file, part in parts
    ]
    whole = bases.times(_about(INDEX, [path for _, part in parts for path in part]))
    found.append(PageSketch(INDEX, "", "sitemap", partial(_plan_index, parts, changes), whole))
    if site.indexing == "self" and material.catalog.recent:
        recent = bases.feed("news", material.catalog.recent)
        found.append(
            PageSketch(NEWS, "", "news-sitemap", partial(_plan_news, material), recent)
        )
    return found


def _with_issues(part: list[str], issues: list[str]) -> list[str]:
    """The paths of a sitemap, and those of other ones that it says something of: the
    newsletter's archive changes with its latest issue, which may stand in the next sitemap."""
    # No path is empty, so that it is told which of them are the sitemap's own.
    return [*part, "", *issues] if issues and NEWSLETTERS_PATH in part else part


def _about(file: str, paths: Iterable[str]) -> str:
    """What tells apart two sitemaps of one catalog: pages come and go with the clock, too."""
    listed = "\0".join(paths).encode("utf-8", "surrogatepass")
    return f"{file} {blake2b(listed, digest_size=16).hexdigest()}"


def path_of(file: str) -> str:
    """The path of the page whose output file it is."""
    path = f"/{file}"
    return path.removesuffix("index.html") if path.endswith("/index.html") else path


def _parts(paths: list[str], material: Material) -> Iterator[list[str]]:
    """The paths cut into sitemaps, each within both limits. No paths make no sitemap."""
    base = 6 * len(material.addresses.absolute("/"))  # As if each of its letters were escaped.
    every = len(paths) * (ENTRY_BYTES + base) + 3 * len("".join(paths).encode())
    if paths and len(paths) <= MOST_ENTRIES and every <= MOST_BYTES:
        yield paths
        return
    part: list[str] = []
    size = 0
    for path in paths:
        # Percent-encoding makes three bytes of one at most.
        entry = ENTRY_BYTES + base + 3 * (len(path) if path.isascii() else len(path.encode()))
        if len(part) == MOST_ENTRIES or (part and size + entry > MOST_BYTES):
            yield part
            part, size = [], 0
        part.append(path)
        size += entry
    if part:
        yield part


class _Changes:
    """When each page's contents last changed, as far as records tell."""

    def __init__(self, material: Material, paths: Sequence[str]) -> None:
        self.material = material
        self.paths = paths
        """The pages, but for those of records."""

    @cached_property
    def by_path(self) -> dict[str, datetime]:
        """The instants; made when a sitemap is first planned."""
        catalog = self.material.catalog
        changed = {each: changed_at(record) for each, record in catalog.records.items()}
        found = dict(_changes(changed, self.material))
        found |= _of_newsletters(self.paths, changed, self.material)
        return found


def _changes(
    changed: Mapping[str, datetime], material: Material
) -> Iterator[tuple[str, datetime]]:
    """Each page that shows records, with the latest change of any of those; where it only
    counts them, with the latest one's publication."""
    catalog, addresses = material.catalog, material.addresses
    for identity, when in changed.items():
        yield addresses.records[identity], when
    by_day = {day.date: max(changed[each] for each in day.record_ids) for day in catalog.days}
    if by_day:
        shown = catalog.days[: max(1, material.config.lists.front_days)]
        yield "/", max(by_day[day.date] for day in shown)
        newest = max(record.published_at for record in catalog.records.values())
        yield from (("/topics/", newest), ("/sources/", newest))
    months: dict[str, datetime] = {}
    years: dict[str, datetime] = {}
    for day in catalog.days:
        when = by_day[day.date]
        yield day_path(day.date), when
        path = month_path(day.date)
        months[path] = max(when, months.get(path, when))
        newest = max(catalog.records[each].published_at for each in day.record_ids)
        path = year_path(day.date)
        years[path] = max(newest, years.get(path, newest))
    yield from months.items()
    yield from years.items()
    hubs = [
        *((topic_path(topic.slug), topic.record_ids) for topic in catalog.topics.values()),
        *(
            (addresses.sources[source.domain], source.record_ids)
            for source in catalog.sources.values()
        ),
    ]
    size = material.config.lists.page_size
    for hub, ids in hubs:
        if ids:
            yield hub, max(changed[each] for each in ids)
        oldest_first = ids[::-1]
        for number in range(1, len(ids) // size + 1):
            listed = oldest_first[(number - 1) * size : number * size]
            yield numbered_path(hub, number), max(changed[each] for each in listed)
    for story in catalog.stories.values():
        yield story_path(story.id), max(changed[each] for each in story.members)


def _of_newsletters(
    paths: Iterable[str], changed: Mapping[str, datetime], material: Material
) -> dict[str, datetime]:
    """The newsletter's pages among the paths. An issue is there once its time is over; an
    article that is mended later mends it, too."""
    site, every = material.config.site, material.config.newsletter.every
    there = frozenset(path for path in paths if path.startswith(NEWSLETTERS_PATH))
    found: dict[str, datetime] = {}
    for day in material.catalog.days if there else ():
        period = period_of(day.date, every)
        path = newsletter_path(period.first)
        if path in there:
            over = end_of(period, site.timezone)
            when = max(over, *(changed[each] for each in day.record_ids))
            found[path] = max(when, found.get(path, when))
    if found:
        found[NEWSLETTERS_PATH] = max(found.values())
    return found


def changed_at(record: Record) -> datetime:
    """When the record says that it last changed."""
    return max(record.updated_at or record.published_at, record.published_at)


def _plan(file: str, paths: list[str], changes: _Changes) -> PagePlan:
    absolute, found = changes.material.absolute, changes.by_path
    entries = tuple(SitemapEntry(absolute(path), found.get(path)) for path in paths)
    document = Sitemap(entries)
    return PagePlan(path=file, template="sitemap", origin="", document=document)


def _plan_index(parts: list[tuple[str, list[str]]], changes: _Changes) -> PagePlan:
    entries = []
    for file, paths in parts:
        when = [changes.by_path[path] for path in paths if path in changes.by_path]
        url = changes.material.absolute(f"/{file}")
        entries.append(SitemapEntry(url, max(when, default=None)))
    document = SitemapIndex(tuple(entries))
    return PagePlan(path=INDEX, template="sitemap", origin="", document=document)


def _plan_news(material: Material) -> PagePlan:
    site, records = material.config.site, material.catalog.records
    entries = tuple(
        NewsEntry(
            url=material.absolute(material.addresses.records[identity]),
            title=records[identity].title,
            language=news_language(records[identity].locale or site.language),
            published_at=records[identity].published_at,
        )
        for identity in material.catalog.recent
    )
    document = NewsSitemap(site.title, entries)
    return PagePlan(path=NEWS, template="news-sitemap", origin="", document=document)


def news_language(tag: str) -> str:
    """The language of a BCP 47 tag as the news protocol has it: ISO 639, but for Chinese."""
    parts = tag.lower().split("-")
    if parts[0] == "zh":
        return "zh-cn" if TRADITIONAL.isdisjoint(parts) else "zh-tw"
    return parts[0]
