"""Themes: template files in layers to one checked, frozen theme. First half of rendering.

A later layer overrides an earlier one file by file. What a template can reach is found here
once, so that a page is rendered again exactly when one of those files, or an asset's URL, has
changed.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Mapping, Sequence
from types import CodeType

import jinja2
import jinja2.meta
import msgspec
from jinja2 import nodes
from jinja2.utils import Namespace

from tidings.model.diagnostic import Diagnostic, Outcome
from tidings.model.source import SourceFile
from tidings.model.view import SiteView
from tidings.render.filters import make_filters
from tidings.render.problems import explain_bad_encoding, explain_filter, explain_syntax

FOLDER = "templates/"
STATIC = "static/"


class Template(msgspec.Struct, frozen=True):
    """One template file of a theme."""

    name: str
    """Name that other templates use: `partials/card.html`."""
    file: str
    """The file it came from, for messages."""
    source: str
    references: tuple[str, ...] | None
    """Templates that it names; None when it chooses one only while rendering."""


class Theme(msgspec.Struct, frozen=True):
    """Templates that are known to be sound, and the assets that they may refer to."""

    templates: dict[str, Template]
    """By name, sorted."""
    assets: dict[str, str]
    """URLs by asset name, sorted."""
    digests: dict[str, str]
    """Digest of each template with all that it can reach, by name."""


def make_theme(
    layers: Sequence[Sequence[SourceFile]], assets: Mapping[str, str]
) -> Outcome[Theme]:
    """The theme of all layers, or every syntax error in its templates.

    `assets` maps names such as `style.css` to URLs with base path and content hash.
    """
    chosen: dict[str, SourceFile] = {}
    for layer in layers:
        for file in layer:
            name = template_name(file.path)
            if name and not name.startswith(STATIC):
                chosen[name] = file
    templates: dict[str, Template] = {}
    problems: list[Diagnostic] = []
    for name in sorted(chosen):
        read = _read(name, chosen[name])
        problems += read.diagnostics
        if read.value is not None:
            templates[name] = read.value
    if problems:
        return Outcome(None, tuple(problems))
    urls = {name: assets[name] for name in sorted(assets)}
    shared = _digest([f"{name}\0{url}" for name, url in urls.items()])
    digests = {name: _reach_digest(name, templates, shared) for name in templates}
    return Outcome(Theme(templates=templates, assets=urls, digests=digests))


def template_digest(theme: Theme, name: str) -> str:
    """A digest that is equal as long as rendering the template can give the same bytes.

    It covers all templates that this one can reach and all asset URLs: 32 hexadecimal digits.
    For a built-in format such as `atom` it covers the name alone.
    """
    return theme.digests.get(name) or _digest(["built-in", name])


def template_name(path: str) -> str:
    """The name of the template in that file: what follows the first `templates/`, if any."""
    if path.startswith(FOLDER):
        return path[len(FOLDER) :]
    return path.partition("/" + FOLDER)[2]


def bare_environment() -> jinja2.Environment:
    """An environment with our settings and filters but without templates, for reading them."""
    environment = jinja2.Environment(
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        cache_size=-1,
    )
    # What is left out, such as `lipsum` and `random`, would give other bytes in every build.
    environment.globals = {"namespace": Namespace, "range": range}
    del environment.filters["random"]
    # Every filter must be known when a template is read; the site's own come with rendering.
    environment.filters.update(make_filters(SiteView(title="", url="/", base_url="/"), {}))
    return environment


def compile_template(template: Template) -> CodeType:
    """The template as code, which runs in any environment made by `bare_environment`."""
    return _compile(template.name, template.file, template.source)


# Reading templates takes longer than building a small site from them. What comes of a source
# depends on nothing else, so `serve` reads only those that were changed.
@functools.lru_cache(maxsize=512)
def _parse(file: str, source: str) -> nodes.Template:
    return _reader().parse(source, filename=file)


@functools.lru_cache(maxsize=512)
def _compile(name: str, file: str, source: str) -> CodeType:
    return _reader().compile(_parse(file, source), name, file)


@functools.cache
def _reader() -> jinja2.Environment:
    return bare_environment()


def _read(name: str, file: SourceFile) -> Outcome[Template]:
    """The template with what it refers to, or what keeps it from being one."""
    try:
        source = file.data.decode("utf-8-sig").replace("\r\n", "\n")
        tree = _parse(file.path, source)
    except UnicodeDecodeError as error:
        return Outcome(None, (explain_bad_encoding(file, error),))
    except jinja2.TemplateSyntaxError as error:
        return Outcome(None, (explain_syntax(file.path, error),))
    filters = _reader().filters
    unknown = [node for node in tree.find_all(nodes.Filter) if node.name not in filters]
    if unknown:
        found = (
            explain_filter(file.path, node.lineno, str(node.name), filters) for node in unknown
        )
        return Outcome(None, tuple(found))
    references = list(jinja2.meta.find_referenced_templates(tree))
    named = sorted({reference for reference in references if reference is not None})
    return Outcome(
        Template(
            name=name,
            file=file.path,
            source=source,
            references=None if None in references else tuple(named),
        )
    )


def _reach_digest(name: str, templates: Mapping[str, Template], shared: str) -> str:
    reached = {name}
    waiting = [name]
    while waiting:
        template = templates.get(waiting.pop())
        if template is None:
            continue
        following = templates if template.references is None else template.references
        new = [reference for reference in following if reference not in reached]
        reached.update(new)
        waiting += new
    parts = [shared, name]
    for reference in sorted(reached):
        template = templates.get(reference)
        # A named template that does not exist counts as absent, so that adding it is a change.
        parts += [reference, "absent" if template is None else template.source]
    return _digest(parts)


def _digest(parts: Sequence[str]) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        data = part.encode()
        digest.update(b"%d:" % len(data))
        digest.update(data)
    return digest.hexdigest()
