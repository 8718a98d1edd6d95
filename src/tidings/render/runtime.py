"""What quick templates stand on while they run: contexts, modules, macros. Part of rendering.

`codegen` writes the code that uses these.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from typing import Any

import jinja2
from jinja2.environment import TemplateModule
from jinja2.nodes import EvalContext
from jinja2.runtime import Context, Macro
from jinja2.utils import missing
from markupsafe import Markup, escape

from tidings.model.view import View
from tidings.render.imported import ImportedTemplate, ImportingEnvironment
from tidings.render.memo import Memo
from tidings.render.shown import refuse_textless

try:
    from markupsafe._speedups import _escape_inner as escape_text
except ImportError:  # Without its C part, markupsafe has the same in Python.
    from markupsafe._native import _escape_inner as escape_text

__all__ = ["QuickEnvironment", "QuickMacro", "escape_other", "escape_text"]

CONSTANT = ("range", "site", "theme")
"""Globals that are the same for all pages of a site."""
SPECIAL = ("caller", "kwargs", "self", "super", "varargs")
"""Names that Jinja gives a meaning of their own within macros."""


def escape_other(value: object) -> str:
    """The value as text for HTML, for all that is no plain text: numbers, markup, undefined."""
    kind = type(value)
    if kind is Markup:
        return value  # type: ignore[return-value]
    if kind is int:
        return str(value)
    return escape(refuse_textless(value))


class QuickMacro(Macro):
    """A macro whose parameters are plain, so that it can be called as a function."""

    quick: Callable[..., str]
    """Its text, safe for HTML. Parameters are named as in the code: `l_1_card`."""

    def __init__(
        self,
        environment: jinja2.Environment,
        function: Callable[..., str],
        name: str,
        arguments: tuple[str, ...],
        reads: tuple[str, ...] | None,
        weight: int,
        autoescape: bool,
    ) -> None:
        super().__init__(
            environment, function, name, list(arguments), False, False, False, autoescape
        )
        function.__defaults__ = (missing,) * len(arguments)
        self.quick = function
        self.reads = reads
        """Names that it takes from around it; None where its text may follow from more."""
        self.weight = weight
        self.settled = False
        """Whether its text follows from its arguments alone, for all pages of a site."""


class QuickContext(Context):
    """A context that is cheap to make, as every include makes one."""

    # No page brings globals of its own, so imported templates never need others.
    globals_keys: frozenset[str] = frozenset()  # type: ignore[assignment]

    def __init__(
        self,
        environment: jinja2.Environment,
        parent: dict[str, Any],
        name: str | None,
        blocks: Mapping[str, Callable[[Context], Any]],
        globals: MutableMapping[str, Any] | None = None,  # noqa: ARG002 (as in Jinja)
    ) -> None:
        self.parent = parent
        self.vars = {}
        self.environment = environment
        self.exported_vars = set()
        self.name = name
        self.blocks = {name: [block] for name, block in blocks.items()} if blocks else {}

    @functools.cached_property
    def eval_ctx(self) -> EvalContext:  # type: ignore[override]
        return EvalContext(self.environment, self.name)


class QuickTemplate(ImportedTemplate):
    """A template that is imported quickly, and once."""

    environment: QuickEnvironment

    def pieces(self, context: Context, locals: Mapping[str, Any]) -> Iterable[str]:
        """Its text where another template includes it, in pieces."""
        if any(value is missing for value in locals.values()):
            locals = {name: value for name, value in locals.items() if value is not missing}
        if locals or context.vars:
            parent = {**context.parent, **context.vars, **locals}
        else:
            parent = context.parent
        return self.root_render_func(
            QuickContext(self.environment, parent, self.name, self.blocks)
        )

    def new_context(
        self,
        vars: dict[str, Any] | None = None,
        shared: bool = False,
        locals: Mapping[str, Any] | None = None,
    ) -> Context:
        if not shared:
            parent = {**self.environment.globals, **(vars or {})}
        elif locals:
            found = {name: value for name, value in locals.items() if value is not missing}
            parent = {**(vars or {}), **found}
        else:
            parent = vars or {}
        return QuickContext(self.environment, parent, self.name, self.blocks)

    def settle(self, context: Context) -> None:
        # Where templates are opened again and again, so would texts be kept again.
        if not self.environment.opened.changed:
            _settle(context.vars, self.environment.memo)

    def _get_default_module(
        self,
        ctx: Context | None = None,  # noqa: ARG002 (no page brings globals of its own)
    ) -> TemplateModule:
        return self._module or super()._get_default_module()


class QuickEnvironment(ImportingEnvironment):
    """An environment whose templates were compiled by `codegen`."""

    template_class = QuickTemplate
    context_class = QuickContext

    def __init__(self, memo: Memo, **options: Any) -> None:
        super().__init__(**options)
        self.memo = memo
        self._loaded: dict[object, jinja2.Template] = {}

    def get_template(
        self,
        name: str | jinja2.Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,
    ) -> jinja2.Template:
        found = self._loaded.get(name)
        if found is None:
            found = self._loaded[name] = super().get_template(name, parent, globals)
        return found


def _settle(names: Mapping[str, object], memo: Memo) -> None:
    """Has the macros of an imported template remembered whose texts follow from arguments.

    `names` are all that the template made, imported or set at its top level. It was imported
    without context, so no page can be seen there; nor can what one page changes for the next.
    """
    fresh = [one for one in names.values() if type(one) is QuickMacro and not one.settled]
    sound = [one for one in fresh if one.reads is not None]
    before = -1
    while before != len(sound):  # A macro is unsound as soon as one that it may call is.
        before = len(sound)
        sound = [one for one in sound if _is_sound(one, names, sound)]
    for one in sound:
        one.settled = True
        memo.remember(one)


def _is_sound(macro: QuickMacro, names: Mapping[str, object], others: list[QuickMacro]) -> bool:
    for name in macro.reads or ():
        if name in SPECIAL:
            return False
        if name in names:
            value = names[name]
            settled = type(value) is QuickMacro and (value.settled or value in others)
            if not settled and not _is_constant(value):
                return False
        elif name in macro._environment.globals and name not in CONSTANT:
            return False
    return True


def _is_constant(value: object) -> bool:
    if isinstance(value, tuple):
        return all(map(_is_constant, value))
    return isinstance(value, str | int | View)
