"""Feeds as three kinds of readers take them, each after the rules of its format.

Nothing here shares code with what writes feeds: XML is read by the standard library, and the
rules are those that the W3C's feed validator and the JSON Feed specification state.
"""

from __future__ import annotations

import functools
import json
import re
import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from typing import Any, NamedTuple

import feedparser

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
DC = "{http://purl.org/dc/elements/1.1/}"
DCTERMS = "{http://purl.org/dc/terms/}"
MEDIA = "{http://search.yahoo.com/mrss/}"

ABSOLUTE = re.compile(r"https?://[!-~]+")
TAG_URI = re.compile(r"tag:[a-z.]+,\d{4}(-\d\d(-\d\d)?)?:[!-~]+")
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
RFC_822 = re.compile(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
    r" \d{4} \d\d:\d\d:\d\d GMT"
)
LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
PICTURE = re.compile(r"image/[a-z+]+")
ILLEGAL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Entry(NamedTuple):
    """An entry, as far as all formats tell of it."""

    id: str
    title: str
    link: str
    source: str
    """The article at its outlet; empty where the format has no place for it."""
    published: datetime
    updated: datetime
    summary: str
    html: str
    outlet: str
    picture: str
    topics: tuple[str, ...]


class Feed(NamedTuple):
    """A feed, as far as all formats tell of it."""

    id: str
    """Its own; empty where the format has none."""
    title: str
    home: str
    url: str
    updated: datetime | None
    hub: str
    entries: tuple[Entry, ...]


@functools.cache  # Several tests read the same bytes.
def read_feed(name: str, data: bytes) -> Feed:
    """The feed in a file of that name, which must keep all rules of its format."""
    reader = {"feed.xml": read_atom, "rss.xml": read_rss, "feed.json": read_json}
    feed = reader[name.rpartition("/")[2]](data)
    ids = [entry.id for entry in feed.entries]
    assert ids
    assert len(set(ids)) == len(ids)
    for entry in feed.entries:
        assert TAG_URI.fullmatch(entry.id), entry.id
        _absolute(entry.link)
        for address in (entry.source, entry.picture):
            assert not address or ABSOLUTE.fullmatch(address), address
        no_relative_reference(entry.html)
    _absolute(feed.home)
    _absolute(feed.url)
    return feed


def read_atom(data: bytes) -> Feed:
    """The Atom feed, after RFC 4287."""
    _no_bozo(data, "atom10")
    root = ET.fromstring(data)
    assert root.tag == f"{ATOM}feed"
    _once(root, "id", "title", "updated", "subtitle", "generator")
    entries = []
    for entry in root.iter(f"{ATOM}entry"):
        _once(entry, "id", "title", "updated", "published", "summary", "content")
        links = _links(entry)
        assert entry.find(f"{ATOM}content") is not None or _text(entry, "summary")
        content = entry.find(f"{ATOM}content")
        assert content is None or content.get("type") == "html"
        author = entry.find(f"{ATOM}author")
        uri = None if author is None else author.findtext(f"{ATOM}uri")
        assert uri is None or ABSOLUTE.fullmatch(uri), uri
        for link in entry.iter(f"{ATOM}link"):
            if link.get("rel") == "enclosure":
                assert PICTURE.fullmatch(link.get("type") or "image/x")
        terms = [each.get("term") or "" for each in entry.iter(f"{ATOM}category")]
        assert all(terms)
        entries.append(
            Entry(
                _text(entry, "id"),
                _text(entry, "title"),
                links["alternate"],
                links.get("via", ""),
                _instant(_text(entry, "published")),
                _instant(_text(entry, "updated")),
                _text(entry, "summary"),
                _text(entry, "content"),
                "" if author is None else author.findtext(f"{ATOM}name") or "",
                links.get("enclosure", ""),
                tuple(terms),
            )
        )
    assert root.findtext(f"{ATOM}author/{ATOM}name")
    links = _links(root)
    assert re.fullmatch(f"({ABSOLUTE.pattern})|({TAG_URI.pattern})", _text(root, "id"))
    updated = _instant(_text(root, "updated"))
    assert updated == max(entry.updated for entry in entries)
    own, title, hub = _text(root, "id"), _text(root, "title"), links.get("hub", "")
    return Feed(own, title, links["alternate"], links["self"], updated, hub, tuple(entries))


