"""Addresses: the only module that makes permalinks and paths of pages. First part of planning.

A *path* names a page below the site's root without the base path (`/topics/ai/`), as readable
text; an *href* is the same with the base path, percent-encoded, ready for a link.
"""

from __future__ import annotations

import functools
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from urllib.parse import quote, urlsplit

import msgspec

from tidings.model.catalog import Catalog
from tidings.model.diagnostic import Diagnostic, Place, Severity
from tidings.model.record import Body, Record
from tidings.model.slug import DEVICES, MAX_BYTES, make_slug, short_digest

MARK = b"tidings-"
"""What addresses within bodies begin with that planning has yet to resolve."""

UNRESERVED = re.compile(r"[A-Za-z0-9._~/-]*")
"""Paths that percent-encoding leaves as they are (RFC 3986, section 2.3)."""

HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*")
"""Hosts that can stand in a path as they are."""

LIST_FILE = "index.html"
"""The file that lists all sources, beside the folders of each: no folder can have its name."""


@functools.lru_cache(maxsize=16384)
def _quoted(path: str) -> str:
    return quote(path, safe="/")


def has_marks(body: Body | None) -> bool:
    """Whether the body has addresses that are still to be resolved."""
    return body is not None and MARK in body.data


class Addresses(msgspec.Struct, frozen=True):
    """Where everything is."""

    origin: str
    """Scheme and host of the site, without a closing slash: `https://example.org`."""
    base: str
    """The base path, with slashes around it: `/` or `/digest/`."""
    records: dict[str, str]
    """Path of each record's page by id; duplicates have one too, which redirects."""
    sources: dict[str, str]
    """Path of each source's page by domain."""

    def href(self, path: str) -> str:
        """The path, ready for a link within the site."""
        tail = path[1:]
        # Nearly all paths are of letters that need no encoding, and there are very many.
        return self.base + (tail if UNRESERVED.fullmatch(tail) else _quoted(tail))

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
            base=base_path(base_url),
            records=paths,
            sources=_source_paths(catalog.sources),
        ),
        notes,
    )


def base_path(base_url: str) -> str:
    """The path that all addresses of the site start with: `/`, or `/digest/`."""
    path = urlsplit(base_url).path.strip("/")
    return f"/{path}/" if path else "/"


def _permalinks(
    records: Mapping[str, Record], dates: Mapping[str, date]
) -> tuple[dict[str, str], tuple[Diagnostic, ...]]:
    """`/YYYY/MM/DD/slug/` of each record; where several meet, the oldest has the plain one."""
    meeting: dict[str, list[Record]] = {}
    days: dict[date, str] = {day: day_path(day) for day in set(dates.values())}
    for record in records.values():
        slug = make_slug(record.slug or record.title, record.id)
        meeting.setdefault(f"{days[dates[record.id]]}{slug}", []).append(record)
    paths: dict[str, str] = {}
    notes: list[Diagnostic] = []
    # Titles are strangers' words: one may be just what another's suffix would make of it.
    taken = set(meeting)
    for stem, group in meeting.items():
        if len(group) > 1:
            group.sort(key=lambda record: (record.published_at, record.id))
        paths[group[0].id] = f"{stem}/"
        for record in group[1:]:
            own = _free(stem, record.id, taken)
            paths[record.id] = f"{own}/"
            notes.append(
                Diagnostic(
                    "shared-permalink",
                    Severity.INFO,
                    f"the permalink {stem}/ is that of {group[0].file};"
                    f" this record's is {own}/",
                    Place(record.file),
                    "give one of the two a `slug` of its own",
                )
            )
    return paths, tuple(notes)


def _free(stem: str, identity: str, taken: set[str]) -> str:
    """The stem with the suffix that the identity gives; it is taken from now on."""
    own = f"{stem}-{short_digest(identity)}"
    while own in taken:
        own = f"{own}-{short_digest(own)}"
    taken.add(own)
    return own


