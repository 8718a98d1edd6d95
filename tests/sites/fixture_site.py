"""A small site for a test: written from one readable text, built, edited, built again, read.

The text names each file on a line of its own, `-- content/news/2024-01-01-a.md --`, with what
the file holds below it. Pages are read as a reader would: headings, links and words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urljoin, urlsplit

from tidings.engine.build import build
from tidings.engine.report import BuildReport, BuildRequest
from tidings.model.diagnostic import Diagnostic

FILE = re.compile(r"^-- (\S.*\S) --\n", re.MULTILINE)
CLOCK = datetime(2025, 6, 1, 12, tzinfo=UTC)
VOID = frozenset(("br", "hr", "img", "input", "link", "meta", "source", "wbr"))


def split_files(text: str) -> dict[str, str]:
    """The files of a site's text by path."""
    parts = FILE.split(text)
    if parts[0].strip():
        raise ValueError(f"text before the first file: {parts[0]!r}")
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def record(
    title: str, when: str = "2024-01-01T10:00:00Z", body: str = "", **keys: object
) -> str:
    """The text of a record; its URL is made from the title unless `webUrl` is given."""
    values: dict[str, object] = {
        "title": title,
        "publishedDateTime": when,
        "webUrl": f"https://outlet.example/{quote(title, safe='')}",
        **keys,
    }
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]
    return "\n".join(["---", *lines, "---", body]) + "\n"


class Site:
    """A site's folder and its output."""

    def __init__(self, folder: Path, text: str = "", **options: Any) -> None:
        self.source = folder / "site"
        self.output = folder / "out"
        self.options = options
        (self.source / "content/news").mkdir(parents=True, exist_ok=True)
        self.edit(text)

    def edit(self, text: str) -> None:
        """Writes the files that the text holds; others stay as they are."""
        for path, content in split_files(text).items():
            self.write(path, content)

    def write(self, path: str, content: str | bytes) -> None:
        """Writes one file of the site."""
        file = self.source / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)

    def news(
        self, name: str, title: str, when: str = "2024-01-01T10:00:00Z", **keys: Any
    ) -> None:
        """Writes one record."""
        self.write(f"content/news/{name}.md", record(title, when, **keys))

    def remove(self, path: str) -> None:
        """Removes one file of the site."""
        (self.source / path).unlink()

    def build(self, **options: Any) -> BuildReport:
        """Builds the site; options are those of a request."""
        wanted: dict[str, Any] = {
            "source": self.source,
            "output": self.output,
            "clock": CLOCK,
            "preview": True,  # Without search, which takes longer than all the rest.
            **self.options,
            **options,
        }
        return build(BuildRequest(**wanted))

    def built(self, **options: Any) -> BuildReport:
        """Builds the site, which must succeed."""
        report = self.build(**options)
        assert report.ok, report.diagnostics
        return report

    def files(self, output: Path | None = None) -> dict[str, bytes]:
        """All files of the output by path, without the builder's own notes."""
        top = output or self.output
        return {
            path: file.read_bytes()
            for file in sorted(top.rglob("*"))
            if file.is_file()
            and not (path := file.relative_to(top).as_posix()).startswith(".tidings/")
        }

    def page(self, url: str) -> Page:
        """The page at an address below the output folder: `/topics/ai/`."""
        path = unquote(url).lstrip("/")
        file = self.output / (path + "index.html" if path.endswith("/") or not path else path)
        return Page(file.read_text("utf-8"))

    def has(self, url: str) -> bool:
        """Whether there is a page at the address."""
        path = unquote(url).lstrip("/")
        file = self.output / (path + "index.html" if path.endswith("/") or not path else path)
        return file.is_file()

    def holders(self, words: str) -> list[str]:
        """The output files that hold the words, in text or in a name."""
        return [
            path
            for path, data in self.files().items()
            if words.encode() in data or words in path
        ]


def codes(report: BuildReport) -> list[str]:
    """The codes of the build's diagnostics, in order."""
    return [problem.code for problem in report.diagnostics]


def only(report: BuildReport, code: str) -> Diagnostic:
    """The one diagnostic with this code."""
    (found,) = [problem for problem in report.diagnostics if problem.code == code]
    return found


