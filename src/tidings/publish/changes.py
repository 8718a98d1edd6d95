"""What a publish has to do: the built site beside what is at the target. Pure.

The order of stages is what keeps readers safe while files go up one by one. Whatever a page
names is there before the page is:

    assets ▸ new pages and feeds ▸ changed pages ▸ lists and front ▸ feeds ▸ manifest ▸ deletes

A new page may name another new one that is not there yet, but no reader comes to a new page
before a changed one names it. What old pages named goes last of all.

After a publish that was cut off, a page that is there may be of either sort. One that readers
may come to is a changed page, even if the manifest does not name it; one that they do not come
to is a new page, even if it is there, since what it names may be missing. The pending note
tells these apart: its `hidden` ones are of the second sort.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import msgspec

from tidings.publish.published import Pending, Published, Retired, Sent
from tidings.publish.target import Kind

ARTICLE = re.compile(r"\d{4,}/\d\d/\d\d/[^/]+/index\.html")
HASHED = re.compile(r".*\.[0-9a-f]{8}(\.[^./]+)?|.*_[0-9a-f]{7,}\.pf_[a-z]+")
"""Names that change with the bytes, of our own assets and of those that search is made of."""
HASHED_IN = ("static/", "pagefind/")
"""Where those are. Elsewhere `minutes.20240607.pdf` is a name as any other."""
DATA = (".xml", ".json", ".txt", ".opml", ".webmanifest")
"""Ends of names of what programs read: feeds, sitemaps, the API."""
DATA_NAMES = frozenset(("_headers", "_redirects", "CNAME"))
DOORS = frozenset(("index.html", "404.html"))
"""Pages that readers come to though none names them: they wait even where they are new."""
HOUR = 3600

NOT_THERE = "not there yet"
DIFFERS = "its bytes differ"
MANNER = "it was sent with other settings"
CUT_OFF = "left unfinished by a publish that was cut off"
FOREIGN = "replaces a file that tidings did not publish"
GONE = "no longer part of the site"
KEPT = "no page names it any more; it stays for caches"
EXPIRED = "no page has named it for long enough"


class There(msgspec.Struct, frozen=True):
    """What is known of the target."""

    published: Published | None
    """None before the first publish."""
    pending: Pending | None = None
    """What a publish that was cut off had begun."""
    found: Mapping[str, str] = {}
    """What `Target.survey` found: digests by path, empty where not known."""
    manner: str = ""
    """The target's own: what would be sent along with a file now."""

    @property
    def is_settled(self) -> bool:
        """Whether a publish has finished there, and none was cut off since."""
        return self.published is not None and self.pending is None


class Change(msgspec.Struct, frozen=True):
    """One file that a publish creates, replaces, deletes, or no longer counts as a page's."""

    path: str
    kind: Kind
    what: str
    """`new`, `changed`, `deleted` or `retired`."""
    reason: str
    size: int = 0
    """Bytes to be sent; 0 where none are."""
    before: int = 0
    """Bytes that the file had before; 0 where that is not known."""


class Changes(msgspec.Struct, frozen=True):
    """What one publish does."""

    changes: tuple[Change, ...]
    """By kind in the order of stages, then by path."""
    after: Published
    """The manifest once all is done; its release is still empty."""
    unsure: dict[str, Sent]
    """Files that are there already as they must be, though the manifest does not say so."""
    hidden: tuple[str, ...] = ()
    """What a publish that was cut off may have left where no reader comes to it: `Pending`."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to be done at the target."""
        return not any(change.what != "retired" for change in self.changes) and not self.unsure


