"""Finishing a site whose pages are rendered by workers that see neither sketch nor folders.

Part of the engine, beside `finish`: pages are planned and their keys compared here, plans that
must be rendered go out in batches, and pages that come back are put aside at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from tidings.engine.finish import Finished, Work, all_finished
from tidings.engine.keys import encoded_key, open_makers
from tidings.engine.remote import Remote
from tidings.engine.remote_work import Look, RenderedPlan
from tidings.engine.run import Run
from tidings.engine.version import zone_digest
from tidings.model.diagnostic import Diagnostic
from tidings.model.output import Rendered, Staged
from tidings.output.staging import open_stage, open_staging

BATCH = 100
"""Pages sent together, at most."""
BATCH_BYTES = 1_000_000
"""Bytes of plans after which a batch is sent, however few its pages."""


class _Sent(msgspec.Struct, frozen=True):
    """A page whose plan is on its way."""

    number: int
    path: str
    key: str
    template: str


DECODER = msgspec.msgpack.Decoder(list[RenderedPlan])
Batch = tuple[list[_Sent], bytes]


class Afar:
    """Finishes a site as `Crowd` does, with workers of any kind. Use it as a context."""

    def __init__(self, work: Work, run: Run, output: Path, remote: Remote) -> None:
        self._work = work
        self._run = run
        self._remote = remote
        self._put_aside = open_staging(output, open_stage(output))

    def __enter__(self) -> Afar:
        return self

    def __exit__(self, *error: object) -> None:
        """Workers are not ours to send away."""

    def finish(self) -> Finished | None:
        """The site's files, put aside; None, and the problems, where a template fails.

        Raises OSError where a file cannot be put aside.
        """
        site = self._work.sketch.site
        look = Look(self._work.theme, site, zone_digest(site.timezone))
        rendered: list[Rendered | Staged] = []
        problems: dict[int, tuple[Diagnostic, ...]] = {}
        used: set[str] = set()
        shared = msgspec.msgpack.encode(look)
        for sent, result in self._remote.run("render", shared, self._batches()):
            for page, made in zip(sent, DECODER.decode(result), strict=True):
                if made.diagnostics:
                    problems[page.number] = made.diagnostics
                if made.data is not None:
                    used.add(page.template)
                    rendered.append(self._put_aside(page.path, page.key, made.data))
        in_order = [each for number in sorted(problems) for each in problems[number]]
        return all_finished(self._work, rendered, in_order, used, self._run)

    def _batches(self) -> Iterator[Batch]:
        """The plans of pages whose keys nobody has, as they are asked for."""
        work = self._work
        makers = open_makers(work.theme, work.sketch.site)
        encode = msgspec.msgpack.Encoder().encode
        pages = work.pages
        sent: list[_Sent] = []
        plans: list[bytes] = []
        for number, page in enumerate(pages):
            plan = page.draw()
            encoded = encode(plan)
            key = encoded_key(makers(plan.template), encoded)
            before = work.usable.get(plan.path)
            if before is None or before.key != key:
                sent.append(_Sent(number, plan.path, key, plan.template))
                plans.append(encoded)
            if len(plans) >= BATCH or sum(map(len, plans)) >= BATCH_BYTES:
                self._run.progress("render", number, len(pages))
                yield sent, encode(plans)
                sent, plans = [], []
        if plans:
            yield sent, encode(plans)
        self._run.progress("render", len(pages), len(pages))
