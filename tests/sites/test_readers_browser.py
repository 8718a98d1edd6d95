"""What readers see and reach, in Chromium: narrow and wide, large letters, looks, contrast."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from fixture_browser import CHROMIUM, LAUNCH, one_of_each_kind, served
from fixture_site import Site
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tidings.render.stylesheet import contrast

NARROWEST = 320
"""CSS pixels: what 400 % zoom leaves of a window of 1280 (WCAG 2.2, 1.4.10)."""
READABLE = 4.5
"""The least contrast of text (WCAG 2.2, 1.4.3)."""
LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"

UNSEEN_NAVIGATION = """
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(".topic-nav a { color: transparent !important }");
  document.adoptedStyleSheets = [sheet];
"""
"""Script that leaves of the navigation only its ground."""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium here"),
]

Look = Literal["light", "dark"]
LOOKS: tuple[Look, ...] = ("light", "dark")
Open = Callable[..., BrowserContext]


@pytest.fixture(scope="module")
def playwright() -> Iterator[Any]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def browser(playwright: Any) -> Iterator[Browser]:
    opened = playwright.chromium.launch(executable_path=CHROMIUM, args=LAUNCH)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A digest with long words, of several languages and topics, with search."""
    site = Site(tmp_path_factory.mktemp("readers"))
    names = [f"Topic number {number}" for number in range(1, 9)]
    for number, name in enumerate(names):
        site.news(f"n{number}", f"Story {number} of its own", topics=[name])
    site.news(
        "word",
        f"{LONG_WORD} erschienen",
        locale="de",
        topics=[LONG_WORD],
        provider={"name": LONG_WORD, "domain": f"{LONG_WORD[:60].replace('ä', 'a')}.example"},
        tags=[LONG_WORD],
        excerpt="https://outlet.example/" + "and/ever/" * 20,
    )
    site.write("content/pages/about.md", f"---\ntitle: About {LONG_WORD}\n---\nWords.\n")
    site.built(preview=False)
    return site


@pytest.fixture(scope="module")
def address(site: Site) -> Iterator[str]:
    with served(site.output) as started:
        yield started


@pytest.fixture
def opened(browser: Browser) -> Iterator[Open]:
    """Opens windows that are closed after the test."""
    contexts: list[BrowserContext] = []

    def open_window(**options: Any) -> BrowserContext:
        contexts.append(browser.new_context(**options))
        return contexts[-1]

    yield open_window
    for context in contexts:
        context.close()


