"""Links after a change, asked for again only where it leads, are those from nothing."""

from __future__ import annotations

import random
from datetime import timedelta

import msgspec
import pytest
from story_records import listed, record

from tidings.catalog.duplicates import merge_duplicates
from tidings.catalog.storytelling import links as links_module
from tidings.catalog.storytelling import relinking
from tidings.catalog.storytelling.links import link_by_urls
from tidings.catalog.storytelling.relinking import Named, name_urls, relink
from tidings.catalog.storytelling.retelling import places_now
from tidings.model.record import Record

WINDOW = timedelta(days=7)


def url(dice: random.Random) -> str:
    return f"{dice.choice('abcdefgh')}.example/{dice.randrange(9)}"


def some_record(name: str, dice: random.Random) -> Record:
    """A record with one URL or two, which others may have or list."""
    entries = [
        listed(url(dice), days=dice.choice((None, 0, 5, 90))) for _ in range(dice.randrange(3))
    ]
    title = f"Arlo {dice.choice(('wave 2', 'wave 3', 'votes'))}"
    made = record(name, title, dice.randrange(240), *entries, quality=dice.randrange(3))
    keys = dict.fromkeys(url(dice) for _ in range(dice.choice((1, 1, 2))))
    return msgspec.structs.replace(made, url_keys=tuple(keys))


@pytest.mark.parametrize("seed", range(80))
def test_links_after_any_edits_are_those_from_nothing(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    dice = random.Random(seed)
    monkeypatch.setattr(relinking, "SHARE", 1)
    monkeypatch.setattr(links_module, "MOST_LISTERS", dice.choice((2, 3, 16)))
    site = {f"r{n}": some_record(f"r{n}", dice) for n in range(dice.randrange(4, 40))}
    before: list[Record] = []
    links: list[links_module.UrlLink] = []
    owners: dict[str, str] = {}
    named: Named = {}
    for turn in range(8):
        merged = merge_duplicates(list(site.values()))
        records = sorted(merged.records, key=lambda each: (each.published_at, each.id))
        named, at = name_urls(records, named), places_now(before, records)
        links = relink(links, before, owners, records, merged.owners, named, at, WINDOW)
        assert links == link_by_urls(records, merged.owners, WINDOW)
        before, owners = records, merged.owners
        for name in dice.sample(sorted(site), min(len(site), dice.randrange(3))):
            if dice.randrange(4):
                site[name] = some_record(name, dice)
            else:
                del site[name]
        site[f"n{turn}"] = some_record(f"n{turn}", dice)
