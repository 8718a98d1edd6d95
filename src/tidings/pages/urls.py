"""Addresses: the only module that makes permalinks and paths of pages.

A *path* names a page below the site's root without the base path (`/topics/ai/`), as readable text;
an *href* is the same with the base path, percent-encoded, ready for a link.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from urllib.parse import quote, urlsplit

import msgspec

from tidings.model.catalog import Catalog
from tidings.model.diagnostic import Diagnostic, Place, Severity
from tidings.model.record import Record
from tidings.model.slug import make_slug, short_digest


class Addresses(msgspec.Struct, frozen=True):
    """Where everything is."""

    origin: str
    """Scheme and host of the site, without a closing slash: `https://example.org`."""
    base: str
    """The base path, with slashes around it: `/` or `/digest/`."""
    records: dict[str, str]
    """Path of each record's page by id; duplicates have one too, which redirects."""

    def href(self, path: str) -> str:
        """The path, ready for a link within the site."""
        return self.base + quote(path[1:], safe="/")

    def absolute(self, path: str) -> str:
        """The path's full address."""
        return self.origin + self.href(path)

    def record_href(self, identity: str) -> str:
        """The link to a record's page."""
        return self.href(self.records[identity])


def make_addresses(
    catalog: Catalog, records: Mapping[str, Record], base_url: str
) -> tuple[Addresses, tuple[Diagnostic, ...]]:
    """All addresses of the site, and a note for each record whose permalink needed a suffix.

    `records` holds shown records and duplicates by id.
    """
    parts = urlsplit(base_url)
    paths, notes = _permalinks(records, catalog.local_dates)
    return (
        Addresses(
            origin=f"{parts.scheme}://{parts.netloc}",
            base="/" + parts.path.strip("/") + ("/" if parts.path.strip("/") else ""),
            records=paths,
        ),
        notes,
    )


def _permalinks(
    records: Mapping[str, Record], dates: Mapping[str, date]
) -> tuple[dict[str, str], tuple[Diagnostic, ...]]:
    """`/YYYY/MM/DD/slug/` of each record; where several meet, the oldest keeps the plain one."""
    meeting: dict[str, list[Record]] = {}
    for record in records.values():
        slug = make_slug(record.slug or record.title, record.id)
        meeting.setdefault(f"{day_path(dates[record.id])}{slug}", []).append(record)
    paths: dict[str, str] = {}
    notes: list[Diagnostic] = []
    for stem, group in meeting.items():
        group.sort(key=lambda record: (record.published_at, record.id))
        paths[group[0].id] = f"{stem}/"
        for record in group[1:]:
            paths[record.id] = f"{stem}-{short_digest(record.id)}/"
            notes.append(
                Diagnostic(
                    "shared-permalink",
                    Severity.INFO,
                    f"the permalink {stem}/ is that of {group[0].file};"
                    f" this record's is {paths[record.id]}",
                    Place(record.file),
                    "give one of the two a `slug`",
                )
            )
    return paths, tuple(notes)


def file_of(path: str) -> str:
    """The output file of a page's path: `/topics/ai/` is `topics/ai/index.html`."""
    return f"{path[1:]}index.html" if path.endswith("/") else path[1:]


def day_path(day: date) -> str:
    """The path of a day's page."""
    return f"/{day.year:04}/{day.month:02}/{day.day:02}/"


def month_path(day: date) -> str:
    """The path of the page of the month that the day is in."""
    return f"/{day.year:04}/{day.month:02}/"


def year_path(day: date) -> str:
    """The path of the page of the year that the day is in."""
    return f"/{day.year:04}/"


def topic_path(slug: str) -> str:
    """The path of a topic's hub."""
    return f"/topics/{slug}/"


def source_path(domain: str) -> str:
    """The path of a source's page."""
    return f"/sources/{domain}/"


def numbered_path(hub: str, number: int) -> str:
    """The path of one page of a list, counted from the oldest."""
    return f"{hub}page/{number}/"


def clashes(paths: Iterable[tuple[str, str]]) -> tuple[Diagnostic, ...]:
    """An error for each output file that two plans claim; pairs are (output file, origin).

    Compared without regard to case, because not every file system keeps the two apart. A file
    that is a folder of another plan's clashes too.
    """
    problems = []
    owners: dict[str, tuple[str, str]] = {}
    for path, origin in sorted(paths):
        folded = path.casefold()
        if folded in owners:
            other = owners[folded]
            problems.append(
                Diagnostic(
                    "path-clash",
                    Severity.ERROR,
                    f"{origin or 'the site'} and {other[1] or 'the site'}"
                    f" both make /{path.removesuffix('index.html')}",
                    Place(origin or other[1] or path),
                    "give one of them another slug or alias",
                )
            )
        owners.setdefault(folded, (path, origin))
    return tuple(problems)
