"""Feeds of a built site: every format after its own rules, and all of them saying the same."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote

import pytest
from fixture_examples import EXAMPLES, example_site
from fixture_feeds import Feed, read_feed
from fixture_machines import pages_of
from fixture_site import Site, codes, dead_links, only, record

NAMES = ("feed.xml", "rss.xml", "feed.json")
BASE = "https://x.example/digest/"
TITLES = ("Oars ordered", "Lake frozen over", "Coach leaves", "Race 4 won")


@pytest.fixture(scope="module", params=EXAMPLES)
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Site:
    return example_site(request.param, tmp_path_factory.mktemp(request.param), BASE)


def feeds_of(site: Site) -> dict[str, Feed]:
    """Every feed of the site by its file, each after the rules of its format."""
    return {
        path: read_feed(path, data)
        for path, data in site.files().items()
        if path.rpartition("/")[2] in NAMES
    }


def test_every_feed_keeps_the_rules_of_its_format_and_all_formats_agree(built: Site) -> None:
    feeds = feeds_of(built)
    homes = {path.rpartition("/")[0] for path in feeds}
    assert len(feeds) == 3 * len(homes)
    for home in homes:
        place = f"{home}/" if home else ""
        atom, rss, other = (feeds[place + name] for name in NAMES)
        assert atom.title == rss.title == other.title
        assert atom.home == rss.home == other.home
        assert atom.home.startswith(BASE)
        assert [atom.url, rss.url, other.url] == [atom.home + name for name in NAMES]
        assert atom.updated == rss.updated
        for one, two, three in zip(atom.entries, rss.entries, other.entries, strict=True):
            assert two == one._replace(source="", summary=two.summary)
            assert three == one._replace(summary=three.summary)
            assert {two.summary, three.summary} <= {one.summary, one.title, ""}


def test_site_topics_sources_and_stories_have_feeds_that_their_pages_name(built: Site) -> None:
    feeds = feeds_of(built)
    homes = {path.rpartition("/")[0] for path in feeds}
    named = set()
    for path, page in pages_of(built):
        links = [each.attributes for each in page.all("link")]
        alternate = [each for each in links if each.get("rel") == "alternate"]
        addresses = [unquote(each["href"]).removeprefix("/digest/") for each in alternate]
        assert set(addresses) <= set(feeds)
        assert len(addresses) == len(set(addresses))
        # The site's feeds are named on every page, a page's own below them.
        assert addresses[:3] == list(NAMES)
        assert [each["type"] for each in alternate] == [
            *("application/atom+xml", "application/rss+xml", "application/feed+json")
        ] * (len(alternate) // 3)
        named.update(addresses)
        home, _, file = path.rpartition("/")
        if file == "index.html" and home in homes:
            assert addresses[-3:] == [f"{home}/{name}" if home else name for name in NAMES]
    assert named == set(feeds)
    kinds = {home.partition("/")[0] for home in homes}
    assert {"", "topics", "sources"} <= kinds <= {"", "topics", "sources", "stories"}
    for folder in ("topics", "sources"):
        pages = {path.parent.name for path in built.output.glob(f"{folder}/*/index.html")}
        assert {home.partition("/")[2] for home in homes if home.startswith(folder)} <= pages


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """Four records of one outlet, two of them one story, in a topic below another one."""
    site = Site(
        tmp_path,
        "-- content/topics/01-sport.yaml --\nname: Sport\n"
        "-- content/topics/02-rowing.yaml --\nname: Rowing\nparent: Sport\n",
        base_url=BASE,
    )
    outlet = {"name": "The Outlet", "domain": "outlet.example"}
    for number in range(1, 5):
        site.news(
            f"{number}",
            TITLES[number - 1],
            f"2024-03-0{number}T10:00:00Z",
            topics=["Rowing"],
            excerpt=f"Excerpt {number} & <more>",
            provider=outlet,
            related=[{"title": "One", "webUrl": "https://o.example/1"}] if number < 3 else [],
            images=[{"url": "/p.png", "width": 8, "height": 6}] if number == 4 else [],
        )
    site.write("static/p.png", b"\x89PNG")
    return site


def entries(site: Site, path: str) -> list[str]:
    """The names of the records in a feed, in its order."""
    feed = read_feed(path, site.files()[path])
    return [entry.id.rpartition(":")[2].removesuffix(".md") for entry in feed.entries]


def test_a_feed_lists_what_its_page_lists_newest_first(site: Site) -> None:
    site.built()
    (story,) = {path.parent.name for path in site.output.glob("stories/*/index.html")}
    for name in NAMES:
        for home in ("", "topics/sport/", "topics/rowing/", "sources/outlet.example/"):
            assert entries(site, home + name) == ["4", "3", "2", "1"]
        assert entries(site, f"stories/{story}/{name}") == ["2", "1"]


def test_the_newest_entries_are_kept_as_many_as_the_publisher_wants(site: Site) -> None:
    site.write("tidings.toml", "[feed]\nentries = 2\n")
    site.built()
    for name in NAMES:
        for home in ("", "topics/sport/", "sources/outlet.example/"):
            assert entries(site, home + name) == ["4", "3"]


def test_thirty_entries_are_kept_where_nothing_is_said(site: Site) -> None:
    for number in range(10, 50):
        site.news(f"{number}", f"Race {number}", f"2023-01-01T{number % 24:02}:00:00Z")
    site.built()
    assert [len(entries(site, name)) for name in NAMES] == [30] * 3


def test_every_page_of_a_story_has_a_feed(built: Site) -> None:
    pages = {path.parent.name for path in built.output.glob("stories/*/index.html")}
    for name in NAMES:
        assert {path.parent.name for path in built.output.glob(f"stories/*/{name}")} == pages


def test_what_joins_a_story_of_one_record_comes_in_its_feed(tmp_path: Path) -> None:
    site = Site(tmp_path, base_url=BASE)
    related = [{"title": "Other", "webUrl": "https://o.example/1"}]
    site.news("a", "Alone", provider={"name": "A", "domain": "a.example"}, related=related)
    site.built()
    (story,) = site.output.glob("stories/*/index.html")
    feed = f"stories/{story.parent.name}/feed.xml"
    assert entries(site, feed) == ["a"]
    site.news("b", "Other", "2024-01-02T10:00:00Z", webUrl="https://o.example/1")
    site.built()
    assert entries(site, feed) == ["b", "a"]


def test_stories_with_one_record_here_can_be_left_without_feeds(tmp_path: Path) -> None:
    config = '-- tidings.toml --\n[feed]\nstories = "several"\n'
    site = Site(tmp_path, config, base_url=BASE)
    related = [{"title": "Other", "webUrl": "https://o.example/1"}]
    site.news("a", "Alone", provider={"name": "A", "domain": "a.example"}, related=related)
    site.built()
    assert list(site.output.glob("stories/*/index.html"))
    assert not [path for path in feeds_of(site) if path.startswith("stories")]
    assert dead_links(site, BASE) == []
    site.news("b", "Other", "2024-01-02T10:00:00Z", webUrl="https://o.example/1")
    site.built()
    assert len([path for path in feeds_of(site) if path.startswith("stories")]) == 3


def test_stories_can_be_left_without_feeds(site: Site) -> None:
    site.write("tidings.toml", '[feed]\nstories = "none"\n')
    site.built()
    assert {path.partition("/")[0] for path in feeds_of(site)} == {*NAMES, "topics", "sources"}
    assert dead_links(site, BASE) == []


def test_only_the_chosen_formats_are_made_and_named(site: Site) -> None:
    site.write("tidings.toml", '[feed]\nformats = ["json", "rss", "json"]\n')
    site.built()
    assert {path.rpartition("/")[2] for path in feeds_of(site)} == {"rss.xml", "feed.json"}
    page = site.page("/topics/rowing/")
    hrefs = [each.attributes["href"] for each in page.all("link")]
    feeds = [each for each in hrefs if each.endswith(NAMES)]
    assert [each.rpartition("/")[2] for each in feeds] == ["feed.json", "rss.xml"] * 2
    assert page.links["Feed of Rowing"] == "/digest/topics/rowing/feed.json"
    site.write("tidings.toml", "[feed]\nformats = []\n")
    site.built()
    assert feeds_of(site) == {}
    assert dead_links(site, BASE) == []
    assert "Feed" not in site.page("/").links


def test_headlines_lead_to_the_page_here_or_to_the_source(site: Site) -> None:
    site.built()
    here, there = f"{BASE}2024/03/04/race-4-won/", "https://outlet.example/Race%204%20won"
    first = [feeds_of(site)[name].entries[0] for name in NAMES]
    assert [entry.link for entry in first] == [here] * 3
    assert [entry.source for entry in first] == [there, "", there]
    before = [entry.id for entry in first]
    site.write("tidings.toml", '[feed]\nlink = "source"\n')
    site.built()
    first = [feeds_of(site)[name].entries[0] for name in NAMES]
    assert [entry.link for entry in first] == [there, there, here]
    assert [entry.id for entry in first] == before
    assert (
        f'rel="related" type="text/html" href="{here}"' in (site.output / NAMES[0]).read_text()
    )
    assert json.loads((site.output / NAMES[2]).read_text())["items"][0]["external_url"] == there


def test_the_body_can_be_left_to_the_page(site: Site) -> None:
    text = (site.source / "content/news/4.md").read_text() + "The *body*.\n"
    site.write("content/news/4.md", text)
    site.built()
    for name in NAMES:
        entry = feeds_of(site)[name].entries[0]
        assert entry.html == "<p>The <em>body</em>.</p>\n"
        assert entry.summary == "Excerpt 4 & <more>"
    site.write("tidings.toml", '[feed]\ncontent = "summary"\n')
    site.built()
    for name in NAMES:
        assert feeds_of(site)[name].entries[0].html == ""
        assert feeds_of(site)[name].entries[0].summary == "Excerpt 4 & <more>"
        assert b"body" not in site.files()[name]


def test_a_hub_is_named_in_every_feed(site: Site) -> None:
    site.write("tidings.toml", '[feed]\nhub = "https://hub.example/?a=1&b=2"\n')
    site.built()
    assert {feed.hub for feed in feeds_of(site).values()} == {"https://hub.example/?a=1&b=2"}


def test_pictures_are_told_with_their_types(site: Site) -> None:
    site.built()
    for name in NAMES:
        picture = feeds_of(site)[name].entries[0].picture
        assert picture.startswith(f"{BASE}static/p.")
        assert feeds_of(site)[name].entries[1].picture == ""
    assert b'type="image/png" length="4"' in site.files()["feed.xml"]
    assert b'length="4" type="image/png"' in site.files()["rss.xml"]


def test_pictures_of_other_hosts_only_where_the_publisher_lets_them(site: Site) -> None:
    url = "https://pictures.example/x?id=1"
    site.news("5", "Race 5", "2024-03-05T10:00:00Z", images=[{"url": url}])
    site.built()
    assert [feeds_of(site)[name].entries[0].picture for name in NAMES] == [""] * 3
    site.write("tidings.toml", "[media]\nremote_pictures = true\n")
    site.built()
    assert [feeds_of(site)[name].entries[0].picture for name in NAMES] == [url] * 3
    # How many bytes it has is not known, and an RSS enclosure must say that.
    assert b"<enclosure" not in site.files()["rss.xml"].partition(b"</item>")[0]


def test_no_address_in_a_body_is_relative(site: Site) -> None:
    body = (
        '[a](/topics/) [b](3.md) [c](3.md#x) [d](beside/ "\'&") [e](../up.html?a=1&b=2)'
        " [f](#top) [g](mailto:a@x.example) [h](//h.example/) [i](?q=1)"
        ' [j](https://j.example/) text href="#no" `<a href="#code">`'
        "\n\n![p](/p.png) Note[^1].\n\n[^1]: Foot.\n"
    )
    site.write("content/news/4.md", (site.source / "content/news/4.md").read_text() + body)
    site.built()
    page = f"{BASE}2024/03/04/race-4-won/"
    for name in NAMES:
        html = read_feed(name, site.files()[name]).entries[0].html
        for address in (
            f"{BASE}topics/",
            f"{BASE}2024/03/03/coach-leaves/#x",
            f"{page}beside/",
            f"{BASE}2024/03/04/up.html?a=1&amp;b=2",
            f"{page}#top",
            f"{page}?q=1",
            f"{page}#fn1",
            "mailto:a@x.example",
            "https://h.example/",
            "https://j.example/",
        ):
            assert f'href="{address}"' in html, address
        assert 'text href="#no"' in html
        assert '&lt;a href="#code"&gt;' in html
        assert f'<img src="{BASE}static/p.' in html


def test_what_no_xml_can_hold_is_in_no_feed(site: Site) -> None:
    nasty = "a\x0bb\ufffec\uffffd\x01 \x7f\u2028]]>&<i>"
    text = record(
        nasty,
        "2024-03-05T10:00:00Z",
        excerpt=nasty,
        webUrl="https://bücher.example/ä?<x>",
        topics=[nasty],
        provider={"name": nasty, "domain": "bücher.example"},
    )
    escaped = text.replace(json.dumps(nasty, ensure_ascii=False), json.dumps(nasty))
    site.write("content/news/5.md", escaped)
    site.built()
    assert "5" in entries(site, "feed.xml")
    for feed in feeds_of(site).values():
        for entry in feed.entries:
            words = (
                entry.title + entry.summary + entry.html + entry.outlet + "".join(entry.topics)
            )
            assert not set("\x01\x0b\ufffe\uffff") & set(words)
    atom = feeds_of(site)["feed.xml"].entries[0]
    assert atom.source == "https://xn--bcher-kva.example/%C3%A4?%3Cx%3E"


def test_an_unchanged_site_keeps_every_byte_whatever_the_clock(site: Site) -> None:
    site.built()
    before = {path: site.files()[path] for path in feeds_of(site)}
    fresh = site.output.parent / "later"
    site.built(output=fresh, clock=datetime(2031, 1, 1, tzinfo=UTC))
    assert {path: site.files(fresh)[path] for path in before} == before


def test_ids_stay_when_host_title_and_address_change(site: Site) -> None:
    site.built()
    before = entries(site, "feed.json"), entries(site, "rss.xml")
    site.write("tidings.toml", '[site]\ntitle = "New"\ntimezone = "Asia/Tokyo"\n')
    text = (site.source / "content/news/4.md").read_text()
    site.write("content/news/4.md", text.replace("Race 4 won", "Another title"))
    site.built(base_url="https://other.example/")
    assert (entries(site, "feed.json"), entries(site, "rss.xml")) == before
    first = feeds_of(site)["feed.json"].entries[0]
    assert (first.title, first.id) == ("Another title", "tag:records.tidings,2026:4.md")


def test_a_publisher_may_give_ids_that_nobody_else_has(site: Site) -> None:
    table = '[feed]\nauthority = "ledger.example,2024"\n[newsletter]\nenabled = true\n'
    site.write("tidings.toml", table)
    site.built()
    before = feeds_of(site)
    assert before["feed.xml"].entries[0].id == "tag:ledger.example,2024:4.md"
    issue = before["newsletters/feed.json"].entries[0].id
    assert issue == "tag:ledger.example,2024:newsletter/day/2024-03-04"
    ids = {path: feed.id for path, feed in before.items() if path.endswith(".xml")}
    assert (
        ids["topics/rowing/feed.xml"] == "tag:ledger.example,2024:feed/topics/rowing/feed.xml"
    )
    site.write("tidings.toml", f'{table}[site]\ntitle = "New"\n')
    site.built(base_url="https://other.example/")
    after = feeds_of(site)
    # RFC 4287, 4.2.6: the id of a feed stays when it moves, too.
    assert {path: after[path].id for path in ids} == ids
    assert [each.id for each in after["feed.xml"].entries] == [
        each.id for each in before["feed.xml"].entries
    ]


def test_one_more_record_rewrites_the_feeds_of_its_own_lists_only(site: Site) -> None:
    site.news("9", "Elsewhere", topics=["Chess"], webUrl="https://chess.example/9")
    site.built()
    site.news(
        "10", "Mate", "2024-04-01T10:00:00Z", topics=["Chess"], webUrl="https://c.example/"
    )
    written = {path for path in site.built().written if path.rpartition("/")[2] in NAMES}
    homes = ("", "topics/chess/", "sources/c.example/")
    assert written == {home + name for home in homes for name in NAMES}


def test_a_site_without_records_has_no_feeds_and_names_none(tmp_path: Path) -> None:
    site = Site(tmp_path, base_url=BASE)
    site.built()
    assert feeds_of(site) == {}
    assert b"feed" not in site.files()["index.html"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[lists]\nfeed = 10\n", "unknown-setting"),
        ('[feed]\nformats = ["xml"]\n', "wrong-setting-value"),
        ('[feed]\nlink = "here"\n', "wrong-setting-value"),
        ("[feed]\nstories = true\n", "wrong-setting-type"),
        ("[feed]\nentries = 0\n", "wrong-setting-value"),
        ('[feed]\nauthority = "ledger.example"\n', "wrong-setting-value"),
        ('[feed]\nauthority = "a b.example,2024"\n', "wrong-setting-value"),
        ('[feed]\nhub = "hub.example"\n', "wrong-setting-value"),
        ('[feed]\nhub = "https://hub.example/a b"\n', "wrong-setting-value"),
        ('[feed]\nhub = "https://user@hub.example/"\n', "wrong-setting-value"),
    ],
)
def test_a_wrong_setting_is_told(site: Site, text: str, code: str) -> None:
    site.write("tidings.toml", text)
    report = site.build()
    assert codes(report) == [code]
    assert only(report, code).place.line == 2


def test_the_setting_that_moved_is_told_with_its_new_place(site: Site) -> None:
    site.write("tidings.toml", "[lists]\nfeed = 10\n")
    problem = only(site.build(), "unknown-setting")
    assert problem.hint == 'it is now "entries" in the table [feed]'
