"""Days: local time, rank, neighbours, months and years."""

from __future__ import annotations

from pathlib import Path

from fixture_site import Site, codes


def config(timezone: str) -> str:
    return f'-- tidings.toml --\n[site]\ntimezone = "{timezone}"\n'


def test_the_local_day_decides_not_that_of_utc_or_of_the_file_name(tmp_path: Path) -> None:
    site = Site(tmp_path, config("America/Chicago"))
    site.news("2024-02-09-x", "Late evening", "2024-02-02T03:30:00Z")
    site.built()
    assert site.page("/2024/02/01/").headlines.count("Late evening") == 1
    assert site.has("/2024/02/01/late-evening/")
    assert not site.has("/2024/02/02/")
    site.edit(config("Asia/Tokyo"))
    site.built()
    assert site.has("/2024/02/02/late-evening/")
    assert not site.has("/2024/02/01/")


def test_days_around_a_change_of_the_clocks(tmp_path: Path) -> None:
    site = Site(tmp_path, config("Europe/Berlin"))
    site.news("a", "Winter still", "2024-03-30T22:59:00Z")
    site.news("b", "Last night of winter", "2024-03-30T23:01:00Z")
    site.news("c", "Summer evening", "2024-03-31T21:59:00Z")
    site.news("d", "Summer night", "2024-03-31T22:01:00Z")
    site.built()
    assert site.has("/2024/03/30/winter-still/")
    assert site.has("/2024/03/31/last-night-of-winter/")
    assert site.has("/2024/03/31/summer-evening/")
    assert site.has("/2024/04/01/summer-night/")


def test_a_day_that_the_clocks_enter_twice_is_listed_once(tmp_path: Path) -> None:
    # Newfoundland went from 00:01 back to 23:01 of the day before.
    site = Site(tmp_path, config("America/St_Johns"))
    site.news("a", "Before midnight", "2006-10-29T02:20:00Z", topics=["X"])
    site.news("b", "In the first minute", "2006-10-29T02:30:30Z", topics=["X"])
    site.news("c", "Before midnight again", "2006-10-29T02:40:00Z", topics=["X"])
    site.news("d", "Next day", "2006-10-29T12:40:00Z", topics=["X"])
    site.built()
    days = [
        each.text for each in site.page("/topics/x/").main.all("h2") if "October" in each.text
    ]
    assert days == ["29 October 2006", "28 October 2006"]


def test_within_a_day_heat_then_quality_then_time_then_name_decide(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.news("a", "Demoted", heat=-1, quality=180)
    site.news("b", "Hot", heat=90, quality=10)
    site.news("c", "Better", heat=50, quality=50)
    site.news("d", "Later", "2024-01-01T12:00:00Z", heat=50, quality=40)
    site.news("e", "Earlier", heat=50, quality=40)
    site.news("f", "Earlier too", heat=50, quality=40)
    site.news("g", "Warm by quality alone", quality=60)
    site.built()
    expected = [
        "Hot", "Warm by quality alone", "Better", "Later", "Earlier", "Earlier too", "Demoted",
    ]  # fmt: skip
    headlines = [each for each in site.page("/2024/01/01/").headlines if each in expected]
    assert headlines == expected
    assert site.page("/").headlines[0] == "Hot"


def test_days_months_and_years_lead_to_their_neighbours(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.news("a", "One", "2022-12-31T10:00:00Z")
    site.news("b", "Two", "2024-02-29T10:00:00Z")
    site.news("c", "Three", "2024-03-05T10:00:00Z")
    site.built()

    def neighbours(url: str) -> dict[str, str]:
        links = site.page(url).main.all("a")
        found = {link.attributes.get("rel", ""): link.attributes["href"] for link in links}
        return {name: found[name] for name in ("prev", "next") if name in found}

    assert neighbours("/2024/02/29/") == {"prev": "/2022/12/31/", "next": "/2024/03/05/"}
    assert neighbours("/2022/12/31/") == {"next": "/2024/02/29/"}
    assert neighbours("/2024/03/05/") == {"prev": "/2024/02/29/"}
    assert neighbours("/2024/02/") == {"prev": "/2022/12/", "next": "/2024/03/"}
    assert neighbours("/2024/") == {"prev": "/2022/"}
    assert site.page("/2024/").links["29"] == "/2024/02/29/"
    assert not site.has("/2023/")


def test_dates_at_the_ends_of_the_calendar_do_not_stop_a_build(tmp_path: Path) -> None:
    site = Site(tmp_path, config("UTC"))
    site.news("a", "In the beginning", "0001-01-01T00:00:00Z", topics=["Time"])
    site.news("b", "In the end", "9999-12-31T23:59:59Z", topics=["Time"])
    site.news("c", "Now", "2024-01-01T10:00:00Z", topics=["Time"])
    report = site.built(future=True)
    assert site.page("/2024/01/01/now/").title == "Now"
    assert report.counts.records + report.counts.skipped == 3


def test_a_site_without_records_explains_itself(tmp_path: Path) -> None:
    site = Site(tmp_path)
    assert codes(site.built()) == []
    assert "nothing" in site.page("/").text
    assert not site.has("/feed.xml")
