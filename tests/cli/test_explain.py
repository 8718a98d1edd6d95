"""`tidings explain` as its user meets it: why a record is or is not there, and where it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from asking import CLOCK, ask
from click.testing import CliRunner
from fixture_site import Site

from tidings.cli import commands

FILE = "content/news/2024-01-01-one.md"
PAGE = "/2024/01/01/robots-learn-to-swim/"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A site with three records, one of them held back."""
    site = Site(tmp_path)
    site.write("tidings.toml", '[site]\nbase_url = "https://digest.example/"\n')
    site.news(
        "2024-01-01-one",
        "Robots learn to swim",
        webUrl="https://www.outlet.example/swim",
        topics=["Robots", "Sport"],
        quality=70,
        heat=80,
        provider={"name": "The Outlet", "domain": "outlet.example"},
        aliases=["/old/swim/"],
    )
    site.news("2024-01-01-two", "A quiet day", topics=["Sport"], quality=90, heat=90)
    site.news("2024-01-01-three", "Unfinished", published=False)
    return site


def rows(text: str) -> dict[str, str]:
    """The facts at the top of an answer by name."""
    found = {}
    for line in text.splitlines()[3:]:
        if not line.startswith("  "):
            break
        name, _, value = line.strip().partition("  ")
        found[name] = value.strip()
    return found


def explained(site: Site, name: str, *options: str) -> dict[str, Any]:
    """What the JSON says of a record."""
    record = ask(site, "explain", name, *options, "--json").json["record"]
    assert isinstance(record, dict)
    return record


def test_a_shown_record_is_told_with_its_place_and_pages(site: Site) -> None:
    answer = ask(site, "explain", FILE)
    assert (answer.code, answer.errors) == (0, "")
    assert answer.text.splitlines()[:3] == [FILE, "Robots learn to swim", ""]
    assert rows(answer.text) == {
        "on the site": "yes",
        "page": PAGE,
        "alias": "/old/swim/",
        "published": "2024-01-01 10:00:00 UTC",
        "day": "2024-01-01 in UTC",
        "rank": "2 of 2 on its day, 1 of 1 on Robots",
        "heat": "80; quality 70",
        "topics": "Robots (main), Sport",
        "source": "The Outlet (outlet.example)",
        "links to": "https://www.outlet.example/swim",
    }


def test_every_page_that_names_it_is_found(site: Site) -> None:
    site.built()
    said = {page for each in explained(site, FILE)["pages"] for page in each["pages"]}
    holders = {
        "/" + path.removesuffix("index.html")
        for path in site.holders("Robots learn to swim")
        if path.endswith((".html", ".xml", "feed.json"))
    }
    assert {"/", "/feed.xml", "/2024/01/01/", "/topics/sport/"} <= said
    assert said == holders - {PAGE, "/old/swim/"}


@pytest.mark.parametrize(
    "name",
    [
        "2024-01-01-one.md",
        "2024-01-01-one",
        "https://outlet.example/swim/",
        "http://www.outlet.example/swim?utm_source=x#top",
        PAGE,
        PAGE.strip("/"),
        "/old/swim/",
        f"https://digest.example{PAGE}",
        f"http://localhost:8000{PAGE}",
    ],
)
def test_a_record_has_many_names(site: Site, name: str) -> None:
    assert explained(site, name)["file"] == FILE


