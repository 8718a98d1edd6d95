"""Secrets taken out of what tools and addresses say."""

from __future__ import annotations

import re

USERINFO = re.compile(r"(?<=://)[^/\s@'\"]+@")
"""The part of an address that names a user, and perhaps a password: RFC 3986, 3.2.1."""
QUERY = re.compile(r"(?<=[?&])([^=&\s'\"]*)=[^&\s'\"]*")


def redact(text: str) -> str:
    """The text with `***` for the users and passwords of addresses, and for what their queries
    say: signatures and tokens are passed there."""
    return QUERY.sub(r"\1=***", USERINFO.sub("***@", text))
