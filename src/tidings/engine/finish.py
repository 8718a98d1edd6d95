"""Sketches and assets to the site's finished files, except for those that are known already.

Part of the engine, between sketching and writing: each page is planned, its key compared with
what earlier builds left, and the page rendered where that differs. Small sites are finished in
memory; for large ones several processes do it, and put aside what they have made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from tidings.engine.keys import open_makers, page_key
from tidings.engine.run import Run
from tidings.engine.schedule import Crew, in_batches
from tidings.model.asset import Asset
from tidings.model.diagnostic import Diagnostic, Outcome, Place
from tidings.model.output import Rendered, Staged, Written
from tidings.model.page import PageSketch, SiteSketch
from tidings.output.manifest import digest_of
from tidings.output.staging import Staging, open_stage, open_staging
from tidings.render.html import open_renderer
from tidings.render.problems import WHILE_RENDERING
from tidings.render.theme import Theme

WORTH_FORKING = 300
"""Pages to plan from which workers save more time than they take to start."""
BATCHES = 96
BATCH = 25


class _Made(msgspec.Struct, frozen=True):
    """A page that was made now."""

    page: Rendered
    template: str


Finish = Callable[[PageSketch], Outcome[_Made]]
"""Makes a page; no value, and no problem, where an earlier build's file is what it must be."""


class Finished(msgspec.Struct, frozen=True):
    """All files of the site."""

    rendered: tuple[Rendered | Staged, ...]
    """Those made now."""
    kept: dict[str, Written]
    """Those that an earlier build left as they must be, by path."""
    templates: frozenset[str] = frozenset()
    """The templates that pages were rendered with."""


class Work(msgspec.Struct, frozen=True):
    """What finishing is done with."""

    sketch: SiteSketch
    theme: Theme
    assets: tuple[Asset, ...]
    usable: Mapping[str, Written]
    """What earlier builds left, by path: a file whose key is there is not made again."""
    pages: tuple[PageSketch, ...]
    """Those to be planned: nobody knows whether they have changed."""


def worth_a_crowd(work: Work) -> bool:
    """Whether there are so many pages that several processes would be done sooner than one, and
    that no process should hold them all."""
    return len(work.pages) >= WORTH_FORKING


def finish_site(work: Work, run: Run) -> Finished | None:
    """The site's files, in memory; None, and the problems, where a template fails."""
    finish = _open_finisher(work)
    rendered: list[Rendered | Staged] = []
    problems: list[Diagnostic] = []
    used: set[str] = set()
    pages = work.pages
    for number, page in enumerate(pages):
        outcome = finish(page)
        problems += outcome.diagnostics
        if outcome.value is not None:
            rendered.append(outcome.value.page)
            used.add(outcome.value.template)
        if number % 200 == 0:
            run.progress("render", number, len(pages))
    run.progress("render", len(pages), len(pages))
    return all_finished(work, rendered, problems, used, run)


class Crowd:
    """Processes that finish a large site together, or one that does so bit by bit. Use it as a
    context."""

    def __init__(self, work: Work, run: Run, output: Path) -> None:
        self._work = work
        self._run = run
        self._pages = work.pages
        self._stage = open_stage(output)
        finish, put_aside = _open_finisher(work), open_staging(output, self._stage)
        tasks: dict[str, Callable[[Any], Any]] = {
            "finish": partial(_finish_batch, self._pages, finish, put_aside),
        }
        self._crew = Crew(run.jobs, tasks)

    def __enter__(self) -> Crowd:
        self._crew.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._crew.__exit__(*error)  # type: ignore[arg-type]

    def finish(self) -> Finished | None:
        """The site's files, put aside; None, and the problems, where a template fails."""
        batches = in_batches(len(self._pages), BATCHES, BATCH)
        rendered: list[Rendered | Staged] = []
        problems: dict[int, tuple[Diagnostic, ...]] = {}
        used: set[str] = set()
        done, total = 0, len(self._pages)
        for number, result in self._crew.run("finish", batches):
            batch = BATCH_DECODER.decode(result)
            rendered += [each.staged(self._pages, self._stage) for each in batch.aside]
            problems[number] = batch.diagnostics
            used.update(batch.templates)
            done += len(batches[number])
            self._run.progress("render", done, total)
        in_order = [each for number in sorted(problems) for each in problems[number]]
        return all_finished(self._work, rendered, in_order, used, self._run)


