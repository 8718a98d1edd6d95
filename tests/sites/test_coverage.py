"""Related coverage: each outlet's article once, best first, joined to the site's records."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fixture_builds import fresh_files
from fixture_site import Site

ARTICLE = "/2024/01/01/bridge-opens/"


def entry(title: str, url: str, **keys: Any) -> dict[str, Any]:
    return {"title": title, "webUrl": url, **keys}


def built(tmp_path: Path, *related: dict[str, Any], **keys: Any) -> Site:
    site = Site(tmp_path)
    site.news("a", "Bridge opens", webUrl="https://own.example/bridge", related=related, **keys)
    site.built()
    return site


def test_addresses_that_differ_in_what_does_not_count_are_one_entry(tmp_path: Path) -> None:
    site = built(
        tmp_path,
        entry("Harbour bridge open at last…", "http://www.b.example/1/"),
        entry(
            "Harbour bridge open at last, after years", "https://b.example/1?utm_source=x#top"
        ),
        entry("Another view", "https://c.example/2"),
    )
    page = site.page(ARTICLE)
    assert page.coverage == ["Harbour bridge open at last, after years", "Another view"]


def test_near_same_titles_of_one_outlet_are_one_entry(tmp_path: Path) -> None:
    site = built(
        tmp_path,
        entry("Crowds at the opening of the bridge", "https://b.example/1", quality=10),
        entry("Crowds at opening of the bridge", "https://b.example/2", quality=20),
        entry("Crowds at the opening of the bridge", "https://c.example/1", quality=5),
    )
    assert site.page(ARTICLE).coverage == [
        "Crowds at opening of the bridge",
        "Crowds at the opening of the bridge",
    ]


def test_the_article_itself_is_never_listed(tmp_path: Path) -> None:
    site = built(
        tmp_path,
        entry("Bridge opens (video)", "https://WWW.own.example/bridge/"),
        entry("Original bridge", "https://agency.example/b"),
        entry("Bridge opens", "https://own.example/amp/bridge"),
        originalUrl="https://agency.example/b?utm_medium=rss",
    )
    assert site.page(ARTICLE).coverage == []
    assert "sources" not in site.page(ARTICLE).main.text


def test_best_first_and_an_outlets_others_below_its_best(tmp_path: Path) -> None:
    site = built(
        tmp_path,
        entry("Middling", "https://b.example/1", quality=20),
        entry("Worst", "https://c.example/1", quality=1),
        entry("Best", "https://d.example/1", quality=90),
        entry("Quite another matter", "https://d.example/2", quality=80),
        entry("Equal but earlier", "https://e.example/1", quality=20,
              publishedDateTime="2024-01-01T00:00:00Z"),
    )  # fmt: skip
    page = site.page(ARTICLE)
    assert page.coverage == ["Best", "Equal but earlier", "Middling", "Worst"]
    section = page.section("Related coverage")
    assert section is not None
    assert section.links["Quite another matter"] == "https://d.example/2"


def test_an_outlets_best_is_told_though_another_is_a_record_here(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.news(
        "a",
        "Bridge opens",
        related=[
            entry("Best", "https://d.example/1", quality=90),
            entry("Quite another matter", "https://d.example/2", quality=80),
        ],
    )
    site.news("b", "Quite another matter", "2024-05-01T10:00:00Z", webUrl="https://d.example/2")
    site.built()
    page = site.page(ARTICLE)
    assert page.coverage == ["Best"]
    section = page.section("Related coverage")
    assert section is not None
    assert section.links["Quite another matter"] == "/2024/05/01/quite-another-matter/"


def test_entries_that_are_records_here_lead_to_their_pages_and_to_their_source(
    tmp_path: Path,
) -> None:
    site = Site(tmp_path)
    site.news(
        "a",
        "Bridge opens",
        related=[
            entry("Bridge opened today", "https://b.example/1?utm_campaign=z", quality=9),
            entry("Why it took so long", "https://b.example/2", quality=8),
            entry("Not chosen here", "https://c.example/3", quality=7),
        ],
    )
    site.news("b", "Opening day at the bridge", webUrl="https://www.b.example/1")
    site.news("c", "Why so long", webUrl="https://b.example/2/")
    site.news("d", "The hidden one", webUrl="https://c.example/3", published=False)
    site.built()
    section = site.page(ARTICLE).section("Related coverage")
    assert section is not None
    # They are of one story, so they are told in their own words, with their own sources.
    opening = "/2024/01/01/opening-day-at-the-bridge/"
    assert section.links["Opening day at the bridge"] == opening
    assert "https://www.b.example/1" in list(section.references())
    assert section.links["Why so long"] == "/2024/01/01/why-so-long/"
    assert "Bridge opened today" not in section.text
    assert section.links["Not chosen here"] == "https://c.example/3"


def test_of_two_repeats_the_one_that_is_a_record_here_is_told(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.news(
        "a",
        "Bridge opens",
        related=[
            entry("Crowds at the opening of the bridge", "https://b.example/1", quality=50),
            entry("Crowds at opening of the bridge", "https://b.example/2", quality=40),
        ],
    )
    site.news("b", "Crowds", webUrl="https://b.example/2")
    site.built()
    section = site.page(ARTICLE).section("Related coverage")
    assert section is not None
    assert section.links["Crowds"] == "/2024/01/01/crowds/"
    assert "Crowds at" not in section.text


def test_another_record_of_the_same_outlet_with_a_like_title_is_not_the_article_itself(
    tmp_path: Path,
) -> None:
    site = Site(tmp_path)
    site.news("a", "Python 3.13 released", webUrl="https://p.example/1",
              related=[entry("Python 3.13.1 released", "https://p.example/2")])  # fmt: skip
    site.news(
        "b", "Python 3.13.1 released", "2024-01-02T10:00:00Z", webUrl="https://p.example/2"
    )
    site.built()
    page = site.page("/2024/01/01/python-3-13-released/")
    assert page.coverage == ["Python 3.13.1 released"]


def test_the_rest_is_there_to_be_opened(tmp_path: Path) -> None:
    site = built(
        tmp_path,
        *(entry(f"Version {n}", f"https://o{n}.example/1", quality=50 - n) for n in range(9)),
    )
    section = site.page(ARTICLE).section("Related coverage")
    assert section is not None
    assert [e.text for e in section.all("h3")] == [f"Version {n}" for n in range(9)]
    (more,) = section.all("details")
    assert [each.text for each in more.all("summary")] == ["All 10 sources"]
    assert [each.text for each in more.all("h3")] == ["Version 6", "Version 7", "Version 8"]


def test_the_host_named_is_the_host_linked(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.news("a", "Bridge opens", webUrl="https://youtu.be/abcdefgh",
              related=[entry("A view", "https://m.b.example/1")])  # fmt: skip
    site.built()
    article = site.page(ARTICLE)
    (read,) = [
        text for text, url in article.links.items() if url == "https://youtu.be/abcdefgh"
    ]
    assert "youtu.be" in read


def test_declared_outlets_outweigh_what_records_say(tmp_path: Path) -> None:
    site = Site(
        tmp_path,
        "-- content/providers/b.example.md --\n---\nname: The B\ndomain: b.example\n---\n",
    )
    site.news("a", "Bridge opens", webUrl="https://blog.b.example/1",
              provider={"name": "b.example", "domain": "blog.b.example"})  # fmt: skip
    related = [entry("X", "https://www.b.example/2", provider={"name": "zzz"})]
    site.news("c", "Other", provider={"name": "C", "domain": "c.example"}, related=related)
    site.built()
    assert site.page("/sources/b.example/").title == "The B"
    assert site.holders("zzz") == []


def test_what_is_opened_is_not_called_all_sources_of_the_story_where_it_is_more(
    tmp_path: Path,
) -> None:
    def told(number: int, when: str) -> dict[str, Any]:
        url = f"https://outlet{number}.example/"
        outlet = {"name": f"Outlet {number}", "domain": f"outlet{number}.example"}
        return entry(f"Bridge seen {number}", url, publishedDateTime=when, provider=outlet)

    # Two outlets tell the story; nine wrote of the bridge half a year before.
    site = built(
        tmp_path,
        *(told(number, "2024-01-01T12:00:00Z") for number in (1, 2)),
        *(told(number, "2023-06-01T12:00:00Z") for number in range(3, 12)),
        provider={"name": "Own", "domain": "own.example"},
    )
    section = site.page(ARTICLE).section("Related coverage")
    assert section is not None
    assert "3 sources tell this story." in section.text
    assert [each.text for each in section.all("summary")] == ["5 more"]


def test_an_entry_that_is_a_record_here_is_told_in_the_record_s_language(
    tmp_path: Path,
) -> None:
    site = Site(tmp_path, "-- tidings.toml --\n[stories]\nenabled = false\n")
    german = {"webUrl": "https://b.example/1"}
    site.news("a", "Bridge opens", related=[entry("Die Brücke ist offen", german["webUrl"])])
    for locale in ("de", "de-AT"):
        # Told anew, too, when nothing but the language has changed.
        site.news("b", "Die neue Brücke ist offen", locale=locale, **german)
        site.built()
        section = site.page(ARTICLE).section("Related coverage")
        assert section is not None
        (title,) = (each for each in section.all("bdi") if each.text == "Die Brücke ist offen")
        assert title.attributes["lang"] == locale
        assert site.files() == fresh_files(site)