def test_paths_from_the_current_folder_and_of_built_files_are_understood(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = site.output / PAGE.strip("/") / "index.html"
    assert explained(site, str(built))["file"] == FILE
    monkeypatch.chdir(site.source / "content")
    done = CliRunner().invoke(
        commands, ["explain", "news/2024-01-01-one.md", "--source", "..", CLOCK]
    )
    assert done.stdout.splitlines()[0] == FILE


@pytest.mark.parametrize(
    ("keys", "visibility", "words"),
    [
        ({"published": False}, "unpublished", "show it with --unpublished"),
        ({"when": "2030-01-01T10:00:00Z"}, "future", "2030-01-01 10:00 UTC; show it with --f"),
        ({"expires": "2025-01-01T10:00:00Z"}, "expired", "expired 2025-01-01"),
        ({"topics": ["Gossip"]}, "blocked", "topic 'Gossip'"),
    ],
)
def test_why_a_record_is_held_back(
    tmp_path: Path, keys: dict[str, Any], visibility: str, words: str
) -> None:
    site = Site(tmp_path)
    site.write("tidings.toml", '[block]\ntopics = ["Gossip"]\n')
    site.news("a", **{"title": "A thing", **keys})
    answer = ask(site, "explain", "a")
    assert answer.code == 0
    assert rows(answer.text)["on the site"].startswith("no: ")
    assert words in answer.text
    assert "page" not in rows(answer.text)
    assert explained(site, "a")["visibility"] == visibility


def test_options_change_the_answer_as_they_change_the_build(site: Site) -> None:
    assert not explained(site, "2024-01-01-three")["shown"]
    assert explained(site, "2024-01-01-three", "--unpublished")["shown"]
    held = explained(site, FILE, "--clock", "2023-01-01")
    assert held["visibility"] == "future"
    record = explained(site, FILE, "--base-url", "https://x.example/digest/")
    assert record["page"] == f"/digest{PAGE}"
    assert record["address"] == f"https://x.example/digest{PAGE}"
    pages = {page for each in record["pages"] for page in each["pages"]}
    assert {"/digest/", "/digest/feed.xml"} <= pages


def test_a_duplicate_names_the_record_in_its_place(site: Site) -> None:
    site.news("weak", "Swimming robots", webUrl="http://outlet.example/swim", quality=1)
    answer = ask(site, "explain", "weak")
    facts = rows(answer.text)
    assert facts["on the site"] == (
        f"no: it has the same URL as {FILE}, which is shown in its place"
    )
    assert facts["in its place"] == FILE
    assert facts["redirect"] == "/2024/01/01/swimming-robots/"
    assert explained(site, "https://outlet.example/swim")["file"] == FILE
    assert rows(ask(site, "explain", FILE).text)["repeated by"] == "content/news/weak.md"


def test_a_file_with_errors_is_told_with_their_places(site: Site) -> None:
    site.write("content/news/bad.md", "---\ntitle: Bad\npublishedDateTime: soon\n---\n")
    answer = ask(site, "explain", "bad")
    assert answer.code == 0
    assert rows("\n" + answer.text)["on the site"].startswith("no: the file has errors: ")
    assert "content/news/bad.md:3:20: error[wrong-date]" in answer.text


def test_repairs_of_the_record_are_told(site: Site) -> None:
    site.news("2024-01-01-odd", "Salt &amp; pepper", "2024-01-01T00:00:00Z")
    text = ask(site, "explain", "2024-01-01-odd").text
    assert "  entities            title: &amp;\n" in text
    assert "  midnight            2024-01-01 00:00 UTC\n" in text


def test_what_became_of_each_related_entry(site: Site) -> None:
    site.write("tidings.toml", '[block]\ndomains = ["spam.example"]\n')

    def entry(title: str, url: str, quality: int) -> dict[str, Any]:
        return {"title": title, "webUrl": url, "quality": quality}

    site.news(
        "main",
        "The mayor opens the new bridge",
        webUrl="https://a.example/1",
        related=[
            entry("Bridge opened at last", "https://b.example/1", 90),
            entry("Bridge opened", "http://www.b.example/1?utm_source=x", 80),
            entry("Bridge opened at last, today", "https://b.example/2", 70),
            entry("What the bridge cost", "https://b.example/3", 60),
            entry("The bridge", "https://a.example/1/", 50),
            entry("Win a bridge", "https://spam.example/1", 40),
            entry("Swim", "https://outlet.example/swim", 30),
        ],
    )
    record = explained(site, "main")
    listed = [(each["title"], each["under"], each["file"]) for each in record["coverage"]]
    assert listed == [
        ("Bridge opened at last", False, ""),
        ("What the bridge cost", True, ""),
        ("Swim", False, FILE),
    ]
    dropped = {each["title"]: (each["reason"], each["kept"]) for each in record["dropped"]}
    assert dropped == {
        "Bridge opened": ("same-url", "Bridge opened at last"),
        "Bridge opened at last, today": ("same-title", "Bridge opened at last"),
        "The bridge": ("itself", ""),
        "Win a bridge": ("blocked", ""),
    }
    text = ask(site, "explain", "main").text
    assert "Related coverage: 3" in text
    assert "    has the URL of Bridge opened at last\n" in text
    assert "    is blocked in tidings.toml\n" in text


def test_related_articles_are_told_with_scores_terms_and_reasons(site: Site) -> None:
    site.news(
        "2023-11-01-pool",
        "Robots swim in the city pool",
        "2023-11-01T10:00:00Z",
        topics=["Robots"],
    )
    first = explained(site, FILE)["related"][0]
    assert first["file"] == "content/news/2023-11-01-pool.md"
    assert first["shown"]
    assert first["score"] > 0
    assert {term["term"] for term in first["terms"]} & {"robot", "swim"}
    text = ask(site, "explain", FILE).text
    assert f"{first['score']:>6}  Robots swim in the city pool\n" in text
    assert "terms: " in text


def test_a_near_record_that_the_sidebar_names_above_is_told_with_its_score(site: Site) -> None:
    title = "Artemis crew lands near Shackleton crater"
    for name in ("a", "b"):
        outlet = {"name": f"Outlet {name}", "domain": f"{name}.example"}
        url = f"https://{name}.example/moon"
        site.news(f"2024-01-01-{name}", title, webUrl=url, topics=["Space"], provider=outlet)
    answer = ask(site, "explain", "content/news/2024-01-01-a.md")
    others = [line for line in answer.text.splitlines() if "near too" in line]
    record = explained(site, "content/news/2024-01-01-a.md")
    (other,) = [each for each in record["related"] if "01-b" in each["file"]]
    assert not other["shown"]
    told = f"content/news/2024-01-01-b.md ({other['score']}, same story)"
    assert others == [f"  near too, but named above it or one too many: {told}"]


def test_a_story_is_told_with_why_each_record_is_one(site: Site) -> None:
    url = "https://paper.example/robots"
    site.news("2024-01-01-four", "Machines in water", webUrl=url, quality=60)
    swim = {"title": "Robots!", "webUrl": url}
    site.news(
        "2024-01-01-one",
        "Robots learn to swim",
        webUrl="https://www.outlet.example/swim",
        quality=70,
        related=[swim],
    )
    story = explained(site, "2024-01-01-four")["story"]
    lead, other = story["members"]
    assert (lead["file"], lead["reason"]) == (FILE, "")
    assert (other["other"], other["reason"]) == (FILE, "covers")
    assert other["detail"] == "paper.example/robots"
    site.built()
    assert site.has(story["page"])
    text = ask(site, "explain", FILE).text
    assert "Story: 2 records, " in text
    assert f"is listed as coverage by, or lists, {FILE} (paper.example/robots)" in text


def test_a_page_that_is_no_records_is_told_with_its_records(site: Site) -> None:
    answer = ask(site, "explain", "/topics/sport/")
    assert answer.code == 0
    lines = answer.text.splitlines()
    assert lines[:2] == ["/topics/sport/", "Sport"]
    assert lines[-2:] == [f"  {FILE}", "  content/news/2024-01-01-two.md"]
    page = ask(site, "explain", "feed.xml", "--json").json["page"]
    assert (page["kind"], len(page["records"])) == ("feed", 2)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("2024-01-01-onne.md", f"perhaps: {FILE}\n"),
        ("/topics/sports/", "perhaps: /topics/sport/\n"),
        ("tidings.toml", "the file is there, but no record"),
        ("https://nowhere.example/", "no record has this URL"),
        ("https://digest.example/nowhere/", "the site has no page at this address"),
        ("\x1b[2J", "no record and no page"),
    ],
)
def test_an_unknown_name_is_answered_with_a_suggestion(
    site: Site, name: str, words: str
) -> None:
    answer = ask(site, "explain", name)
    assert (answer.code, answer.text) == (2, "")
    assert words in answer.errors
    assert "\x1b" not in answer.errors


def test_a_url_that_is_only_covered_names_the_records_that_list_it(site: Site) -> None:
    related = [{"title": "Elsewhere", "webUrl": "https://x.example/1"}]
    site.news("lists", "Lists another", related=related)
    answer = ask(site, "explain", "https://x.example/1")
    assert answer.code == 2
    assert "perhaps: content/news/lists.md" in answer.errors


def test_while_no_site_can_be_made_the_rest_is_told(site: Site) -> None:
    site.news("clash", "A clash", aliases=["/topics/"])
    facts = rows(ask(site, "explain", FILE).text)
    assert facts["page"].startswith("none yet: two pages claim one address")
    assert facts["rank"].startswith("2 of 3 on its day")


def test_a_config_at_fault_is_told(site: Site) -> None:
    site.write("tidings.toml", "[sitte]\n")
    answer = ask(site, "explain", FILE)
    assert answer.code == 2
    assert "tidings.toml:1:1: error[unknown-setting]" in answer.errors
