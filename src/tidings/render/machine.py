"""The templates of one theme, opened for one site: pages to text. Part of rendering.

Each page is made by the quick code first. Whatever that code cannot do raises, and the page is
made by Jinja's own; so a template may use all of Jinja, and every error is Jinja's own.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable, MutableMapping
from types import CodeType
from typing import Any

import jinja2

from tidings.model.view import PageView, SiteView
from tidings.render.filters import make_filters
from tidings.render.imported import ImportingEnvironment
from tidings.render.memo import Memo
from tidings.render.reading import compile_plainly, plain_environment, quick_environment
from tidings.render.theme import Template, Theme, template_code

REVIEW = 512
"""Pages after which it is asked again which macros are worth remembering."""

Machine = Callable[[str, PageView | None], str]
"""Makes the text of a page from its template's name and its view; raises what Jinja raises."""


def open_machine(theme: Theme, site: SiteView, quick: bool = True, pages: int = 0) -> Machine:
    """A machine for all pages of the site; where not `quick`, with Jinja's own code alone.

    `pages` is how many will be asked for, about; it decides how much is remembered.
    """
    memo = Memo(pages)
    environment = quick_environment(memo)
    _open(environment, theme, site, _quick_code)
    plain: ImportingEnvironment | None = None
    slow: set[str] = set()
    """Templates that use more of Jinja than the quick code knows."""
    made = 0

    def make(template: str, view: PageView | None) -> str:
        nonlocal made, plain
        if quick and template not in slow:
            made += 1
            if made % REVIEW == 0:
                memo.review()
            try:
                return _text(environment, template, view)
            except Exception:  # noqa: BLE001 (Jinja says below what is wrong, if anything is)
                pass
        if plain is None:
            plain = plain_environment()
            _open(plain, theme, site, _plain_code)
        text = _text(plain, template, view)
        slow.add(template)
        return text

    return make


def _text(environment: ImportingEnvironment, template: str, view: PageView | None) -> str:
    found = environment.get_template(template)
    context = found.new_context({"page": view})
    try:
        return "".join(found.root_render_func(context))
    finally:
        # Macros of the template and the context hold each other: unless they are parted, all
        # pages stay in memory until somebody looks for such rings, which no build does. A macro
        # that calls itself still holds itself.
        context.vars.clear()
        environment.opened.end_page()


def _open(
    environment: jinja2.Environment,
    theme: Theme,
    site: SiteView,
    code: Callable[[Template], CodeType],
) -> None:
    environment.filters.update(make_filters(site, theme.assets))
    # As globals they reach imported macros too, which Jinja then compiles and binds only once.
    environment.globals.update(site=site, theme=site.theme)
    environment.loader = _ThemeLoader(theme, code)


def _quick_code(template: Template) -> CodeType:
    code: CodeType = marshal.loads(template_code(template))
    return code


def _plain_code(template: Template) -> CodeType:
    return compile_plainly(template.name, template.file, template.source)


class _ThemeLoader(jinja2.BaseLoader):
    """Hands Jinja the theme's templates, each loaded when a page first needs it."""

    def __init__(self, theme: Theme, code: Callable[[Template], CodeType]) -> None:
        self.theme = theme
        self.code = code

    def load(
        self,
        environment: jinja2.Environment,
        name: str,
        globals: MutableMapping[str, Any] | None = None,
    ) -> jinja2.Template:
        found = self.theme.templates.get(name)
        if found is None:
            raise jinja2.TemplateNotFound(name)
        return environment.template_class.from_code(
            environment, self.code(found), globals or {}
        )
