"""Stories from a kept state: the same as from nothing, whatever was kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from story_records import PLACES, QUAKE, encoded, record

from tidings.catalog.coverage import coverage_of
from tidings.catalog.duplicates import merge_duplicates
from tidings.catalog.storytelling import updating
from tidings.catalog.storytelling.kept import KeptStories, decode_kept, digest_records
from tidings.catalog.storytelling.stories import DEFAULTS, Stories, keep_stories, make_stories
from tidings.model.config import StoriesConfig
from tidings.model.record import Record

COMMON = "quake harbour bridge opens vote wind 4.2 4.3 May 12 the of"
WORDS = (*PLACES.split(), *COMMON.split())

TITLES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)


def kept_stories(
    records: Sequence[Record], kept: KeptStories | None, config: StoriesConfig = DEFAULTS
) -> tuple[Stories, KeptStories | None]:
    """The stories from what was kept, which must be those from nothing."""
    merged = merge_duplicates(records)
    coverage = {
        each.id: coverage_of(each, merged.owners) for each in merged.records if each.coverage
    }
    stories, after, _ = keep_stories(merged.records, coverage, merged.owners, config, kept)
    plain = make_stories(merged.records, coverage, merged.owners, config)
    assert encoded(stories) == encoded(plain)
    return stories, after


def saved(kept: KeptStories | None) -> KeptStories | None:
    """The state as the next build reads it."""
    assert kept is not None
    return decode_kept(kept.encode())


def town(name: str, hours: float, **keys: str) -> Record:
    return record(name, f"{name} town council votes on the {name} tunnel", hours, **keys)


def towns(count: int = 60) -> list[Record]:
    """Records of which each two tell of one event."""
    return [
        record(f"r{n}{side}", f"T{n}own council votes on the X{n} tunnel", 30 * n + k)
        for n in range(count)
        for k, side in enumerate("ab")
    ]


@pytest.fixture
def from_nothing(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows by one whenever the state is made from nothing."""
    calls: list[int] = []
    start: Callable[..., object] = updating.start_keeping

    def counted(*given: object) -> object:
        calls.append(1)
        return start(*given)

    monkeypatch.setattr(updating, "start_keeping", counted)
    return calls


@st.composite
def edits(draw: st.DrawFn) -> list[tuple[str, int, str, int]]:
    """Changes of a site: what, of which record, a text and a number for it."""
    kinds = st.sampled_from(["add", "delete", "title", "excerpt", "time", "list", "outlet"])
    return draw(
        st.lists(
            st.tuples(kinds, st.integers(0, 99), TITLES, st.integers(-90, 90)),
            min_size=1,
            max_size=5,
        )
    )


def edit(records: list[Record], kind: str, at: int, text: str, number: int) -> None:
    if kind == "add" or not records:
        records.append(record(f"n{at}-{len(text)}-{number}", text, at, excerpt=text))
        names = {each.id: each for each in records}
        records[:] = names.values()
        return
    place = at % len(records)
    old = records[place]
    if kind == "delete":
        del records[place]
    elif kind == "title":
        records[place] = msgspec.structs.replace(old, title=text)
    elif kind == "excerpt":
        records[place] = msgspec.structs.replace(old, excerpt=text)
    elif kind == "time":
        moved = old.published_at + timedelta(hours=number)
        records[place] = msgspec.structs.replace(old, published_at=moved)
    elif kind == "list":
        other = records[number % len(records)]
        new = record("x", text, 0, other.url_keys[0]).coverage
        records[place] = msgspec.structs.replace(old, coverage=(*old.coverage, *new))
    else:
        assert old.provider is not None
        provider = msgspec.structs.replace(old.provider, name=text, domain=f"o{at % 3}.example")
        records[place] = msgspec.structs.replace(old, provider=provider)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(TITLES, st.integers(0, 400), TITLES), min_size=1, max_size=40),
    st.lists(edits(), min_size=1, max_size=4),
)
def test_after_any_edits_the_stories_are_those_from_nothing(
    first: list[tuple[str, int, str]], rounds: list[list[tuple[str, int, str, int]]]
) -> None:
    records = [
        record(f"r{n}", title, hours, excerpt=excerpt)
        for n, (title, hours, excerpt) in enumerate(first)
    ]
    _, kept = kept_stories(records, None)
    for changes in rounds:
        for change in changes:
            edit(records, *change)
        _, kept = kept_stories(records, saved(kept))


def test_text_that_cannot_be_written_is_not_kept_and_stops_nothing() -> None:
    records = towns(3)
    _, kept = kept_stories(records, None)
    records[0] = msgspec.structs.replace(records[0], title=records[0].title + " \ud800")
    stories, kept = kept_stories(records, kept)
    assert kept is None
    assert "r0a.md" in stories


def test_a_lone_record_may_change_again_and_again() -> None:
    """Its words are known from its own earlier text alone."""
    records = towns(3)
    _, kept = kept_stories(records, None)
    for excerpt in ("one", "two", "three"):
        records[0] = msgspec.structs.replace(
            records[0], title="Quill Quill opens", excerpt=excerpt
        )
        _, kept = kept_stories(records, saved(kept))


