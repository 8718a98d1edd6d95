"""Text and URLs as strangers' feeds write them, made fit to show and to compare.

The repairs are those that `DATA.md` counted in real records: entities, mojibake, line breaks and
no-break spaces, control characters. A text without any of them comes back unchanged and quickly.
"""

from __future__ import annotations

import functools
import html
import re
import unicodedata
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

# Anything that any repair could touch; most texts hold none of it.
SUSPECT = re.compile(
    "[&\x00-\x1f\x7f-\xa0\xad\u1680\u2000-\u200b\u2028-\u202f\u205f\u2060\u2066-\u2069\u3000"
    "\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\uffff]|  |^ | $"
)

# Bytes of UTF-8 read as Windows-1252 begin with one of these: lead byte, then a continuation.
MOJIBAKE = re.compile("[ÂÃâÐÑÎÏðÅÄ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")

# Control and format characters that would disturb the text around them, and lone surrogates.
# Joiners (U+200C, U+200D) stay: scripts and emoji need them.
INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069"
    "\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff]"
)


def clean_text(text: str) -> str:
    """The text as one line of plain text: entities decoded once, mojibake mended, blanks single.

    Markup is not removed: `<b>` stays the three characters that it is, and is escaped when shown.
    """
    if "&" in text:
        text = html.unescape(text)
    if MOJIBAKE.search(text):
        text = mend_mojibake(text)
    if SUSPECT.search(text):
        text = " ".join(INVISIBLE.sub("", text).split())
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return text


def mend_mojibake(text: str) -> str:
    """The text with UTF-8 that was read as another encoding read rightly: `NOPDâ€™s`, `NOPD’s`."""
    import ftfy  # Only here: its tables cost more to load than a small site costs to build.

    return ftfy.fix_encoding(text)


MAX_URL = 4_000
"""Characters; longer addresses are attacks or mistakes."""

# Characters that may stand in a URL as they are (RFC 3986, with `%` for what is already quoted).
SAFE = "%/:=&?~#+!$,;'@()*[]-._|"


def clean_url(text: str) -> str:
    """The text as an absolute http(s) URL that is safe in an attribute, or "" when it is none.

    Blanks around it are taken off, `&amp;` is decoded, anything else outside of RFC 3986 is quoted.
    An address that carries a user name or password is refused.
    """
    text = text.strip().replace("&amp;", "&")
    if len(text) > MAX_URL or text[:4].lower() != "http":
        return ""
    try:
        parts = urlsplit(text)
        port = parts.port
        host = parts.hostname
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc:
        return ""
    if port == 0 or not _is_host(host):
        return ""
    if text.isascii() and text.isprintable() and not UNSAFE.search(text):
        return text
    head, _, tail = text.partition("//")
    netloc, slash, path = re.match(r"([^/?#]*)([/?#]?)(.*)", tail, re.DOTALL).groups()  # type: ignore[union-attr]
    return f"{head}//{netloc}{slash}{quote(path, safe=SAFE)}"


UNSAFE = re.compile(r"[\s\"<>\\^`{}]")
HOST = re.compile(r"[^\x00-\x20\x7f\"'<>\\^`{}|%/?#@,;!*()&$=+\s]+")


def _is_host(host: str) -> bool:
    return HOST.fullmatch(host) is not None and ".." not in host and not host.startswith(".")


def clean_path(text: str) -> str:
    """The text as a path from the site's root (`/pictures/x.svg`), or "" when it is none."""
    text = text.strip()
    if not text.startswith("/") or text.startswith("//") or len(text) > MAX_URL:
        return ""
    if "\\" in text or ".." in text.split("/") or not text.isprintable():
        return ""
    return quote(text, safe=SAFE)


def host_of(url: str) -> str:
    """The URL's host in lower case without `www.`; "" when it has none."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.").rstrip(".")


TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|twclid|igshid|mc_[ce]id|_hs\w+|"
    r"mkt_tok|ocid|ncid|cmp(id)?|s_cid|smid|wt\.\w+|ref_src|ref_url|spm|at_\w+|ns_\w+|__twitter_\w+",
    re.IGNORECASE,
)
"""Names of query parameters that tell where a reader came from, not what the page is."""


@functools.lru_cache(maxsize=65536)
def url_key(url: str) -> str:
    """What tells the page apart: equal keys mean the same article.

    Scheme, `www.`, default port, trailing slash, fragment, tracking parameters and the order of
    the others do not count; the case of the host does not, that of the path does.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return url
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.").rstrip(".")
    if port not in (None, 80, 443):
        host = f"{host}:{port}"
    path = _normal_escapes(parts.path).rstrip("/")
    query = ""
    if parts.query:
        kept = [
            (name, value)
            for name, value in parse_qsl(parts.query, keep_blank_values=True)
            if not TRACKING.fullmatch(name)
        ]
        query = urlencode(sorted(kept))
    if host == "youtu.be" and path:
        host, path, query = "youtube.com", "/watch", f"v={path[1:]}"
    elif host == "youtube.com" and path.startswith(("/embed/", "/shorts/")):
        path, query = "/watch", f"v={path.split('/')[2]}"
    return f"{host}{path}?{query}" if query else f"{host}{path}"


def _normal_escapes(path: str) -> str:
    """Percent escapes in upper case, and only where they are needed (RFC 3986, 6.2.2)."""
    if path.isascii() and "%" not in path:
        return path
    return re.sub(
        "%([0-9A-Fa-f]{2})",
        lambda match: (
            char if (char := chr(int(match[1], 16))).isascii() and (char.isalnum() or char in "-._~") else match[0].upper()
        ),
        quote(path, safe=SAFE),
    )