def read_rss(data: bytes) -> Feed:
    """The RSS feed, after the RSS Advisory Board's specification and profile."""
    _no_bozo(data, "rss20")
    root = ET.fromstring(data)
    assert (root.tag, root.attrib) == ("rss", {"version": "2.0"})
    (channel,) = root
    counts = _counts(channel)
    for name in ("title", "link", "description", "language", "lastBuildDate"):
        assert counts.pop(name) == 1
        assert channel.findtext(name)
    assert counts.keys() <= {"generator", f"{DC}creator", f"{ATOM}link", "item"}
    assert LANGUAGE.fullmatch(channel.findtext("language") or "")
    links = {
        link.get("rel") or "": link.get("href") or "" for link in channel.iter(f"{ATOM}link")
    }
    assert links.keys() in ({"self"}, {"self", "hub"})
    entries = tuple(_rss_item(item) for item in channel.iter("item"))
    updated = _rfc_822(channel.findtext("lastBuildDate") or "")
    home = channel.findtext("link") or ""
    title = channel.findtext("title") or ""
    return Feed("", title, home, links["self"], updated, links.get("hub", ""), entries)


def _rss_item(item: ET.Element) -> Entry:
    counts = _counts(item)
    assert counts.keys() <= {
        *("title", "link", "guid", "pubDate", "source", "category", "description", "enclosure"),
        *(f"{DC}creator", f"{DC}language", f"{DCTERMS}modified"),
        *(f"{CONTENT}encoded", f"{MEDIA}content"),
    }
    assert all(count == 1 for name, count in counts.items() if name != "category")
    guid, source = item.find("guid"), item.find("source")
    assert guid is not None
    assert guid.get("isPermaLink") == "false"
    if source is not None:
        _absolute(source.get("url") or "")
        assert source.text == item.findtext(f"{DC}creator")
    picture = item.find(f"{MEDIA}content")
    if picture is not None:
        assert picture.get("medium") == "image"
        assert PICTURE.fullmatch(picture.get("type") or "image/x")
    enclosure = item.find("enclosure")
    if enclosure is not None:
        assert picture is not None
        assert enclosure.attrib.keys() == {"url", "length", "type"}
        assert enclosure.get("url") == picture.get("url")
        assert enclosure.get("type") == picture.get("type")
        assert int(enclosure.get("length") or "") > 0
    language = item.findtext(f"{DC}language")
    assert language is None or LANGUAGE.fullmatch(language)
    published = _rfc_822(item.findtext("pubDate") or "")
    modified = item.findtext(f"{DCTERMS}modified")
    return Entry(
        guid.text or "",
        item.findtext("title") or "",
        item.findtext("link") or "",
        "",
        published,
        _instant(modified) if modified else published,
        text_of(item.findtext("description") or ""),
        item.findtext(f"{CONTENT}encoded") or "",
        item.findtext(f"{DC}creator") or "",
        "" if picture is None else picture.get("url") or "",
        tuple(each.text or "" for each in item.iter("category")),
    )


def read_json(data: bytes) -> Feed:
    """The JSON feed, after version 1.1 of its specification."""
    text = data.decode("utf-8")
    assert ILLEGAL.search(text) is None
    feed = json.loads(text, object_pairs_hook=_unique)
    assert ILLEGAL.search(json.dumps(feed, ensure_ascii=False).replace("\\n", "")) is None
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    texts = {"version", "title", "home_page_url", "feed_url", "description", "language"}
    assert feed.keys() <= texts | {"authors", "hubs", "items"}
    _texts(feed, texts)
    assert feed["title"]
    _authors(feed)
    for hub in feed.get("hubs", []):
        assert hub.keys() == {"type", "url"}
        assert hub["type"] == "WebSub"
        _absolute(hub["url"])
    hubs = [hub["url"] for hub in feed.get("hubs", [])]
    entries = tuple(_json_item(item) for item in feed["items"])
    home, url = feed["home_page_url"], feed["feed_url"]
    return Feed("", feed["title"], home, url, None, "".join(hubs), entries)


