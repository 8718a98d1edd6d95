"""Adds the live reload to an HTML page on its way to the browser; the file stays as it is.

A page's content security policy is widened by one address where it must be, that of our own
script, style and events; everything else it forbids stays forbidden in the preview too.
"""

from __future__ import annotations

import html
import re

from tidings.serve.answer import page_digest

OWN_PATH = "/_tidings/"
"""Where everything of ours is, at the root of the origin and outside every site."""

HEAD_END = re.compile(rb"</head\s*>", re.IGNORECASE)
BODY_START = re.compile(rb"<body[\s>]", re.IGNORECASE)
META = re.compile(rb"<meta\s[^>]*>", re.IGNORECASE)
POLICY = re.compile(rb"""http-equiv\s*=\s*["']?content-security-policy""", re.IGNORECASE)
CONTENT = re.compile(rb"""\bcontent\s*=\s*("[^"]*"|'[^']*')""", re.IGNORECASE)

NEEDS = (
    ("script-src-elem", "script-src", "default-src"),
    ("style-src-elem", "style-src", "default-src"),
    ("connect-src", "default-src"),
)
"""What the live reload does, as the directives that decide on it, the first one present."""


def add_reload(page: bytes, origin: str) -> bytes:
    """The page with the script that keeps it current.

    `origin` is where the browser asked for it: `http://localhost:8000`.
    The script's element holds the digest of the page as it is on disk.
    """
    tag = f'<script src="{OWN_PATH}reload.js" data-page="{page_digest(page)}" defer></script>'
    head_end = HEAD_END.search(page) or BODY_START.search(page)
    if head_end is None:
        return widen_policies(page, origin) + tag.encode()
    head, rest = page[: head_end.start()], page[head_end.start() :]
    return widen_policies(head, origin) + tag.encode() + rest


def widen_policies(head: bytes, origin: str) -> bytes:
    """The HTML with our own addresses allowed by each policy in it."""

    def widened(meta: re.Match[bytes]) -> bytes:
        element = meta.group()
        found = CONTENT.search(element)
        if not POLICY.search(element) or found is None:
            return element
        policy = html.unescape(found.group(1)[1:-1].decode("utf-8", "replace"))
        value = html.escape(widened_policy(policy, origin + OWN_PATH))
        return element[: found.start(1)] + f'"{value}"'.encode() + element[found.end(1) :]

    return META.sub(widened, head)


def widened_policy(policy: str, address: str) -> str:
    """The policy with scripts, styles and connections allowed from one more address."""
    directives: dict[str, list[str]] = {}
    for part in policy.split(";"):
        name, *sources = part.split() or [""]
        # Browsers heed the first of two directives of one name.
        if name:
            directives.setdefault(name.lower(), sources)
    given = dict(directives)
    for names in NEEDS:
        deciding = next((name for name in names if name in given), None)
        if deciding is not None and "'self'" not in given[deciding]:
            kept = [source for source in given[deciding] if source.lower() != "'none'"]
            directives[names[-2] if deciding == "default-src" else deciding] = [*kept, address]
    return "; ".join(" ".join([name, *sources]) for name, sources in directives.items())
