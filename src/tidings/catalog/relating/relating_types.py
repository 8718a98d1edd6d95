"""What relating takes and gives: the inputs and outputs of `related`, free of the page's types.

There are many of them and they form no cycles, so the garbage collector need not look at them.
"""

from __future__ import annotations

import msgspec

from tidings.model.catalog import RelatedItem


class Relatable(msgspec.Struct, frozen=True, gc=False):
    """One record, as far as likeness to others depends on it."""

    id: str
    """Unique; the last tie-break."""
    title: str
    instant: int
    """Publication, in seconds since 1970 (UTC)."""
    excerpt: str = ""
    topics: tuple[str, ...] = ()
    """Display names; a topic of nearly all records counts for nothing."""
    provider: str = ""
    """The outlet's name; it is taken off the end of the title."""
    urls: tuple[str, ...] = ()
    """The article's own normalised URLs."""
    coverage_urls: tuple[str, ...] = ()
    """Normalised URLs of other outlets' coverage."""
    coverage_titles: tuple[str, ...] = ()


class RelatedOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How related articles are chosen."""

    enabled: bool = True
    count: int = 5
    """Related articles of each record, at most."""
    minimum_score: int = 100
    """Scores run from 0 to 1000; what is below this is not shown."""
    half_life_days: int = 60
    """Records this far apart count half; see `weights.closeness`. 0: time does not count."""
    topic_weight: int = 50
    """Percent of likeness that is lost without a shared topic."""
    coverage_weight: int = 50
    """Percent by which a shared URL brings a pair nearer to equal; time does not lessen it."""
    provider_weight: int = 32
    """How much the outlet's name counts beside a word of the title, which counts about 40."""
    fill_below: int = 200
    """On sites of fewer records, free places go to the newest records of a shared topic."""


RelatedLink = RelatedItem
"""One related record, as the catalog has it: a score of 0 to 1000, which is 0 for a place that
was filled by topic alone; a reason, which is `same-story`, `shared-coverage`, `topic` or
`similar`; and a detail: the topic's name for `topic`, the shared words for `similar`, otherwise
empty."""


class SharedTerm(msgspec.Struct, frozen=True):
    """A term that two records share."""

    term: str
    """As the index keeps it: a stem, two stems written together, or `@` and an outlet's
    name."""
    own: int
    """What it adds to the likeness of the records' own texts, in 1024ths."""
    enriched: int
    """The same after both have taken on the terms of their nearest."""


class PairExplanation(msgspec.Struct, frozen=True):
    """Why two records are, or are not, related."""

    score: int
    """0 to 1000, as in `RelatedLink`."""
    own_text: int
    """Likeness of the records' own texts, in 1024ths."""
    enriched_text: int
    """The same after both have taken on the terms of their nearest."""
    topic_factor: int
    """What topics leave of it, in 1024ths."""
    closeness: int
    """What nearness in time leaves of that, in 1024ths."""
    shared_url: bool
    terms: tuple[SharedTerm, ...]
    """Shared terms, weightiest first."""
    common: tuple[str, ...]
    """Ids of the records that both took terms from, nearest first."""
