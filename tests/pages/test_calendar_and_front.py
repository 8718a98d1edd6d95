"""Calendars at their edges, and how the front divides its room."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidings.catalog.assemble import make_catalog
from tidings.model.config import Config
from tidings.model.view import CardView, SectionView
from tidings.pages.archive import month_view
from tidings.pages.cards import make_material
from tidings.pages.front import _limited
from tidings.pages.material import Material
from tidings.pages.urls import make_addresses


@pytest.fixture(scope="module")
def material() -> Material:
    config = Config()
    catalog = make_catalog((), (), (), (), config, datetime(2024, 1, 1, tzinfo=UTC)).catalog
    assert catalog is not None
    addresses, _ = make_addresses(catalog, {}, config.site.base_url)
    return make_material(catalog, addresses, config, {})


@pytest.mark.parametrize(
    ("first", "weeks"),
    [
        (date(2024, 2, 1), 5),
        (date(2021, 2, 1), 4),
        (date(2023, 10, 1), 6),
        (date(1, 1, 1), 5),
        (date(9999, 12, 1), 5),
    ],
)
def test_a_month_has_whole_weeks_and_each_of_its_days_once(
    material: Material, first: date, weeks: int
) -> None:
    days = {first: 1, first.replace(day=28): 20}
    view = month_view(first, days, material)
    assert len(view.weeks) == weeks
    assert {len(week) for week in view.weeks} == {7}
    inside = [cell for week in view.weeks for cell in week if not cell.outside]
    assert [cell.date.day for cell in inside] == list(range(1, len(inside) + 1))
    assert {cell.date.month for cell in inside} == {first.month}
    assert view.weeks[0][first.weekday()].date == first
    assert view.count == 21
    assert (inside[0].level, inside[27].level, inside[1].level) == (1, 4, 0)
    assert [bool(cell.url) for cell in inside[:2]] == [True, False]


@given(st.lists(st.integers(1, 6), max_size=6), st.integers(0, 20))
def test_the_front_gives_each_topic_a_share_of_its_room(sizes: list[int], most: int) -> None:
    card = CardView(
        "T", "/", datetime(2024, 1, 1, tzinfo=UTC), "https://x.example/", "x.example"
    )
    sections = tuple(SectionView(f"{n}", cards=(card,) * size) for n, size in enumerate(sizes))
    shown = _limited(sections, most)
    assert sum(len(section.cards) for section in shown) == min(most, sum(sizes))
    assert all(section.cards for section in shown)
    # Nobody has two more than another who would have had more to show.
    for one in shown:
        for other, size in zip(sections, sizes, strict=True):
            got = next((len(s.cards) for s in shown if s.name == other.name), 0)
            assert len(one.cards) <= got + 1 or got == size
