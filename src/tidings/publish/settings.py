"""Which target is meant: the request beside `tidings.toml`."""

from __future__ import annotations

import difflib

import msgspec

from tidings.engine.places import CONFIG
from tidings.model.config import Config
from tidings.model.diagnostic import Diagnostic, Outcome, Place, Severity
from tidings.model.publishing import AnyTarget
from tidings.publish.report import PublishRequest
from tidings.sources.config import parse_config
from tidings.sources.scan import read_file

EXAMPLE = 'write [publish.production] with type = "folder" and path = "/srv/www"'


class Chosen(msgspec.Struct, frozen=True):
    """The target that is meant, and the whole config that it is part of."""

    name: str
    target: AnyTarget
    config: Config


def choose_target(request: PublishRequest) -> Outcome[Chosen]:
    """The target; None, and why, when the config is wrong or names no such target."""
    outcome = parse_config(read_file(request.build.source, CONFIG))
    if outcome.value is None:
        return Outcome(None, outcome.diagnostics)
    targets = outcome.value.publish
    name = request.target or (next(iter(targets)) if len(targets) == 1 else "")
    if name in targets:
        return Outcome(Chosen(name, targets[name], outcome.value), outcome.diagnostics)
    known = ", ".join(sorted(targets))
    if not targets:
        message, hint = "there is no target to publish to", EXAMPLE
    elif not name:
        message, hint = "there are several targets to publish to", f"name one of them: {known}"
    else:
        near = difflib.get_close_matches(name, targets, n=1)
        message = f'there is no target "{name}"'
        hint = f'did you mean "{near[0]}"?' if near else f"known here: {known}"
    problem = Diagnostic("unknown-target", Severity.ERROR, message, Place(CONFIG), hint)
    return Outcome(None, (*outcome.diagnostics, problem))
