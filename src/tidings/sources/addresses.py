"""URLs as strangers' feeds write them, made safe to link and fit to compare."""

from __future__ import annotations

import functools
import re
from urllib.parse import quote, unquote, urlsplit

MAX_URL = 4_000
"""Characters; longer addresses are attacks or mistakes."""

# May stand in a URL as they are (RFC 3986, with `%` for what is already quoted).
SAFE = "%/:=&?~#+!$,;'@()*[]-._|"

# Most addresses are of this plain form, which needs no further look: host, port, path.
PLAIN = re.compile(
    r"https?://(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]"
    r"(?:[/?#][A-Za-z0-9%/:=&?~#+!$,;'@()*\[\]._|-]*)?"
)
# Browsers take these out of an address wherever they stand (URL standard, 4.4).
BREAKS = re.compile("[\t\n\r]")
AUTHORITY = re.compile(r"(https?)://([^/?#]*)(.*)", re.IGNORECASE | re.DOTALL)
HOST = re.compile(r"[^\s\x00-\x20\x7f\"'<>\\^`{}|%/?#@,;:!*()&$=+\[\]]+")
ADDRESS = re.compile(r"\[[0-9A-Fa-f:.]+\](?::[0-9]*)?")


@functools.lru_cache(maxsize=4096)  # One record names most of its addresses twice.
def clean_url(text: str) -> str:
    """The text as an absolute http(s) URL that is safe in a quoted attribute, or "".

    Blanks around it are taken off, `&amp;` is decoded, anything else outside of RFC 3986 is
    quoted; only letters of other scripts in the host stay. An address that carries a user name
    or password is refused.
    """
    text = text.strip().replace("&amp;", "&")
    if len(text) > MAX_URL:
        return ""
    if PLAIN.fullmatch(text):
        return text
    match = AUTHORITY.fullmatch(BREAKS.sub("", text))
    if match is None or not _is_authority(match[2]):
        return ""
    try:
        return f"{match[1].lower()}://{match[2]}{quote(match[3], safe=SAFE)}"
    except UnicodeEncodeError:  # Half a character: no address at all.
        return ""


def _is_authority(text: str) -> bool:
    """Whether the text is a host, perhaps with a port, that all browsers read alike."""
    try:
        parts = urlsplit(f"http://{text}/")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if port == 0 or "@" in text:
        return False
    if text.startswith("["):
        return ADDRESS.fullmatch(text) is not None
    if not host.isprintable() or HOST.fullmatch(host) is None:
        return False
    return ".." not in host and not host.startswith(".")


def clean_path(text: str) -> str:
    """The text as a path from the site's root (`/pictures/x.svg`), or "" when it is none."""
    text = text.strip()
    if not text.startswith("/") or text.startswith("//") or len(text) > MAX_URL:
        return ""
    if "\\" in text or not text.isprintable() or ".." in unquote(text).split("/"):
        return ""
    return quote(text, safe=SAFE)


# Most hosts need no repair, most paths no unquoting: from these two, host and key are cut out.
SIMPLE = re.compile(
    r"https?://(?:www\.)?((?!www\.|m\.|youtu|[^/]*xn--)[a-z0-9-]+(?:\.[a-z0-9-]+)+)"
    r"((?:/[A-Za-z0-9/._~-]*)?(?=[#]|\Z))(?:#.*)?"
)


def host_of(url: str) -> str:
    """The URL's host in lower case without `www.`; "" when it has none."""
    if match := SIMPLE.match(url):
        return match[1]
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return bare_host(host)


def bare_host(host: str) -> str:
    """The host without `www.` before it and the dot behind it; `www.com` stays itself."""
    host = host.rstrip(".")
    bare = host.removeprefix("www.")
    return bare if "." in bare else host


TRACKING = re.compile(
    r"utm_\w+|fbclid|fb_action_\w+|fb_source|[dg]clid|gclsrc|[gw]braid|srsltid|_g[al]|msclkid|"
    r"yclid|twclid|ttclid|li_fat_id|igsh(id)?|mc_[ce]id|_hs\w+|mkt_tok|ocid|ncid|cmp(id)?|s_cid|"
    r"smid|wt\.\w+|ref_src|ref_url|spm|at_\w+|ns_\w+|oly_(anon|enc)_id|vero_(conv|id)|"
    r"__twitter_\w+",
    re.IGNORECASE,
)
"""Names of query parameters that tell where a reader came from, not what the page is."""


@functools.lru_cache(maxsize=4096)  # Records of one day name the same coverage.
def url_key(url: str) -> str:
    """What tells the page of a clean URL apart: equal keys mean the same article.

    Scheme, `www.`, `m.`, default port, trailing slash, fragment, tracking parameters and the
    order of the others do not count; the case of the host does not, that of the path does. A
    YouTube video has one key, whichever of its addresses names it.
    """
    if match := SIMPLE.fullmatch(url):
        return match[1] + match[2].rstrip("/")
    return _key_of_any(url)


def _key_of_any(url: str) -> str:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return url
    host = bare_host(parts.hostname or "")
    if host.startswith("m.") and host.count(".") > 1:
        host = host[2:]
    path = _normal_escapes(parts.path).rstrip("/")
    query = _normal_query(parts.query) if parts.query else ""
    if identity := video_id(host, path, query):
        host, path, query = "youtube.com", "/watch", f"v={identity}"
    if "xn--" in host:
        host = ".".join(map(_unicode_label, host.split(".")))
    if port not in (None, 80, 443):
        host = f"{host}:{port}"
    return f"{host}{path}?{query}" if query else f"{host}{path}"


def video_id(host: str, path: str, query: str) -> str:
    """The id of the YouTube video at the address, or "" when it names none."""
    identity = ""
    if host == "youtu.be":
        identity = path[1:]
    elif host in ("youtube.com", "youtube-nocookie.com"):
        segments = path.split("/")
        if len(segments) == 3 and segments[1] in ("embed", "shorts", "live", "v"):
            identity = segments[2]
        elif path == "/watch":
            named = (part.partition("=") for part in query.split("&"))
            identity = next((value for name, _, value in named if name == "v"), "")
    letters = identity.replace("-", "").replace("_", "")
    return identity if 6 <= len(identity) <= 20 and _is_word(letters) else ""


def _is_word(text: str) -> bool:
    return text.isascii() and text.isalnum()


def _normal_query(query: str) -> str:
    """The query's parameters in one order and one spelling, without the tracking ones."""
    kept = []
    for part in query.split("&"):
        name, _, value = part.replace("+", "%20").partition("=")
        name = _normal_escapes(name)
        if part and not TRACKING.fullmatch(name):
            kept.append(f"{name}={_normal_escapes(value)}")
    return "&".join(sorted(kept))


ESCAPE = re.compile("%([0-9A-Fa-f]{2})")


def _normal_escapes(path: str) -> str:
    """Percent escapes in upper case, and only where they are needed (RFC 3986, 6.2.2)."""
    if path.isascii() and "%" not in path:
        return path
    return ESCAPE.sub(_normal_escape, quote(path, safe=SAFE, errors="replace"))


def _normal_escape(match: re.Match[str]) -> str:
    char = chr(int(match[1], 16))
    needless = char.isascii() and (char.isalnum() or char in "-._~")
    return char if needless else match[0].upper()


def _unicode_label(label: str) -> str:
    """One part of a host in its own script, so that both spellings of it have one key."""
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode().decode("punycode")
    except ValueError:
        return label