def too_wide(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def colours(page: Page, picture: bytes) -> set[tuple[int, int, int]]:
    """The colours in a PNG, told by the browser itself."""
    url = "data:image/png;base64," + base64.b64encode(picture).decode()
    # A window of its own, since the pages' policy forbids pictures that come from nowhere.
    blank = page.context.new_page()
    found = blank.evaluate(
        """async (url) => {
          const image = new Image();
          image.src = url;
          await image.decode();
          const { width, height } = image;
          const context = new OffscreenCanvas(width, height).getContext("2d");
          context.drawImage(image, 0, 0);
          const { data } = context.getImageData(0, 0, width, height);
          const found = new Set();
          for (let at = 0; at < data.length; at += 4) found.add(data.slice(at, at + 3).join());
          return [...found];
        }""",
        url,
    )
    blank.close()
    return {triple(map(int, colour.split(","))) for colour in found}


def within(page: Page, selector: str) -> bytes:
    """A picture of the element without its edges, as a PNG."""
    box = page.locator(selector).bounding_box()
    assert box
    x, y, width, height = box["x"], box["y"] + 2, box["width"], box["height"] - 4
    return page.screenshot(clip={"x": x, "y": y, "width": width, "height": height})


def triple(numbers: Iterable[int]) -> tuple[int, int, int]:
    red, green, blue = numbers
    return (red, green, blue)


def computed(page: Page, selector: str, name: str, pseudo: str = "") -> tuple[int, int, int]:
    """A computed colour of the first such element, or of a part of it."""
    value = page.evaluate(
        "([s, n, p]) => getComputedStyle(document.querySelector(s), p || null)[n]",
        [selector, name, pseudo],
    )
    return triple(map(int, re.findall(r"\d+", value)[:3]))


def test_no_word_makes_a_page_wider_than_the_narrowest_window(
    site: Site, address: str, opened: Open
) -> None:
    page = opened(viewport={"width": NARROWEST, "height": 700}).new_page()
    wide = []
    for path in one_of_each_kind(site):
        page.goto(address + path)
        if too_wide(page):
            wide.append(path)
    assert wide == []


def test_letters_at_twice_their_size_fit_the_narrowest_window(
    site: Site, address: str, playwright: Any
) -> None:
    # A reader's own setting; pages are not told of it in any other way.
    browser = playwright.chromium.launch(
        executable_path=CHROMIUM, args=[*LAUNCH, "--blink-settings=defaultFontSize=32"]
    )
    page = browser.new_page(viewport={"width": NARROWEST, "height": 700})
    wide = []
    for path in one_of_each_kind(site):
        page.goto(address + path)
        assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
        if too_wide(page):
            wide.append(path)
        field = page.locator("input[type=search]").first
        assert field.evaluate("e => e.clientWidth") >= 5 * 26, path
    browser.close()
    assert wide == []


@pytest.mark.parametrize("look", LOOKS)
def test_the_words_in_an_empty_search_field_can_be_read(
    address: str, opened: Open, look: Look
) -> None:
    page = opened(color_scheme=look).new_page()
    for path in ("/", "/search/", "/404.html"):
        page.goto(address + path)
        words = computed(page, "main [type=search], [type=search]", "color", "::placeholder")
        assert contrast(words, computed(page, "body", "backgroundColor")) >= READABLE, path


@pytest.mark.parametrize("wish", ["no-preference", "more"])
@pytest.mark.parametrize("look", LOOKS)
def test_the_shade_at_the_end_of_the_navigation_hides_no_words(
    address: str, opened: Open, look: Look, wish: str
) -> None:
    context = opened(color_scheme=look, contrast=wish, viewport={"width": 390, "height": 700})
    page = context.new_page()
    page.goto(address)
    ink = computed(page, ".topic-nav a", "color")
    page.evaluate(f"() => {{ {UNSEEN_NAVIGATION} }}")
    shades = colours(page, within(page, ".topic-nav ul"))
    assert len(shades) > 1, "there is more to the right, and a shade says so"
    assert min(contrast(shade, ink) for shade in shades) >= READABLE


def test_no_shade_says_that_there_is_more_where_there_is_not(
    tmp_path: Path, opened: Open
) -> None:
    site = Site(tmp_path)
    site.built()
    with served(site.output) as address:
        page = opened(viewport={"width": 1280, "height": 700}).new_page()
        page.goto(address)
        page.evaluate(f"() => {{ {UNSEEN_NAVIGATION} }}")
        shades = colours(page, within(page, ".topic-nav ul"))
        assert shades == {computed(page, "body", "backgroundColor")}


def test_with_forced_colours_no_key_explains_shades_that_are_gone(
    address: str, opened: Open
) -> None:
    page = opened(forced_colors="active").new_page()
    page.goto(f"{address}/2024/")
    assert page.locator(".calendar").first.is_visible()
    assert not page.get_by_text("more articles").is_visible()


@pytest.mark.parametrize("width", [NARROWEST, 1280])
def test_an_empty_search_field_shows_all_its_words(
    address: str, opened: Open, width: int
) -> None:
    page = opened(viewport={"width": width, "height": 700}).new_page()
    for path in ("/", "/404.html", "/search/"):
        page.goto(address + path)
        for field in page.locator("input[type=search]").all():
            short = field.evaluate(
                """(field) => {
                  const pen = new OffscreenCanvas(1, 1).getContext("2d");
                  const { font, paddingLeft } = getComputedStyle(field);
                  pen.font = font;
                  const room = field.clientWidth - 2 * parseFloat(paddingLeft);
                  return pen.measureText(field.placeholder).width - room;
                }"""
            )
            assert short <= 0, (path, field.get_attribute("placeholder"))
