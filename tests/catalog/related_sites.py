"""Made-up sites for tests of related articles: few words, so that nearly all is alike."""

from __future__ import annotations

import importlib.util
import random
from collections.abc import Sequence

import pytest
from hypothesis import strategies as st

from tidings.catalog.relating.kept import KeptRelations
from tidings.catalog.relating.related import Relatable, RelatedOptions, relate_plainly

DAY = 86_400
NOW = 1_605_600_000
DEFAULTS = RelatedOptions()

WORDS = (
    "police Orleans facial recognition stocks China Fed Google phone launch iPhone 7.1 US the "
    "of bank Sprint T-Mobile merger storms recalls recalled Jeep naïve 東京で地震 नमस्ते Штормы "
    "5 2014"
).split(" ")
TOPICS = ("Everything", "Vision", "Markets", "Phones")
texts = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)


@st.composite
def sites(draw: st.DrawFn) -> list[Relatable]:
    """Small sites with few words, so that nearly everything is alike and ties abound."""
    items = []
    for number in range(draw(st.integers(0, 30))):
        items.append(
            Relatable(
                id=f"{number}.md",
                title=draw(texts),
                excerpt=draw(st.one_of(st.just(""), texts)),
                topics=tuple(draw(st.sets(st.sampled_from(TOPICS), max_size=3))),
                instant=NOW + draw(st.integers(0, 400)) * DAY // 2,
                provider=draw(st.sampled_from(("", "Reuters", "The Lens"))),
                urls=(f"https://a.example/{draw(st.integers(0, 30))}",),
                coverage_urls=tuple(
                    f"https://a.example/{draw(st.integers(0, 30))}"
                    for _ in range(draw(st.integers(0, 1)))
                ),
                coverage_titles=tuple(draw(st.lists(texts, max_size=1))),
            )
        )
    return items


def some_site(count: int, chance: random.Random, words: int = 60) -> list[Relatable]:
    """Records of few words by a steep law, of a few topics, over a year."""
    known = [f"word{number}" for number in range(words)]
    weights = [1 / (rank + 2) for rank in range(words)]
    return [
        Relatable(
            id=f"{number:04}.md",
            title=" ".join(chance.choices(known, weights, k=6)),
            excerpt=" ".join(chance.choices(known, weights, k=8)),
            topics=("Everything", chance.choice(TOPICS)),
            instant=NOW + number * DAY,
            urls=(f"a.example/{chance.randrange(count)}",),
        )
        for number in range(count)
    ]


def links_of(items: Sequence[Relatable], chosen: RelatedOptions = DEFAULTS) -> object:
    """The links by the definition, in their order."""
    return list(relate_plainly(items, chosen).items())


def written(kept: KeptRelations | None) -> KeptRelations | None:
    """What another process would read."""
    if kept is None:
        return None
    parts = kept.parts
    return KeptRelations.read(bytes(parts.settled), bytes(parts.changes))


options = st.builds(
    RelatedOptions,
    count=st.sampled_from((0, 1, 5)),
    minimum_score=st.sampled_from((0, 100, 400)),
    half_life_days=st.sampled_from((0, 10, 60)),
    topic_weight=st.sampled_from((0, 50, 100)),
    coverage_weight=st.sampled_from((0, 50)),
    provider_weight=st.sampled_from((0, 32)),
    fill_below=st.sampled_from((0, 20, 200)),
)

FASTS = [
    pytest.param(10_000, id="plain"),
    pytest.param(
        1,
        id="fast",
        marks=pytest.mark.skipif(
            importlib.util.find_spec("scipy") is None, reason="the fast way needs SciPy"
        ),
    ),
]
