"""What is kept of a catalog is written as often as it spares the next process work."""

from __future__ import annotations

import msgspec
import pytest
from kept_catalogs import SHOWN, Disk, catalog_of, mark_of, read_anew
from story_records import QUAKE, listed, record

from tidings.catalog.assemble import NO_STATE, CatalogState
from tidings.catalog.storytelling import kept as kept_stories
from tidings.catalog.storytelling import reviving
from tidings.catalog.storytelling.kept import KeptStories, digest_records, is_nearly
from tidings.model.record import Body, Record

put = msgspec.structs.replace


def towns(count: int) -> list[Record]:
    """Records that have nothing to do with each other, newest last."""
    return [
        record(f"r{n}", f"T{n}own votes on X{n}", 100 * n, topics=("All",))
        for n in range(count)
    ]


def written(records: list[Record]) -> CatalogState:
    """The state of a process that has made the catalog of these and has written all."""
    return Disk().keep(catalog_of(records, marked=True)[1])


def renamed(records: list[Record], count: int) -> list[Record]:
    return [
        *(put(each, title=f"{each.title} again") for each in records[:count]),
        *records[count:],
    ]


def embodied(records: list[Record], count: int) -> list[Record]:
    return [*(put(each, body=Body(b"x", 1)) for each in records[:count]), *records[count:]]


@pytest.mark.parametrize("edit", ["changed", "gone", "new"])
@pytest.mark.parametrize("count", [16, 17])
def test_stories_are_written_when_many_records_differ(edit: str, count: int) -> None:
    records = towns(60)
    ways = {
        "changed": (records, renamed(records, count)),
        "gone": (records, records[count:]),
        "new": (records[count:], records),
    }
    before, after = ways[edit]
    telling = catalog_of(after, written(before), marked=True)[1].telling
    assert telling is not None
    assert (telling.pack()[0] is not None) == (count > 16)


@pytest.mark.parametrize("count", [16, 17])
def test_where_records_stand_is_written_when_many_differ(count: int) -> None:
    records = towns(60)
    filing = catalog_of(embodied(records, count), written(records), marked=True)[1].filing
    assert filing is not None
    assert (filing.pack()[0] is not None) == (count > 16)


def test_where_records_stand_is_written_when_one_stands_elsewhere() -> None:
    records = towns(60)
    moved = [put(records[0], topics=("Money",)), *records[1:]]
    filing = catalog_of(moved, written(records), marked=True)[1].filing
    assert filing is not None
    assert filing.pack()[0] is not None


@pytest.mark.parametrize("count", [16, 17])
def test_pairs_are_written_when_many_texts_have_gone(count: int) -> None:
    records = towns(60)
    before, after = (catalog_of(each)[1].stories for each in (records, records[count:]))
    assert before is not None
    assert after is not None
    assert is_nearly(after, before) == (count <= 16)
    assert is_nearly(before, before)


def test_pairs_are_written_when_another_window_is_asked_for() -> None:
    """Whoever has another one finds all pairs from nothing."""
    other = put(SHOWN, stories=put(SHOWN.stories, window_days=2))
    found: list[KeptStories] = []
    for config in (SHOWN, other):
        stories = catalog_of(towns(9), NO_STATE, config)[1].stories
        assert stories is not None
        found.append(stories)
    assert not is_nearly(found[1], found[0])
    assert not is_nearly(found[0], None)


def test_a_process_reads_no_text_anew_where_all_is_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Those too that had changed in the process that has written it."""
    monkeypatch.setattr("tidings.catalog.assemble.STALE", -1)
    records, disk = towns(30), Disk()
    state = disk.keep(catalog_of(records, marked=True)[1])
    records = renamed(records, 3)
    disk.keep(catalog_of(records, state, marked=True)[1])
    read: list[str] = []

    def watched(fresh: list[Record], seconds: list[int]) -> list[bytes]:
        read.extend(each.id for each in fresh)
        return digest_records(fresh, seconds)

    monkeypatch.setattr(kept_stories, "digest_records", watched)
    after, _ = catalog_of(read_anew(records), disk.state, marked=True)
    assert read == []
    assert after == catalog_of(records)[0]


def test_numbers_of_a_machine_with_another_order_of_bytes_are_not_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    records = [record(f"r{n}", QUAKE, n, listed("x.y/z", "Tremor", 1)) for n in range(30)]
    state = catalog_of(records, marked=True)[1]
    assert state.telling is not None
    for form, known in ((reviving.FORMAT, True), ("told-4-other", False)):
        with monkeypatch.context() as patch:
            patch.setattr(reviving, "FORMAT", form)
            data, _ = state.telling.pack()
        assert data is not None
        marks = {each.id: mark_of(each) for each in records}
        basis, config = state.telling.basis, SHOWN.stories
        found = reviving.revive(data, records, marks, basis, config)
        assert (found is not None) == known
