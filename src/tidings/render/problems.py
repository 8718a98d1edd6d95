"""Problems of templates as diagnostics with file, line and record. Part of rendering."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from tidings.model import view
from tidings.model.diagnostic import Diagnostic, Place, Severity
from tidings.model.source import SourceFile
from tidings.render.filters import MissingAssetError

if TYPE_CHECKING:
    import jinja2

WHILE_RENDERING = ", while rendering "
"""Stands in a message between what failed and the record whose page met it."""


def explain_syntax(file: str, error: jinja2.TemplateSyntaxError) -> Diagnostic:
    """The diagnostic of a template that Jinja cannot read."""
    return Diagnostic(
        code="template-syntax",
        severity=Severity.ERROR,
        message=error.message or "this is not Jinja",
        place=Place(file, error.lineno),
        hint="Names of filters and tags are listed in docs/how-to/theme.md.",
    )


def explain_filter(file: str, line: int, name: str, known: Collection[str]) -> Diagnostic:
    """The diagnostic of a filter that does not exist."""
    return Diagnostic(
        code="template-syntax",
        severity=Severity.ERROR,
        message=f'there is no filter "{name}"',
        place=Place(file, line),
        hint=_suggest(name, known),
    )


def explain_bad_encoding(file: SourceFile, error: UnicodeDecodeError) -> Diagnostic:
    """The diagnostic of a template that is not UTF-8."""
    return Diagnostic(
        code="template-syntax",
        severity=Severity.ERROR,
        message=f"this template is not UTF-8: it has the byte 0x{file.data[error.start]:02x}",
        place=Place(file.path, file.data.count(b"\n", 0, error.start) + 1),
        hint="Save the file as UTF-8.",
    )


def explain_unknown_template(name: str, origin: str, known: Collection[str]) -> Diagnostic:
    """The diagnostic of a page whose template the theme does not have."""
    return Diagnostic(
        code="template-error",
        severity=Severity.ERROR,
        message=f'the theme has no template "{name}"{_while(origin)}',
        place=Place(f"templates/{name}"),
        hint=_suggest(name, known),
    )


def explain_failure(
    error: Exception, files: Collection[str], assets: Mapping[str, str], origin: str
) -> Diagnostic | None:
    """The diagnostic of an exception that a template caused; None when no template had a part.

    `files` are the theme's template files; `origin` is the record being rendered.
    """
    # Only here, because what asks this module for a name need not wait for Jinja.
    import jinja2

    if isinstance(error, jinja2.TemplateSyntaxError):
        return explain_syntax(error.filename or error.name or "", error)
    place = _innermost_place(error, files)
    if place is None:
        return None
    if isinstance(error, MissingAssetError):
        return Diagnostic(
            code="missing-asset",
            severity=Severity.ERROR,
            message=f'there is no asset "{error.name}"{_while(origin)}',
            place=place,
            hint=_suggest(error.name, assets) or "Put the file into static/.",
        )
    return Diagnostic(
        code="template-error",
        severity=Severity.ERROR,
        message=_describe(error) + _while(origin),
        place=place,
        hint=(
            "The names that templates may use are in docs/reference/templates.md."
            if isinstance(error, jinja2.UndefinedError)
            else ""
        ),
    )


def _innermost_place(error: Exception, files: Collection[str]) -> Place | None:
    import traceback

    # Jinja rewrites the traceback so that its frames name template files and their lines.
    frames = traceback.extract_tb(error.__traceback__)
    for frame in reversed(frames):
        if frame.filename in files:
            return Place(frame.filename, frame.lineno or 0)
    return None


def _describe(error: Exception) -> str:
    import jinja2

    if isinstance(error, jinja2.TemplateNotFound):
        return f'the theme has no template "{error.message}"'
    text = str(error).partition("\n")[0]
    if isinstance(error, jinja2.UndefinedError):
        # Jinja names the module, too, which says nothing to who writes templates.
        return text.replace(f"'{view.__name__}.", "'")
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _while(origin: str) -> str:
    return f"{WHILE_RENDERING}{origin}" if origin else ""


def _suggest(name: str, known: Collection[str]) -> str:
    import difflib

    close = difflib.get_close_matches(name, sorted(known), n=1)
    return f'Did you mean "{close[0]}"?' if close else ""