def _json_item(item: dict[str, Any]) -> Entry:
    texts = {
        *("id", "url", "external_url", "title", "content_html", "content_text", "summary"),
        *("image", "date_published", "date_modified", "language"),
    }
    assert item.keys() <= texts | {"authors", "tags"}
    _texts(item, texts)
    assert item["id"]
    assert item.keys() & {"content_html", "content_text"}
    authors = _authors(item)
    tags = item.get("tags", [])
    assert all(isinstance(tag, str) and tag for tag in tags)
    assert LANGUAGE.fullmatch(item.get("language", "en"))
    published = _instant(item["date_published"])
    return Entry(
        item["id"],
        item["title"],
        item["url"],
        item.get("external_url", ""),
        published,
        _instant(item["date_modified"]) if "date_modified" in item else published,
        item.get("summary", item.get("content_text", "")),
        item.get("content_html", ""),
        "".join(authors),
        item.get("image", ""),
        tuple(tags),
    )


def text_of(html: str) -> str:
    """The words that a reader sees of the HTML."""
    reader = _Words()
    reader.feed(html)
    reader.close()
    return "".join(reader.words)


def no_relative_reference(html: str) -> None:
    """Fails where the HTML refers to anything by an address that is not whole."""
    reader = _Words()
    reader.feed(html)
    reader.close()
    for address in reader.references:
        assert re.match(r"https?://[^/]|mailto:[^/]", address), address


class _Words(HTMLParser):
    """Notes the text and the addresses in HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.references: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in ("script", "style", "iframe", "form", "base")
        for name, value in attrs:
            assert not name.startswith("on")
            if name in ("href", "src", "poster", "cite", "data", "action"):
                self.references.append(value or "")
            elif name == "srcset":
                self.references += [each.split()[0] for each in (value or "").split(",")]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def _no_bozo(data: bytes, version: str) -> None:
    parsed = feedparser.parse(data)
    assert not parsed.bozo, parsed.get("bozo_exception")
    assert parsed.version == version
    assert parsed.entries
    assert all(entry.get("id") and entry.get("link") for entry in parsed.entries)
    assert all(entry.get("published_parsed") for entry in parsed.entries)


def _links(element: ET.Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for link in element.findall(f"{ATOM}link"):
        relation = link.get("rel") or "alternate"
        assert relation not in found
        found[relation] = link.get("href") or ""
        _absolute(found[relation])
    return found


def _once(element: ET.Element, *names: str) -> None:
    for name in names:
        assert len(element.findall(ATOM + name)) <= 1


def _text(element: ET.Element, name: str) -> str:
    return element.findtext(ATOM + name) or ""


def _counts(element: ET.Element) -> dict[str, int]:
    counts: dict[str, int] = {}
    for child in element:
        counts[child.tag] = counts.get(child.tag, 0) + 1
    return counts


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    assert len({name for name, _ in pairs}) == len(pairs)
    return dict(pairs)


def _texts(value: dict[str, Any], names: set[str]) -> None:
    assert all(isinstance(value[name], str) for name in names & value.keys())


def _authors(value: dict[str, Any]) -> list[str]:
    authors = value.get("authors", [])
    for author in authors:
        assert author.keys() <= {"name", "url", "avatar"}
        assert author
        assert ABSOLUTE.fullmatch(author.get("url", "https://x.example/"))
    return [author["name"] for author in authors]


def _absolute(url: str) -> None:
    assert ABSOLUTE.fullmatch(url), url


def _instant(text: str) -> datetime:
    assert RFC_3339.fullmatch(text), text
    return datetime.fromisoformat(text)


def _rfc_822(text: str) -> datetime:
    assert RFC_822.fullmatch(text), text
    value = parsedate_to_datetime(text).astimezone(UTC)
    assert text.startswith(value.strftime("%a"))
    return value
