"""The catalog as values: the same whatever the order of its inputs, and right at its edges."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from tidings.catalog.assemble import make_catalog
from tidings.catalog.group import find_metadata, local_dates
from tidings.catalog.rank import by_rank, by_time, by_worth, heat_of
from tidings.catalog.visibility import decide
from tidings.model.config import BlockConfig, Config, ContentConfig
from tidings.model.record import (
    Coverage,
    Picture,
    Provider,
    ProviderMetadata,
    Record,
    TopicMetadata,
)

CLOCK = datetime(2024, 6, 1, tzinfo=UTC)


def make_record(identity: str = "a.md", **changes: object) -> Record:
    plain = Record(
        id=identity,
        file=f"content/news/{identity}",
        title=f"Title of {identity}",
        published_at=datetime(2024, 1, 1, tzinfo=UTC),
        url=f"https://x.example/{identity}",
        url_keys=(f"x.example/{identity}",),
    )
    return msgspec.structs.replace(plain, **changes)


HOSTS = ("a.example", "b.example", "news.a.example")

RECORDS = st.lists(
    st.builds(
        lambda hours, key, host, topics, quality, heat, covered, published: {
            "published_at": datetime(2024, 1, 1, tzinfo=UTC) + timedelta(hours=hours),
            "url": f"https://{host}/{key}",
            "url_keys": (f"{host}/{key}", f"b.example/{key % 3}"),
            "provider": Provider(name=host.upper(), domain=host),
            "topics": tuple(topics),
            "quality": quality,
            "heat": heat,
            "published": published,
            "coverage": tuple(
                Coverage(title=f"T {k}", url=f"https://b.example/{k}", url_key=f"b.example/{k}")
                for k in covered
            ),
        },
        st.integers(0, 50),
        st.integers(0, 8),
        st.sampled_from(HOSTS),
        st.lists(st.sampled_from(["X", "x", "Y", "C+", "C#"]), unique=True, max_size=3),
        st.sampled_from([None, 1, 2]),
        st.sampled_from([None, -1, 70]),
        st.lists(st.integers(0, 8), max_size=3),
        st.booleans(),
    ),
    max_size=7,
)
TOPICS = (
    TopicMetadata(file="t/1.yaml", slug="x", name="X", order=1),
    TopicMetadata(file="t/2.yaml", slug="y", name="Y", order=1, parent="x"),
    TopicMetadata(file="t/3.yaml", slug="x", name="Again", order=2),
)
PROVIDERS = (
    ProviderMetadata(file="p/1.md", name="A", domain="a.example"),
    ProviderMetadata(file="p/2.md", name="A again", domain="a.example"),
)


@settings(max_examples=40, deadline=None)
@given(entries=RECORDS, data=st.data())
def test_the_order_of_the_inputs_does_not_matter(
    entries: list[dict[str, object]], data: st.DataObject
) -> None:
    records = [make_record(f"{n}.md", **entry) for n, entry in enumerate(entries)]
    config = Config()
    one = make_catalog(records, TOPICS, PROVIDERS, (), config, CLOCK)
    other = make_catalog(
        data.draw(st.permutations(records)),
        data.draw(st.permutations(TOPICS)),
        data.draw(st.permutations(PROVIDERS)),
        (),
        config,
        CLOCK,
    )
    assert one.catalog is not None
    assert other.catalog is not None
    assert msgspec.json.encode(_listed(one.catalog)) == msgspec.json.encode(
        _listed(other.catalog)
    )
    assert set(one.diagnostics) == set(other.diagnostics)
    catalog = one.catalog
    # Each record is shown, or held for one reason.
    assert sorted([*catalog.records, *(each.id for each in catalog.held)]) == sorted(
        record.id for record in records
    )
    shown = set(catalog.records)
    assert {each for day in catalog.days for each in day.record_ids} == shown
    for day in catalog.days:
        assert sorted(day.record_ids) == sorted(i for s in day.sections for i in s.record_ids)
    for items in catalog.coverage.values():
        assert {item.record_id for item in items} <= {*shown, ""}
    assert set(catalog.redirects.values()) <= shown


def _listed(value: msgspec.Struct) -> dict[str, object]:
    """The catalog with its one set in order, so that the order of all else is compared."""
    fields = msgspec.structs.asdict(value)
    return {**fields, "placeholders": sorted(fields["placeholders"])}


@given(entries=RECORDS)
@settings(max_examples=20, deadline=None)
def test_no_two_records_rank_alike(entries: list[dict[str, object]]) -> None:
    records = [make_record(f"{n}.md", **entry) for n, entry in enumerate(entries)]
    for order in (by_rank, by_time, by_worth):
        assert len({order(record) for record in records}) == len(records)


def test_heat_that_is_not_said_is_quality_and_ten_for_each_related() -> None:
    entries = tuple(
        Coverage(title=f"{n}", url=f"https://x.example/{n}", url_key=f"x.example/{n}")
        for n in (1, 2)
    )
    assert heat_of(make_record(quality=7, coverage=entries)) == 27
    assert heat_of(make_record(quality=7, heat=-1, coverage=entries)) == -1
    assert heat_of(make_record()) == 0


def test_a_block_outweighs_what_a_record_says_and_that_outweighs_dates() -> None:
    record = make_record(published=False, published_at=CLOCK + timedelta(days=1))
    blocked = Config(block=BlockConfig(titles=("title",)))
    assert decide(record, blocked, CLOCK).visibility == "blocked"  # type: ignore[union-attr]
    assert decide(record, Config(), CLOCK).visibility == "unpublished"  # type: ignore[union-attr]
    shown = Config(content=ContentConfig(unpublished=True))
    assert decide(record, shown, CLOCK).visibility == "future"  # type: ignore[union-attr]
    everything = Config(content=ContentConfig(unpublished=True, future=True))
    assert decide(record, everything, CLOCK) is None


def test_a_blocked_host_is_found_with_a_port_and_below_it_only() -> None:
    block = Config(block=BlockConfig(domains=("www.Spam.example",)))
    hosts = {
        "spam.example:8080/x": True,
        "a.spam.example": True,
        "notspam.example/spam.example": False,
    }
    for key, expected in hosts.items():
        assert (decide(make_record(url_keys=(key,)), block, CLOCK) is not None) is expected


def test_a_blocked_outlet_stays_blocked_when_metadata_gives_it_another_name() -> None:
    record = make_record(provider=Provider(name="Spam", domain="spam.big.example"))
    metadata = (ProviderMetadata(file="p.md", name="Big", domain="big.example"),)
    config = Config(block=BlockConfig(domains=("spam.big.example",)))
    catalog = make_catalog([record], (), metadata, (), config, CLOCK).catalog
    assert catalog is not None
    assert [each.visibility for each in catalog.held] == ["blocked"]


def test_the_ends_of_the_calendar_have_a_day_in_every_zone() -> None:
    first = make_record("a", published_at=datetime(1, 1, 1, tzinfo=UTC))
    last = make_record("b", published_at=datetime(9999, 12, 31, 23, 59, tzinfo=UTC))
    assert local_dates([first, last], "America/Chicago")["a"] == date(1, 1, 1)
    assert local_dates([first, last], "Asia/Tokyo")["b"] == date(9999, 12, 31)
    for zone in ("America/Chicago", "Asia/Tokyo"):
        config = Config(site=msgspec.structs.replace(Config().site, timezone=zone))
        config = msgspec.structs.replace(config, content=ContentConfig(future=True))
        records = [msgspec.structs.replace(each, topics=("X",)) for each in (first, last)]
        assert make_catalog(records, (), (), (), config, CLOCK).catalog is not None


def test_metadata_of_a_domain_serves_those_below_it() -> None:
    known = {"x.example": PROVIDERS[0]}
    assert find_metadata("blog.news.x.example", known) is PROVIDERS[0]
    assert find_metadata("ax.example", known) is None
    assert find_metadata("localhost", known) is None


def test_a_picture_that_many_records_repeat_shows_no_story() -> None:
    picture = Picture(url="https://x.example/logo.png")
    records = [
        make_record(f"{n}", url_keys=(f"{n}",), pictures=(picture, picture)) for n in range(4)
    ]
    for count, expected in ((3, frozenset()), (4, frozenset((picture.url,)))):
        catalog = make_catalog(records[:count], (), (), (), Config(), CLOCK).catalog
        assert catalog is not None
        assert catalog.placeholders == expected


def test_a_picture_of_the_sites_own_may_serve_many_stories() -> None:
    pictures = (Picture(url="/pictures/rust.svg"),)
    records = [make_record(f"{n}", url_keys=(f"{n}",), pictures=pictures) for n in range(9)]
    catalog = make_catalog(records, (), (), (), Config(), CLOCK).catalog
    assert catalog is not None
    assert catalog.placeholders == frozenset()
