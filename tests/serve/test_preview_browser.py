"""What an author sees in a real browser while editing, without ever touching it."""

from __future__ import annotations

import os
import re
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
expect = sync_api.expect

pytestmark = pytest.mark.browser

WAIT = 60_000
"""Milliseconds until a test gives up; on an idle machine each wait takes a few hundred."""
RECORD = "2020-11-17-new-orleans-police-dept-admits-to-facial-recognition-use.md"
TITLE = "New Orleans Police Dept. Admits to Facial Recognition Use"
ARTICLE = "2020/11/17/new-orleans-police-dept-admits-to-facial-recognition-use/"
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
STILL_HERE = "window.stillHere"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A headless Chromium."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        pytest.skip(f"no Chromium found (looked for {', '.join(NAMES)})")
    arguments = ["--disable-gpu", "--disable-background-networking"]
    if hasattr(os, "getuid") and os.getuid() == 0:
        arguments.append("--no-sandbox")  # Chromium's own sandbox refuses to run as root.
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=arguments)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A browser window that fails the test when a script or policy on a page fails."""
    context = browser.new_context(viewport={"width": 1000, "height": 500})
    opened = context.new_page()
    opened.set_default_timeout(WAIT)
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on(
        "console",
        lambda said: problems.append(said.text) if "Content Security" in said.text else None,
    )
    yield opened
    context.close()
    assert problems == []


@pytest.fixture
def article(preview: Callable[..., Any], page: Any) -> Any:
    """The window with the first seed record's article, its preview running."""
    page.goto(preview().url + ARTICLE)
    expect(page.locator("h1").first).to_have_text(TITLE, timeout=WAIT)
    page.evaluate(f"{STILL_HERE} = true")
    return page


def edit(site: Path, old: str, new: str) -> int:
    """Replace text in the record's file as an editor does; the number of its line."""
    file = site / "content/news" / RECORD
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_a_new_title_shows_by_itself(site: Path, article: Any):
    edit(site, TITLE, "Police Admit It")
    expect(article.locator("h1").first).to_have_text("Police Admit It", timeout=WAIT)
    expect(article).to_have_title(re.compile("Police Admit It"), timeout=WAIT)
    expect(article).to_have_url(re.compile("/2020/11/17/police-admit-it/$"), timeout=WAIT)


def test_a_new_excerpt_shows_by_itself(site: Path, article: Any):
    edit(site, "After years of denial", "At long last")
    expect(article.get_by_text("At long last").first).to_be_visible(timeout=WAIT)
    assert article.url.endswith(ARTICLE)


def test_an_error_lies_over_the_last_good_page_until_it_is_mended(site: Path, article: Any):
    overlay = article.get_by_role("alertdialog")
    line = edit(site, "2020-11-17T21:42:00Z", "2020-13-17T21:42:00Z")
    expect(overlay).to_contain_text(f"content/news/{RECORD}:{line}", timeout=WAIT)
    expect(overlay).to_be_focused(timeout=WAIT)
    expect(article.locator("h1").first).to_have_text(TITLE)
    edit(site, "2020-13-17T21:42:00Z", "2020-11-17T21:42:00Z")
    expect(overlay).to_have_count(0, timeout=WAIT)
    expect(article.locator("h1").first).to_have_text(TITLE)


def test_an_error_is_shown_to_pages_that_are_opened_later(
    site: Path, preview: Callable[..., Any], page: Any
):
    line = edit(site, "2020-11-17T21:42:00Z", "never")
    page.goto(preview().url)
    expect(page.get_by_role("alertdialog")).to_contain_text(f"{RECORD}:{line}", timeout=WAIT)


def test_an_error_can_be_put_away(site: Path, article: Any):
    overlay = article.get_by_role("alertdialog")
    edit(site, "2020-11-17T21:42:00Z", "<img src=x onerror=alert(1)>")
    expect(overlay).to_contain_text("<img src=x", timeout=WAIT)
    assert overlay.locator("img").count() == 0
    article.keyboard.press("Escape")
    expect(overlay).to_have_count(0, timeout=WAIT)
    edit(site, "<img src=x", "<svg")
    expect(overlay).to_contain_text("<svg", timeout=WAIT)
    overlay.get_by_role("button").click()
    expect(overlay).to_have_count(0, timeout=WAIT)


def test_a_new_style_comes_without_a_reload(site: Path, article: Any):
    folder = site / "templates/static"
    folder.mkdir(parents=True)
    for colour in ("rgb(1, 2, 3)", "rgb(4, 5, 6)"):
        (folder / "style.css").write_text(f"h1 {{ color: {colour} }}", encoding="utf-8")
        expect(article.locator("h1").first).to_have_css("color", colour, timeout=WAIT)
    assert article.evaluate(STILL_HERE) is True
    assert article.locator("link[rel=stylesheet]").count() == 1


def test_the_reader_stays_where_they_were(site: Path, article: Any):
    edit(site, "---\n\n", "---\n\n" + "A paragraph of its own.\n\n" * 200)
    expect(article.get_by_text("A paragraph of its own.")).to_have_count(200, timeout=WAIT)
    article.evaluate("scrollTo(0, 1500)")
    for old, new in ((TITLE, "Police Admit It"), ("After years of denial", "At long last")):
        edit(site, old, new)
        expect(article.get_by_text(new).first).to_be_attached(timeout=WAIT)
        article.wait_for_load_state("load")
        assert article.evaluate("Math.round(scrollY)") == 1500


def test_a_page_stays_untouched_while_others_change(site: Path, article: Any, preview: Any):
    other = next(file for file in (site / "content/news").iterdir() if file.name != RECORD)
    address = article.url
    with article.context.expect_page() as opening:
        article.evaluate("window.open('/')")
    front = opening.value
    text = other.read_text(encoding="utf-8")
    excerpt = re.search(r'^excerpt: "(.*)"$', text, re.MULTILINE)
    assert excerpt
    other.write_text(text.replace(excerpt.group(1), "Told anew."), encoding="utf-8")
    expect(front.get_by_text("Told anew.").first).to_be_visible(timeout=WAIT)
    assert article.url == address
    assert preview


def test_a_browser_comes_back_to_a_preview_that_was_started_again(
    preview: Callable[..., Any], page: Any
):
    first = preview()
    page.goto(first.url + ARTICLE)
    port = first.url.rsplit(":", 1)[1].strip("/")
    expect(page.locator("h1").first).to_have_text(TITLE, timeout=WAIT)
    page.evaluate(f"document.querySelector('h1').textContent = 'Stale'; {STILL_HERE} = true")
    assert first.stop() == 0
    assert preview("--port", port).url == first.url
    expect(page.locator("h1").first).to_have_text(TITLE, timeout=WAIT)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_preview_ends_at_once_and_quietly_though_a_page_is_open(
    preview: Callable[..., Any], page: Any, number: int
):
    running = preview()
    # The page has greeted the server when its event stream has been answered.
    with page.expect_response(re.compile("/_tidings/events")):
        page.goto(running.url)
    said = len(running.lines)
    assert running.stop(number) == 0
    assert running.lines[said:] == []
