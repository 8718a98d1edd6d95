"""Axe finds nothing on any kind of page, wide or narrow, light or dark; all of it fits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal
from urllib.parse import quote

import pytest
from conftest import CHROMIUM, SITES, made_site, package, pages_by_kind, serving
from playwright.sync_api import Browser, Page, sync_playwright

Look = Literal["light", "dark"]

LOOKS: tuple[tuple[int, Look], ...] = (
    (390, "light"),
    (390, "dark"),
    (1280, "light"),
    (1280, "dark"),
)
"""Widths (pixels) and colour schemes in which pages are looked at."""

NARROWEST = 320
"""Pixels. The same as 200 % zoom on a window of 640."""

RULES = "() => axe.run({ rules: { 'target-size': { enabled: true } } })"
"""All rules of axe, best practices and the minimum size of targets included."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield opened
        opened.close()


@pytest.fixture(params=SITES)
def addresses(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[str]]:
    """One page of each kind; but all pages made by hand, since each is a state of its own."""
    folder = made_site(request.param, tmp_path_factory)
    found = pages_by_kind(folder, 99 if request.param == "kinds" else 1)
    found.pop("redirect", None)
    with serving(folder) as address:
        yield [address + quote(path) for paths in found.values() for path in paths]


@pytest.mark.parametrize(("width", "look"), LOOKS)
def test_axe_finds_nothing(
    browser: Browser, addresses: list[str], width: int, look: Look
) -> None:
    axe = package("axe-core/axe.min.js").read_text("utf-8")
    found: list[str] = []
    # A page's policy keeps strange scripts out, the judge's too.
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=look, bypass_csp=True
    )
    page = context.new_page()
    for address in addresses:
        page.goto(address)
        page.evaluate(axe)
        found += findings(page)
    context.close()
    assert not found, "\n".join(found)


def findings(page: Page) -> list[str]:
    """What axe says of the page, one line for each finding."""
    result = page.evaluate(RULES)
    return [
        f"{page.url}: {rule['id']}: {node['target']}: {node.get('failureSummary', '')}"
        for rule in result["violations"]
        for node in rule["nodes"]
    ]


def test_nothing_is_wider_than_the_narrowest_phone(
    browser: Browser, addresses: list[str]
) -> None:
    context = browser.new_context(viewport={"width": NARROWEST, "height": 700})
    page = context.new_page()
    found = []
    for address in addresses:
        page.goto(address)
        if page.evaluate("document.documentElement.scrollWidth") > NARROWEST:
            found.append(address)
    context.close()
    assert not found, "\n".join(found)
