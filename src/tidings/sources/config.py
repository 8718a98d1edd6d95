"""Bytes of `tidings.toml` to the typed config, with everything that is wrong said in one go.

Part of the sources step. The settings themselves, their types and their limits are declared in
`tidings.model.config`; here they are only held against what the file says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, get_origin, get_type_hints

import msgspec

from tidings.model.config import Config
from tidings.model.diagnostic import Diagnostic, Outcome, Place, Severity
from tidings.model.source import SourceFile
from tidings.sources.config_places import Path, Spot, find_places, line_and_column
from tidings.sources.config_values import (
    check_base_url,
    check_language,
    check_timezone,
    found_value,
    is_of_kind,
    wanted_value,
)

SYNTAX_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def parse_config(file: SourceFile | None) -> Outcome[Config]:
    """The config with defaults for what the file leaves out; None when anything in it is wrong.

    Without a file it is all defaults.
    """
    if file is None:
        return Outcome(Config())
    try:
        text = file.data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = file.data.count(b"\n", 0, error.start) + 1
        return _unreadable(file, "the file is not UTF-8 text", line, 0, "save it as UTF-8")
    import tomllib

    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return _syntax_error(file, text, str(error))
    except RecursionError:
        return _unreadable(file, "lists or tables are nested too deeply", 0, 0, "")
    check = _Check(file.path, text)
    config = _convert_table(check, table)
    return Outcome(None if check.problems else config, tuple(check.problems))


class _Check:
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


def _convert_table(check: _Check, table: Mapping[str, Any]) -> Config:
    """The config, as far as its settings are right."""
    tables: dict[str, Any] = {}
    declared = get_type_hints(Config)
    for name, value in table.items():
        kind = declared.get(name)
        if kind is None:
            _unknown(check, (name,), f'there is no table or setting "{name}"', tuple(declared))
        elif not isinstance(value, dict):
            found = found_value(value)
            message = f'"{name}" is {found}, and must be a table of settings'
            check.note("wrong-setting-type", (name,), message, f"write [{name}] on a line")
        else:
            tables[name] = kind(**_convert_settings(check, name, kind, value))
    return Config(**tables)


def _convert_settings(
    check: _Check, table: str, kind: type[Any], values: Mapping[str, Any]
) -> dict[str, Any]:
    """The right settings of one table, by name."""
    declared = get_type_hints(kind, include_extras=True)
    settings: dict[str, Any] = {}
    for name, value in values.items():
        path = (table, name)
        wanted = declared.get(name)
        if wanted is None:
            _unknown(check, path, f'[{table}] has no setting "{name}"', tuple(declared))
            continue
        try:
            settings[name] = msgspec.convert(value, wanted)
        except msgspec.ValidationError:
            _wrong_value(check, path, value, wanted)
            continue
        settings[name] = _checked(check, path, settings[name])
    return settings


def _wrong_value(check: _Check, path: Path, value: Any, wanted: Any) -> None:
    """Say what is wrong with a value: for a list with each of its wrong members."""
    if isinstance(value, list) and get_origin(wanted) is tuple:
        member = wanted.__args__[0]
        for number, item in enumerate(value):
            try:
                msgspec.convert(item, member)
            except msgspec.ValidationError:
                _wrong_value(check, (*path, str(number)), item, member)
        return
    name = f'"{".".join(path[:2])}"'
    what = name if len(path) == 2 else f"a member of {name}"
    message = f"{what} is {found_value(value)}, and must be {wanted_value(wanted)}"
    code = "wrong-setting-value" if is_of_kind(value, wanted) else "wrong-setting-type"
    hint = ""
    if isinstance(value, str) and wanted is bool and value.lower() in {"true", "false"}:
        hint = f"write {value.lower()} without quotes"
    elif isinstance(value, str) and get_origin(wanted) is tuple:
        hint = "put it in brackets: [" + found_value(value) + "]"
    check.note(code, path, message, hint)


def _checked(check: _Check, path: Path, value: Any) -> Any:
    """The value after the checks that its type cannot make."""
    rules = {
        ("site", "base_url"): ("wrong-setting-value", check_base_url),
        ("site", "language"): ("wrong-setting-value", check_language),
        ("site", "timezone"): ("unknown-timezone", check_timezone),
    }
    if path not in rules:
        return value
    code, rule = rules[path]
    right, problem, hint = rule(value)
    if problem:
        check.note(code, path, problem, hint)
    return right


def _unknown(check: _Check, path: Path, message: str, names: Sequence[str]) -> None:
    """Say that a name is not known, with the nearest one that is."""
    from difflib import get_close_matches

    written = path[-1].lower().replace("-", "_")
    homes = {
        name: table
        for table, kind in reversed(get_type_hints(Config).items())
        for name in get_type_hints(kind)
        if table not in path[:-1]
    }
    near = get_close_matches(written, [*names, *homes], n=1, cutoff=0.6)
    if not near:
        hint = "known here: " + ", ".join(names)
    elif near[0] in names:
        hint = f'did you mean "{near[0]}"?'
    else:
        hint = f'did you mean "{near[0]}" in the table [{homes[near[0]]}]?'
    check.note("unknown-setting", path, message, hint, at_key=True)


def _syntax_error(file: SourceFile, text: str, message: str) -> Outcome[Config]:
    """No config, and where the text stops being TOML."""
    found = SYNTAX_PLACE.search(message)
    line, column = line_and_column(text, len(text.rstrip()))
    if found is not None:
        message = message[: found.start()]
        if found.group(1):
            line, column = int(found.group(1)), int(found.group(2))
    hint = "put texts in quotes and lists in brackets; see docs/reference/config.md"
    return _unreadable(file, f"this is not TOML: {message}", line, column, hint)


def _unreadable(
    file: SourceFile, message: str, line: int, column: int, hint: str
) -> Outcome[Config]:
    place = Place(file.path, line, column)
    return Outcome(None, (Diagnostic("config-syntax", Severity.ERROR, message, place, hint),))
