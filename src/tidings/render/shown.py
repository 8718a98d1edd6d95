"""What a template may show: only what has a text of its own. Part of rendering.

Jinja shows anything: of an iterator or a function it shows the address in memory, which is
another one in every build. Nobody means that; a `|join` or a pair of brackets was forgotten.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jinja2.runtime import Undefined

from tidings.render.filters import WrongValueError


def refuse_textless(value: Any) -> Any:
    """The value that is to be shown; raises where it has no text of its own."""
    if isinstance(value, Undefined):
        return value  # It says itself what is wrong.
    if isinstance(value, Iterator):
        raise WrongValueError(
            "a list that is not made yet has no text", "Put |list or |join behind it."
        )
    if callable(value):
        raise WrongValueError("a function or macro has no text", "Call it, with ().")
    return value
