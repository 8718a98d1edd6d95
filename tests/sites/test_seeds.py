"""The two records that the project began with, alone in a folder, as its issue wants them."""

from __future__ import annotations

from pathlib import Path

import pytest
from fixture_site import Site

NEWS = Path(__file__).parents[2] / "content/news"
POLICE = "2020-11-17-new-orleans-police-dept-admits-to-facial-recognition-use"
CITY = "2020-12-14-city-releases-dozens-of-pages-of-emails-on-police-use-of-facial-recognition"
POLICE_TITLE = "New Orleans Police Dept. Admits to Facial Recognition Use"
CITY_TITLE = "City releases dozens of pages of emails on police use of facial recognition"
POLICE_URL = "/2020/11/17/new-orleans-police-dept-admits-to-facial-recognition-use/"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = Site(tmp_path)
    for name in (POLICE, CITY):
        site.write(f"content/news/{name}.md", (NEWS / f"{name}.md").read_bytes())
    return site


def test_by_default_both_are_held_back_and_the_build_says_how_to_show_them(site: Site) -> None:
    report = site.built()
    assert report.exit_code == 0
    assert report.notes == (
        "2 of 2 records are unpublished; show them with --unpublished or unpublished = true",
    )
    assert site.holders("Facial Recognition") == []
    assert site.holders("facial recognition") == []


def test_both_have_article_topic_and_day_pages(site: Site) -> None:
    site.built(unpublished=True)
    assert site.page(POLICE_URL).title == POLICE_TITLE
    (city,) = [path for path in site.files() if path.startswith("2020/12/14/city-releases")]
    city_page = site.page("/" + city)
    assert city_page.title == CITY_TITLE
    assert POLICE_TITLE in site.page("/2020/11/17/").headlines
    assert CITY_TITLE in site.page("/2020/12/14/").headlines
    assert {POLICE_TITLE, CITY_TITLE} <= set(site.page("/topics/computer-vision/").headlines)
    assert {POLICE_TITLE, CITY_TITLE} <= set(site.page("/topics/ai/").headlines)


def test_each_is_in_the_others_sidebar(site: Site) -> None:
    site.built(unpublished=True)
    (city,) = [path for path in site.files() if path.startswith("2020/12/14/city-releases")]
    assert site.page(POLICE_URL).more == [CITY_TITLE]
    assert site.page("/" + city).more == [POLICE_TITLE]


def test_mojibake_is_mended(site: Site) -> None:
    site.built(unpublished=True)
    assert site.holders("NOPD’s") != []
    assert site.holders("â€™") == []


def test_the_story_that_is_listed_twice_appears_once(site: Site) -> None:
    assert (NEWS / f"{POLICE}.md").read_text("utf-8").count(
        'webUrl: "https://www.nola.com/news/crime_police/article_9eda8846'
    ) == 2
    site.built(unpublished=True)
    page = site.page(POLICE_URL)
    shown = [link for link in page.references() if "article_9eda8846" in link]
    assert len(shown) == 1


def test_secured_is_in_no_output_file(site: Site) -> None:
    for name in (POLICE, CITY):
        lines = (NEWS / f"{name}.md").read_text("utf-8").splitlines()
        (secured,) = [
            line.partition(":")[2].strip(" \"'")
            for line in lines
            if line.startswith("secured:")
        ]
        site.built(unpublished=True)
        for part in secured.split(";"):
            assert len(part) > 20
            assert site.holders(part[:24]) == []


def test_secured_alone_changes_nothing(site: Site) -> None:
    site.built(unpublished=True)
    text = (NEWS / f"{POLICE}.md").read_text("utf-8")
    (line,) = [line for line in text.splitlines() if line.startswith("secured:")]
    site.write(f"content/news/{POLICE}.md", text.replace(line, 'secured: "AAAA;BBBB"'))
    report = site.built(unpublished=True)
    assert (report.written, report.deleted, report.counts.rendered) == ((), (), 0)
