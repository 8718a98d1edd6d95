"""The site's own related articles of each record: the sidebar "More on this"."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from tidings.catalog.rank import by_time
from tidings.catalog.topics import Taxonomy
from tidings.model.catalog import CoverageItem, RelatedItem
from tidings.model.config import RelatedConfig
from tidings.model.record import Record

WORD = re.compile(r"\w{3,}")


def relate_records(
    records: Sequence[Record],
    coverage: Mapping[str, tuple[CoverageItem, ...]],
    taxonomy: Taxonomy,
    config: RelatedConfig,
) -> dict[str, tuple[RelatedItem, ...]]:
    """For each record, the others that are nearest to it, best first."""
    del coverage
    if not config.enabled:
        return {}
    features = {record.id: _features(record, taxonomy) for record in records}
    shelves: dict[str, list[Record]] = {}
    for record in records:
        for feature in features[record.id]:
            shelves.setdefault(feature, []).append(record)
    related: dict[str, tuple[RelatedItem, ...]] = {}
    for record in records:
        scores: dict[str, int] = {}
        by_id: dict[str, Record] = {}
        for feature in features[record.id]:
            weight = int(100 * math.log2(1 + len(records) / len(shelves[feature])))
            for other in shelves[feature]:
                scores[other.id] = scores.get(other.id, 0) + weight
                by_id[other.id] = other
        scores.pop(record.id, None)
        best = sorted(scores, key=lambda other: (-scores[other], by_time(by_id[other])))
        items = tuple(
            RelatedItem(other, scores[other], "similar") for other in best[: config.count]
        )
        if items:
            related[record.id] = items
    return related


def _features(record: Record, taxonomy: Taxonomy) -> dict[str, None]:
    words = (f"word {word}" for word in WORD.findall(record.title.casefold()))
    topics = (f"topic {slug}" for slug in taxonomy.record_topics.get(record.id, ()))
    urls = (f"url {key}" for key in record.url_keys)
    covered = (f"url {entry.url_key}" for entry in record.coverage)
    return dict.fromkeys((*words, *topics, *urls, *covered))
