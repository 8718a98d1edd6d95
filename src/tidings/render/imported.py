"""Imported templates, kept from page to page only as they were when they were opened.

Part of rendering. Jinja opens a template that is imported without context once, for all pages.
What stands at its top level may be a list or a namespace, and a macro may change it: a page
would then show what others before it have left there. So where one has, all are opened anew.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import jinja2
from jinja2.environment import TemplateModule
from jinja2.runtime import Context, Macro, Undefined
from jinja2.utils import Namespace

from tidings.model.view import View

VALUES = (str, int, float, dt.date, range, View, type(None))
"""What no page can change, and is known by its value."""
PLAIN = frozenset((str, int, float, bool))
THINGS = (Macro, TemplateModule, Undefined)
"""What no page can change, and is only itself."""
DEEPEST = 16
"""Lists within lists that are looked into."""


class Opened:
    """The imported templates of an environment that are open."""

    def __init__(self) -> None:
        self.templates: list[jinja2.Template] = []
        self.opening = 0
        """How many are being opened, each for the one before."""
        self.changed = False
        """Whether a page has changed anything so far."""
        self._watched: list[tuple[list[object], object]] = []

    def watch(self, values: Iterable[object]) -> None:
        """Notes what stands at the top level of one that was opened for all pages."""
        changeable = [value for value in values if not _is_fixed(value)]
        if changeable:
            self._watched.append((changeable, _state(changeable)))

    def end_page(self) -> None:
        """Closes all where the page that was made has changed anything of one."""
        if all(_state(values) == before for values, before in self._watched):
            return
        self.changed = True
        for template in self.templates:
            template._module = None
        self.templates.clear()
        self._watched.clear()


class ImportedTemplate(jinja2.Template):
    """A template that is opened once for as many pages as leave it as it is."""

    environment: ImportingEnvironment

    def make_module(
        self,
        vars: dict[str, Any] | None = None,
        shared: bool = False,
        locals: Any = None,
    ) -> TemplateModule:
        context = self.new_context(vars, shared, locals)
        module = TemplateModule(self, context)
        opened = self.environment.opened
        if opened.opening:  # Or it is for this page alone.
            opened.watch(context.vars.values())
            self.settle(context)
        return module

    def settle(self, context: Context) -> None:
        """Does what there is to do once for one that was opened."""

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        if self._module is not None:
            return self._module
        opened = self.environment.opened
        opened.templates.append(self)
        opened.opening += 1
        try:
            return super()._get_default_module(ctx)
        finally:
            opened.opening -= 1


class ImportingEnvironment(jinja2.Environment):
    """An environment that knows which of its templates were imported."""

    template_class = ImportedTemplate

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.opened = Opened()


def _is_fixed(value: object) -> bool:
    if isinstance(value, tuple):
        return all(map(_is_fixed, value))
    return isinstance(value, VALUES + THINGS)


def _state(value: object, depth: int = 0) -> object:
    """What differs once a page has changed the value, and is the same until then; where that
    cannot be seen, it always differs."""
    if isinstance(value, VALUES):
        return type(value), value  # A page may print 1 and True, which are equal.
    if isinstance(value, THINGS):
        return id(value)
    if depth < DEEPEST:
        if isinstance(value, list | tuple):
            kinds = list(map(type, value))
            if PLAIN.issuperset(kinds):  # As nearly all are; this is asked after each page.
                return kinds, list(value)
            return [_state(each, depth + 1) for each in value]
        if isinstance(value, dict):
            return {key: _state(each, depth + 1) for key, each in value.items()}
        if isinstance(value, Namespace):
            return _state(value._Namespace__attrs, depth + 1)
    return object()
