"""Topics: their names, places, orders and pages, declared or not."""

from __future__ import annotations

from pathlib import Path

from fixture_site import Page, Site, codes, only

TREE = """\
-- content/topics/00-digest.yaml --
taxonomy: topic
_id: digest
name: The Digest
-- content/topics/02-web.yaml --
_id: web
name: The Open Web
shortname: Web
parent: the digest
description: Everything between a server and a reader.
-- content/topics/01-languages.yaml --
_id: languages
name: Programming Languages
parent: The Digest
-- content/topics/03-python.yaml --
_id: python
name: Python
parent: Programming Languages
---
"""


def navigation(page: Page) -> list[str]:
    (nav,) = [
        each for each in page.all("nav") if "topic-nav" in each.attributes.get("class", "")
    ]
    fixed = ("All topics", "Sources", "Archive")
    return [link.text for link in nav.all("a") if link.text not in fixed]


def test_the_tree_follows_parents_order_and_names(tmp_path: Path) -> None:
    site = Site(tmp_path, TREE)
    site.news("a", "New release", topics=["Python", "The Digest"])
    site.news("b", "New standard", topics=["The Digest", "web"])
    site.news("c", "New zebra", topics=["Zebras"])
    site.news("d", "New apple", topics=["apples"])
    assert codes(site.built()) == []
    tree = site.page("/topics/").main
    names = [link for link in tree.links if link != "Topics"]
    assert names == [
        "The Digest", "Programming Languages", "Python", "The Open Web", "apples", "Zebras",
    ]  # fmt: skip
    assert navigation(site.page("/")) == ["Programming Languages", "Web", "apples", "Zebras"]


def test_a_hub_has_its_description_parent_children_and_all_records_below(
    tmp_path: Path,
) -> None:
    site = Site(tmp_path, TREE)
    site.news("a", "New release", topics=["Python", "The Digest"])
    site.news("b", "New standard", topics=["Web"])
    site.built()
    web = site.page("/topics/web/")
    assert web.title == "The Open Web"
    assert "Everything between a server and a reader." in web.text
    assert web.links["The Digest"] == "/topics/digest/"
    assert "New standard" in web.headlines
    languages = site.page("/topics/languages/")
    assert "New release" in languages.headlines
    assert languages.links["Python"] == "/topics/python/"
    assert {"New release", "New standard"} <= set(site.page("/topics/digest/").headlines)


def test_a_record_is_listed_under_its_first_topic_that_is_not_the_whole_digest(
    tmp_path: Path,
) -> None:
    site = Site(tmp_path, TREE)
    site.news("a", "New release", topics=["The Digest", "Python"])
    site.news("b", "New standard", topics=["Web", "Python"])
    site.news("c", "News about news", topics=["The Digest"])
    site.news("d", "No topic at all")
    site.built()
    day = site.page("/2024/01/01/")
    headings = [each.text for each in day.main.all("h2")]
    assert headings == ["The Digest", "Python", "The Open Web", "More"]
    article = site.page("/2024/01/01/new-release/")
    chips = [
        each for each in article.all("ul") if each.attributes.get("aria-label") == "Topics"
    ]
    assert list(chips[0].links) == ["Python"]


def test_several_top_topics_are_sections_and_none_of_them_the_whole(tmp_path: Path) -> None:
    site = Site(
        tmp_path,
        """\
-- content/topics/01-ai.yaml --
name: AI
-- content/topics/02-vision.yaml --
name: Computer Vision
parent: AI
-- content/topics/03-politics.yaml --
name: Politics
""",
    )
    site.news("a", "A model", topics=["AI"])
    site.news("b", "A vote", topics=["Politics"])
    site.built()
    assert navigation(site.page("/")) == ["AI", "Politics"]


def test_the_configured_root_stands_for_the_whole_digest(tmp_path: Path) -> None:
    site = Site(tmp_path, '-- tidings.toml --\n[site]\nroot_topic = "everything"\n')
    site.news("a", "A vote", topics=["Everything", "Politics"])
    site.built()
    assert navigation(site.page("/")) == ["Politics"]
    site.edit('-- tidings.toml --\n[site]\nroot_topic = "everythin"\n')
    problem = only(site.built(), "unknown-root-topic")
    assert "Everything" in problem.hint
    assert problem.place.file == "tidings.toml"


