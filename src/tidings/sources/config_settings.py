"""Settings of one table of `tidings.toml` held against their declared types.

What is wrong is noted with its place; what is right is returned.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, get_origin, get_type_hints

import msgspec

from tidings.model.config import Config
from tidings.model.diagnostic import Diagnostic, Place, Severity
from tidings.sources.config_places import Path, Spot, find_places, line_and_column
from tidings.sources.config_values import found_value, is_of_kind, wanted_value

Finish = Callable[["Check", Path, Any], Any]
"""Checks a value further than its type can, and returns it as it is to be used."""

MOVED: dict[Path, tuple[str, str]] = {("lists", "feed"): ("feed", "entries")}
"""The table and the name that settings of earlier releases have now."""


class Check:
    """The problems found so far, and the places to point at."""

    def __init__(self, file: str, text: str) -> None:
        self.problems: list[Diagnostic] = []
        self._file = file
        self._text = text
        self._places: dict[Path, Spot] | None = None

    def note(
        self, code: str, path: Path, message: str, hint: str, at_key: bool = False
    ) -> None:
        """Keep a problem with the setting at the path, or with its name."""
        if self._places is None:
            self._places = find_places(self._text)
        spot = self._places.get(path)
        line, column = 0, 0
        if spot is not None:
            offset = spot.key if at_key else spot.value
            line, column = line_and_column(self._text, offset)
        place = Place(self._file, line, column)
        self.problems.append(Diagnostic(code, Severity.ERROR, message, place, hint))


def convert_settings(
    check: Check, table: Path, kind: type[Any], values: Mapping[str, Any], finish: Finish
) -> dict[str, Any]:
    """The right settings of one table, by name."""
    declared = get_type_hints(kind, include_extras=True)
    settings: dict[str, Any] = {}
    for name, value in values.items():
        path = (*table, name)
        wanted = declared.get(name)
        if wanted is None:
            message = f'[{".".join(table)}] has no setting "{name}"'
            if path in MOVED:
                home, new = MOVED[path]
                hint = f'it is now "{new}" in the table [{home}]'
                check.note("unknown-setting", path, message, hint, at_key=True)
            else:
                note_unknown(check, path, message, tuple(declared))
            continue
        try:
            settings[name] = msgspec.convert(value, wanted)
        except msgspec.ValidationError:
            _wrong_value(check, path, value, wanted)
            continue
        settings[name] = finish(check, path, settings[name])
    return settings


def _wrong_value(
    check: Check, path: Path, value: Any, wanted: Any, member: bool = False
) -> None:
    """Say what is wrong with a value: for a list with each of its wrong members."""
    if isinstance(value, list) and get_origin(wanted) is tuple:
        inner = wanted.__args__[0]
        for number, item in enumerate(value):
            try:
                msgspec.convert(item, inner)
            except msgspec.ValidationError:
                _wrong_value(check, (*path, str(number)), item, inner, member=True)
        return
    name = f'"{".".join(path[:-1] if member else path)}"'
    what = f"a member of {name}" if member else name
    message = f"{what} is {found_value(value)}, and must be {wanted_value(wanted)}"
    code = "wrong-setting-value" if is_of_kind(value, wanted) else "wrong-setting-type"
    hint = ""
    if isinstance(value, str) and wanted is bool and value.lower() in {"true", "false"}:
        hint = f"write {value.lower()} without quotes"
    elif isinstance(value, str) and get_origin(wanted) is tuple:
        hint = "put it in brackets: [" + found_value(value) + "]"
    check.note(code, path, message, hint)


def note_unknown(check: Check, path: Path, message: str, names: Sequence[str]) -> None:
    """Say that a name is not known, with the nearest one that is."""
    from difflib import get_close_matches

    written = path[-1].lower().replace("-", "_")
    homes = {
        name: table
        for table, kind in reversed(get_type_hints(Config).items())
        if table not in path[:-1] and table != "publish"
        for name in get_type_hints(kind)
    }
    near = get_close_matches(written, [*names, *homes], n=1, cutoff=0.6)
    if not near:
        hint = "known here: " + ", ".join(names)
    elif near[0] in names:
        hint = f'did you mean "{near[0]}"?'
    else:
        hint = f'did you mean "{near[0]}" in the table [{homes[near[0]]}]?'
    check.note("unknown-setting", path, message, hint, at_key=True)
