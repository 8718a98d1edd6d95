"""Kept stories where a change bears upon words of records that nobody edited."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from story_records import encoded, record

from tidings.catalog.storytelling.kept import KeptStories, decode_kept, digest_records
from tidings.catalog.storytelling.pairing import Verdicts, survey
from tidings.catalog.storytelling.stories import Stories, keep_stories, make_stories
from tidings.catalog.storytelling.updating import keep_pairs
from tidings.model.config import StoriesConfig
from tidings.model.record import Record

WEEK = 7 * 86_400


def through(sites: Sequence[Sequence[Record]], config: StoriesConfig) -> list[Stories]:
    """The stories of each site, made of what is kept of the one before it."""
    found: list[Stories] = []
    kept: KeptStories | None = None
    for records in sites:
        before = decode_kept(kept.encode()) if kept is not None else None
        stories, kept, _ = keep_stories(records, {}, {}, config, before)
        assert encoded(stories) == encoded(make_stories(records, {}, {}, config))
        found.append(stories)
    return found


@pytest.mark.parametrize(
    ("titles", "holders", "size", "likeness"),
    [
        (("Quake harbour bridge tunnel", "Quake harbour Brin Cato"), 0, 63, 895),
        (("early Dova Cato", "Dova tunnel town vote early"), 7, 71, 320),
    ],
    ids=["doubled", "one in eight"],
)
def test_words_tell_more_when_others_come_that_do_not_have_them(
    titles: tuple[str, str], holders: int, size: int, likeness: int
) -> None:
    """Any word on a site that has doubled; a name, when only so many of all have it."""
    records = [record(f"r{n}", title, n) for n, title in enumerate(titles)]
    records += [record(f"k{n}", f"L{n}ocal Dova K{n}", 200 * n + 999) for n in range(holders)]
    records += [record(f"x{n}", f"T{n}own solo{n} X{n}", -200 * n - 200) for n in range(size)]
    sites = [records[:count] for count in (size, size + 1, size)]
    found = through(sites, StoriesConfig(likeness=likeness))
    assert ["r0.md" in stories for stories in found] == [False, True, False]


def test_a_name_is_a_common_word_as_long_as_more_write_it_small() -> None:
    """Those that write it so are far away, and records of other events."""
    pair = [record("a", "Old Quokka opens bridge"), record("b", "The Quokka at the bridge", 1)]
    rest = [record(f"x{n}", f"T{n}own solo{n} X{n}", -200 * n - 2000) for n in range(30)]
    small = [record(f"s{n}", f"a quokka was seen by h{n}im", 200 * n + 999) for n in range(3)]
    large = record("l", "seen by some the Quokka", 3999)
    kept: KeptStories | None = None
    told: list[Verdicts] = []
    for more in (small[:1], small, [*small, large], small, small[:1]):
        verdicts, kept = kept_pairs([*pair, *rest, *more], kept)
        assert verdicts == survey(*in_order([*pair, *rest, *more]), WEEK).verdicts
        told.append(verdicts)
    assert told[0] != told[1] == told[3] != told[2]


def test_words_of_one_checksum_are_two_words() -> None:
    """CRC-32 gives the first ones of these titles the same number."""
    records = [
        record("a", "Plumless town", -999),
        *(record(f"x{n}", f"T{n}own solo{n} X{n}", -200 * n - 2000) for n in range(20)),
        record("b", "Arlo quake"),
        record("c", "Buckeroo: quake in Arlo", 1),
    ]
    kept: KeptStories | None = None
    for present in (records[:-1], records):
        verdicts, kept = kept_pairs(present, kept)
        assert verdicts == survey(*in_order(present), WEEK).verdicts
    assert verdicts


def kept_pairs(
    records: Sequence[Record], kept: KeptStories | None
) -> tuple[Verdicts, KeptStories]:
    ordered, seconds = in_order(records)
    return keep_pairs(ordered, seconds, digest_records(ordered, seconds), WEEK, kept)


def in_order(records: Sequence[Record]) -> tuple[list[Record], list[int]]:
    """The records, oldest first, and their instants."""
    ordered = sorted(records, key=lambda each: (each.published_at, each.id))
    return ordered, [int(each.published_at.timestamp()) for each in ordered]