class _Aside(msgspec.Struct, frozen=True, array_like=True):
    """What a worker says of a page that it has put aside: nothing that is known here."""

    number: int
    """Of the page."""
    key: str
    digest: str
    size: int
    waits: bool
    """Whether it is in the stage; or else the site has it already."""

    def staged(self, pages: Sequence[PageSketch], stage: str) -> Staged:
        """All that there is to say of it."""
        path = pages[self.number].path
        return Staged(path, self.key, self.digest, self.size, stage if self.waits else "")


class _Batch(msgspec.Struct, frozen=True):
    """What a worker gives back."""

    aside: list[_Aside]
    diagnostics: tuple[Diagnostic, ...]
    templates: set[str]


BATCH_DECODER = msgspec.msgpack.Decoder(_Batch)
ENCODER = msgspec.msgpack.Encoder()


def _finish_batch(
    pages: Sequence[PageSketch], finish: Finish, put_aside: Staging, batch: range
) -> bytes:
    aside: list[_Aside] = []
    problems: list[Diagnostic] = []
    used: set[str] = set()
    for number in batch:
        outcome = finish(pages[number])
        problems += outcome.diagnostics
        if outcome.value is not None:
            page = outcome.value.page
            used.add(outcome.value.template)
            staged = put_aside(page.path, page.key, page.data)
            told = (staged.key, staged.digest, staged.size, bool(staged.stage))
            aside.append(_Aside(number, *told))
    return ENCODER.encode(_Batch(aside, tuple(problems), used))


def _open_finisher(work: Work) -> Finish:
    """What makes any page of the site."""
    render = open_renderer(work.theme, work.sketch.site, len(work.pages))
    makers = open_makers(work.theme, work.sketch.site)
    encoder = msgspec.msgpack.Encoder()
    usable = work.usable

    def finish(sketch: PageSketch) -> Outcome[_Made]:
        plan = sketch.draw()
        key = page_key(makers(plan.template), plan, encoder)
        before = usable.get(plan.path)
        if before is not None and before.key == key:
            return Outcome(None)
        outcome = render(plan)
        if outcome.value is None:
            return Outcome(None, outcome.diagnostics)
        page = Rendered(plan.path, key, outcome.value)
        return Outcome(_Made(page, plan.template), outcome.diagnostics)

    return finish


def all_finished(
    work: Work,
    rendered: list[Rendered | Staged],
    problems: Sequence[Diagnostic],
    used: Iterable[str],
    run: Run,
) -> Finished | None:
    """The files with the assets beside the pages."""
    if problems:
        run.diagnostics.extend(merge_failures(problems))
        return None
    made = {page.path for page in rendered}
    paths = (page.path for page in work.sketch.pages)
    kept = {path: work.usable[path] for path in paths if path not in made}
    for asset in work.assets:
        key = digest_of(asset.data)
        before = work.usable.get(asset.path)
        if before is not None and before.key == key:
            kept[asset.path] = before
        else:
            rendered.append(Rendered(asset.path, key, asset.data))
    run.count(
        pages=len(kept) + len(rendered),
        planned=len(work.pages),
        rendered=len(rendered),
    )
    run.phase_done("render")
    return Finished(tuple(rendered), kept, frozenset(used))


def merge_failures(problems: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The failures of templates, each told once: the first page that met it, and how many."""
    alike: dict[tuple[str, Place, str], list[Diagnostic]] = {}
    for problem in problems:
        what = problem.message.partition(WHILE_RENDERING)[0]
        alike.setdefault((problem.code, problem.place, what), []).append(problem)
    return tuple(_told_once(group) for group in alike.values())


def _told_once(group: list[Diagnostic]) -> Diagnostic:
    first, more = group[0], len(group) - 1
    if not more:
        return first
    told = f" and {more} more" if WHILE_RENDERING in first.message else f", on {more + 1} pages"
    return msgspec.structs.replace(first, message=first.message + told)
