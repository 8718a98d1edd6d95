"""A built site as a browser sees it: served over HTTP, one page of each kind."""

from __future__ import annotations

import functools
import http.server
import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fixture_site import Site
from playwright.sync_api import Page, sync_playwright

CHROMIUM = shutil.which("chromium")
LAUNCH = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves a folder and says nothing of it."""

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: tests tell what matters."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a server for that folder, without a closing slash."""
    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@contextmanager
def reading(folder: Path, **options: Any) -> Iterator[tuple[Page, str]]:
    """A window of a browser, with these options, and the address of that folder's site."""
    with served(folder) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=LAUNCH)
        yield browser.new_page(**options), address
        browser.close()


def one_of_each_kind(site: Site) -> list[str]:
    """The path of the longest page of each kind."""
    found: dict[str, tuple[int, str]] = {}
    for path, data in site.files().items():
        kind = re.search(rb'<body class="kind-([\w-]+)"', data)
        if path.endswith(".html") and kind:
            found[kind[1].decode()] = max(
                found.get(kind[1].decode(), (0, "")), (len(data), path)
            )
    return ["/" + quote(path) for _, path in sorted(found.values())]
