"""Bodies: links between records, links into the site, pictures."""

from __future__ import annotations

from pathlib import Path

from fixture_site import Site, codes, only, record

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="3"/>'


def test_links_by_file_name_lead_to_pages(tmp_path: Path) -> None:
    site = Site(tmp_path)
    body = "\n".join(f"[number {n}](2024-01-{n:02}-n.md#part-{n})\n" for n in range(1, 13))
    body += "[below](deep/2024-02-01-d.md) and [up there](./2024-01-01-n.md)\n"
    site.write("content/news/a.md", record("Bridge opens", body=body))
    for n in range(1, 13):
        site.news(f"2024-01-{n:02}-n", f"Number {n}", f"2024-01-{n:02}T10:00:00Z")
    site.write(
        "content/news/deep/2024-02-01-d.md",
        record("Deep", "2024-02-01", body="[back](../a.md) and [by name](2024-01-02-n.md)"),
    )
    assert codes(site.built()) == []
    links = site.page("/2024/01/01/bridge-opens/").links
    for n in range(1, 13):
        assert links[f"number {n}"] == f"/2024/01/{n:02}/number-{n}/#part-{n}"
    assert links["below"] == "/2024/02/01/deep/"
    assert links["up there"] == "/2024/01/01/number-1/"
    deep = site.page("/2024/02/01/deep/").links
    assert deep["back"] == "/2024/01/01/bridge-opens/"
    assert deep["by name"] == "/2024/01/02/number-2/"


def test_a_broken_link_is_told_at_its_line_and_shown_as_text(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.write(
        "content/news/a.md", record("Bridge opens", body="Some words\nand [gone](x.md).")
    )
    problem = only(site.built(), "broken-link")
    assert (problem.place.file, problem.place.line) == ("content/news/a.md", 7)
    page = site.page("/2024/01/01/bridge-opens/")
    assert "gone" in page.main.text
    assert "gone" not in page.links


def test_a_link_to_a_hidden_record_says_why_and_shows_nothing_of_it(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.write("content/news/a.md", record("Bridge opens", body="See [there](b.md)."))
    site.news("b", "Hidden title", published=False)
    problem = only(site.built(), "link-to-held")
    assert "published: false" in problem.message
    assert "there" not in site.page("/2024/01/01/bridge-opens/").links
    assert site.holders("Hidden title") == []
    assert codes(site.built(unpublished=True)) == []


def test_a_link_to_a_duplicate_leads_to_the_page_in_its_place(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.write("content/news/a.md", record("Bridge opens", body="See [there](c.md)."))
    site.news("b", "Best", webUrl="https://x.example/1", quality=9)
    site.news("c", "Copy", webUrl="https://x.example/1")
    site.built()
    assert site.page("/2024/01/01/bridge-opens/").links["there"] == "/2024/01/01/best/"


def test_paths_of_the_site_have_its_base_path(tmp_path: Path) -> None:
    site = Site(
        tmp_path, '-- tidings.toml --\n[site]\nbase_url = "https://x.example/digest/"\n'
    )
    body = "[topics](/topics/) [front](/) [feed](/feed.xml) [odd](/nowhere/?a=1&b=2)"
    site.write("content/news/a.md", record("Bridge opens", body=body))
    problem = only(site.built(), "broken-link")
    assert "/nowhere/" in problem.message
    links = site.page("/2024/01/01/bridge-opens/").main.links
    assert links["topics"] == "/digest/topics/"
    assert links["front"] == "/digest/"
    assert links["feed"] == "/digest/feed.xml"
    assert links["odd"] == "/digest/nowhere/?a=1&b=2"


def test_pictures_come_from_static_whatever_their_names(tmp_path: Path) -> None:
    site = Site(tmp_path)
    names = ("plain.svg", "with space.svg", "größe #1.svg", "a&b.svg", "100%.svg")
    for name in names:
        site.write(f"static/pictures/{name}", SVG + name)
    site.write("static/root/own.svg", SVG)
    body = (
        "![plain](/pictures/plain.svg) ![space](</pictures/with space.svg>)\n"
        "![odd](</pictures/größe %231.svg>) ![and](/pictures/a&b.svg)\n"
        "![cent](/pictures/100%25.svg)\n"
        "![root](/own.svg)\n"
    )
    site.write(
        "content/news/a.md",
        record("Bridge opens", body=body, images=[{"url": "/pictures/with space.svg"}]),
    )
    assert codes(site.built()) == []
    article = site.page("/2024/01/01/bridge-opens/").main
    files = site.files()
    from urllib.parse import unquote

    pictures = {each.attributes["alt"]: each.attributes["src"] for each in article.all("img")}
    for alt, name in zip(("plain", "space", "odd", "and", "cent"), names, strict=True):
        assert files[unquote(pictures[alt]).lstrip("/")] == (SVG + name).encode(), alt
    assert pictures["root"] == "/own.svg"
    assert files[unquote(pictures[""]).lstrip("/")] == (SVG + names[1]).encode()


def test_a_missing_picture_is_told_and_its_text_shown(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.write(
        "content/news/a.md",
        record(
            "Bridge opens", body='Look: ![a <b> > "bridge"](/pictures/none.svg "t > u") end.'
        ),
    )
    problem = only(site.built(), "missing-picture")
    assert problem.place.file == "content/news/a.md"
    assert "static/pictures/none.svg" in problem.hint
    article = site.page("/2024/01/01/bridge-opens/").main
    assert 'Look: a <b> > "bridge" end.' in article.text
    assert article.all("img") == []


def test_marks_of_the_builder_that_an_author_writes_are_text(tmp_path: Path) -> None:
    site = Site(tmp_path)
    words = 'href="tidings-record:0." and src="tidings-root:/x"'
    site.write("content/news/a.md", record("Bridge opens", body=f"`{words}` {words} [b](b.md)"))
    site.news("b", "Other")
    site.built()
    article = site.page("/2024/01/01/bridge-opens/").main
    assert article.text.count(words) == 2
    assert article.links["b"] == "/2024/01/01/other/"


def test_feeds_carry_bodies_with_whole_addresses(tmp_path: Path) -> None:
    site = Site(
        tmp_path, '-- tidings.toml --\n[site]\nbase_url = "https://x.example/digest/"\n'
    )
    site.write("static/p.svg", SVG)
    body = "[there](b.md) ![p](/p.svg)"
    site.write("content/news/my record.md", record("Bridge opens", body=body))
    site.news("b", "Other")
    site.built()
    feed = (site.output / "feed.xml").read_text("utf-8")
    assert "https://x.example/digest/2024/01/01/other/" in feed
    assert "https://x.example/digest/static/p." in feed
    assert "<id>tag:records.tidings,2026:my%20record.md</id>" in feed
