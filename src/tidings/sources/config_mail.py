"""Settings of `[newsletter]` that end up in the headers of an e-mail, held to the rules there.

Checks are as in `config_values`: (value, problem, hint), the problem empty for what is right.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from tidings.sources.config_values import Checked, found_value

MOST = 900
"""Characters of a value: a header's line may have 998 (RFC 5322, section 2.1.1)."""

ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*"
)
"""A plain address (RFC 5322, section 3.4.1: dot-atoms), as every mail server takes it."""

MAILTO = re.compile(r"mailto:([^?]+)(\?[!-;=?-~]*)?")
"""An address as a link, perhaps with a subject (RFC 6068)."""


def check_mailbox(text: str) -> Checked:
    """One address, with or without a name before it; empty for none."""
    hint = "write it as in a letter's head: Software Commons <news@example.org>"
    shown = found_value(text)
    if not text:
        return text, "", ""
    if not text.isprintable() or len(text) > MOST:
        return text, f"{shown} is no name and address of one line", hint
    # Only for those who send newsletters: it takes longer to import than the rest to run.
    from email.utils import parseaddr

    name, address = parseaddr(text)
    if not ADDRESS.fullmatch(address) or ("<" in text) != text.endswith(">"):
        return text, f"{shown} is not one e-mail address", hint
    if not name and text.strip() not in (address, f"<{address}>"):
        return text, f"{shown} is not one e-mail address", hint
    return text.strip(), "", ""


def check_unsubscribe(text: str) -> Checked:
    """An https or mailto address that can stand in a `List-Unsubscribe` header; or empty."""
    hint = "write https://…, or mailto:leave@example.org?subject=unsubscribe"
    shown = found_value(text)
    if not text:
        return text, "", ""
    # Commas and angle brackets would end the address in the header (RFC 2369, section 2).
    if len(text) > MOST or not re.fullmatch(r"[!-~]+", text) or re.search(r'[<>",\\]', text):
        return text, f"the address {shown} has marks that must be percent-encoded", hint
    if text.lower().startswith("mailto:"):
        found = MAILTO.fullmatch("mailto:" + text[7:])
        if found and ADDRESS.fullmatch(found[1]):
            return text, "", ""
        return text, f"{shown} is not one e-mail address", hint
    try:
        parts = urlsplit(text)
        right = parts.scheme == "https" and bool(parts.hostname) and parts.username is None
    except ValueError:
        right = False
    if not right:
        return text, f"{shown} is neither an https nor a mailto address", hint
    return text, "", ""
