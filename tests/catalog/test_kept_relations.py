"""What a build keeps of related articles for the next: it saves time and changes nothing."""

from __future__ import annotations

import importlib.util
import random
import subprocess
import sys
from datetime import UTC, datetime
from types import SimpleNamespace
from unittest import mock

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from related_sites import FASTS, NOW, links_of, options, sites, some_site, written

from tidings.catalog.more import relate_kept_records, relate_records
from tidings.catalog.relating import kept as kept_module
from tidings.catalog.relating import sums
from tidings.catalog.relating.kept import KeptRelations, relate_kept
from tidings.catalog.relating.related import (
    Relatable,
    RelatedLink,
    RelatedOptions,
)
from tidings.model.config import RelatedConfig
from tidings.model.record import Record

OPTIONS = RelatedOptions()


@pytest.fixture(params=FASTS)
def _both_ways(request: pytest.FixtureRequest) -> object:
    """With small sites made from nothing plainly, and with SciPy."""
    with mock.patch("tidings.catalog.relating.related.WORTH_IMPORTING", request.param):
        yield


@pytest.mark.usefixtures("_both_ways")
@settings(max_examples=40, deadline=None)
@given(sites(), options, st.data())
def test_links_after_any_edits_are_those_from_nothing(
    items: list[Relatable], chosen: RelatedOptions, data: st.DataObject
) -> None:
    """Records come, change and go, with builds in between, in one process or in several."""
    start = data.draw(st.integers(0, len(items)))
    present = {item.id: item for item in items[:start]}
    links, kept = relate_kept(present.values(), chosen)
    assert list(links.items()) == links_of(list(present.values()), chosen)
    for item in items[start:][:4]:
        if present and data.draw(st.booleans()):
            id_ = data.draw(st.sampled_from(sorted(present)))
            if data.draw(st.booleans()):
                del present[id_]
            else:
                present[id_] = msgspec.structs.replace(item, id=id_)
        present[item.id] = item
        if data.draw(st.booleans()):
            kept = written(kept)
        links, kept = relate_kept(present.values(), chosen, kept)
        assert list(links.items()) == links_of(list(present.values()), chosen)


@pytest.mark.usefixtures("_both_ways")
@pytest.mark.parametrize("seed", range(3))
def test_links_are_right_on_both_sides_of_every_step(seed: int) -> None:
    """Words, topics and the site itself grow past the counts at which weights step, and
    shrink back."""
    chance = random.Random(seed)
    items = some_site(150, chance)
    present, rest = items[:50], items[50:]
    kept = None
    for size in (50, 63, 64, 65, 90, 127, 129, 120, 66, 62, 140):
        while len(present) < size:
            present.append(rest.pop())
        while len(present) > size:
            rest.append(present.pop(chance.randrange(len(present))))
        place = chance.randrange(size)
        title = chance.choice(items).title
        present[place] = msgspec.structs.replace(present[place], title=title)
        links, kept = relate_kept(present, OPTIONS, written(kept))
        assert list(links.items()) == links_of(present)


@pytest.mark.usefixtures("_both_ways")
def test_a_change_is_worked_in_without_starting_from_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A new title, a new record, two that go: each of them builds on what was kept."""
    items = some_site(140, random.Random(1), 400)
    _, kept = relate_kept(items[:-1], OPTIONS)
    monkeypatch.setattr(kept_module, "settle", mock.Mock(side_effect=AssertionError))
    changed = [msgspec.structs.replace(items[0], title="word3 word300 slip"), *items[1:-1]]
    every = [*changed, items[-1]]
    for present in (changed, every, every[1:], every[2:]):
        links, kept = relate_kept(present, OPTIONS, written(kept))
        assert kept is not None
        assert not kept.is_stored
        assert list(links.items()) == links_of(present)


@pytest.mark.usefixtures("_both_ways")
def test_a_build_without_a_change_has_nothing_to_write() -> None:
    """Neither the order of the records nor a second reading makes anything new."""
    items = some_site(70, random.Random(2))
    links, kept = relate_kept(items, OPTIONS)
    again, read = relate_kept(items[::-1], OPTIONS, written(kept))
    assert kept is not None
    assert read is not None
    assert again == links
    assert read.is_stored
    assert read.parts == kept.parts
    assert relate_kept(items, OPTIONS, read)[1] is read


@pytest.mark.usefixtures("_both_ways")
def test_a_process_that_lives_on_reads_what_is_kept_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As long as nothing changes; other options or another record are never answered by it."""
    items = some_site(60, random.Random(3))
    _, kept = relate_kept(items, RelatedOptions())
    again = written(kept)
    first, same = relate_kept(items, RelatedOptions(), again)
    asked: list[int] = []
    unpack = kept_module.unpack_changes

    def watched(data: bytes) -> object:
        asked.append(len(data))
        return unpack(data)

    monkeypatch.setattr(kept_module, "unpack_changes", watched)
    assert relate_kept(reversed(items), RelatedOptions(), same)[0] == first
    assert not asked
    other = RelatedOptions(count=2)
    assert relate_kept(items, other, same)[0] == dict(links_of(items, other))
    changed = [msgspec.structs.replace(items[0], title=items[1].title), *items[1:]]
    found = relate_kept(changed, RelatedOptions(), same)[0]
    assert found == dict(links_of(changed, RelatedOptions()))


