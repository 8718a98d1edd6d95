"""Bytes of `tidings.toml` to the typed config, with everything that is wrong said in one go.

Part of the sources step. The settings themselves, their types and their limits are declared in
`tidings.model.config`; here they are only held against what the file says.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from typing import Any, get_type_hints

from tidings.model.config import Config
from tidings.model.diagnostic import Diagnostic, Outcome, Place, Severity
from tidings.model.source import SourceFile
from tidings.sources.config_mail import check_mailbox, check_unsubscribe
from tidings.sources.config_places import Path, line_and_column
from tidings.sources.config_publish import convert_targets
from tidings.sources.config_settings import Check, convert_settings, note_unknown
from tidings.sources.config_values import (
    check_base_url,
    check_hub,
    check_language,
    check_timezone,
    found_value,
)

TWICE = re.compile(r"Cannot declare \(.*\) twice|Cannot overwrite a value")
"""What Python's parser says of a table or setting that stands twice."""
SYNTAX_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def parse_config(file: SourceFile | Diagnostic | None) -> Outcome[Config]:
    """The config with defaults for what the file leaves out; None when anything in it is wrong.

    Without a file it is all defaults; a file that cannot be read comes with the reason.
    """
    if file is None:
        return Outcome(Config())
    if isinstance(file, Diagnostic):
        return Outcome(None, (file,))
    data = file.data.removeprefix(codecs.BOM_UTF8)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        line, column = line_and_column(before, len(before))
        message = f"byte 0x{data[error.start]:02X} is not valid UTF-8"
        return _unreadable(file, message, line, column, "save the file as UTF-8")
    import tomllib

    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return _syntax_error(file, text, str(error))
    except RecursionError:
        return _unreadable(file, "lists or tables are nested too deeply", 0, 0, "")
    check = Check(file.path, text)
    config = _convert_table(check, table)
    return Outcome(None if check.problems else config, tuple(check.problems))


def _convert_table(check: Check, table: Mapping[str, Any]) -> Config:
    """The config, as far as its settings are right."""
    tables: dict[str, Any] = {}
    declared = get_type_hints(Config)
    for name, value in table.items():
        kind = declared.get(name)
        if kind is None:
            note_unknown(
                check, (name,), f'there is no table or setting "{name}"', tuple(declared)
            )
        elif not isinstance(value, dict):
            found = found_value(value)
            message = f'"{name}" is {found}, and must be a table of settings'
            header = "publish.production" if name == "publish" else name
            check.note("wrong-setting-type", (name,), message, f"write [{header}] on a line")
        elif name == "publish":
            tables[name] = convert_targets(check, value)
        else:
            tables[name] = kind(**convert_settings(check, (name,), kind, value, _checked))
    return Config(**tables)


def _checked(check: Check, path: Path, value: Any) -> Any:
    """The value after the checks that its type cannot make."""
    rules = {
        ("site", "base_url"): ("wrong-setting-value", check_base_url),
        ("site", "language"): ("wrong-setting-value", check_language),
        ("site", "timezone"): ("unknown-timezone", check_timezone),
        ("feed", "hub"): ("wrong-setting-value", check_hub),
        ("newsletter", "sender"): ("wrong-setting-value", check_mailbox),
        ("newsletter", "to"): ("wrong-setting-value", check_mailbox),
        ("newsletter", "list_unsubscribe"): ("wrong-setting-value", check_unsubscribe),
    }
    if path not in rules:
        return value
    code, rule = rules[path]
    right, problem, hint = rule(value)
    if problem:
        check.note(code, path, problem, hint)
    return right


def _syntax_error(file: SourceFile, text: str, message: str) -> Outcome[Config]:
    """No config, and where the text stops being TOML."""
    found = SYNTAX_PLACE.search(message)
    line, column = line_and_column(text, len(text.rstrip()))
    if found is not None:
        message = message[: found.start()]
        if found.group(1):
            line, column = int(found.group(1)), int(found.group(2))
    hint = "put texts in quotes and lists in brackets; see docs/reference/config.md"
    if twice := TWICE.match(message):
        table = ".".join(re.findall(r"'([^']*)'", twice[0]))
        message = f"{f'the table {table}' if table else 'this setting'} is there twice"
        hint = "keep one of the two, with all that belongs to it"
    return _unreadable(file, f"this is not TOML: {message}", line, column, hint)


def _unreadable(
    file: SourceFile, message: str, line: int, column: int, hint: str
) -> Outcome[Config]:
    place = Place(file.path, line, column)
    return Outcome(None, (Diagnostic("config-syntax", Severity.ERROR, message, place, hint),))