class Element:
    """One element of a page."""

    def __init__(self, tag: str, attributes: dict[str, str]) -> None:
        self.tag = tag
        self.attributes = attributes
        self.children: list[Element | str] = []

    def walk(self) -> Iterator[Element]:
        """The element and all below it, in order."""
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.walk()

    def all(self, *tags: str) -> list[Element]:
        """All elements of these kinds, in order."""
        return [each for each in self.walk() if each.tag in tags]

    @property
    def text(self) -> str:
        """The words within, as one line."""
        return " ".join(self._words().split())

    def _words(self) -> str:
        return "".join(
            child if isinstance(child, str) else child._words()
            for child in self.children
            if isinstance(child, str) or child.tag not in ("script", "style")
        )

    @property
    def links(self) -> dict[str, str]:
        """Address by text of all links; of links with one text the first."""
        found: dict[str, str] = {}
        for link in self.all("a"):
            if "href" in link.attributes and link.text:
                found.setdefault(link.text, link.attributes["href"])
        return found

    def references(self) -> Iterator[str]:
        """Every address in links and of what a browser loads."""
        for element in self.walk():
            for name in ("href", "src", "poster", "data-src"):
                if element.tag != "base" and element.attributes.get(name):
                    yield element.attributes[name]

    @property
    def headlines(self) -> list[str]:
        """The texts of headings that are links, in order: the stories and shelves of a list."""
        return [
            heading.text
            for heading in self.all("h2", "h3", "h4")
            if heading.all("a") and heading.text
        ]

    def section(self, heading: str) -> Element | None:
        """The section under the heading."""
        for section in self.all("section"):
            titles = section.all("h1", "h2", "h3")
            if titles and titles[0].text == heading:
                return section
        return None

    def first(self, tag: str) -> Element:
        """The first element of this kind."""
        return self.all(tag)[0]


class Page(Element):
    """A page as a reader meets it."""

    def __init__(self, html: str) -> None:
        super().__init__("#page", {})
        _Reader(self).feed(html)

    @property
    def title(self) -> str:
        """The page's main heading."""
        return self.first("h1").text

    @property
    def main(self) -> Element:
        """What the page is about, without its frame."""
        return self.first("main")

    @property
    def coverage(self) -> list[str]:
        """Headlines under "Related coverage", in order."""
        section = self.section("Related coverage")
        return [each.text for each in section.all("h3")] if section else []

    @property
    def more(self) -> list[str]:
        """Headlines under "More on this", in order."""
        section = self.section("More on this")
        return [each.text for each in section.all("h3")] if section else []

    @property
    def refresh(self) -> str:
        """Where a redirect page leads; empty on all others."""
        for meta in self.all("meta"):
            if meta.attributes.get("http-equiv", "").lower() == "refresh":
                return meta.attributes["content"].partition("url=")[2]
        return ""


class _Reader(HTMLParser):
    """Puts a page's elements below it."""

    def __init__(self, page: Page) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[Element] = [page]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if any(each.tag == tag for each in self._open[1:]):
            while self._open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


ADDRESS = re.compile(
    r'(?:href|src|data-embed)="([^"]*)"|http-equiv="refresh" content="0; url=([^"]*)"'
)
ANCHOR = re.compile(r' id="([^"]*)"')


def dead_links(site: Site, base_url: str) -> list[str]:
    """The site's own addresses that lead to no file of it, each with the page that has it."""
    files = site.files()
    origin = urlsplit(base_url)
    dead = []
    for path, data in files.items():
        if not path.endswith(".html"):
            continue
        html = data.decode()
        here = urljoin(base_url, quote(path.removesuffix("index.html")))
        anchors = {unescape(each) for each in ANCHOR.findall(html)}
        for found in set(ADDRESS.findall(html)):
            reference = unescape(found[0] or found[1])
            target = urlsplit(urljoin(here, reference))
            if target.scheme not in ("http", "https") or target.netloc != origin.netloc:
                continue
            wanted = unquote(target.path.removeprefix(origin.path))
            if wanted.endswith("/") or not wanted:
                wanted += "index.html"
            outside = not target.path.startswith(origin.path)
            lost = (
                wanted == path and target.fragment and unquote(target.fragment) not in anchors
            )
            if outside or wanted not in files or lost:
                dead.append(f"{path}: {reference}")
    return sorted(dead)
