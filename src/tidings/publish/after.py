"""What follows a publish: hubs and search engines are told, the user's commands are run.

The site is published by then, so nothing here undoes that: what fails is a warning.
"""

from __future__ import annotations

import shlex
import subprocess
import urllib.request
from collections.abc import Sequence
from http.client import HTTPException
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

import msgspec

from tidings.model.publishing import TargetConfig
from tidings.publish.changes import is_page
from tidings.publish.course import Course
from tidings.publish.redact import redact

TIMEOUT = 15.0
"""Seconds that a hub or a search engine has to answer."""
COMMAND_TIMEOUT = 600.0
"""Seconds that one of the user's commands may take."""
MOST_URLS = 10_000
"""Addresses in one message to IndexNow, by its documentation."""
FEEDS = ("feed.xml", "rss.xml", "feed.json")


def follow(
    course: Course, target: TargetConfig, news: Sequence[str], base_url: str, source: Path
) -> None:
    """Tell of the news and run commands, as the settings say; problems become warnings."""
    if target.websub:
        _tell_hub(course, target.websub, news, base_url)
    if target.indexnow_key:
        _tell_search_engines(course, target, news, base_url)
    for command in target.after:
        _run(course, command, source)


def address_of(base_url: str, path: str) -> str:
    """Where readers find a file of the site."""
    plain = path.removesuffix("index.html") if path.split("/")[-1] == "index.html" else path
    return base_url + quote(plain, safe="/")


def _tell_hub(course: Course, hub: str, sent: Sequence[str], base_url: str) -> None:
    """Publishing as hubs of WebSub (W3C, 2018) have taken it since PubSubHubbub 0.4."""
    feeds = [path for path in sent if path.split("/")[-1] in FEEDS]
    if not feeds:
        return
    fields = [("hub.mode", "publish")]
    fields += [("hub.url", address_of(base_url, path)) for path in feeds]
    data = urlencode(fields).encode()
    _post(course, "the WebSub hub", hub, data, "application/x-www-form-urlencoded")


def _tell_search_engines(
    course: Course, target: TargetConfig, sent: Sequence[str], base_url: str
) -> None:
    """One message of https://www.indexnow.org/documentation for all pages that changed."""
    pages = [address_of(base_url, path) for path in sent if is_page(path)]
    for start in range(0, len(pages), MOST_URLS):
        message = {
            "host": urlsplit(base_url).hostname,
            "key": target.indexnow_key,
            "keyLocation": f"{base_url}{target.indexnow_key}.txt",
            "urlList": pages[start : start + MOST_URLS],
        }
        data = msgspec.json.encode(message)
        _post(course, "IndexNow", target.indexnow_url, data, "application/json; charset=utf-8")


def _post(course: Course, whom: str, url: str, data: bytes, kind: str) -> None:
    request = urllib.request.Request(url, data, {"Content-Type": kind}, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT):
            return
    except (OSError, ValueError, HTTPException) as error:
        reason = redact(str(error))
    course.warn(
        "after-publish",
        f"{whom} at {redact(url)} was not told: {reason}",
        "tidings.toml",
        "the site is published; the next publish tells what changes then",
    )


def _run(course: Course, command: str, source: Path) -> None:
    """Run a command in the site's folder; what it says goes to standard error."""
    try:
        done = subprocess.run(
            shlex.split(command),
            cwd=source,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            check=False,
            timeout=COMMAND_TIMEOUT,
        )
    except subprocess.TimeoutExpired:
        reason = f"it took more than {COMMAND_TIMEOUT:.0f} s"
    except OSError as error:
        reason = error.strerror or str(error)
    else:
        if done.returncode == 0:
            return
        reason = f"it ended with {done.returncode}"
    # The command's words may hold a secret; its first one names it well enough.
    name = shlex.split(command)[0].partition("=")[0]
    course.warn(
        "after-publish",
        f"the command {name} failed: {reason}",
        "tidings.toml",
        "the site is published; run the command yourself once it works",
    )