def _source_paths(domains: Iterable[str]) -> dict[str, str]:
    """`/sources/domain/` of each domain. A record may name any text with a dot in it as one."""
    paths: dict[str, str] = {}
    taken: set[str] = set()
    # Plain hosts first, so that no other text can take their address.
    for domain in sorted(domains, key=lambda domain: (not _is_plain(domain), domain)):
        stem = f"/sources/{domain if _is_plain(domain) else make_slug(domain, domain)}"
        own = _free(stem, domain, taken) if stem in taken else stem
        taken.add(own)
        paths[domain] = f"{own}/"
    return paths


def _is_plain(domain: str) -> bool:
    return (
        HOST.fullmatch(domain) is not None
        and len(domain) <= MAX_BYTES
        and domain.partition(".")[0] not in DEVICES
        and domain != LIST_FILE
    )


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


def story_path(identity: str) -> str:
    """The path of a story's page."""
    return f"/stories/{identity}/"


def newsletter_path(first: date) -> str:
    """The path of the newsletter's issue whose period begins on that day."""
    return f"/newsletters/{first.isoformat()}/"


def numbered_path(hub: str, number: int) -> str:
    """The path of one page of a list, counted from the oldest."""
    return f"{hub}page/{number}/"


def clashes(paths: Iterable[tuple[str, str]]) -> tuple[Diagnostic, ...]:
    """An error for each output file that two plans claim; pairs are (output file, origin).

    Compared without regard to case and to how Unicode writes a letter, because not every file
    system keeps such names apart. A file that is a folder of another plan's clashes too.
    """
    claims = list(paths)
    if _are_apart([path for path, _ in claims]):
        return ()
    problems = []
    owners: dict[str, tuple[str, str]] = {}
    for path, origin in sorted(claims):
        folded = fold_path(path)
        if folded in owners:
            problems.append(_clash(path, origin, owners[folded][1], "both make"))
        owners.setdefault(folded, (path, origin))
    for folded, (path, origin) in owners.items():
        for folder in _folders(folded):
            if folder in owners:
                file, other = owners[folder]
                words = f"need /{file} as a folder and as a file for"
                problems.append(_clash(path, origin, other, words))
    return tuple(problems)


def digest_of_paths(paths: Iterable[str]) -> bytes:
    """A digest of these output files: `clashes` finds the same in equal ones."""
    joined = "\0".join(paths).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(joined, digest_size=16).digest()


def _are_apart(paths: list[str]) -> bool:
    """Whether no two of the paths meet, by the rules of `clashes`."""
    # Together where that is possible: one by one they would cost more than all else that is
    # asked of them.
    plain = "\n".join([path for path in paths if path.isascii()])
    folded = plain.lower().split("\n") if plain else []
    folded += [fold_path(path) for path in paths if not path.isascii()]
    different = set(folded)
    if not len(folded) == len(different) == len(paths):
        return False
    return _all_folders(folded).isdisjoint(different)


def _all_folders(paths: Iterable[str]) -> set[str]:
    """The folders that any of the paths lies in."""
    found: set[str] = set()
    for folder in {path.rpartition("/")[0] for path in paths}:
        while folder and folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return found


def fold_path(path: str) -> str:
    """The path as file systems compare it that keep fewest names apart."""
    if path.isascii():
        return path.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", path).casefold())


def _folders(path: str) -> Iterator[str]:
    while path := path.rpartition("/")[0]:
        yield path


def _clash(path: str, origin: str, other: str, words: str) -> Diagnostic:
    is_file = any(each.startswith("static/") for each in (origin, other))
    return Diagnostic(
        "path-clash",
        Severity.ERROR,
        f"{origin or 'the site'} and {other or 'the site'} {words}"
        f" /{path.removesuffix('index.html')}",
        Place(origin or other or path),
        "give the file in static/root/ another name"
        if is_file
        else "give one of them another slug or alias",
    )