def compare(
    built: Mapping[str, Sent], there: There, now: int, keep_seconds: int = 24 * HOUR
) -> Changes:
    """What makes the target hold the built site.

    `now` is the publish's clock in seconds since 1970; retired assets stay for `keep_seconds`.
    """
    published = there.published or Published()
    changes: list[Change] = []
    unsure: dict[str, Sent] = {}
    writes = there.pending.writes if there.pending else {}
    for path, sent in built.items():
        change = _compare_file(path, sent, there)
        if change is not None:
            changes.append(change)
        elif path in writes or not (path in published.files or path in published.retired):
            # The manifest does not tell it right, so the next pending note has to.
            unsure[path] = sent
    retired: dict[str, Retired] = {}
    for path in _gone(built, there):
        old = published.retired.get(path) or published.files.get(path) or writes.get(path)
        # What a cut off publish was about to write or delete may not be there to be kept.
        doubted = there.pending is not None and (
            path in there.pending.writes or path in there.pending.deletes
        )
        kept = _retire(path, old, now) if keep_seconds and not doubted else None
        if kept is not None and now - kept.since < keep_seconds:
            retired[path] = kept
            if path not in published.retired:
                changes.append(Change(path, Kind.ASSET, "retired", KEPT))
        else:
            reason = GONE
            if path in published.retired:
                reason = EXPIRED
            elif path not in published.files:
                reason = CUT_OFF
            size = old.size if old else 0
            changes.append(Change(path, Kind.DELETE, "deleted", reason, before=size))
    order = {kind: number for number, kind in enumerate(Kind)}
    changes.sort(key=lambda change: (order[change.kind], change.path))
    after = Published(
        files={path: built[path] for path in sorted(built)},
        retired={path: retired[path] for path in sorted(retired)},
        manner=there.manner,
    )
    hidden = there.pending.hidden if there.pending else ()
    return Changes(tuple(changes), after, unsure, hidden)


def unknown_paths(
    built: Iterable[str], published: Published | None, pending: Pending | None
) -> list[str]:
    """The paths that `Target.survey` is to be asked about, sorted.

    Those that a publish which was cut off was to write or delete, and all that are new: a file
    of others may be there.
    """
    if published is None:
        return sorted(built)
    known = published.files.keys() | published.retired.keys()
    doubted = {*pending.writes, *pending.deletes} if pending else frozenset[str]()
    return sorted(path for path in built if path in doubted or path not in known)


def _compare_file(path: str, sent: Sent, there: There) -> Change | None:
    """What is to be done about a file of the site; None when it is there as it must be."""
    published = there.published or Published()
    old = published.files.get(path) or published.retired.get(path)
    started = there.pending.writes.get(path) if there.pending else None
    deleted = there.pending is not None and path in there.pending.deletes
    found = there.found.get(path)
    if started is not None or deleted:
        if found == sent.digest:
            return None
        # Where a page may name it already, it waits for the new pages that it names itself.
        unseen = found is None or (there.pending is not None and path in there.pending.hidden)
        what, reason = ("new" if unseen else "changed"), CUT_OFF
    elif old is not None:
        if old.digest != sent.digest:
            what, reason = "changed", DIFFERS
        elif published.manner != there.manner:
            what, reason = "changed", MANNER
        else:
            return None
    elif found is None:
        what, reason = "new", NOT_THERE
    elif found == sent.digest:
        return None
    else:
        what, reason = "changed", FOREIGN
    before = old.size if old else 0
    return Change(path, kind_of(path, what == "new"), what, reason, sent.size, before)


def kind_of(path: str, new: bool) -> Kind:
    """In which stage a file goes up."""
    name = path.rpartition("/")[2]
    if name.endswith((".html", ".htm")):
        if new and path not in DOORS:
            return Kind.NEW
        return Kind.CHANGED if ARTICLE.fullmatch(path) else Kind.LIST
    if is_hashed(path):
        return Kind.ASSET
    if name.endswith(DATA) or name in DATA_NAMES:
        # New pages name their feeds, so these must be there when a reader comes to them.
        return Kind.NEW if new else Kind.FEED
    return Kind.ASSET


def is_hashed(path: str) -> bool:
    """Whether other bytes would have another name."""
    name = path.rpartition("/")[2]
    return path.startswith(HASHED_IN) and HASHED.fullmatch(name) is not None


def is_page(path: str) -> bool:
    """Whether readers see the file as a page."""
    return path.endswith((".html", ".htm"))


def _gone(built: Mapping[str, Sent], there: There) -> list[str]:
    """Paths of ours, or perhaps of ours, that are not in the site."""
    ours: set[str] = set()
    if there.published is not None:
        ours.update(there.published.files, there.published.retired)
    if there.pending is not None:
        ours.update(there.pending.writes, there.pending.deletes)
    return sorted(ours - built.keys())


def _retire(path: str, old: Sent | Retired | None, now: int) -> Retired | None:
    """The asset as a retired one; None for what is not kept."""
    if isinstance(old, Retired):
        return old
    if old is None or kind_of(path, False) is not Kind.ASSET:
        return None
    if not is_hashed(path):
        return None
    return Retired(old.digest, old.size, now)
