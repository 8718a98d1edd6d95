"""What servers and robots are told of the site: `robots.txt`, `_headers`, `_redirects`.

Part of planning, after all pages. The publisher's own file of the same name, in `static/root/`,
comes before each of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from urllib.parse import urlsplit

from tidings.model.documents import Document, Headers, Move, Redirects, Robots
from tidings.model.page import PagePlan, PageSketch
from tidings.model.view import SiteView
from tidings.pages.material import Material
from tidings.pages.redirects import Moved

ROBOTS = "robots.txt"
HEADERS = "_headers"
REDIRECTS = "_redirects"


def sketch_serving(
    paths: Collection[str], moved: Iterable[Moved], site: SiteView, material: Material
) -> list[PageSketch]:
    """The files for servers and robots. `paths` are the output files of all sketches so far;
    `moved` are the addresses that lead elsewhere for good."""
    href = material.addresses.href
    moves = sorted((href(each.path), href(each.target)) for each in moved)
    documents: list[tuple[str, Document]] = [
        (ROBOTS, _robots(paths, material)),
        (HEADERS, _headers(site, material)),
    ]
    if moves:
        documents.append((REDIRECTS, Redirects(tuple(Move(old, new) for old, new in moves))))
    own = frozenset(material.assets.values())
    return [_sketch(file, each, material) for file, each in documents if file not in own]


def _sketch(file: str, document: Document, material: Material) -> PageSketch:
    plan = PagePlan(path=file, template="text", origin="", document=document)
    return PageSketch(
        file, "", plan.template, _Same(plan), material.bases.fixed(file, document)
    )


class _Same:
    """Draws a plan that is there already."""

    def __init__(self, plan: PagePlan) -> None:
        self._plan = plan

    def __call__(self) -> PagePlan:
        return self._plan


def _robots(paths: Collection[str], material: Material) -> Robots:
    there = [file for file in ("sitemap.xml", "news-sitemap.xml") if file in paths]
    return Robots(tuple(material.absolute(f"/{file}") for file in there))


def _headers(site: SiteView, material: Material) -> Headers:
    config = material.config
    return Headers(
        base=material.addresses.base,
        remote_pictures=config.media.remote_pictures,
        frames=_players(material),
        search=bool(site.search_url),
        noindex=config.site.indexing == "noindex",
        api=config.api.enabled,
    )


def _players(material: Material) -> tuple[str, ...]:
    """One address of a player on each host that the site's videos name."""
    hosts: dict[str, str] = {}
    for record in material.catalog.records.values():
        if record.video is not None:
            parts = urlsplit(record.video.embed_url)
            hosts.setdefault(parts.netloc, f"{parts.scheme}://{parts.netloc}/")
    return tuple(hosts[host] for host in sorted(hosts))