def test_damage_never_shows() -> None:
    """Whatever byte is wrong in either file, or how much is missing, the links are right."""
    chance = random.Random(3)
    items = some_site(60, chance)
    _, kept = relate_kept(items[:-1], OPTIONS)
    _, kept = relate_kept(items, OPTIONS, kept)
    assert kept is not None
    files = bytes(kept.parts.settled), bytes(kept.parts.changes)
    changed = [*items[:-1], msgspec.structs.replace(items[-1], title="word1 word2")]
    right = {True: links_of(items), False: links_of(changed)}
    for number in range(60):
        which = number % 2
        bad = bytearray(files[which])
        if bad and number % 10 < 8:
            bad[chance.randrange(len(bad))] ^= 1 << chance.randrange(8)
        else:
            bad = bad[: chance.randrange(len(bad) + 1)]
        pair = (bytes(bad), files[1]) if which == 0 else (files[0], bytes(bad))
        same = chance.random() < 0.5
        links, after = relate_kept(
            items if same else changed, OPTIONS, KeptRelations.read(*pair)
        )
        assert list(links.items()) == right[same]
        # What is kept next is whole again.
        again, _ = relate_kept(items, OPTIONS, written(after))
        assert list(again.items()) == right[True]


@pytest.mark.usefixtures("_both_ways")
def test_what_was_kept_under_other_options_or_by_other_code_is_not_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Options count to the last one; so does every line that links depend on."""
    items = some_site(60, random.Random(4))
    _, kept = relate_kept(items, OPTIONS)
    other = RelatedOptions(half_life_days=10)
    for state in (kept, written(kept)):
        assert list(relate_kept(items, other, state)[0].items()) == links_of(items, other)
    settle = mock.Mock(wraps=kept_module.settle)
    monkeypatch.setattr(kept_module, "settle", settle)
    monkeypatch.setattr(kept_module, "relating_version", lambda: "another")
    relate_kept(items, OPTIONS, written(kept))
    assert settle.called


@pytest.mark.parametrize("_both_ways", FASTS[1:], indirect=True)
@pytest.mark.usefixtures("_both_ways")
def test_files_of_two_builds_are_not_mixed() -> None:
    """The small file names the large one that it belongs to."""
    items = some_site(70, random.Random(5))
    _, first = relate_kept(items[:60], OPTIONS)
    _, other = relate_kept(items[5:], OPTIONS)
    assert first is not None
    assert other is not None
    assert first.parts.identity != other.parts.identity
    changed = [msgspec.structs.replace(items[5], title=items[9].title), *items[6:]]
    _, later = relate_kept(changed, OPTIONS, other)
    assert later is not None
    for small, present in ((other, items[5:]), (later, changed), (later, items)):
        mixed = KeptRelations.read(first.parts.settled, small.parts.changes)
        links, _ = relate_kept(present, OPTIONS, mixed)
        assert list(links.items()) == links_of(present)


@pytest.mark.usefixtures("_both_ways")
def test_an_older_state_stays_as_good_as_it_was() -> None:
    """Two builds may go on from the same state, each its own way."""
    items = some_site(70, random.Random(6))
    _, kept = relate_kept(items[:60], OPTIONS)
    assert kept is not None
    parts = kept.parts
    for present in (items[:65], items[:55], items[:60], items[3:]):
        links, _ = relate_kept(present, OPTIONS, kept)
        assert list(links.items()) == links_of(present)
    assert kept.parts == parts


@pytest.mark.parametrize("_both_ways", FASTS[1:], indirect=True)
@pytest.mark.usefixtures("_both_ways")
def test_changes_do_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """After enough of them all is made from nothing, and the small file is small again."""
    monkeypatch.setattr(kept_module, "FEWEST", 4)
    monkeypatch.setattr(kept_module, "SHARE", 20)
    items = some_site(70, random.Random(7), 400)
    _, kept = relate_kept(items, OPTIONS)
    sizes, names = [], set()
    for number in range(12):
        title = f"word{number} slip {number}"
        items[number] = msgspec.structs.replace(items[number], title=title)
        links, kept = relate_kept(items, OPTIONS, written(kept))
        assert list(links.items()) == links_of(items)
        assert kept is not None
        sizes.append(len(kept.parts.changes))
        names.add(kept.parts.identity)
    assert 1 < len(names) < 12
    assert sizes != sorted(sizes)


def test_relating_that_is_switched_off_keeps_nothing() -> None:
    """No links, and nothing to write."""
    off = RelatedOptions(enabled=False)
    links, kept = relate_kept([Relatable("a", "Stocks slip", NOW)], off)
    assert links == {"a": ()}
    assert kept is None


def test_links_are_the_catalogs_own() -> None:
    """What is kept comes back as the very type that pages are planned from."""
    same = [Relatable(id_, "Stocks slip on data", NOW) for id_ in ("a", "b")]
    _, kept = relate_kept(same, OPTIONS)
    links, _ = relate_kept(same, OPTIONS, written(kept))
    assert links["a"] == (RelatedLink("b", 749, "same-story"),)


@pytest.mark.parametrize("_both_ways", FASTS[1:], indirect=True)
@pytest.mark.usefixtures("_both_ways")
def test_what_is_kept_is_used_without_scipy() -> None:
    """Importing it would take longer than a small change does."""
    items = some_site(40, random.Random(8), 400)
    _, kept = relate_kept(items, OPTIONS)
    assert kept is not None
    changed = [msgspec.structs.replace(items[0], title="word7 slip"), *items[1:]]
    program = """
