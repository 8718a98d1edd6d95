"""`[publish.NAME]` of `tidings.toml` to typed targets, each by the rules of its `type`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from tidings.model.publishing import TARGET_TYPES, AnyTarget
from tidings.sources.config_places import Path
from tidings.sources.config_settings import Check, convert_settings
from tidings.sources.config_values import check_base_url, found_value

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
ADDRESSES = {"websub", "indexnow_url", "endpoint"}
KEY = re.compile(r"[A-Za-z0-9-]{8,128}|")
"""IndexNow keys, by https://www.indexnow.org/documentation; or none."""


def convert_targets(check: Check, tables: Mapping[str, Any]) -> dict[str, AnyTarget]:
    """The targets by name, as far as their settings are right."""
    targets: dict[str, AnyTarget] = {}
    for name, table in tables.items():
        path = ("publish", name)
        if not isinstance(table, dict):
            message = f'"publish.{name}" is {found_value(table)}, and must be a table'
            hint = "write [publish.production] on a line, and the settings below it"
            check.note("wrong-setting-type", path, message, hint)
        elif not NAME.fullmatch(name):
            message = f"{found_value(name)} is no name of a target"
            hint = "use letters, digits, - and _"
            check.note("wrong-setting-value", path, message, hint, at_key=True)
        else:
            target = _convert_target(check, path, table)
            if target is not None:
                targets[name] = target
    return targets


def _convert_target(check: Check, path: Path, table: Mapping[str, Any]) -> AnyTarget | None:
    """The target; None when it lacks what it cannot do without, which is then said."""
    choices = " or ".join(f'"{each}"' for each in TARGET_TYPES)
    header = f"[{'.'.join(path)}]"
    kind = table.get("type")
    if kind is None:
        check.note("missing-setting", path, f"{header} has no type", f"write type = {choices}")
        return None
    if not isinstance(kind, str) or kind not in TARGET_TYPES:
        message = f"{header} has the type {found_value(kind)}, and must have {choices}"
        check.note("wrong-setting-value", (*path, "type"), message, _nearest(kind))
        return None
    struct = TARGET_TYPES[kind]
    settings = convert_settings(check, path, struct, table, _checked)
    fields = msgspec.structs.fields(struct)
    lacking = [field.name for field in fields if field.required and field.name not in table]
    for name in lacking:
        check.note("missing-setting", path, f'{header} has no "{name}"', f"write {name} = …")
    if any(field.required and field.name not in settings for field in fields):
        return None
    target = struct(**settings)
    assert isinstance(target, AnyTarget)
    return target


def _nearest(kind: Any) -> str:
    """The type that was meant, as a question; empty where none is near."""
    from difflib import get_close_matches

    near = get_close_matches(str(kind).lower(), TARGET_TYPES, n=1)
    return f'did you mean "{near[0]}"?' if near else ""


def _checked(check: Check, path: Path, value: Any) -> Any:
    """The value after the checks that its type cannot make."""
    name = path[-1]
    if name == "base_url" and value:
        value, problem, hint = check_base_url(value)
        if problem:
            check.note("wrong-setting-value", path, problem, hint)
    elif name in ADDRESSES and value:
        # Hubs may want a query, which no site's address has.
        _, problem, _ = check_base_url(value.partition("?")[0])
        if problem:
            hint = "write it whole, such as https://hub.example.org/"
            check.note("wrong-setting-value", path, problem, hint)
    elif name == "url" and "@" in value.partition("://")[2].partition("/")[0]:
        hint = "write s3://bucket/folder, and give the key by the environment"
        check.note("wrong-setting-value", path, f'"{".".join(path)}" holds a key', hint)
    elif name == "indexnow_key" and not KEY.fullmatch(value):
        message = f"{found_value(value)} is no IndexNow key"
        hint = "a key has 8 to 128 letters, digits and -"
        check.note("wrong-setting-value", path, message, hint)
    elif name == "after":
        for number, command in enumerate(value):
            _check_command(check, (*path, str(number)), command)
    return value


def _check_command(check: Check, path: Path, command: str) -> None:
    """Note a command whose quotes are not closed."""
    import shlex

    try:
        words = shlex.split(command)
    except ValueError as error:
        # What follows the first word may hold a secret.
        first = found_value(command.split()[0])
        message = f"the command {first} cannot be split into words: {error}"
        check.note("wrong-setting-value", path, message, "close its quotes")
        return
    if not words:
        check.note("wrong-setting-value", path, "a command is empty", "")
