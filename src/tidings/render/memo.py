"""What macros made once and may be asked for again: a card stands on many pages.

Part of rendering. A macro is remembered only where its text follows from its arguments alone
(`runtime` decides), and only for arguments that never change. What it made is found again by
their values, so it does not matter which page brought them.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable
from typing import Any, Protocol

from markupsafe import Markup

from tidings.model.view import View

TEXTS = 8192
"""How many texts of one macro are kept, the least used given up first."""
CHARACTERS = 16_000_000
"""How many characters the texts of all macros may have together."""
ENOUGH = 40_000
"""Pages for which that is enough. With more of them, one after the other by their paths, a card
would be given up before the next page asks for it; so there is more room for more pages."""
LIGHT = 12
"""Weight of a macro that is made anew more quickly than it is found."""
TRIAL = 1024
"""Misses after which a macro must have been found for a fifth of its calls."""


class Remembered(Protocol):
    """A macro, as far as this module knows it."""

    quick: Callable[..., str]
    weight: int


class Memo:
    """The texts of all macros of one renderer, which is to make so many pages."""

    def __init__(self, pages: int = 0, characters: int = CHARACTERS) -> None:
        share = max(1.0, pages / ENOUGH)
        self._most = int(share * characters)
        self._texts = int(share * TEXTS)
        self._characters = 0
        self._kept: list[tuple[Remembered, Callable[..., str], Any]] = []

    def remember(self, macro: Remembered) -> None:
        """Has the macro's texts kept from now on, where that pays."""
        if macro.weight <= LIGHT:
            return
        made = macro.quick

        # Typed, because a template may print 1 and True, which are equal.
        @functools.lru_cache(maxsize=self._texts, typed=True)
        def kept(*args: Any, **named: Any) -> str:
            text = made(*args, **named)
            self._characters += len(text)
            if self._characters > self._most:
                self._forget()
            return text

        macro.quick = _guard(kept, made)
        self._kept.append((macro, made, kept))

    def review(self) -> None:
        """Gives up the macros whose texts are hardly ever asked for again."""
        for entry in list(self._kept):
            macro, made, kept = entry
            info = kept.cache_info()
            if info.misses > TRIAL and info.hits * 4 < info.misses:
                macro.quick = made
                self._kept.remove(entry)

    def _forget(self) -> None:
        self._characters = 0
        for _macro, _made, kept in self._kept:
            kept.cache_clear()


def _guard(kept: Callable[..., str], made: Callable[..., str]) -> Callable[..., str]:
    """The function that remembers, for arguments that never change; the other for the rest."""
    is_sound = _unchanging().issuperset

    def quick(*args: Any, **named: Any) -> str:
        if is_sound(map(type, args)) and (not named or is_sound(map(type, named.values()))):
            return kept(*args, **named)
        return made(*args, **named)

    return quick


@functools.cache
def _unchanging() -> frozenset[type]:
    views: set[type] = {View}
    waiting: list[type] = [View]
    while waiting:
        found: list[type] = waiting.pop().__subclasses__()
        views.update(found)
        waiting += found
    return frozenset({*views, str, int, bool, type(None), dt.date, dt.datetime, Markup})