def test_a_changed_title_leaves_and_joins_stories_without_all_being_done_again(
    from_nothing: list[int],
) -> None:
    records = towns()
    before, kept = kept_stories(records, None)
    records[6] = msgspec.structs.replace(records[6], title=QUAKE)
    records[40] = msgspec.structs.replace(
        records[40], title=QUAKE + "!", published_at=records[6].published_at
    )
    after, _ = kept_stories(records, saved(kept))
    assert before["r3a.md"].members == ("r3a.md", "r3b.md")
    assert set(after["r3a.md"].members) == {"r3a.md", "r20a.md"}
    assert "r3b.md" not in after
    assert len(from_nothing) == 1


def test_a_state_stays_as_it_is_where_no_text_changes() -> None:
    records = towns()
    _, kept = kept_stories(records, None)
    records[0] = msgspec.structs.replace(records[0], quality=9, highlight="x")
    again = saved(kept)
    stories, after = kept_stories(records, again)
    assert after is again
    assert stories["r0a.md"].lead == "r0a.md"


def test_an_older_state_stays_valid_while_a_newer_one_is_made() -> None:
    records = towns()
    _, old = kept_stories(records, None)
    changed = [msgspec.structs.replace(records[0], title=QUAKE), *records[1:]]
    assert old is not None
    before = old.encode()
    kept_stories(changed, old)
    assert old.encode() == before
    kept_stories(records, old)


def test_a_site_that_grows_through_all_steps_of_rarity_is_always_right() -> None:
    records: list[Record] = []
    kept: KeptStories | None = None
    for round_ in range(14):
        records += [
            record(
                f"r{round_}-{n}", f"Kestrel opens the {PLACES.split()[n % 12]} bridge", n * 9
            )
            for n in range(11)
        ]
        _, kept = kept_stories(records, kept)
    for _ in range(10):
        del records[3:17]
        _, kept = kept_stories(records, saved(kept))


def test_many_small_changes_do_not_make_the_state_grow_for_ever() -> None:
    records = towns()
    _, kept = kept_stories(records, None)
    assert kept is not None
    once = len(kept.encode())
    for n in range(150):
        records[n % 50] = msgspec.structs.replace(records[n % 50], title=f"{QUAKE} {n}")
        _, kept, _ = keep_stories(records, {}, {}, DEFAULTS, kept)
    kept_stories(records, kept)
    assert kept is not None
    assert len(kept.encode()) < 3 * once


def test_other_options_are_not_answered_from_the_state() -> None:
    records = [town("Arlo", 0), record("b", "Arlo town council votes on the Arlo tunnel", 100)]
    _, kept = kept_stories(records, None, StoriesConfig(window_days=7))
    _, kept = kept_stories(records, kept, StoriesConfig(window_days=2))
    _, kept = kept_stories(records, kept, StoriesConfig(by_text=False))
    _, kept = kept_stories(records, kept, StoriesConfig(enabled=False))
    kept_stories(records, kept, StoriesConfig(likeness=900, span_days=1))


def test_a_damaged_state_is_no_state() -> None:
    _, kept = kept_stories(towns(5), None)
    assert kept is not None
    data = kept.encode()
    assert decode_kept(data) == kept
    assert decode_kept(memoryview(data)) == kept
    for damaged in (b"", b"x", data[:-1], data[:40], data + b"x", b"x" + data[1:]):
        assert decode_kept(damaged) is None
    for at in range(0, len(data), 97):
        assert decode_kept(data[:at] + bytes((data[at] ^ 1,)) + data[at + 1 :]) is None


def test_a_state_of_another_version_is_no_state() -> None:
    _, kept = kept_stories(towns(5), None)
    assert kept is not None
    assert decode_kept(msgspec.structs.replace(kept, form="stories-0").encode()) is None


def test_a_site_without_records_has_a_state_too() -> None:
    stories, kept = kept_stories([], None)
    assert stories == {}
    kept_stories(towns(5), saved(kept))
    _, kept = kept_stories(towns(5), None)
    assert kept_stories([], saved(kept))[0] == {}


def test_texts_are_known_by_all_that_their_pairs_depend_on() -> None:
    one = record("one", "Rates rise", 0, excerpt="Again")
    assert one.provider is not None
    renamed, moved = (
        msgspec.structs.replace(one.provider, **{field: "x.example"})
        for field in ("name", "domain")
    )
    others = [
        one,
        msgspec.structs.replace(one, id="other.md"),
        msgspec.structs.replace(one, title="Rates fall"),
        msgspec.structs.replace(one, excerpt="Once more"),
        msgspec.structs.replace(one, provider=renamed),
        msgspec.structs.replace(one, provider=moved),
        msgspec.structs.replace(one, provider=None),
    ]
    digests = digest_records([*others, one], [*[0] * len(others), 1])
    assert len(set(digests)) == len(others) + 1
