"""Themes: template files in layers to one checked, frozen theme. First half of rendering.

A later layer overrides an earlier one file by file. What a template can reach is found here
once, so that a page is rendered again exactly when one of those files, or an asset's URL, has
changed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import msgspec

from tidings.model.diagnostic import Diagnostic, Outcome
from tidings.model.source import SourceFile
from tidings.render.compiled import (
    LOGO_NAME,
    CompiledTemplates,
    Facts,
    digest_parts,
    source_key,
)

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
    assets: tuple[str, ...] | None = None
    """Assets that it names; None when it computes the name of one."""
    code: bytes = b""
    """Its code from an earlier build, marshalled; empty where it is still to be compiled."""


class Theme(msgspec.Struct, frozen=True):
    """Templates that are known to be sound, and the assets that they may refer to."""

    templates: dict[str, Template]
    """By name, sorted."""
    assets: dict[str, str]
    """URLs by asset name, sorted."""
    digests: dict[str, str]
    """Digest of each template with all that it can reach, by name."""


def make_theme(
    layers: Sequence[Sequence[SourceFile]],
    assets: Mapping[str, str],
    compiled: CompiledTemplates | None = None,
    logo: str | None = None,
) -> Outcome[Theme]:
    """The theme of all layers, or every syntax error in its templates.

    `assets` maps names such as `style.css` to URLs with base path and content hash. `compiled`
    is what an earlier build knew; a template that it knows is not read again. `logo` is the
    name of the asset that templates see as `theme.logo`; without it, a template that shows the
    logo is taken to depend on all assets.
    """
    chosen: dict[str, SourceFile] = {}
    for layer in layers:
        for file in layer:
            name = template_name(file.path)
            if name and not name.startswith(STATIC):
                chosen[name] = file
    known = {} if compiled is None else compiled.facts
    templates: dict[str, Template] = {}
    problems: list[Diagnostic] = []
    for name in sorted(chosen):
        read = _read(name, chosen[name], known)
        problems += read.diagnostics
        if read.value is not None:
            templates[name] = read.value
    if problems:
        return Outcome(None, tuple(problems))
    urls = {name: assets[name] for name in sorted(assets)}
    everything = digest_parts([f"{name}\0{url}" for name, url in urls.items()])
    digests = {
        name: _reach_digest(name, templates, _Assets(urls, everything, logo))
        for name in templates
    }
    return Outcome(Theme(templates=templates, assets=urls, digests=digests))


def template_digest(theme: Theme, name: str) -> str:
    """A digest that is equal as long as rendering the template can give the same bytes.

    It covers all templates that this one can reach and the URLs of all assets that those name;
    where one computes the name of an asset, all URLs. For a built-in format such as `atom` it
    covers the name alone. 32 hexadecimal digits.
    """
    return theme.digests.get(name) or digest_parts(["built-in", name])


def compiled_templates(theme: Theme, used: Iterable[str]) -> CompiledTemplates:
    """What is known of the theme's templates, for the next build.

    Code is there for the templates that those in `used` can reach: compiled now, where neither
    an earlier build nor rendering has done so. One that cannot be compiled has none; a page
    that asks for it tells that.
    """
    reached: set[str] = set()
    for name in used:
        if name not in reached:
            reached |= _reach(name, theme.templates)
    return CompiledTemplates(
        {
            source_key(name, one.file, one.source): Facts(
                one.references,
                one.assets,
                _code_if_any(one) if name in reached else one.code,
            )
            for name, one in theme.templates.items()
        }
    )


def template_code(template: Template) -> bytes:
    """The template's code for a quick environment, marshalled."""
    if template.code:
        return template.code
    # Only here, because a build that renders nothing need not wait for Jinja.
    from tidings.render.reading import compile_quickly

    return compile_quickly(template.name, template.file, template.source)


def _code_if_any(template: Template) -> bytes:
    if template.code:
        return template.code
    from tidings.render.reading import compile_if_possible

    return compile_if_possible(template.name, template.file, template.source)


def template_name(path: str) -> str:
    """The name of the template in that file: what follows the first `templates/`, if any."""
    if path.startswith(FOLDER):
        return path[len(FOLDER) :]
    return path.partition("/" + FOLDER)[2]


class _Assets(msgspec.Struct, frozen=True):
    """The assets that templates may ask for."""

    urls: Mapping[str, str]
    everything: str
    """Digest of all."""
    logo: str | None


def _read(name: str, file: SourceFile, known: Mapping[str, Facts]) -> Outcome[Template]:
    """The template with what it refers to, or what keeps it from being one."""
    try:
        source = file.data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        from tidings.render.problems import explain_bad_encoding

        return Outcome(None, (explain_bad_encoding(file, error),))
    facts = known.get(source_key(name, file.path, source))
    if facts is None:
        from tidings.render.reading import read_facts

        read = read_facts(file.path, source)
        if read.value is None:
            return Outcome(None, read.diagnostics)
        facts = read.value
    return Outcome(
        Template(
            name=name,
            file=file.path,
            source=source,
            references=facts.references,
            assets=facts.assets,
            code=facts.code,
        )
    )


def _reach(name: str, templates: Mapping[str, Template]) -> set[str]:
    """The template and all that it can reach, even those that do not exist."""
    reached = {name}
    waiting = [name]
    while waiting:
        template = templates.get(waiting.pop())
        if template is None:
            continue
        following: Collection[str] = (
            templates if template.references is None else template.references
        )
        new = [reference for reference in following if reference not in reached]
        reached.update(new)
        waiting += new
    return reached


def _reach_digest(name: str, templates: Mapping[str, Template], assets: _Assets) -> str:
    reached = sorted(_reach(name, templates))
    parts = [
        name,
        _assets_digest([templates[one] for one in reached if one in templates], assets),
    ]
    for reference in reached:
        template = templates.get(reference)
        # A named template that does not exist counts as absent, so that adding it is a change.
        parts += [reference, "absent" if template is None else template.source]
    return digest_parts(parts)


def _assets_digest(templates: Iterable[Template], assets: _Assets) -> str:
    named: set[str] = set()
    for template in templates:
        if template.assets is None or (LOGO_NAME in template.assets and assets.logo is None):
            return assets.everything
        named.update(template.assets)
    if LOGO_NAME in named:
        named.remove(LOGO_NAME)
        named.add(assets.logo or "")
    # An asset that is missing counts as absent, so that adding it is a change.
    return digest_parts([f"{name}\0{assets.urls.get(name, '')}" for name in sorted(named)])
