"""A reader searches in a real browser: by keyboard, narrow and wide, and without script."""

from __future__ import annotations

import functools
import http.server
import re
import shutil
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from tidings.engine.build import build
from tidings.engine.report import BuildRequest

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
expect = sync_api.expect

CHROMIUM = shutil.which("chromium")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium here"),
]

WAIT = 60_000
"""Milliseconds until a test gives up; on an idle machine each wait takes a few hundred."""
BASE = "/digest/"
STORIES = (
    ("2024-05-02", "A bridge opens", "Transport", "The Post", "Ferries <b>stop</b> at noon."),
    ("2024-06-09", "A second bridge", "Transport", "The Echo", "Ferries go on."),
    ("2023-06-09", "Ferries are painted", "Harbour", "The Echo", "In blue " * 40),
)


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves a folder and says nothing."""

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The front page of a built site, below a path of its host, with a search."""
    folder = tmp_path_factory.mktemp("search")
    news = folder / "site/content/news"
    news.mkdir(parents=True)
    texts = [
        *STORIES,
        *(
            (f"2022-01-{n:02}", f"Note {n}", "Notes", "The Post", "Noted.")
            for n in range(1, 13)
        ),
    ]
    for number, (day, title, topic, source, excerpt) in enumerate(texts):
        (news / f"{number}.md").write_text(
            f"---\ntitle: {title}\npublishedDateTime: {day}T10:00:00Z\n"
            f"webUrl: https://outlet.example/{number}\nexcerpt: {excerpt}\n"
            f"topics: [{topic}]\nprovider:\n  name: {source}\n"
            f"  domain: {source[4:].lower()}.example\n---\n",
            encoding="utf-8",
        )
    config = '[site]\nbase_url = "https://example.org/digest/"\n'
    (folder / "site/tidings.toml").write_text(config, encoding="utf-8")
    output = folder / "host/digest"
    report = build(BuildRequest(folder / "site", output, datetime(2025, 1, 1, tzinfo=UTC)))
    assert report.ok, report.diagnostics
    handler = functools.partial(Quiet, directory=str(folder / "host"))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}{BASE}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A headless Chromium."""
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield opened
        opened.close()


@pytest.fixture(params=[390, 1280])
def page(request: pytest.FixtureRequest, browser: Any) -> Iterator[Any]:
    """A window, narrow and wide, in which nothing may fail, nor ask another host."""
    context = browser.new_context(viewport={"width": request.param, "height": 800})
    opened = context.new_page()
    opened.set_default_timeout(WAIT)
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on("console", lambda said: problems.append(said.text))
    opened.on(
        "request",
        lambda asked: None if "//127.0.0.1" in asked.url else problems.append(asked.url),
    )
    yield opened
    assert opened.evaluate("document.documentElement.scrollWidth") <= request.param
    context.close()
    assert problems == []


def titles(page: Any) -> Any:
    """The headlines that are found."""
    return page.locator("[data-results] h2")


def said(page: Any) -> Any:
    """What a screen reader is told."""
    return page.get_by_role("status")


def test_a_reader_searches_and_opens_a_story_with_keys_alone(page: Any, address: str) -> None:
    page.goto(address)
    page.keyboard.press("/")
    page.keyboard.type("painted")
    page.keyboard.press("Enter")
    expect(said(page)).to_have_text("1 story for “painted”", timeout=WAIT)
    expect(titles(page)).to_have_text(["Ferries are painted"])
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('[data-results] a')"):
            break
    page.keyboard.press("Enter")
    expect(page.locator("h1").first).to_have_text("Ferries are painted", timeout=WAIT)
    page.go_back()
    expect(titles(page)).to_have_text(["Ferries are painted"], timeout=WAIT)


def test_the_index_is_loaded_only_when_something_is_searched_for(
    page: Any, address: str
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}search/")
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "/pagefind/" in url]
    page.get_by_role("searchbox").fill("bridge")
    expect(titles(page)).to_have_count(2, timeout=WAIT)
    assert [url for url in asked if "/pagefind/" in url]
    assert len({url for url in asked if url.endswith(".pf_fragment")}) == 2


def test_topic_source_and_time_narrow_what_is_found(page: Any, address: str) -> None:
    page.goto(f"{address}search/?q=ferries")
    expect(titles(page)).to_have_count(3, timeout=WAIT)
    page.get_by_label("Topic").select_option("Transport")
    expect(titles(page)).to_have_count(2, timeout=WAIT)
    page.get_by_label("Source").select_option("The Echo")
    expect(titles(page)).to_have_text(["A second bridge"], timeout=WAIT)
    assert "topic=Transport&source=The+Echo" in page.url
    page.reload()
    expect(titles(page)).to_have_text(["A second bridge"], timeout=WAIT)
    page.get_by_label("Source").select_option("")
    page.get_by_label("Time").select_option("2024-05")
    expect(titles(page)).to_have_text(["A bridge opens"], timeout=WAIT)
    page.get_by_label("Time").select_option("All of 2023")
    expect(said(page)).to_have_text("No stories for “ferries”", timeout=WAIT)


def test_what_is_found_can_be_put_in_the_order_of_time(page: Any, address: str) -> None:
    page.goto(f"{address}search/?q=ferries&sort=newest")
    newest = ["A second bridge", "A bridge opens", "Ferries are painted"]
    expect(titles(page)).to_have_text(newest, timeout=WAIT)
    page.get_by_label("Order").select_option("oldest")
    expect(titles(page)).to_have_text(newest[::-1], timeout=WAIT)


def test_marks_of_others_stay_text(page: Any, address: str) -> None:
    page.goto(f"{address}search/?q=noon")
    shown = page.locator("[data-results] .excerpt")
    expect(shown).to_have_text("Ferries <b>stop</b> at noon.", timeout=WAIT)
    expect(shown.locator("mark")).to_have_text("noon.")
    assert shown.locator("b").count() == 0


def test_what_is_cut_short_says_so(page: Any, address: str) -> None:
    page.goto(f"{address}search/?q=blue")
    expect(page.locator("[data-results] .excerpt")).to_have_text(re.compile("…$"), timeout=WAIT)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_words_that_were_found_stand_out_in_the_colours_of_the_theme(
    page: Any, address: str, scheme: str
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{address}search/?q=noon")
    mark = page.locator("[data-results] mark")
    expect(mark).to_have_text("noon.", timeout=WAIT)
    look = mark.evaluate(
        "each => [getComputedStyle(each).color, getComputedStyle(document.body).color,"
        " getComputedStyle(each).backgroundColor, getComputedStyle(each).fontWeight]"
    )
    assert look[0] == look[1]
    assert look[2] != "rgb(255, 255, 0)"
    assert look[3] == "700"


def test_the_filters_stand_in_line(page: Any, address: str) -> None:
    page.goto(f"{address}search/?q=ferries")
    expect(titles(page)).to_have_count(3, timeout=WAIT)
    boxes = [each.bounding_box() for each in page.locator("[data-filters] select").all()]
    assert len(boxes) == 4
    assert len({box["width"] for box in boxes}) == 1
    rows = len({box["y"] for box in boxes})
    assert rows == (1 if page.viewport_size["width"] > 1000 else 2)


def test_a_topic_can_be_looked_through_without_words(page: Any, address: str) -> None:
    page.goto(f"{address}search/?topic=Notes")
    expect(said(page)).to_have_text("12 stories", timeout=WAIT)
    expect(titles(page)).to_have_count(10)
    page.get_by_role("button", name="More results").press("Enter")
    expect(titles(page)).to_have_count(12, timeout=WAIT)
    expect(page.get_by_role("button", name="More results")).to_be_hidden()
    assert page.evaluate("document.activeElement.matches('[data-results] a')")


def test_a_link_to_a_topic_that_is_gone_still_searches(page: Any, address: str) -> None:
    page.goto(f"{address}search/?q=painted&topic=Gone")
    expect(titles(page)).to_have_text(["Ferries are painted"], timeout=WAIT)
    expect(page).to_have_url(re.compile(r"\?q=painted$"))


@pytest.mark.parametrize("language", ["", 'lang="x_y"'])
def test_a_theme_that_says_no_language_still_searches(
    browser: Any, address: str, language: str
) -> None:
    context = browser.new_context()

    def without_language(route: Any) -> None:
        answer = route.fetch()
        text = answer.text().replace('<html lang="en"', f"<html {language}")
        route.fulfill(response=answer, body=text)

    context.route("**/search/*", without_language)
    page = context.new_page()
    page.goto(f"{address}search/?q=bridge")
    expect(titles(page)).to_have_count(2, timeout=WAIT)
    context.close()


def test_an_index_that_is_not_there_is_told_and_leads_on(browser: Any, address: str) -> None:
    page = browser.new_page()
    page.set_default_timeout(WAIT)
    page.route("**/pagefind/**", lambda route: route.abort())
    page.goto(f"{address}search/?q=bridge")
    expect(said(page)).to_contain_text("does not work just now", timeout=WAIT)
    expect(page.get_by_role("link", name="Archive, by day")).to_be_visible()
    page.close()


def test_without_script_the_form_leads_to_the_lists(browser: Any, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.set_default_timeout(WAIT)
    page.goto(address)
    page.get_by_role("searchbox").fill("bridge")
    page.get_by_role("searchbox").press("Enter")
    expect(page.locator("noscript p")).to_be_visible(timeout=WAIT)
    assert not page.get_by_label("Topic").is_visible()
    page.get_by_role("region", name="Without searching").get_by_role(
        "link", name="Transport"
    ).click()
    expect(page.locator("h1")).to_have_text("Transport", timeout=WAIT)
    context.close()
