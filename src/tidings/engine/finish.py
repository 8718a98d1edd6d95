"""Plans and assets to the site's finished files, except for those that are known already.

Part of the engine, between planning and writing. Nothing is read or written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec

from tidings.engine.keys import page_key, site_digest
from tidings.engine.prepare import Run
from tidings.model.asset import Asset
from tidings.model.diagnostic import Diagnostic, Place
from tidings.model.output import Rendered, Written
from tidings.model.page import SitePlan
from tidings.output.manifest import digest_of
from tidings.render.html import open_renderer
from tidings.render.problems import WHILE_RENDERING
from tidings.render.theme import Theme, template_digest

PLAN_ENCODER = msgspec.msgpack.Encoder()

Settle = Callable[[str, str, Callable[[], bytes | None]], None]
"""Called with a file's path, its key, and what makes its bytes where they are not known."""


class Finished(msgspec.Struct, frozen=True):
    """All files of the site."""

    rendered: tuple[Rendered, ...]
    """Those made now."""
    kept: dict[str, Written]
    """Those that an earlier build left as they must be, by path."""


def finish_site(
    plan: SitePlan,
    theme: Theme,
    assets: Sequence[Asset],
    usable: Mapping[str, Written],
    run: Run,
) -> Finished | None:
    """The site's files; None, and the problems, where a template fails.

    `usable` has what earlier builds left, by path: a file whose key is there is not made again.
    """
    kept: dict[str, Written] = {}
    rendered: list[Rendered] = []

    def settle(path: str, key: str, make: Callable[[], bytes | None]) -> None:
        before = usable.get(path)
        if before is not None and before.key == key:
            kept[path] = before
            return
        data = make()
        if data is not None:
            rendered.append(Rendered(path, key, data))

    problems = _render(plan, theme, settle, run)
    if problems:
        run.diagnostics.extend(merge_failures(problems))
        return None
    for asset in assets:
        settle(asset.path, digest_of(asset.data), lambda data=asset.data: data)  # type: ignore[misc]
    run.count(pages=len(kept) + len(rendered), rendered=len(rendered))
    run.phase_done("render")
    return Finished(tuple(rendered), kept)


def merge_failures(problems: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The failures of templates, each told once: the first page that met it, and how many."""
    alike: dict[tuple[str, Place, str], list[Diagnostic]] = {}
    for problem in problems:
        what = problem.message.partition(WHILE_RENDERING)[0]
        alike.setdefault((problem.code, problem.place, what), []).append(problem)
    return tuple(
        msgspec.structs.replace(
            group[0], message=f"{group[0].message} and {len(group) - 1} more"
        )
        if len(group) > 1
        else group[0]
        for group in alike.values()
    )


def _render(plan: SitePlan, theme: Theme, settle: Settle, run: Run) -> list[Diagnostic]:
    """Settles every page; the problems of templates that failed."""
    problems: list[Diagnostic] = []
    render = open_renderer(theme, plan.site)
    shared = site_digest(plan.site)
    total = len(plan.pages)
    for number, page in enumerate(plan.pages):

        def make(page=page) -> bytes | None:  # type: ignore[no-untyped-def]
            outcome = render(page)
            problems.extend(outcome.diagnostics)
            return outcome.value

        key = page_key(shared, page, template_digest(theme, page.template), PLAN_ENCODER)
        settle(page.path, key, make)
        if number % 200 == 0:
            run.progress("render", number, total)
    run.progress("render", total, total)
    return problems
