"""What readers find while publishes are cut off, continued and replaced by others: all links.

A target in memory is brought forward step by step, those of one stage in any order, as
concurrent uploads do it. After each step, whoever starts at the front finds what pages name.
"""

from __future__ import annotations

import json
import random
from typing import NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_publish_order import ARTICLE, NEW_ARTICLE, NEW_STYLE, NOW, STYLE, upload_of

from tidings.output.manifest import digest_of
from tidings.publish.changes import HOUR, There, compare, unknown_paths
from tidings.publish.published import Sent, read_pending, read_published
from tidings.publish.target import MANIFEST, PENDING

OTHERS = (ARTICLE, NEW_ARTICLE, "2024/01/03/c/index.html", "topics/t/index.html", "feed.xml")
Site = dict[str, bytes]
"""Files by path; a page's bytes are a JSON list of the paths that it names."""


class Cut(NamedTuple):
    """A publish of this site that ends after so many steps."""

    site: Site
    steps: int


@st.composite
def sites(draw: st.DrawFn) -> Site:
    """A front and some pages and assets, each page naming some of the others."""
    paths = ["index.html", *draw(st.lists(st.sampled_from((*OTHERS, STYLE, NEW_STYLE))))]
    named = st.lists(st.sampled_from(sorted(set(paths))), max_size=4)
    return {
        path: b"[]" if path in (STYLE, NEW_STYLE) else json.dumps(sorted(draw(named))).encode()
        for path in sorted(set(paths))
    }


def missing(target: dict[str, bytes]) -> list[tuple[str, str]]:
    """Pages that readers come to from the front, each with what it names and is not there."""
    seen, queue, broken = {"index.html"}, ["index.html"], []
    while queue:
        page = queue.pop()
        for path in json.loads(target.get(page, b"[]")):
            if path not in target:
                broken.append((page, path))
            elif path not in seen:
                seen.add(path)
                queue.append(path)
    return broken


def publish_until(target: dict[str, bytes], cut: Cut, now: int, dice: random.Random) -> None:
    """One publish, cut off; readers look at the target after each of its steps."""
    built = {path: Sent(digest_of(data), len(data)) for path, data in cut.site.items()}
    published = read_published(target.get(MANIFEST))
    pending = read_pending(target.get(PENDING))
    asked = unknown_paths(built, published, pending)
    found = {path: digest_of(target[path]) for path in asked if path in target}
    left = cut.steps
    for stage in upload_of(compare(built, There(published, pending, found), now), built).stages:
        steps: list[tuple[str, bytes | None]] = [
            (put.path, cut.site[put.path] if put.data is None else put.data)
            for put in stage.puts
        ]
        steps += [(path, None) for path in stage.deletes]
        dice.shuffle(steps)
        for path, data in steps:
            if left == 0:
                return
            left -= 1
            if data is None:
                target.pop(path, None)
            else:
                target[path] = data
            assert missing(target) == [], (stage.kind, path)


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.builds(Cut, sites(), st.integers(0, 14)), min_size=1, max_size=5),
    st.randoms(use_true_random=False),
)
def test_readers_find_every_link_after_any_row_of_cut_off_publishes(
    cuts: list[Cut], dice: random.Random
) -> None:
    target: dict[str, bytes] = {}
    for number, cut in enumerate(cuts):
        publish_until(target, cut, NOW + number * 10 * HOUR, dice)
