"""HTML: page plans to bytes through a theme's templates. Second half of rendering, and pure.

A renderer is opened once per theme and site and then called for every page: compiling templates
and making filters happens once, and a page costs little more than its own text.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from typing import Any

import jinja2

from tidings.model.diagnostic import Outcome
from tidings.model.page import PagePlan
from tidings.model.view import SiteView
from tidings.render.feeds import render_atom
from tidings.render.filters import make_filters
from tidings.render.minify import minify_page
from tidings.render.problems import explain_failure, explain_unknown_template
from tidings.render.theme import Theme, bare_environment, compile_template

ATOM = "atom"

Renderer = Callable[[PagePlan], Outcome[bytes]]
"""Makes the bytes of one page, or says what is wrong with its template."""


def render_page(theme: Theme, site: SiteView, plan: PagePlan) -> Outcome[bytes]:
    """The page as UTF-8, or the diagnostic of its template. For many pages, open a renderer."""
    return open_renderer(theme, site)(plan)


def open_renderer(theme: Theme, site: SiteView) -> Renderer:
    """A renderer for all pages of one site with one theme."""
    environment = _open_environment(theme, site)
    files = frozenset(template.file for template in theme.templates.values())

    def render(plan: PagePlan) -> Outcome[bytes]:
        if plan.template == ATOM:
            return Outcome(None if plan.feed is None else render_atom(plan.feed))
        if plan.template not in theme.templates:
            problem = explain_unknown_template(plan.template, plan.origin, theme.templates)
            return Outcome(None, (problem,))
        try:
            text = environment.get_template(plan.template).render(page=plan.view)
        except Exception as error:
            found = explain_failure(error, files, theme.assets, plan.origin)
            if found is None:  # No template had a part in it, so the fault is ours.
                raise
            return Outcome(None, (found,))
        # Text that came with half a surrogate pair must not stop the whole build.
        data = text.encode("utf-8", "replace")
        return Outcome(minify_page(data) if site.minify else data)

    return render


def _open_environment(theme: Theme, site: SiteView) -> jinja2.Environment:
    environment = bare_environment()
    environment.filters.update(make_filters(site, theme.assets))
    # As globals they reach imported macros too, which Jinja then compiles and binds only once.
    environment.globals.update(site=site, theme=site.theme)
    environment.loader = _ThemeLoader(theme)
    return environment


class _ThemeLoader(jinja2.BaseLoader):
    """Hands Jinja the theme's templates, each compiled when a page first needs it."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme

    def load(
        self,
        environment: jinja2.Environment,
        name: str,
        globals: MutableMapping[str, Any] | None = None,
    ) -> jinja2.Template:
        found = self.theme.templates.get(name)
        if found is None:
            raise jinja2.TemplateNotFound(name)
        code = compile_template(found)
        return jinja2.Template.from_code(environment, code, globals or {})
