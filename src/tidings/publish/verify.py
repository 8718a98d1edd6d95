"""Whether readers get what was published: a sample of addresses, read back and compared."""

from __future__ import annotations

import time
import urllib.request
from collections.abc import Mapping, Sequence
from http.client import HTTPException

from tidings.model.diagnostic import Diagnostic, Place, Severity
from tidings.output.manifest import digest_of
from tidings.publish.after import address_of
from tidings.publish.changes import Change
from tidings.publish.course import Course
from tidings.publish.published import Sent
from tidings.publish.redact import redact

SAMPLE = 20
"""Addresses that are read."""
TIMEOUT = 15.0
"""Seconds that one may take."""
PAUSES = (1.0, 4.0, 15.0, 40.0)
"""Seconds between attempts: some hosts and networks show a change only after a while."""
UNSEEN = ("_headers", "_redirects", "CNAME", "404.html")
"""Files that hosts read themselves, and do not show under their names."""


def verify_public(course: Course, base_url: str, built: Mapping[str, Sent]) -> int:
    """0 when the sample reads back as it was built, 1 otherwise; problems say what differs."""
    wrong: dict[str, str] = {}
    sample = choose_sample(built, course.report(0).changes)
    left = list(sample)
    for pause in (0.0, *PAUSES):
        time.sleep(pause)
        wrong = {
            path: reason
            for path in left
            if (reason := _difference(address_of(base_url, path), built[path]))
        }
        left = list(wrong)
        course.around.progress("verify", len(sample) - len(left), len(sample))
        if not left:
            break
    course.know(checked=len(sample))
    for path, reason in wrong.items():
        course.diagnostics.append(
            Diagnostic(
                "verify-differs",
                Severity.ERROR,
                reason,
                Place(redact(address_of(base_url, path))),
                "a cache may hold the old page for a while; look whether base_url is right",
            )
        )
    return 1 if wrong else 0


def choose_sample(built: Mapping[str, Sent], changes: Sequence[Change]) -> list[str]:
    """Up to twenty paths: the front, some of what was sent, then some of the rest."""
    sent = [change.path for change in changes if change.what in ("new", "changed")]
    chosen = ["index.html"] if "index.html" in built else []
    chosen += _spread([path for path in sent if _is_seen(path)], SAMPLE * 3 // 4)
    chosen = list(dict.fromkeys(chosen))
    rest = sorted(path for path in built.keys() - set(chosen) if _is_seen(path))
    return [*chosen, *_spread(rest, SAMPLE - len(chosen))]


def _spread(paths: list[str], count: int) -> list[str]:
    if len(paths) <= count:
        return paths
    return [paths[number * len(paths) // count] for number in range(count)]


def _is_seen(path: str) -> bool:
    return path not in UNSEEN and not path.startswith(".")


def _difference(url: str, sent: Sent) -> str:
    """What is wrong with what readers get from the address; empty when it is right."""
    # Nothing between us and the site may answer from memory.
    request = urllib.request.Request(
        url, headers={"Cache-Control": "no-cache", "User-Agent": "tidings"}
    )
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
            data = answer.read(sent.size + 1)
    except (OSError, ValueError, HTTPException) as error:
        return f"it cannot be read: {redact(str(error))}"
    if digest_of(data) != sent.digest:
        return "it is not what was published"
    return ""
