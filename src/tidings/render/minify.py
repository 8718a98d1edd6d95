"""Smaller pages, for publishers who ask for them: blanks and optional marks taken out.

Part of rendering. The work is minify-html's; it parses, so it changes no page's meaning.
"""

from __future__ import annotations

import importlib.util


def can_minify() -> bool:
    """Whether the extra that minifying needs is installed."""
    return importlib.util.find_spec("minify_html") is not None


def minify_page(page: bytes) -> bytes:
    """The page (UTF-8) without what its readers' browsers can do without; still valid HTML."""
    import minify_html  # An extra, and only for those who ask for it.

    smaller = minify_html.minify(page.decode("utf-8"), keep_closing_tags=True)
    return smaller.encode("utf-8")
