"""The topic tree: declared topics and those that records name, with the records of each.

Part of the catalog step, over the records that are shown.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from tidings.catalog.rank import by_rank
from tidings.catalog.visibility import fold
from tidings.model.catalog import Topic
from tidings.model.diagnostic import Diagnostic, Place, Severity
from tidings.model.record import Record, TopicMetadata
from tidings.model.slug import make_slug, short_digest

UNDECLARED = 2_000_000
"""The order of topics that only records name: after every declared one."""

CONFIG = "tidings.toml"

LEAD_WINDOW = timedelta(days=7)
"""How far back from its newest record a topic's lead is chosen."""


class Taxonomy(msgspec.Struct, frozen=True):
    """All topics, and which of them each record belongs to."""

    topics: dict[str, Topic]
    """By slug, in the tree's order: parents before children, by order, then name."""
    record_topics: dict[str, tuple[str, ...]]
    main_topics: dict[str, str]
    diagnostics: tuple[Diagnostic, ...]


def make_taxonomy(
    records: Sequence[Record],
    held: Sequence[Record],
    metadata: Iterable[TopicMetadata],
    root_name: str,
) -> Taxonomy:
    """The topic tree over shown records; `held` ones are only counted. Both are newest first.

    Names are compared without regard to case; a declared shortname or slug names its topic too.
    """
    metadata = tuple(metadata)
    declared, names, problems = _declare(metadata)
    # Many records have the same topics, so that what follows from them is found once.
    numbers: dict[tuple[str, ...], int] = {}
    numbered = [numbers.setdefault(record.topics, len(numbers)) for record in records]
    waiting = [numbers.setdefault(record.topics, len(numbers)) for record in held]
    counted = Counter(numbered)
    counted_waiting = Counter(waiting)
    every = {
        named: counted[number] + counted_waiting[number] for named, number in numbers.items()
    }
    spellings: dict[str, int] = {}
    for named, count in every.items():
        for topic in named:
            spellings[topic] = spellings.get(topic, 0) + count
    first = _first_uses(list(numbers), (records, numbered), (held, waiting))
    _adopt(names, declared, first, spellings)
    slugs_of = {topic: names[fold(topic)] for topic in spellings}
    # The first of its name is the one that counts, here as among the topics.
    places = {
        topic.name: Place(topic.file, topic.parent_line, 1)
        for topic in sorted(metadata, key=_declared_order, reverse=True)
    }
    parents, more = _parents(declared, names, places)
    roots = _roots(declared, parents, names, root_name)
    if root_name and not roots:
        more.append(_unknown_root(root_name, declared))
    ordered = _tree_order(declared, parents)
    children: dict[str, list[str]] = {}
    for slug in ordered:
        children.setdefault(parents.get(slug, ""), []).append(slug)
    by_number = [
        tuple(dict.fromkeys([slugs_of[topic] for topic in topics])) for topics in every
    ]
    record_topics = {
        record.id: slugs
        for record, number in zip(records, numbered, strict=True)
        if (slugs := by_number[number])
    }
    main = [
        next((slug for slug in slugs if slug not in roots), slugs[0]) if slugs else ""
        for slugs in by_number
    ]
    main_topics = {
        record.id: slug
        for record, number in zip(records, numbered, strict=True)
        if (slug := main[number])
    }
    by_id = {record.id: record for record in records}
    shelves: dict[str, list[str]] = {slug: [] for slug in ordered}
    above = [
        [shelves[slug] for slug in (_with_ancestors(each, parents) if parents else each)]
        for each in by_number
    ]
    for record, number in zip(records, numbered, strict=True):
        identity = record.id
        for shelf in above[number]:
            shelf.append(identity)
    held_counts = dict.fromkeys(ordered, 0)
    for number, count in counted_waiting.items():
        for slug in _with_ancestors(by_number[number], parents):
            held_counts[slug] += count
    topics = {
        slug: msgspec.structs.replace(
            declared[slug],
            parent=parents.get(slug, ""),
            children=tuple(children.get(slug, ())),
            root=slug in roots,
            record_ids=tuple(shelves[slug]),
            held=held_counts[slug],
            lead=_lead(shelves[slug], by_id),
        )
        for slug in ordered
    }
    return Taxonomy(topics, record_topics, main_topics, (*problems, *more))


def _declare(
    metadata: Iterable[TopicMetadata],
) -> tuple[dict[str, Topic], dict[str, str], list[Diagnostic]]:
    """Declared topics by slug, and the slug of every folded name that means one of them."""
    topics: dict[str, Topic] = {}
    names: dict[str, str] = {}
    short: dict[str, str] = {}
    files: dict[str, str] = {}
    problems: list[Diagnostic] = []
    for each in sorted(metadata, key=_declared_order):
        slug = make_slug(each.slug, each.file)
        known = slug if slug in topics else names.get(fold(each.name))
        if known is not None:
            problems.append(
                Diagnostic(
                    "repeated-topic",
                    Severity.ERROR,
                    f"topic {each.name!r} is also declared in {files[known]}",
                    Place(each.file),
                    "give it another _id and name, or remove the file",
                )
            )
            continue
        topics[slug] = Topic(
            slug=slug,
            name=each.name,
            shortname=each.shortname,
            description=each.description,
            order=each.order,
            declared=True,
            logo=each.pictures[0].url if each.pictures else "",
            # Until the tree is made, this is the parent's name.
            parent=each.parent,
        )
        files[slug] = each.file
        names[fold(each.name)] = slug
        for other in (each.shortname, slug):
            if other:
                short.setdefault(fold(other), slug)
    # A full name always outweighs another topic's shortname.
    return topics, {**short, **names}, problems


