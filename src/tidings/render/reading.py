"""Template files to what is known of them, and to code. Part of rendering.

The only place that parses and compiles templates, which takes longer than building a small
site from them: `theme` comes here only for what is not known from before (`compiled.py`).
"""

from __future__ import annotations

import functools
import marshal
from collections.abc import Iterator
from types import CodeType
from typing import Any

import jinja2
import jinja2.meta
from jinja2 import nodes
from jinja2.utils import Namespace

from tidings.model.diagnostic import Diagnostic, Outcome
from tidings.model.view import SiteView
from tidings.render.codegen import CarefulGenerator, QuickGenerator
from tidings.render.compiled import LOGO_NAME, Facts
from tidings.render.filters import make_filters
from tidings.render.imported import ImportingEnvironment
from tidings.render.memo import Memo
from tidings.render.problems import (
    describe_unreadable,
    explain_syntax,
    explain_unreadable,
    explain_word,
)
from tidings.render.runtime import QuickEnvironment
from tidings.render.shown import refuse_textless

ASSET = "asset"
"""The filter that turns the name of an asset into its URL."""
LOGO = nodes.Getattr(nodes.Name("theme", "load"), "logo", "load")
"""The one computed name of an asset that is known before rendering."""
FILTERS = tuple(make_filters(SiteView(title="", url="/", base_url="/"), {}))
"""Names of the filters that depend on a site, and come with rendering."""
OPTIONS: dict[str, Any] = {
    "autoescape": True,
    "undefined": jinja2.StrictUndefined,
    "trim_blocks": True,
    "lstrip_blocks": True,
    "keep_trailing_newline": True,
    "finalize": refuse_textless,
    "auto_reload": False,
    "cache_size": -1,
}


def plain_environment() -> ImportingEnvironment:
    """An environment with our settings but without templates: Jinja's own way."""
    environment = ImportingEnvironment(**OPTIONS)
    environment.code_generator_class = CarefulGenerator
    _set_up(environment)
    return environment


def quick_environment(memo: Memo) -> QuickEnvironment:
    """The same for templates compiled by `codegen`. Its macros keep their texts in `memo`."""
    environment = QuickEnvironment(memo, **OPTIONS)
    environment.code_generator_class = QuickGenerator
    _set_up(environment)
    return environment


TELLING = (
    *(nodes.Block, nodes.Const, nodes.Filter, nodes.FromImport, nodes.Import, nodes.Macro),
    *(nodes.Name, nodes.Test),
)
"""What says which assets and words a template asks for, and which names it gives away."""


# What comes of a source depends on nothing else, so `serve` reads only those that were changed.
@functools.lru_cache(maxsize=512)
def read_facts(file: str, source: str) -> Outcome[Facts]:
    """What the template refers to, or what keeps it from being one."""
    try:
        return _read_facts(file, source)
    except jinja2.TemplateSyntaxError as error:
        return Outcome(None, (explain_syntax(file, error),))
    except (RecursionError, ValueError) as error:
        # Too deep for Jinja, a number too long for Python, or a name that is no text.
        return Outcome(None, (explain_unreadable(file, error),))


def _read_facts(file: str, source: str) -> Outcome[Facts]:
    tree = _parse(file, source)
    # One walk for all that is asked: it takes as long as reading the template did.
    told = list(tree.find_all(TELLING))
    mistakes = (*_unknown_words(file, told), *_repeated_blocks(file, told))
    if mistakes:
        return Outcome(None, mistakes)
    references = list(jinja2.meta.find_referenced_templates(tree))
    named = sorted({reference for reference in references if reference is not None})
    assets = _find_assets(told)
    for name in (*named, *(assets or ())):
        name.encode()  # What is kept of them is UTF-8.
    return Outcome(
        Facts(references=None if None in references else tuple(named), assets=assets)
    )


def _unknown_words(file: str, told: list[nodes.Node]) -> Iterator[Diagnostic]:
    """The filters and tests of the template that do not exist."""
    reader = _reader()
    for node in told:
        if isinstance(node, nodes.Filter) and node.name not in reader.filters:
            yield explain_word(file, node.lineno, "filter", node.name, reader.filters)
        elif isinstance(node, nodes.Test) and node.name not in reader.tests:
            yield explain_word(file, node.lineno, "test", node.name, reader.tests)


