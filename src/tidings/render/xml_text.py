"""Text as XML holds it. Part of rendering."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold, not even escaped."""
CONTROLS = bytes(range(1, 9)) + b"\x0b\x0c" + bytes(range(14, 32))
"""Those of them that are one byte in UTF-8, but for the null."""
NO_CHARACTERS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")
"""The others, but for surrogates, which UTF-8 cannot hold either."""


def escape_groups(groups: Sequence[Sequence[str]]) -> list[list[bytes]]:
    """The texts of each group in UTF-8, for element content and double-quoted attributes."""
    escaped = iter(_escape_all([text for group in groups for text in group]))
    return [list(itertools.islice(escaped, len(group))) for group in groups]


def _escape_all(texts: Sequence[str]) -> list[bytes]:
    """The texts escaped, in their order.

    All are escaped as one, and as bytes: that costs a fraction of escaping each as text.
    """
    try:
        joined = b"\0".join([text.encode("utf-8") for text in texts])
    except UnicodeEncodeError:
        return _escape_all([ILLEGAL.sub("", text) for text in texts])
    if (
        joined.count(b"\0") >= len(texts)
        or len(joined.translate(None, CONTROLS)) < len(joined)
        or any(sequence in joined for sequence in NO_CHARACTERS)
    ):
        return _escape_all([ILLEGAL.sub("", text) for text in texts])
    joined = joined.replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b">", b"&gt;")
    return joined.replace(b'"', b"&quot;").replace(b"\r", b"&#13;").split(b"\0")