def _declared_order(topic: TopicMetadata) -> tuple[int, str]:
    return (topic.order, topic.file)


def _adopt(
    names: dict[str, str],
    topics: dict[str, Topic],
    first: Mapping[str, datetime],
    counts: Mapping[str, int],
) -> None:
    """Adds the topics that only records name. The spelling used most, then the first, is shown.

    `first` says since when each spelling is used, `counts` by how many records. Where two
    names give one slug, the topic that was named earlier has it: a newcomer must not change an
    address that readers know.
    """
    spellings: dict[str, dict[str, int]] = {}
    for topic, count in counts.items():
        if (folded := fold(topic)) not in names:
            spellings.setdefault(folded, {})[topic] = count
    if not spellings:
        return
    since = {folded: min(map(first.__getitem__, used)) for folded, used in spellings.items()}
    for folded in sorted(spellings, key=lambda folded: (since[folded], folded)):
        used = spellings[folded]
        name = min(used, key=lambda name: (-counts[name], name))
        slug = make_slug(name, folded)
        while slug in topics:
            slug = f"{slug}-{short_digest(folded)}"
        topics[slug] = Topic(slug=slug, name=name, order=UNDECLARED)
        names[folded] = slug


def _first_uses(
    combinations: Sequence[tuple[str, ...]], *lists: tuple[Sequence[Record], Sequence[int]]
) -> dict[str, datetime]:
    """When each topic was first used; records come with the numbers of their combinations."""
    first: dict[str, datetime] = {}
    for records, numbers in lists:
        # Newest first, so that the oldest record of each combination is what stays.
        oldest = dict(zip(numbers, [record.published_at for record in records], strict=True))
        for number, instant in oldest.items():
            for topic in combinations[number]:
                if topic not in first or instant < first[topic]:
                    first[topic] = instant
    return first


def _parents(
    topics: Mapping[str, Topic], names: Mapping[str, str], places: Mapping[str, Place]
) -> tuple[dict[str, str], list[Diagnostic]]:
    """The parent's slug of every topic that has one; circles are cut where they close."""
    parents: dict[str, str] = {}
    problems: list[Diagnostic] = []
    for slug, topic in topics.items():
        if not topic.parent:
            continue
        parent = names.get(fold(topic.parent))
        if parent is None:
            problems.append(
                Diagnostic(
                    "unknown-parent",
                    Severity.WARNING,
                    f"the parent {topic.parent!r} of topic {topic.name!r} is no topic",
                    places[topic.name],
                    "declare the parent, or correct its name",
                )
            )
            continue
        above: str | None = parent
        while above is not None and above != slug:
            above = parents.get(above)
        if above == slug:
            problems.append(
                Diagnostic(
                    "topic-circle",
                    Severity.WARNING,
                    f"topic {topic.name!r} is its own ancestor",
                    places[topic.name],
                    "remove one of the parents",
                )
            )
            continue
        parents[slug] = parent
    return parents, problems


def _roots(
    topics: Mapping[str, Topic],
    parents: Mapping[str, str],
    names: Mapping[str, str],
    root_name: str,
) -> frozenset[str]:
    """The topic that stands for the whole digest, if any: the configured one, or the only
    declared one without a parent, when others are below it. Several at the top are sections."""
    if root_name:
        slug = names.get(fold(root_name))
        return frozenset((slug,)) if slug else frozenset()
    tops = {slug for slug, topic in topics.items() if topic.declared and slug not in parents}
    return frozenset(tops) if len(tops) == 1 and tops & set(parents.values()) else frozenset()


def _unknown_root(root_name: str, topics: Mapping[str, Topic]) -> Diagnostic:
    from difflib import get_close_matches

    near = get_close_matches(root_name, [topic.name for topic in topics.values()], n=1)
    return Diagnostic(
        "unknown-root-topic",
        Severity.WARNING,
        f"site.root_topic is {root_name!r}, which is no topic",
        Place(CONFIG),
        f"did you mean {near[0]!r}?" if near else "declare it in content/topics/, or remove it",
    )


def _tree_order(topics: Mapping[str, Topic], parents: Mapping[str, str]) -> list[str]:
    """All slugs, each parent followed by its children; siblings by order, name, slug."""
    children: dict[str, list[str]] = {}
    for slug in topics:
        children.setdefault(parents.get(slug, ""), []).append(slug)
    for siblings in children.values():
        siblings.sort(key=lambda slug: (topics[slug].order, topics[slug].name.casefold(), slug))
    ordered: list[str] = []
    waiting = list(reversed(children.get("", [])))
    while waiting:
        slug = waiting.pop()
        ordered.append(slug)
        waiting.extend(reversed(children.get(slug, [])))
    return ordered


def _lead(ids: Sequence[str], records: Mapping[str, Record]) -> str:
    """The best of the records (newest first) that are at most a week older than the newest."""
    if not ids:
        return ""
    newest = records[ids[0]].published_at
    recent = itertools.takewhile(
        lambda each: newest - records[each].published_at < LEAD_WINDOW, ids
    )
    return min(recent, key=lambda each: by_rank(records[each]))


def _with_ancestors(slugs: Sequence[str], parents: Mapping[str, str]) -> dict[str, None]:
    found: dict[str, None] = {}
    for slug in slugs:
        above: str | None = slug
        while above is not None and above not in found:
            found[above] = None
            above = parents.get(above)
    return found
