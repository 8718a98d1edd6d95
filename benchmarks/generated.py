"""Made-up records that behave like a news digest's: for timing only, never for accuracy."""

from __future__ import annotations

import itertools
import random

from tidings.catalog.relating.relating_types import Relatable

HOUR = 3600
START = 1_600_000_000
SYLLABLES = [a + b for a in "bcdfghjklmnprstvwz" for b in "aeiou"]


def generated_records(count: int, seed: int = 1) -> list[Relatable]:
    """Records one hour apart: stories of a few days, words by Zipf's law, names of their
    own."""
    chance = random.Random(seed)
    words = _vocabulary(chance, 20_000)
    weights = list(itertools.accumulate(1 / (rank + 10) for rank in range(len(words))))
    topics = [f"Topic {number}" for number in range(60)]
    topic_words = {topic: chance.sample(words[100:], 60) for topic in topics}
    providers = [f"Outlet {number}" for number in range(400)]
    running: list[tuple[list[str], str]] = []
    records = []
    for number in range(count):
        # Half of the records open a story; stories stay open for about two weeks of records.
        if not running or chance.random() < 0.4:
            topic = chance.choices(topics, range(60, 0, -1))[0]
            names = [name.capitalize() for name in _vocabulary(chance, 2)]
            subject = names + chance.sample(topic_words[topic], 4)
            running.append((subject, topic))
            running = running[-120:]
            story = running[-1]
        else:
            story = running[-1 - min(int(chance.expovariate(1 / 25)), len(running) - 1)]
        subject, topic = story
        common = chance.choices(words, cum_weights=weights, k=30)
        title = chance.sample(subject, 4) + chance.sample(topic_words[topic], 2) + common[:4]
        chance.shuffle(title)
        excerpt = chance.sample(subject, 3) + chance.sample(topic_words[topic], 4)
        excerpt += common[4:22]
        chance.shuffle(excerpt)
        records.append(
            Relatable(
                id=f"{number:06}.md",
                title=" ".join(title),
                excerpt=" ".join(excerpt),
                topics=("Everything", topic, *chance.sample(topics, chance.randrange(2))),
                instant=START + number * HOUR,
                provider=chance.choices(providers, range(400, 0, -1))[0],
                urls=(f"https://outlet.example/{number}",),
            )
        )
    return records


def _vocabulary(chance: random.Random, count: int) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < count:
        found["".join(chance.choices(SYLLABLES, k=chance.choice((2, 3, 3, 4))))] = None
    return list(found)
