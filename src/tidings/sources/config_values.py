"""Single settings of `tidings.toml`: what a value must be, said in words, and the finer checks.

A check returns (value, problem, hint); the problem is empty for a value that is right.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Annotated, Any, Literal, get_args, get_origin
from urllib.parse import urlsplit

import msgspec

LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
USER = re.compile(r"(?<=://)[^/\s]*@")
"""The part of an address that names a user, and perhaps a password: RFC 3986, 3.2.1."""
LONGEST = 60
"""Characters of a value that a message repeats."""

Checked = tuple[str, str, str]


def check_base_url(text: str) -> Checked:
    """An absolute http(s) URL, with its closing slash."""
    hint = "write it whole, such as https://example.org/ or https://example.org/news/"
    shown = found_value(text)
    if re.search(r"[\s\x00-\x1f\x7f\\<>\"]", text):
        return text, f"the address {shown} has blanks or other marks in it", hint
    try:
        parts = urlsplit(text)
        port_is_fine = parts.port is None or parts.port > 0
    except ValueError:
        return text, f"{shown} is not an address", hint
    if parts.scheme not in {"http", "https"} or not parts.hostname or not port_is_fine:
        return text, f"{shown} is not an absolute http or https address", hint
    if parts.username is not None or parts.query or parts.fragment or text.endswith(("?", "#")):
        return text, f"the address {shown} must end with its path and name no user", hint
    return text if text.endswith("/") else text + "/", "", ""


def check_hub(text: str) -> Checked:
    """An absolute http(s) URL that names no user; or empty."""
    if not text:
        return text, "", ""
    shown, hint = found_value(text), "write it whole, such as https://hub.example.org/"
    address = text.partition("?")[0]
    if not text.isascii() or not text.isprintable() or re.search(r'[\s<>"#]', text):
        return text, f"the address {shown} has blanks or other marks in it", hint
    _, problem, _ = check_base_url(address)
    return text, problem and f"{shown} is not an absolute http or https address", hint


def check_language(text: str) -> Checked:
    """A language tag by its shape."""
    if LANGUAGE.fullmatch(text):
        return text, "", ""
    hint = "write a tag such as en, de-AT or zh-Hans"
    return text, f"{found_value(text)} is not a language tag", hint


def check_timezone(text: str) -> Checked:
    """The name of a time zone that this machine knows."""
    import zoneinfo

    try:
        # The machine's own zone would make the site differ from one machine to the next.
        if text not in {"localtime", "Factory", "posixrules"}:
            zoneinfo.ZoneInfo(text)
            return text, "", ""
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        pass
    from difflib import get_close_matches

    known = {name.lower(): name for name in sorted(zoneinfo.available_timezones())}
    cities = {name.rpartition("/")[2]: known[name] for name in sorted(known)}
    wanted = text.lower().replace(" ", "_")
    near = get_close_matches(wanted, known, n=1, cutoff=0.7)
    if wanted in cities:
        hint = f'did you mean "{cities[wanted]}"?'
    elif near:
        hint = f'did you mean "{known[near[0]]}"?'
    else:
        hint = "use an IANA name such as Europe/Berlin or America/Chicago"
    return text, f"there is no time zone {found_value(text)}", hint


def found_value(value: Any) -> str:
    """A value from a TOML file, said in words, and without the password of an address."""
    kinds: tuple[tuple[type | tuple[type, ...], str], ...] = (
        (dict, "a table"),
        (list, "a list"),
        (float, f"the number {value}"),
        ((dt.date, dt.time), f"the time {value}"),
    )
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return f"the number {value}" if abs(value) < 10**20 else "a very large number"
    if isinstance(value, str):
        shown = USER.sub("***@", value)
        short = shown if len(shown) <= LONGEST else shown[: LONGEST - 1] + "…"
        return json.dumps(short, ensure_ascii=False)
    return next((words for kind, words in kinds if isinstance(value, kind)), "something else")


def is_of_kind(value: Any, kind: Any) -> bool:
    """Whether a value has the plain type that a setting wants, whatever else is wrong."""
    plain = get_args(kind)[0] if get_origin(kind) is Annotated else kind
    if get_origin(plain) is Literal:
        plain = type(get_args(plain)[0])
    return type(value) is plain


def wanted_value(kind: Any) -> str:
    """What a setting of this type must be, said in words."""
    if get_origin(kind) is Annotated:
        plain, *rules = get_args(kind)
        rule = next((each for each in rules if isinstance(each, msgspec.Meta)), None)
        if rule is not None and rule.description:
            return rule.description
        if rule is not None and rule.ge is not None and rule.le is not None:
            return f"{wanted_value(plain)} from {rule.ge} to {rule.le}"
        return wanted_value(plain)
    if get_origin(kind) is Literal:
        return " or ".join(f'"{choice}"' for choice in get_args(kind))
    if get_origin(kind) is tuple:
        member = get_args(kind)[0]
        return f"a list, each member {wanted_value(member)}"
    words = {str: "a text in quotes", bool: "true or false", int: "a whole number"}
    return words.get(kind, "of another type")