def _repeated_blocks(file: str, told: list[nodes.Node]) -> Iterator[Diagnostic]:
    """The blocks that the template has already had, which Jinja would tell page by page."""
    names: set[str] = set()
    for node in told:
        if isinstance(node, nodes.Block):
            if node.name in names:
                yield explain_syntax(
                    file,
                    jinja2.TemplateSyntaxError(
                        f"block {node.name!r} defined twice", node.lineno
                    ),
                )
            names.add(node.name)


@functools.lru_cache(maxsize=512)
def compile_quickly(name: str, file: str, source: str) -> bytes:
    """The template as marshalled code for a quick environment."""
    code = _compile(_reader(), _parse(file, source), name, file)
    return marshal.dumps(code)


def compile_if_possible(name: str, file: str, source: str) -> bytes:
    """The same, or nothing where the template cannot be compiled."""
    try:
        return compile_quickly(name, file, source)
    except jinja2.TemplateSyntaxError:
        return b""


@functools.lru_cache(maxsize=512)
def compile_plainly(name: str, file: str, source: str) -> CodeType:
    """The template as code for a plain environment."""
    return _compile(_forbid_folding(plain_environment()), source, name, file)


def _compile(
    environment: jinja2.Environment, source: str | nodes.Template, name: str, file: str
) -> CodeType:
    """The code; raises Jinja's own error for whatever keeps it from being made."""
    try:
        return environment.compile(source, name, file)
    except (RecursionError, SyntaxError, ValueError) as error:
        # Blocks within blocks, more than Python takes, or a number too long for it.
        raise jinja2.TemplateSyntaxError(describe_unreadable(error), 0, name, file) from error


@functools.lru_cache(maxsize=512)
def _parse(file: str, source: str) -> nodes.Template:
    return _reader().parse(source, filename=file)


@functools.cache
def _reader() -> jinja2.Environment:
    return _forbid_folding(quick_environment(Memo()))


def _set_up(environment: jinja2.Environment) -> None:
    # What is left out, such as `lipsum` and `random`, would give other bytes in every build.
    environment.globals = {"namespace": Namespace, "range": range}
    del environment.filters["random"]


def _forbid_folding(environment: jinja2.Environment) -> jinja2.Environment:
    """The environment with filters that no template can apply before rendering.

    Jinja works out what is constant when it compiles, and `"/"|absolute_url` looks constant;
    but what it gives depends on the site.
    """
    environment.filters.update(dict.fromkeys(FILTERS, _not_yet))
    return environment


def _not_yet(*_arguments: object, **_named: object) -> str:
    raise nodes.Impossible


def _find_assets(told: list[nodes.Node]) -> tuple[str, ...] | None:
    """Names of the assets that the template asks for, sorted; None where it computes one."""
    if _shadows_theme(told):
        return None
    found: set[str] = set()
    for node in told:
        if isinstance(node, nodes.Const) and node.value == ASSET:
            return None  # Such as `names|map("asset")`.
        if not isinstance(node, nodes.Filter):
            continue
        if node.name == "map" and node.args and not isinstance(node.args[0], nodes.Const):
            return None
        if node.name != ASSET:
            continue
        if node.node == LOGO:
            found.add(LOGO_NAME)
        elif isinstance(node.node, nodes.Const) and isinstance(node.node.value, str):
            found.add(node.node.value)
        else:
            return None
    return tuple(sorted(found))


def _shadows_theme(told: list[nodes.Node]) -> bool:
    """Whether the template gives the name `theme` to anything else."""
    names: list[str] = []
    for node in told:
        if isinstance(node, nodes.Name):
            names += [node.name] if node.ctx != "load" else []
        elif isinstance(node, nodes.Macro):
            names.append(node.name)
        elif isinstance(node, nodes.Import):
            names.append(node.target)
        elif isinstance(node, nodes.FromImport):
            names += [one if isinstance(one, str) else one[1] for one in node.names]
    return "theme" in names
