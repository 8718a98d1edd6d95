"""A digest of generated records.

The same arguments give the same bytes on every machine, and records are written one by one,
however many. They have the sizes and the trouble of real ones: 3 to 4 KB on average, 0 to 5
`related`, 20 topics, 200 providers, a year of dates, stories that several outlets report, text
that is not ASCII, Markdown bodies in a third, `published: false` in a fifth.
"""

from __future__ import annotations

import base64
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

TOPICS = 20
PROVIDERS = 200
START = datetime(2025, 1, 1, tzinfo=UTC)
DAYS = 365
MINUTE = timedelta(minutes=1)
SPREAD = timedelta(hours=30)
"""Within this time all outlets report a story."""
SHOWN = 70
"""Least heat of a published record, as in real digests."""

SYLLABLES = """
    ba be bo da de di fo ga ge ha jo ka ke ki la le li lo ma me mi mo na ne no pa pe po ra
    re ri ro sa se si so ta te ti to va ve vi wa za ze fü gö ñá çe šo ží ån
""".split()
PLAIN = """
    after against agency amid announces army bank before bill board buys calls chief city
    claims company council court cuts data deal delays demands drops election energy expands
    faces farm fears files finds fire firm first flood for fund government grows health hits
    holds hospital inquiry in joins judge keeps launches law leader limits loses market
    minister moves names new offers on opens over parliament plan police port power price
    probe raises rally record report rise river rules says school seeks sells shares slow
    strike study sues talks tax tests to trade train union urges vote warns water wins with
    workers
""".split()


def name_of(chance: random.Random) -> str:
    """A made-up proper name."""
    return "".join(chance.choice(SYLLABLES) for _ in range(chance.randint(2, 4))).capitalize()


def different_names(chance: random.Random, count: int) -> list[str]:
    """So many made-up names, no two alike."""
    found: dict[str, None] = {}
    while len(found) < count:
        found[name_of(chance)] = None
    return list(found)


class World:
    """The names that all records draw from."""

    def __init__(self, seed: int, records: int) -> None:
        chance = random.Random(seed)
        self.names = [name_of(chance) for _ in range(max(400, records // 8))]
        self.topics = different_names(chance, TOPICS)
        self.providers = [(name_of(chance), f"outlet{n}.example") for n in range(PROVIDERS)]


def sentence(chance: random.Random, names: list[str], words: int) -> str:
    """Words of the common stock with some of the story's names among them."""
    parts = [
        chance.choice(names) if chance.random() < 0.25 else chance.choice(PLAIN)
        for _ in range(words)
    ]
    return " ".join(parts)


def title_of(chance: random.Random, names: list[str], verbs: list[str]) -> str:
    """A headline of the story: its names and words, in an order of the outlet's own."""
    words = [*chance.sample(names, 2), *chance.sample(verbs, 4), chance.choice(PLAIN)]
    chance.shuffle(words)
    return " ".join(words).capitalize()


def body_of(chance: random.Random, names: list[str]) -> str:
    """A Markdown body with a heading, a list, a quote and a link."""
    paragraphs = [
        sentence(chance, names, 60).capitalize() + "." for _ in range(chance.randint(2, 4))
    ]
    return "\n\n".join(
        (
            paragraphs[0],
            "## " + sentence(chance, names, 4).capitalize(),
            *paragraphs[1:],
            "\n".join(f"- {sentence(chance, names, 8)}" for _ in range(3)),
            f"> {sentence(chance, names, 14)}",
            f"More [at the source](https://outlet0.example/{chance.randrange(10**6)}).",
        )
    )


def records_of(count: int, seed: int) -> Iterator[tuple[str, str]]:
    """Path below `content/news` and text of each record, story by story, in no order of time.

    There is a folder for each day, so that no folder gets too large for any tool.
    """
    world = World(seed, count)
    chance = random.Random(seed + 1)
    made = 0
    story = 0
    while made < count:
        story += 1
        size = min(count - made, chance.choices((1, 2, 3, 5), (70, 16, 10, 4))[0])
        names = chance.sample(world.names, 4)
        verbs = chance.sample(PLAIN, 6)
        latest = timedelta(days=DAYS) - SPREAD
        first = START + timedelta(minutes=chance.randrange(latest // MINUTE))
        topics = [world.topics[0], *chance.sample(world.topics[1:], chance.randint(1, 3))]
        urls = [
            f"https://outlet{chance.randrange(PROVIDERS)}.example/{story}/{n}" for n in range(6)
        ]
        for _ in range(size):
            instant = first + timedelta(minutes=chance.randrange(SPREAD // MINUTE))
            yield record_of(chance, world, made, instant, names, verbs, topics, urls)
            made += 1


def record_of(
    chance: random.Random,
    world: World,
    number: int,
    instant: datetime,
    names: list[str],
    verbs: list[str],
    topics: list[str],
    urls: list[str],
) -> tuple[str, str]:
    """One record of a story."""
    title = title_of(chance, names, verbs)
    outlet, domain = chance.choice(world.providers)
    related = chance.randint(0, 5)
    quality = chance.randint(11, 150)
    published = chance.random() >= 0.2
    heat = max(quality + 10 * related, SHOWN) if published else 40
    lines = [
        "---",
        "category: news",
        f'title: "{title}"',
        f'excerpt: "{sentence(chance, names, 32).capitalize()}."',
        f"publishedDateTime: {instant:%Y-%m-%dT%H:%M:%SZ}",
        f'originalUrl: "https://www.{domain}/{number}"',
        f'webUrl: "https://www.{domain}/{number}"',
        "type: article",
        f"quality: {quality}",
        f"heat: {heat}",
        f"published: {str(published).lower()}",
        "",
        "provider:",
        f"  name: {outlet}",
        f"  domain: {domain}",
        "",
        "topics:",
        *(f"  - {topic}" for topic in topics),
        "",
        "images:",
        f'  - url: "https://cdn.{domain}/{number}.jpg"',
        "    width: 1200",
        "    height: 675",
        "    isCached: true",
    ]
    if related:
        lines += ["", "related:"]
        for url in chance.sample(urls, related):
            other, host = chance.choice(world.providers)
            lines += [
                f'  - title: "{title_of(chance, names, verbs)}"',
                f'    excerpt: "{sentence(chance, names, 22).capitalize()}."',
                f"    publishedDateTime: {instant:%Y-%m-%dT%H:%M:%SZ}",
                f'    webUrl: "{url}"',
                "    type: article",
                "    provider:",
                f"      name: {other}",
                f"      domain: {host}",
                f"    quality: {chance.randint(11, 150)}",
            ]
    secret = base64.b64encode(chance.randbytes(600)).decode()
    lines += ["", f'secured: "{secret};{secret[:24]}"', "---", ""]
    if number % 3 == 0:
        lines += [body_of(chance, names), ""]
    return f"{instant:%Y/%m/%d/%Y-%m-%d}-record-{number:07}.md", "\n".join(lines)


def write_digest(folder: Path, count: int, seed: int) -> None:
    """The digest in `folder/content/news`, and a config beside it."""
    made: set[Path] = set()
    for name, text in records_of(count, seed):
        file = folder / "content" / "news" / name
        if file.parent not in made:
            file.parent.mkdir(parents=True, exist_ok=True)
            made.add(file.parent)
        file.write_text(text, encoding="utf-8", newline="\n")
    # Without search: no other generator in the comparison makes an index.
    config = '[site]\ntitle = "Generated"\n\n[search]\nenabled = false\n'
    (folder / "tidings.toml").write_text(config, encoding="utf-8")