import sys, msgspec
from tidings.catalog.relating.kept import KeptRelations, relate_kept
from tidings.catalog.relating.relating_types import Relatable, RelatedOptions
kind = tuple[list[Relatable], bytes, bytes]
read = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=kind)
links, kept = relate_kept(read[0], RelatedOptions(), KeptRelations.read(*read[1:]))
kept.parts
assert not {"numpy", "scipy"} & set(sys.modules), "imported"
sys.stdout.buffer.write(msgspec.msgpack.encode(links))
"""
    data = msgspec.msgpack.encode((changed, kept.parts.settled, kept.parts.changes))
    done = subprocess.run(
        [sys.executable, "-c", program], input=data, capture_output=True, check=True
    )
    links = msgspec.msgpack.decode(done.stdout, type=dict[str, tuple[RelatedLink, ...]])
    assert list(links.items()) == links_of(changed)


def test_a_catalogs_records_are_related_with_and_without_what_was_kept() -> None:
    """The same lists by either door; a switched-off sidebar keeps nothing."""
    records = [
        Record(
            id=id_,
            file=f"content/news/{id_}",
            title="Stocks slip on weak data",
            published_at=datetime(2024, 3, day, tzinfo=UTC),
            url=f"https://a.example/{id_}",
            url_keys=(f"a.example/{id_}",),
        )
        for day, id_ in enumerate(("a.md", "b.md"), 1)
    ]
    right = relate_records(records, {}, RelatedConfig())
    links, kept = relate_kept_records(records, {}, RelatedConfig())
    assert links == right
    assert [link.id for link in right["a.md"]] == ["b.md"]
    assert relate_kept_records(records, {}, RelatedConfig(), written(kept))[0] == right
    assert relate_kept_records(records, {}, RelatedConfig(enabled=False), kept) == ({}, None)


@pytest.mark.skipif(importlib.util.find_spec("scipy") is None, reason="needs SciPy")
@pytest.mark.parametrize("modules", [{}, sys.modules], ids=["without NumPy", "with NumPy"])
def test_an_update_gives_the_same_links_with_numpy_at_hand_and_without(
    modules: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Shared URLs and records of several changes are among what is compared."""
    monkeypatch.setattr("tidings.catalog.relating.related.WORTH_IMPORTING", 1)
    import numpy as np  # Here, for it is optional.

    assert np is sys.modules["numpy"]
    monkeypatch.setattr(sums, "sys", SimpleNamespace(modules=modules))
    chance = random.Random(11)
    items = some_site(150, chance)
    _, kept = relate_kept(items, OPTIONS)
    for place in (3, 70, 140, 70):
        title = f"{items[place + 1].title} {chance.randrange(9)}"
        items[place] = msgspec.structs.replace(items[place], title=title)
        links, kept = relate_kept(items, OPTIONS, written(kept))
        assert list(links.items()) == links_of(items)


def test_links_that_a_change_leaves_alone_are_not_worked_out_again() -> None:
    """They are the very same values."""
    items = some_site(300, random.Random(4), words=900)
    before, kept = relate_kept(items, OPTIONS)
    title = f"{items[150].title} word3"
    items[150] = msgspec.structs.replace(items[150], title=title)
    after, _ = relate_kept(items, OPTIONS, kept)
    assert list(after.items()) == links_of(items)
    same = [id_ for id_, links in before.items() if after[id_] == links]
    assert 200 < len(same) < 300
    assert all(after[id_] is before[id_] for id_ in same)
