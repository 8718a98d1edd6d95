"""Reasons not to publish, found before anything at the target is touched. Pure.

Each guard gives problems as values; the composer decides between asking and refusing.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from tidings.model.config import Config
from tidings.model.diagnostic import Diagnostic, Place, Severity
from tidings.model.publishing import TargetConfig
from tidings.publish.changes import FOREIGN, Change, is_page
from tidings.publish.published import Published, Sent
from tidings.publish.report import PublishRequest

PRIVATE_ENDS = frozenset(("localhost", "local", "test", "invalid", "internal"))
"""Last parts of host names that no reader outside can reach: RFC 2606, RFC 6761, RFC 6762."""
EXAMPLES = re.compile(r"(.*\.)?example(\.(com|net|org))?")
"""Names kept for examples by RFC 2606."""
EMPTIED = 4
"""A page counts as emptied when less than one part in so many of its bytes is left."""
HUB = re.compile(r"topics/([^/]+)/index\.html")
CONFIG = "tidings.toml"
NAMED = 3
"""Paths that a message names before it counts the rest."""


def refuse_settings(
    request: PublishRequest, config: Config, target: TargetConfig, name: str
) -> list[Diagnostic]:
    """What of the request and the settings is not meant for the public."""
    problems = []
    asked = request.build
    kinds = (
        ("unpublished", asked.unpublished, config.content.unpublished),
        ("future", asked.future, config.content.future),
    )
    for kind, by_option, by_config in kinds:
        allowed = f"allow_{kind}"
        shown = by_config if by_option is None else by_option
        if not shown or getattr(request, allowed) or getattr(target, allowed):
            continue
        words = "unpublished records" if kind == "unpublished" else "records of the future"
        why = f"--{kind} is given" if by_option else f"{kind} = true in [content]"
        hint = (
            f"leave them out with --no-{kind}, or publish them with --allow-{kind} or"
            f" {allowed} = true in [publish.{name}]"
        )
        problems.append(_refusal(f"the site shows {words}: {why}", hint))
    url = public_url(request, config, target)
    reason = private_reason(url)
    if reason and not request.allow_base_url and not target.allow_base_url:
        hint = (
            f"set base_url in [publish.{name}] or [site] to where readers reach the site, or"
            " publish it as it is with --allow-base-url"
        )
        problems.append(_refusal(f"base_url is {url}: {reason}", hint))
    return problems


def public_url(request: PublishRequest, config: Config, target: TargetConfig) -> str:
    """Where readers reach the site, with its closing slash."""
    url = request.build.base_url or target.base_url or config.site.base_url
    return url.rstrip("/") + "/"


def private_reason(url: str) -> str:
    """Why readers elsewhere cannot reach the address; empty where they may."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        if host.rpartition(".")[2] in PRIVATE_ENDS:
            return "only this machine or network knows that name"
        if EXAMPLES.fullmatch(host):
            return "that is a name for examples"
        return ""
    if address.is_loopback or address.is_unspecified:
        return "that is this machine itself"
    return ""


def mass_change(
    changes: tuple[Change, ...],
    built: Mapping[str, Sent],
    published: Published | None,
    target: TargetConfig,
) -> list[Diagnostic]:
    """What would be removed beyond the target's limits."""
    if published is None:
        return []
    pages = {path: sent for path, sent in published.files.items() if is_page(path)}
    gone = [
        change.path for change in changes if change.what == "deleted" and change.path in pages
    ]
    emptied = [
        path
        for path, sent in pages.items()
        if path in built and built[path].size * EMPTIED < sent.size
    ]
    problems = []
    lost = sorted(gone + emptied)
    if len(lost) * 100 > target.max_removed_percent * len(pages):
        problems.append(
            _mass(
                f"{len(gone)} of {len(pages)} published pages would be deleted and"
                f" {len(emptied)} emptied, more than {target.max_removed_percent} %:"
                f" {_named(lost)}",
                "max_removed_percent",
            )
        )
    topics = sorted(found.group(1) for path in gone if (found := HUB.fullmatch(path)))
    if len(topics) > target.max_topics_removed:
        words = "topic" if len(topics) == 1 else "topics"
        problems.append(
            _mass(
                f"{len(topics)} {words} would be gone: {_named(topics)}", "max_topics_removed"
            )
        )
    return problems


def replaced_foreign(changes: tuple[Change, ...], label: str) -> list[Diagnostic]:
    """Files at the target that are not ours and that differ from what belongs there."""
    paths = [change.path for change in changes if change.reason == FOREIGN]
    if not paths:
        return []
    return [
        Diagnostic(
            "replaces-foreign",
            Severity.ERROR,
            f"files that tidings did not publish would be replaced: {_named(paths)}",
            Place(label),
            "look whether this is the right place; --yes replaces them",
        )
    ]


def _named(paths: list[str]) -> str:
    more = f" and {len(paths) - NAMED} more" if len(paths) > NAMED else ""
    return ", ".join(paths[:NAMED]) + more


def _mass(message: str, setting: str) -> Diagnostic:
    hint = f"if that is meant, publish with --yes, or raise {setting} in the target's table"
    return Diagnostic("mass-change", Severity.ERROR, message, Place(CONFIG), hint)


def _refusal(message: str, hint: str) -> Diagnostic:
    return Diagnostic("not-for-the-public", Severity.ERROR, message, Place(CONFIG), hint)
