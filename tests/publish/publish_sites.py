"""A small site with targets, published; and what readers of the target then find."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, unquote, urljoin, urlsplit

import msgspec
from fixture_site import CLOCK, Site

from tidings.engine.report import BuildRequest
from tidings.publish.report import PublishReport, PublishRequest, Surroundings
from tidings.publish.run import publish

BASE = "https://digest.news/"
ADDRESS = re.compile(r'(?:href|src)="([^"]*)"|http-equiv="refresh" content="0; url=([^"]*)"')


class PublishSite(Site):
    """A site whose `tidings.toml` names one target, `live`, or more."""

    def __init__(self, folder: Path, **settings: object) -> None:
        super().__init__(folder)
        self.folder = folder
        self.live = folder / "live"
        self.target(**(settings or {"type": "folder", "path": str(self.live)}))

    def target(self, name: str = "live", base_url: str = BASE, **settings: object) -> None:
        """Writes `tidings.toml` with this one target."""
        lines = [f"{key} = {json.dumps(value)}" for key, value in settings.items()]
        text = f'[site]\nbase_url = "{base_url}"\n[publish.{name}]\n'
        # The search index takes longer than all the rest, and is published like other assets.
        end = "\n[search]\nenabled = false\n"
        self.write("tidings.toml", text + "\n".join(lines) + end)

    def stories(self, count: int, version: int = 0) -> None:
        """Records on two topics; the version is in every title's end."""
        for number in range(count):
            self.news(
                f"{number}",
                f"Story {number} of version {version}" if number % 2 else f"Story {number}",
                f"2024-01-{number + 1:02}T10:00:00Z",
                topics=["Even" if number % 2 == 0 else "Odd"],
                body=f"Told in version {version}.",
            )

    def publish(self, around: Surroundings | None = None, **options: Any) -> PublishReport:
        """Publishes; options are those of a publish request, or of its build."""
        builds = {
            name: options.pop(name)
            for name in list(options)
            if name in BuildRequest.__struct_fields__
        }
        build = BuildRequest(
            **{"source": self.source, "output": self.output, "clock": CLOCK, **builds}
        )
        return publish(PublishRequest(build=build, **options), around)

    def published(self, **options: Any) -> PublishReport:
        """Publishes, which must succeed."""
        report = self.publish(**options)
        build = report.build.diagnostics if report.build else ()
        assert report.ok, (report.diagnostics, build)
        return report

    def made(self, name: str = "live") -> dict[str, bytes]:
        """The files of the publish's own build."""
        return self.files(self.source / ".tidings" / "publish" / name / "site")


def paths(report: PublishReport, what: str) -> list[str]:
    """The paths of the report's changes of one sort, in order."""
    return [change.path for change in report.changes if change.what == what]


def codes(report: PublishReport) -> list[str]:
    """The codes of the publish's own problems, in order."""
    return [problem.code for problem in report.diagnostics]


class Broken(NamedTuple):
    """A page that readers can reach, and what it names that is not there."""

    page: str
    missing: str


def read_file(root: Path, path: str) -> bytes | None:
    """What a web server would answer for the path; None for "not found"."""
    try:
        return (root / path).read_bytes()
    except OSError:
        return None


def links_of(path: str, html: bytes) -> list[str]:
    """The paths of the site's own files that a page names, sorted."""
    here = urljoin(BASE, quote(path.removesuffix("index.html")))
    found = set()
    for each in ADDRESS.findall(html.decode("utf-8", "replace")):
        target = urlsplit(urljoin(here, unescape(each[0] or each[1])))
        if f"{target.scheme}://{target.netloc}/" != BASE:
            continue
        wanted = unquote(target.path[1:])
        found.add(wanted + "index.html" if wanted.endswith("/") or not wanted else wanted)
    return sorted(found)


def broken_links(root: Path) -> list[Broken]:
    """What readers who start at the front run into; nothing while there is no front yet.

    A reader may be overtaken by a publish. A link is broken only if every page on the way to it
    is the same, byte by byte, before and after the file was found missing.
    """
    broken = []
    ways: dict[str, tuple[str, ...]] = {"index.html": ()}
    seen: dict[str, bytes] = {}
    queue = ["index.html"]
    while queue:
        path = queue.pop(0)
        data = read_file(root, path)
        if data is None:
            way = ways[path]
            if way and all(read_file(root, page) == seen[page] for page in way):
                broken.append(Broken(way[-1], path))
            continue
        seen[path] = data
        if not path.endswith(".html"):
            continue
        for link in links_of(path, data):
            if link not in ways:
                ways[link] = (*ways[path], path)
                queue.append(link)
    return broken


def encode(value: object) -> str:
    """The value as JSON, for another process."""
    return msgspec.json.encode(value).decode()
