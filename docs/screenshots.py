"""Pictures of this project's built site: every kind of page, narrow and wide, light and dark.

    python docs/screenshots.py [FOLDER]

All pictures go into FOLDER (by default .tidings/screenshots, which git ignores); the few that
the documentation shows go into docs/screenshots/.
"""

from __future__ import annotations

import contextlib
import functools
import http.server
import shutil
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parents[1]
SITE = ROOT / "site"
SHOWN = ROOT / "docs" / "screenshots"
HANDFUL = {"front-1280-light", "front-390-dark", "article-1280-light", "article-390-light"} | {
    "day-1280-dark",
    "topic-1280-light",
}
WIDTHS = {390: 844, 1280: 900}
"""Heights by widths of the two screens, in CSS pixels."""
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")


def main(arguments: list[str]) -> int:
    """Take all pictures; the exit code."""
    from playwright.sync_api import sync_playwright

    folder = Path(arguments[0]) if arguments else ROOT / ".tidings" / "screenshots"
    for each in (folder, SHOWN):
        each.mkdir(parents=True, exist_ok=True)
    names = ("chromium", "chromium-browser", "google-chrome")
    program = next(filter(None, map(shutil.which, names)), None)
    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu"]
        )
        for width in WIDTHS:
            for scheme in SCHEMES:
                take(browser, width, scheme, address, folder)
        browser.close()
    return 0


def take(browser: Browser, width: int, scheme: Scheme, address: str, folder: Path) -> None:
    """Take the pictures of all pages on one screen."""
    page = browser.new_page(
        viewport={"width": width, "height": WIDTHS[width]}, color_scheme=scheme
    )
    for kind, path in kinds().items():
        name = f"{kind}-{width}-{scheme}"
        page.goto(address + path)
        page.screenshot(path=folder / f"{name}.png", full_page=True)
        if name in HANDFUL:
            page.screenshot(path=SHOWN / f"{name}.png")
    page.close()


def kinds() -> dict[str, str]:
    """The path of one page of each kind, the fullest where there are several."""
    years = sorted(folder for folder in SITE.glob("[0-9][0-9][0-9][0-9]") if folder.is_dir())
    months = sorted(folder for year in years for folder in year.glob("[0-9][0-9]"))
    days = [folder for month in months for folder in month.glob("[0-9][0-9]")]
    articles = [file for day in days for file in day.glob("*/index.html")]
    candidates = {
        "front": [SITE / "index.html"],
        "day": [day / "index.html" for day in days],
        "month": [month / "index.html" for month in months],
        "year": [year / "index.html" for year in years],
        "article": articles,
        "topics": [SITE / "topics" / "index.html"],
        "topic": list(SITE.glob("topics/*/index.html")),
        "topic-page": list(SITE.glob("topics/*/page/*/index.html")),
        "sources": [SITE / "sources" / "index.html"],
        "source": list(SITE.glob("sources/*/index.html")),
        "story": list(SITE.glob("stories/*/index.html")),
        "about": [SITE / "about" / "index.html"],
        "search": [SITE / "search" / "index.html"],
        "not-found": [SITE / "404.html"],
    }
    found = {}
    for kind, files in candidates.items():
        sizes = sorted((file.stat().st_size, file) for file in files if file.exists())
        if sizes:
            path = sizes[-1][1].relative_to(SITE).as_posix()
            found[kind] = "/" + path.removesuffix("index.html")
    return found


@contextlib.contextmanager
def served() -> Iterator[str]:
    """The site at an address of this machine, without a closing slash."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    handler = functools.partial(Quiet, directory=str(SITE))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