def test_spellings_that_differ_in_case_are_one_topic_under_the_usual_one(
    tmp_path: Path,
) -> None:
    site = Site(tmp_path)
    site.news("a", "One", topics=["open source"])
    site.news("b", "Two", topics=["Open Source"])
    site.news("c", "Three", topics=["Open  Source"])
    site.built()
    hub = site.page("/topics/open-source/")
    assert hub.title == "Open Source"
    assert {"One", "Two", "Three"} <= set(hub.headlines)


def test_names_that_give_one_slug_have_pages_of_their_own(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.news("a", "Plus", "2024-01-01T10:00:00Z", topics=["C++"])
    site.news("b", "Sharp", "2024-01-02T10:00:00Z", topics=["C#"])
    site.built()
    assert site.page("/topics/c/").title == "C++"
    hubs = sorted(path.split("/")[1] for path in site.files() if path.startswith("topics/c"))
    assert len(set(hubs)) == 2
    before = site.files()
    # A newcomer does not take over anybody's address, though "c" sorts before both.
    site.news("c", "Plain", "2024-01-03T10:00:00Z", topics=["C"])
    site.built()
    assert site.page("/topics/c/").title == "C++"
    assert {path for path in before if path.startswith("topics/")} <= set(site.files())


def test_topics_named_page_or_after_a_device_work(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.news("a", "One", topics=["Page"])
    site.news("b", "Two", topics=["CON"])
    site.news("c", "Three", topics=["!!!"])
    site.built()
    assert site.page("/topics/page/").title == "Page"
    links = site.page("/topics/").main.links
    assert site.page(links["CON"]).title == "CON"
    assert links["CON"] != "/topics/con/"
    assert site.page(links["!!!"]).title == "!!!"


def test_an_unknown_parent_is_told_at_its_line_and_the_topic_is_kept(tmp_path: Path) -> None:
    site = Site(tmp_path, "-- content/topics/01-a.yaml --\nname: Alpha\nparent: Omega\n")
    site.news("a", "One", topics=["Alpha"])
    problem = only(site.built(), "unknown-parent")
    assert (problem.place.file, problem.place.line) == ("content/topics/01-a.yaml", 2)
    assert "Omega" in problem.message
    assert "One" in site.page("/topics/a/").headlines


def test_circles_are_cut_and_told(tmp_path: Path) -> None:
    site = Site(
        tmp_path,
        """\
-- content/topics/01-a.yaml --
name: Alpha
parent: Gamma
-- content/topics/02-b.yaml --
name: Beta
parent: Alpha
-- content/topics/03-c.yaml --
name: Gamma
parent: Beta
-- content/topics/04-d.yaml --
name: Delta
parent: Delta
""",
    )
    site.news("a", "One", topics=["Beta"])
    report = site.built()
    assert codes(report).count("topic-circle") == 2
    tree = site.page("/topics/").main
    assert {"Alpha", "Beta", "Gamma", "Delta"} <= set(tree.links)


def test_a_topic_declared_twice_is_an_error_and_the_first_stays(tmp_path: Path) -> None:
    site = Site(
        tmp_path,
        "-- content/topics/01-a.yaml --\nname: Alpha\ndescription: First.\n"
        "-- content/topics/02-a.yaml --\n_id: a\nname: alpha\ndescription: Second.\n",
    )
    problem = only(site.built(), "repeated-topic")
    assert "is also declared in content/topics/" in problem.message
    assert problem.place.file == "content/topics/02-a.yaml"
    assert site.holders("Second.") == []


def test_days_hold_headings_in_the_order_of_the_tree(tmp_path: Path) -> None:
    site = Site(tmp_path, TREE)
    site.news("a", "Web news", topics=["Web"], quality=99)
    site.news("b", "Language news", topics=["Programming Languages"], quality=1)
    site.news("c", "Zebra news", topics=["Zebras"], quality=100)
    site.built()
    assert [each.text for each in site.page("/2024/01/01/").main.all("h2")] == [
        "Programming Languages", "The Open Web", "Zebras",
    ]  # fmt: skip
