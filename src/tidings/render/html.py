"""HTML: page plans to bytes through a theme's templates. Second half of rendering, and pure.

A renderer is opened once per theme and site and then called for every page: compiling templates
and making filters happens once, and a page costs little more than its own text.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING

from tidings.model.diagnostic import Outcome
from tidings.model.page import PagePlan
from tidings.model.view import SiteView
from tidings.render.documents import write_document
from tidings.render.feeds import render_atom
from tidings.render.json_feed import render_json_feed
from tidings.render.minify import minify_page
from tidings.render.problems import explain_failure, explain_unknown_template
from tidings.render.rss import render_rss
from tidings.render.theme import Theme

if TYPE_CHECKING:
    from tidings.render.machine import Machine

FEEDS = {"atom": render_atom, "rss": render_rss, "json-feed": render_json_feed}
"""What writes a feed, by the name of its format."""

Renderer = Callable[[PagePlan], Outcome[bytes]]
"""Makes the bytes of one page, or says what is wrong with its template."""


def render_page(theme: Theme, site: SiteView, plan: PagePlan) -> Outcome[bytes]:
    """The page as UTF-8, or the diagnostic of its template. For many pages, open a renderer."""
    return open_renderer(theme, site)(plan)


def open_renderer(theme: Theme, site: SiteView, pages: int = 0) -> Renderer:
    """A renderer for all pages of one site with one theme.

    `pages` is how many it will be asked for, about: for many it remembers more.
    """

    @functools.cache
    def machine() -> Machine:
        # Only with the first page, because a build that renders none need not wait for Jinja.
        from tidings.render.machine import open_machine

        return open_machine(theme, site, pages=pages)

    def render(plan: PagePlan) -> Outcome[bytes]:
        if plan.document is not None:
            return Outcome(write_document(plan.document))
        if plan.feed is not None:
            return Outcome(FEEDS[plan.template](plan.feed))
        if plan.template not in theme.templates:
            problem = explain_unknown_template(plan.template, plan.origin, theme.templates)
            return Outcome(None, (problem,))
        try:
            text = machine()(plan.template, plan.view)
        except Exception as error:
            files = {name: template.file for name, template in theme.templates.items()}
            found = explain_failure(error, files, theme.assets, plan.origin)
            if found is None:  # No template had a part in it, so the fault is ours.
                raise
            return Outcome(None, (found,))
        # Text that came with half a surrogate pair must not stop the whole build.
        data = text.encode("utf-8", "replace")
        return Outcome(minify_page(data) if site.minify else data)

    return render
