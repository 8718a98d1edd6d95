"""Secrets taken out of what tools, services and addresses say."""

from __future__ import annotations

import os
import re

USERINFO = re.compile(r"(?<=://)[^/\s]*@")
"""The part of an address that names a user, and perhaps a password: RFC 3986, 3.2.1."""
QUERY = re.compile(r"(?<=[?&])([^=&?\s'\"]*)=[^&\s]*")
"""A name holds no `?`: one text of many would be read from each of them to its end."""
HEADER = re.compile(r"(?i)(authorization\s*[:=]\s*)([a-z]+\s+)?\S+")
"""The header that carries credentials (RFC 9110, 11.6.2), as tools repeat it."""
ELEMENT = re.compile(r"<([\w-]+)>[^<]*")
TELLING = re.compile(r"(?i)token|key|sign|secret|canonicalrequest")
"""What is in the names of elements that tell a secret: S3's errors hand back the token or the
key's name that they refuse. It is looked for in a name that is found: one expression for both
would go through a long name again for each `key` in it."""
SECRET_NAMES = re.compile(r"(?i)KEY|SECRET|TOKEN|PASSWORD|PASSWD")
"""What is in the names of variables whose values are secrets."""
SHORTEST = 6
"""Shorter values are no secrets; taking them out would leave nothing of a message."""


def redact(text: str) -> str:
    """The text with `***` for the users and passwords of addresses, for what their queries
    say (signatures and tokens are passed there), and for the environment's own secrets."""
    for secret in _own_secrets():
        text = text.replace(secret, "***")
    text = ELEMENT.sub(_blot_out, HEADER.sub(r"\1***", text))
    return QUERY.sub(r"\1=***", USERINFO.sub("***@", text))


def _blot_out(element: re.Match[str]) -> str:
    name: str = element[1]
    return f"<{name}>***" if TELLING.search(name) else element[0]


def _own_secrets() -> list[str]:
    """The secrets that tools of ours may have from the environment, longest first."""
    values = {
        value
        for name, value in os.environ.items()
        if SECRET_NAMES.search(name) and len(value) >= SHORTEST and not os.path.isabs(value)  # noqa: PTH117
    }
    return sorted(values, key=lambda value: (-len(value), value))
