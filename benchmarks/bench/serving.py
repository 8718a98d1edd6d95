"""From saving a file to the new page in a browser: `tidings serve`, and Hugo's server.

One of the newest records is edited several times. Its page is asked for, with short pauses,
until it has the change. What the server does afterwards counts as processor time, too.
"""

from __future__ import annotations

import http.client
import re
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from urllib.parse import quote

import msgspec

from bench.measuring import MemoryWatch, cpu_of, end_group
from bench.scenarios import days, is_shown, title_of, with_body, with_title
from bench.summary import Row
from bench.tools import Work, hugo_command, hugo_variables, tidings_command

PAUSE = 0.002
"""Least seconds between two requests."""
PATIENCE = 50
"""Who has waited long asks less often, by one part in so many: answers cost the server time."""
QUIET = 0.5
"""A server that takes no processor time for so many seconds has finished."""
START = 900.0
"""Seconds until a server must answer; a large site is built first."""
LIMIT = 600.0
"""Seconds until an edit must be seen."""


class Pages(msgspec.Struct, frozen=True):
    """A record and the pages that show it."""

    file: Path
    text: str
    article: str
    day: str
    others: tuple[str, ...]
    """The front and a topic's first page."""


class Browser:
    """One connection to a local server."""

    def __init__(self, port: int) -> None:
        self.link = http.client.HTTPConnection("127.0.0.1", port, timeout=LIMIT)

    def read(self, url: str) -> str:
        """The page's text; empty where there is no good answer."""
        try:
            self.link.request("GET", url)
            answer = self.link.getresponse()
            text = answer.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException):
            self.link.close()
            return ""
        return text if answer.status == 200 else ""

    def wait(self, url: str, words: str, limit: float = LIMIT) -> str:
        """The page's text as soon as it has the words."""
        began = time.monotonic()
        while (waited := time.monotonic() - began) < limit:
            text = self.read(url)
            if words in text:
                return text
            time.sleep(max(PAUSE, waited / PATIENCE))
        raise SystemExit(f"{url} has not shown “{words}” within {limit:.0f} seconds")


@contextmanager
def running(
    command: Sequence[str], folder: Path, variables: Mapping[str, str]
) -> Iterator[tuple[int, MemoryWatch]]:
    """A server of ours for as long as it is needed: its process group, and its memory."""
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**variables},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    watch = MemoryWatch(process.pid)
    watch.start()
    try:
        yield process.pid, watch
    finally:
        watch.stop()
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            end_group(process.pid)
            process.wait()


def measure_serving(
    work: Work, tool: str, environment: Mapping[str, str], kinds: Sequence[str], edits: int
) -> Iterator[Row]:
    """A row for each of so many edits of each kind ("body", "title")."""
    port = free_port()
    command = [*tidings_command("serve", work), "--port", str(port)]
    variables = dict(environment)
    if tool != "tidings":
        options = ("server", "--bind", "127.0.0.1", "--port", str(port))
        command = hugo_command(work, tool, *options)
        variables |= hugo_variables(work, tool)
    with running(command, work.folder, variables) as (group, watch):
        browser = Browser(port)
        browser.wait("/", "</html>", START)
        pages = find_pages(work.sites.tidings, browser)
        settle(group)
        try:
            for kind in kinds:
                change, seen = EDIT_KINDS[kind]
                for run in range(1, edits + 1):
                    spent = cpu_of(group)
                    began = time.perf_counter()
                    pages.file.write_text(change(pages.text, run), encoding="utf-8")
                    seen(pages, browser, run)
                    wall = time.perf_counter() - began
                    cpu = settle(group) - spent
                    peak = round(watch.peak / 2**20, 1)
                    wall, cpu = round(wall, 4), round(cpu, 4)
                    yield Row(f"serve-{kind}", tool, run, wall, cpu, peak, 0, 0)
        finally:
            pages.file.write_text(pages.text, encoding="utf-8")


def find_pages(site: Path, browser: Browser) -> Pages:
    """The newest published record that the front, its day and a topic's first page show."""
    front = browser.read("/")
    for folder in reversed(days(site)):
        day = "/" + "/".join(folder.parts[-3:]) + "/"
        for file in sorted(folder.glob("*.md"), reverse=True):
            text = file.read_text(encoding="utf-8")
            title = title_of(text)
            if not is_shown(text) or title not in front:
                continue
            article = link_of(browser.read(day), title)
            shown = browser.read(article) if article else ""
            for topic in sorted(set(re.findall(r'href="(/topics/[^"/]+/)"', shown))):
                if title in browser.read(path_of(topic)):
                    return Pages(file, text, article, day, ("/", path_of(topic)))
    raise LookupError("no record is on the front, its day and a topic's first page")


def link_of(page: str, title: str) -> str:
    """Where a headline leads; empty where the page has no such headline."""
    found = re.search(rf'href="([^"]+)"[^>]*>\s*(?:<bdi>)?{re.escape(title)}\s*<', page)
    return path_of(found[1]) if found else ""


def path_of(url: str) -> str:
    """An address of a page in a form that can be asked for."""
    return quote(re.sub(r"^https?://[^/]+", "", unescape(url)), safe="/%")


def new_body(text: str, run: int) -> str:
    return with_body(text, f"Saved for the {run}. time.")


def see_body(pages: Pages, browser: Browser, run: int) -> None:
    browser.wait(pages.article, f"Saved for the {run}. time.")


def new_title(text: str, run: int) -> str:
    return with_title(text, f"{title_of(text)} saved {run}")


def see_title(pages: Pages, browser: Browser, run: int) -> None:
    """The article at its new address, its day, the front and a topic: all must be new."""
    title = title_of(new_title(pages.text, run))
    article = link_of(browser.wait(pages.day, title), title)
    browser.wait(article, title)
    for url in pages.others:
        browser.wait(url, title)


EDIT_KINDS: dict[
    str, tuple[Callable[[str, int], str], Callable[[Pages, Browser, int], None]]
] = {"body": (new_body, see_body), "title": (new_title, see_title)}


def settle(group: int) -> float:
    """Waits until a server rests; the processor time that it has taken so far."""
    spent = cpu_of(group)
    while True:
        time.sleep(QUIET)
        now = cpu_of(group)
        # Watching for changes may take a tick now and then.
        if now - spent <= 0.03:
            return now
        spent = now


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number
