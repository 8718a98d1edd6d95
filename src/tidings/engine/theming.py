"""The theme that pages are made with, and its assets beside the site's own.

Part of the engine, before rendering.
"""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import quote

from tidings.engine.inputs import Inputs
from tidings.engine.places import CONFIG, STATIC, TEMPLATES
from tidings.engine.run import Run
from tidings.model.asset import Asset
from tidings.model.config import Config
from tidings.model.diagnostic import Diagnostic, Place, Severity
from tidings.model.source import SourceFile
from tidings.output.assets import hash_assets
from tidings.pages.urls import base_path
from tidings.render.compiled import CompiledTemplates
from tidings.render.stylesheet import theme_stylesheet
from tidings.render.theme import Theme, make_theme


def make_assets(inputs: Inputs, config: Config) -> tuple[Asset, ...]:
    """All assets under the names of their bytes: of themes, of the site, and of options."""
    files = [
        file
        for layer in inputs.themes
        for file in layer
        if file.path.startswith(f"{TEMPLATES}/{STATIC}/")
    ]
    options = theme_stylesheet(config.theme)
    if options:
        files.append(SourceFile(f"{TEMPLATES}/{STATIC}/theme.css", options))
    return hash_assets((*files, *inputs.static))


def load_theme(
    inputs: Inputs,
    config: Config,
    assets: tuple[Asset, ...],
    compiled: CompiledTemplates | None,
    run: Run,
) -> Theme | None:
    """The theme; None, and the problems, where a template or the logo cannot be had."""
    base = base_path(config.site.base_url)
    urls = {asset.name: base + quote(asset.path) for asset in assets}
    logo = config.theme.logo
    outcome = make_theme(inputs.themes, urls, compiled, logo)
    run.diagnostics.extend(outcome.diagnostics)
    run.phase_done("plan")
    if logo and logo not in urls:
        run.diagnostics.append(_missing_logo(logo, urls))
        return None
    # A template that was not read would be the default theme's, and the site another one.
    return None if _lacks_templates(inputs) else outcome.value


def _missing_logo(logo: str, known: Collection[str]) -> Diagnostic:
    """Told here: pages that show the logo would blame a template."""
    import difflib

    bare = logo.lstrip("/")
    near = difflib.get_close_matches(bare, sorted(known), n=1, cutoff=0.8)
    hint = f'did you mean "{near[0]}"?' if near else f"put it at static/{bare}"
    if bare in known:
        hint = f'write logo = "{bare}"'
    message = f'theme.logo is "{logo}", which is not in static/'
    return Diagnostic("missing-asset", Severity.ERROR, message, Place(CONFIG), hint)


def _lacks_templates(inputs: Inputs) -> bool:
    """Whether a template of the site's own, or a file of its theme, could not be read."""
    return any(
        problem.severity is Severity.ERROR and problem.place.file.partition("/")[0] == TEMPLATES
        for problem in inputs.diagnostics
    )
