"""The comforts that script adds, tried in Chromium: each page is served from memory."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from urllib.parse import urlsplit

import msgspec
import pytest
from fixtures import LEAD, PAGES, SITE, TEMPLATES, default_theme, plan
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright

from tidings.model.source import SourceFile
from tidings.render.html import open_renderer

CHROMIUM = shutil.which("chromium")
HOST = "https://news.example"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium here"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """Every page and static file by path."""
    return site_files()


def site_files(**templates: str) -> dict[str, bytes]:
    """The same with templates of one's own, `partials__card` for `partials/card.html`."""
    mine = [
        SourceFile(f"templates/{name.replace('__', '/')}.html", text.encode())
        for name, text in templates.items()
    ]
    render = open_renderer(default_theme(mine), SITE)
    found = {PAGES[name].url: render(plan(name)).value or b"" for name in ("article", "source")}
    found |= {f"/{name}": render(plan(name)).value or b"" for name in PAGES}
    static = TEMPLATES / "static"
    return found | {f"/static/{file.name}": file.read_bytes() for file in static.iterdir()}


class Visit:
    """A browser's window on the site, and what it asked other hosts for."""

    def __init__(self, context: BrowserContext, files: dict[str, bytes]) -> None:
        self.files = files
        self.foreign: list[str] = []
        self.complaints: list[str] = []
        context.route("**/*", self.answer)
        self.page: Page = context.new_page()
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def answer(self, route: Route) -> None:
        parts = urlsplit(route.request.url)
        if f"{parts.scheme}://{parts.netloc}" != HOST:
            self.foreign.append(route.request.url)
            route.fulfill(status=200, content_type="text/html", body="<p>player</p>")
            return
        ending = parts.path.rpartition(".")[2]
        kinds = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
        kind = kinds.get(ending, "image/png" if ending == "png" else "text/html")
        body = self.files.get(parts.path)
        route.fulfill(status=404 if body is None else 200, content_type=kind, body=body or b"")

    def go(self, name: str) -> Page:
        self.page.goto(f"{HOST}/{name}", wait_until="load")
        return self.page


@pytest.fixture
def visit(browser: Browser, files: dict[str, bytes]) -> Iterator[Visit]:
    context = browser.new_context(color_scheme="light", viewport={"width": 1280, "height": 900})
    yield Visit(context, files)
    context.close()


