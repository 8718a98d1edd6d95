"""Problems of templates as diagnostics with file, line and record. Part of rendering."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from tidings.model import view
from tidings.model.diagnostic import Diagnostic, Place, Severity
from tidings.model.source import SourceFile
from tidings.render.filters import MissingAssetError, WrongValueError

if TYPE_CHECKING:
    import jinja2

WHILE_RENDERING = ", while rendering "
"""Stands in a message between what failed and the record whose page met it."""

WORDS = "Which tags, filters and tests there are is told in docs/how-to/theme.md."

FIELD = re.compile(r"'tidings\.model\.view\.(\w+) object' has no attribute '(.*)'")
"""What Jinja says of a field that no view of that class has."""

EXPORT = re.compile(
    r"the template '(.*)' \(imported on .*\) does not export the requested name '(.*)'"
)
"""What Jinja says of a macro that a template does not have."""

NAME = re.compile(r"'(\w+)' is undefined")
"""What Jinja says of a name that stands for nothing."""


def explain_syntax(file: str, error: jinja2.TemplateSyntaxError) -> Diagnostic:
    """The diagnostic of a template that Jinja cannot read, or Python cannot compile."""
    return Diagnostic(
        code="template-syntax",
        severity=Severity.ERROR,
        message=error.message or "this is not Jinja",
        place=Place(file, error.lineno),
        hint=WORDS if error.__cause__ is None else _say_of_unreadable(error.__cause__),
    )


def explain_unreadable(file: str, error: Exception) -> Diagnostic:
    """The diagnostic of a template that Python has no means to read."""
    return Diagnostic(
        code="template-syntax",
        severity=Severity.ERROR,
        message=describe_unreadable(error),
        place=Place(file),
        hint=_say_of_unreadable(error),
    )


def describe_unreadable(error: Exception) -> str:
    """What Python says of a template's code, which has other lines than the template."""
    if isinstance(error, UnicodeError):
        return "the name of a template or of an asset is no text"
    if isinstance(error, RecursionError):
        return "brackets or blocks lie in each other too deeply"
    return (error.msg if isinstance(error, SyntaxError) else str(error)).partition(";")[0]


def _say_of_unreadable(error: BaseException) -> str:
    deep = isinstance(error, RecursionError | SyntaxError)
    return "Put the innermost part into a macro or a file of its own." if deep else ""


def explain_word(
    file: str, line: int, kind: str, name: str, known: Collection[str]
) -> Diagnostic:
    """The diagnostic of a filter or test that does not exist."""
    return Diagnostic(
        code="template-syntax",
        severity=Severity.ERROR,
        message=f'there is no {kind} "{name}"',
        place=Place(file, line),
        hint=_suggest(name, known) or WORDS,
    )


def explain_bad_encoding(file: SourceFile, error: UnicodeDecodeError) -> Diagnostic:
    """The diagnostic of a template that is not UTF-8."""
    return Diagnostic(
        code="template-syntax",
        severity=Severity.ERROR,
        message=f"this template is not UTF-8: it has the byte 0x{file.data[error.start]:02x}",
        place=Place(file.path, file.data.count(b"\n", 0, error.start) + 1),
        hint="Save the file as UTF-8. What is no template, such as a picture, goes to static/.",
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
    error: Exception, templates: Mapping[str, str], assets: Mapping[str, str], origin: str
) -> Diagnostic | None:
    """The diagnostic of an exception that a template caused; None when no template had a part.

    `templates` are the files of the theme's templates by name; `origin` is the record being
    rendered.
    """
    # Only here, because what asks this module for a name need not wait for Jinja.
    import jinja2

    if isinstance(error, jinja2.TemplateSyntaxError):
        return explain_syntax(error.filename or error.name or "", error)
    places = find_places(error, frozenset(templates.values()))
    if not places:
        return None
    place = places[-1]
    code = "template-error"
    if isinstance(error, MissingAssetError):
        code = "missing-asset"
        message = f'there is no asset "{error.name}"'
        hint = _suggest(error.name, assets) or "Put the file into static/."
    elif isinstance(error, RecursionError):
        place, message, hint = _endless(places)
    elif isinstance(error, jinja2.TemplateNotFound):
        message, hint = _not_found(error, templates)
    elif isinstance(error, jinja2.UndefinedError):
        message, hint = _undefined(error)
    elif isinstance(error, WrongValueError):
        message, hint = str(error), error.hint
    else:
        text = str(error).partition("\n")[0]
        kind = type(error).__name__
        message, hint = (f"{kind}: {text}" if text else kind), ""
    return Diagnostic(code, Severity.ERROR, message + _while(origin), place, hint)


def find_places(error: Exception, files: Collection[str]) -> list[Place]:
    """The places in those template files that led to the exception, the innermost last."""
    found = []
    trace = error.__traceback__
    while trace is not None:
        # Jinja notes in the code of each template which lines were made from which.
        template = trace.tb_frame.f_globals.get("__jinja_template__")
        if template is not None and template.filename in files:
            line = template.get_corresponding_lineno(trace.tb_lineno)
            found.append(Place(template.filename, line))
        trace = trace.tb_next
    return found


def _endless(places: Sequence[Place]) -> tuple[Place, str, str]:
    """Where templates come back to where they were before, with message and hint."""
    # The depth at which Python gives up differs, and its line may be that before a block; where
    # they first enter the circle does not.
    often = Counter(places[:-1])
    first = next((place for place in places if often[place] > 1), places[-1])
    others = dict.fromkeys(place.file for place in places if often[place] > 1)
    others.pop(first.file, None)
    way = f", by way of {', '.join(others)}" if others else ""
    hint = "Leave it out, or let a condition end it."
    return first, f"this leads back to itself without end{way}", hint


def _not_found(error: jinja2.TemplateNotFound, known: Collection[str]) -> tuple[str, str]:
    import jinja2

    asked = error.templates if isinstance(error, jinja2.TemplatesNotFound) else [error.name]
    names = [name for name in asked if isinstance(name, str)]
    if not names:
        return "this names no template", ""
    quoted = ", ".join(f'"{name}"' for name in names)
    hint = next(filter(None, (_suggest(name, known) for name in names)), "")
    if len(names) > 1:
        return f"the theme has none of the templates {quoted}", hint
    return f"the theme has no template {quoted}", hint


def _undefined(error: jinja2.UndefinedError) -> tuple[str, str]:
    text = str(error).partition("\n")[0]
    hint = "The names that templates may use are in docs/reference/templates.md."
    if found := FIELD.fullmatch(text):
        kind, name = found.groups()
        fields = getattr(view, kind).__struct_fields__
        return f'{kind} has no field "{name}"', _suggest(name, fields) or hint
    if found := EXPORT.fullmatch(text):
        keep = "A file in place of the theme's must keep the macros that others import from it."
        return f'{found[1]} has no macro "{found[2]}"', keep
    if text.startswith("'None' has no attribute"):
        return text, "What stands before it is not on every page: ask first, with {% if %}."
    if found := NAME.fullmatch(text):
        if found[1] == "page":
            return text, "A macro sees page only where it is imported with context."
        return text, _suggest(found[1], ("site", "page", "theme")) or hint
    return text, hint


def _while(origin: str) -> str:
    return f"{WHILE_RENDERING}{origin}" if origin else ""


def _suggest(name: str, known: Collection[str]) -> str:
    import difflib

    close = difflib.get_close_matches(name, sorted(known), n=1)
    return f'Did you mean "{close[0]}"?' if close else ""
