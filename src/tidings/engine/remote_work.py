"""What a worker on another machine does: batches of bytes in, bytes out, and no disk.

Part of the engine; imported by workers, so its functions stand at the top of the module, where
pickle finds them. What all batches of a task share (options, or the theme and the site) comes
along at first, and is kept: a worker that does not have it says so, and is sent it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

import msgspec

from tidings.engine.version import code_digest, zone_digest
from tidings.model.diagnostic import Diagnostic
from tidings.model.page import PagePlan
from tidings.model.view import SiteView
from tidings.render.theme import Theme

DONE, LACKING, OTHER_VERSION = "done", "lacking", "other version"
"""What became of a batch: its result is there; the worker lacks what batches share; the worker
runs another program, or by other rules, and must not make any part of this site."""

KEPT = 4
"""Of how many tasks, or sites, a worker keeps what their batches share."""

Doing = Callable[[bytes], bytes]

_opened: dict[tuple[str, bytes], Doing] = {}
_alone = threading.Lock()
"""A worker with several threads does one batch at a time: renderers are not made for more, and
work in Python gains nothing from threads."""

_encode = msgspec.msgpack.Encoder().encode


class Look(msgspec.Struct, frozen=True):
    """What the pages of one site share while they are rendered."""

    theme: Theme
    site: SiteView
    zone: str
    """What `zone_digest` gives for the site's time zone."""


class OtherRulesError(Exception):
    """The site's time zone has other rules here."""


class RenderedPlan(msgspec.Struct, frozen=True, array_like=True):
    """What became of one plan."""

    data: bytes | None
    """The page; None where its template failed."""
    diagnostics: tuple[Diagnostic, ...] = ()


def perform(
    task: str, version: str, name: bytes, shared: bytes, batch: bytes
) -> tuple[str, bytes]:
    """What became of the batch, and its result.

    `version` is that of the program that asks, `name` the digest of what the task's batches
    share, `shared` that itself; empty where it may be known here already.
    """
    if version != code_digest():
        return OTHER_VERSION, code_digest().encode()
    with _alone:
        doing = _opened.get((task, name))
        if doing is None:
            if not shared:
                return LACKING, b""
            while len(_opened) >= KEPT:
                del _opened[next(iter(_opened))]
            try:
                doing = TASKS[task](shared)
            except OtherRulesError as error:
                return OTHER_VERSION, str(error).encode()
            _opened[(task, name)] = doing
        return DONE, doing(batch)


def _open_reading(shared: bytes) -> Doing:
    """(path, bytes) of files to encoded readings."""
    from tidings.engine.places import record_id
    from tidings.model.source import SourceFile
    from tidings.sources.record import ReadOptions, read_record

    options = msgspec.msgpack.decode(shared, type=ReadOptions)
    decoder = msgspec.msgpack.Decoder(list[tuple[str, bytes]])

    def read(batch: bytes) -> bytes:
        return _encode(
            [
                _encode(read_record(SourceFile(path, data), record_id(path), options))
                for path, data in decoder.decode(batch)
            ]
        )

    return read


def _open_relating(shared: bytes) -> Doing:
    """All records, as far as relating looks at them, to links and to what is kept of them."""
    from tidings.catalog.relating.kept import relate_kept
    from tidings.catalog.relating.relating_types import Relatable, RelatedOptions
    from tidings.engine.relating import encode_relations

    options = msgspec.msgpack.decode(shared, type=RelatedOptions)

    def relate(batch: bytes) -> bytes:
        items = msgspec.msgpack.decode(batch, type=list[Relatable])
        return encode_relations(relate_kept(items, options))

    return relate


def _open_rendering(shared: bytes) -> Doing:
    """Encoded plans to pages."""
    from tidings.render.html import open_renderer

    look = msgspec.msgpack.decode(shared, type=Look)
    if zone_digest(look.site.timezone) != look.zone:
        raise OtherRulesError(f"other rules of the time zone {look.site.timezone}")
    render = open_renderer(look.theme, look.site)
    plans = msgspec.msgpack.Decoder(list[bytes])
    decoder = msgspec.msgpack.Decoder(PagePlan)

    def render_plans(batch: bytes) -> bytes:
        outcomes = (render(decoder.decode(plan)) for plan in plans.decode(batch))
        return _encode([RenderedPlan(one.value, one.diagnostics) for one in outcomes])

    return render_plans


TASKS: dict[str, Callable[[bytes], Doing]] = {
    "read": _open_reading,
    "relate": _open_relating,
    "render": _open_rendering,
}
"""By name: what makes the doing of a task out of what its batches share."""