def paper(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


def test_no_page_asks_another_host_for_anything_or_breaks_its_own_policy(visit: Visit) -> None:
    for name in PAGES:
        if PAGES[name].kind != "redirect":
            visit.go(name)
    assert visit.foreign == []
    assert visit.complaints == []


def test_the_theme_switch_is_remembered_on_the_next_page(visit: Visit) -> None:
    page = visit.go("front")
    light = paper(page)
    page.get_by_role("button", name="Theme: auto").click()
    page.get_by_role("button", name="Theme: light").click()
    assert paper(page) != light
    page = visit.go("day")
    assert page.get_by_role("button", name="Theme: dark").is_visible()
    assert paper(page) != light


def test_keys_walk_through_the_stories_and_open_them(visit: Visit) -> None:
    page = visit.go("front")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent") == LEAD.title
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("o")
    page.wait_for_url(f"{HOST}{LEAD.url}")


def test_a_question_mark_explains_the_keys(visit: Visit) -> None:
    page = visit.go("day")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    assert "next story" in dialog.inner_text()
    page.keyboard.press("Escape")
    assert dialog.count() == 0


def test_keys_walk_through_a_time_line_and_pass_over_what_is_folded(visit: Visit) -> None:
    page = visit.go("story")
    for _ in range(3):
        page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent").startswith("ACLU")
    # The next is the background; what its outlet wrote beside it is folded away.
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.closest('.side') !== null")
    here = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent") == here


def test_a_story_that_was_opened_is_marked_as_read(visit: Visit) -> None:
    page = visit.go("front")
    assert page.locator(".is-read").count() == 0
    visit.go(LEAD.url[1:])
    page = visit.go("front")
    assert LEAD.title in page.locator(".is-read").first.inner_text()


def test_a_source_can_be_hidden_and_shown_again(visit: Visit) -> None:
    page = visit.go("source")
    page.get_by_role("button", name="Hide this source").click()
    page = visit.go("front")
    lead = page.get_by_role("link", name=LEAD.title, exact=True)
    assert not lead.is_visible()
    assert "1 story is hidden" in page.locator("footer").inner_text()
    page.get_by_role("button", name="Show all sources again").click()
    assert lead.is_visible()


def test_a_video_is_asked_for_only_after_the_click(visit: Visit) -> None:
    page = visit.go("video")
    assert visit.foreign == []
    page.get_by_role("link", name="Play the video").click()
    page.frame_locator("iframe").get_by_text("player").wait_for()
    assert visit.foreign == ["https://www.youtube-nocookie.com/embed/aqz-KE-bpKQ?autoplay=1"]
    assert visit.complaints == []


def test_without_script_everything_is_there_and_no_dead_buttons(
    browser: Browser, files: dict[str, bytes]
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = Visit(context, files).go("article")
    assert page.get_by_role("link", name="Read at thelensnola.org").is_visible()
    assert page.locator("button:visible").count() == 0
    page.get_by_text("All 4 sources").click()
    assert page.locator("details[open]").count() == 1
    context.close()


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_masthead_s_date_stands_beside_the_search(
    visit: Visit, files: dict[str, bytes], width: int
) -> None:
    site = msgspec.structs.replace(SITE, search_url="/search/")
    front = open_renderer(default_theme(), site)(plan("front")).value
    visit.files = {**files, "/front": front or b""}
    page = visit.go("front")
    page.set_viewport_size({"width": width, "height": 700})
    texts = "document.querySelector('.edition time').getBoundingClientRect().right"
    boxes = (
        "[...document.querySelectorAll('.tools > *')].map(e => e.getBoundingClientRect().left)"
    )
    assert page.locator(".tools .search").is_visible()
    assert page.evaluate(texts) <= min(page.evaluate(boxes))
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_keys_can_be_turned_off_and_on_again(visit: Visit) -> None:
    # WCAG 2.2, 2.1.4: who speaks to a computer, or hits keys unawares, must be able to.
    page = visit.go("front")
    keyboard = page.get_by_role("button", name="Keyboard")
    keyboard.click()
    dialog = page.get_by_role("dialog", name="Keys")
    assert page.evaluate("document.activeElement.textContent") == "Close"
    dialog.get_by_role("button", name="Turn keys off").click()
    assert dialog.get_by_role("button", name="Turn keys on").is_visible()
    page.keyboard.press("Escape")
    page = visit.go("day")
    for key in "jo?/":
        page.keyboard.press(key)
    assert page.url == f"{HOST}/day"
    assert page.evaluate("document.activeElement.tagName") == "BODY"
    assert dialog.count() == 0
    keyboard.click()
    dialog.get_by_role("button", name="Turn keys on").click()
    dialog.get_by_role("button", name="Close").click()
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.dataset.story") == ""


def test_on_a_phone_the_way_to_the_keys_shows_only_where_they_are_off(
    browser: Browser, files: dict[str, bytes]
) -> None:
    context = browser.new_context(has_touch=True, is_mobile=True)
    page = Visit(context, files).go("front")
    keyboard = page.get_by_role("button", name="Keyboard")
    assert not keyboard.is_visible()
    page.keyboard.press("?")
    page.get_by_role("button", name="Turn keys off").click()
    page.keyboard.press("Escape")
    assert keyboard.is_visible()
    context.close()


def test_a_button_whose_words_say_what_it_does_is_not_told_as_pressed(visit: Visit) -> None:
    page = visit.go("source")
    page.get_by_role("button", name="Hide this source").click()
    told = page.get_by_role("button", name="Show this source again")
    assert told.is_visible()
    assert told.get_attribute("aria-pressed") is None


HOW_TO = (TEMPLATES.parent / "docs/how-to/theme.md").read_text("utf-8")
CARD = (TEMPLATES / "partials/card.html").read_text("utf-8")
BASE = (TEMPLATES / "base.html").read_text("utf-8")
OWN = {
    "the footer of the guide": {
        "partials__footer": HOW_TO.partition("`templates/partials/footer.html`:\n\n```jinja\n")[
            2
        ].partition("```")[0]
    },
    "a footer of one line": {"partials__footer": "<footer>Mine</footer>"},
    "no footer": {"partials__footer": ""},
    "cards of another class": {"partials__card": CARD.replace('class="card"', 'class="mine"')},
    "no language": {"base": BASE.replace('lang="{{ site.language }}"', "")},
    "a language that is none": {"base": BASE.replace("{{ site.language }}", "x_y")},
}


@pytest.mark.parametrize("templates", OWN.values(), ids=OWN)
def test_the_script_bears_with_other_templates(
    browser: Browser, templates: dict[str, str]
) -> None:
    context = browser.new_context(color_scheme="light")
    visit = Visit(context, site_files(**templates))
    # All stories have been read, and one source is hidden.
    visit.go("front").evaluate(
        "localStorage['tidings:hidden'] = '[\"nola.com\"]';"
        "localStorage['tidings:read'] = JSON.stringify("
        "[...document.querySelectorAll('[data-story]')].map((link) => link.pathname))"
    )
    page = visit.go("front")
    light = paper(page)
    page.get_by_role("button", name="Theme: auto").click()
    page.get_by_role("button", name="Theme: light").click()
    assert paper(page) != light
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent") == LEAD.title
    assert visit.complaints == []
    context.close()


def test_the_guides_footer_says_that_sources_are_hidden(browser: Browser) -> None:
    context = browser.new_context()
    visit = Visit(context, site_files(**OWN["the footer of the guide"]))
    visit.go("source").get_by_role("button", name="Hide this source").click()
    visit.go("front").get_by_role("button", name="Show all sources again").click()
    context.close()
