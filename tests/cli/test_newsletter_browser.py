"""The newsletter's e-mail in a real browser, narrow and wide, light and dark."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fixture_site import Site
from mail_reading import DAY, SETTINGS, mails, news, run

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")

SITES = {
    "seeds": (SHARED / "seeds", "content/news", ["--day", "2020-11-17"]),
    "sample": (
        ROOT / "content",
        "content",
        ["--week", "2024-W41", "--clock", "2024-10-14T07:00Z"],
    ),
    "corpus": (SHARED / "corpus" / "power-apps", "content", ["--since", "2000-01-01"]),
}

LOOK = """() => {
  const ink = element => getComputedStyle(element).color;
  const ground = getComputedStyle(document.querySelector("table.page")).backgroundColor;
  const luminance = colour => {
    const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map(each => {
      const part = each / 255;
      return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a, b) => {
    const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
    return (light + 0.05) / (dark + 0.05);
  };
  const shown = [...document.querySelectorAll("h1, h2, h3, p, a")];
  return {
    overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    contrast: Math.min(...shown.map(each => contrast(ink(each), ground))),
    ground: luminance(ground),
    size: Math.min(...shown.map(each => parseFloat(getComputedStyle(each).fontSize))),
    width: document.querySelector("table.sheet").getBoundingClientRect().width,
    hidden: document.querySelector(".hidden").offsetHeight,
    stories: document.querySelectorAll("h3").length,
  };
}"""


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


def written_mail(name: str, folder: Path) -> Path:
    """The e-mail of one of `SITES`, as HTML."""
    records, place, asked = SITES[name]
    if not records.is_dir():
        pytest.skip(f"the folder {records.name} is not here")
    site = Site(folder)
    shutil.copytree(records, site.source / place, dirs_exist_ok=True)
    site.write("tidings.toml", SETTINGS)
    told = run(site, "--unpublished", *asked)
    assert told.code == 0, told.errors
    (html,) = mails(site).glob("*.html")
    return html


def test_a_wide_picture_makes_no_narrow_screen_scroll(tmp_path: Path, browser: Any) -> None:
    site = Site(tmp_path, f"-- tidings.toml --\n{SETTINGS}")
    site.write("static/wide.png", (ROOT / "templates/static/og.png").read_bytes())
    images = [{"url": "/wide.png", "width": 1200, "height": 630}]
    news(site, "a", "Bridge opens", images=images)
    run(site)
    context = browser.new_context(viewport={"width": 320, "height": 900})
    page = context.new_page()
    picture = site.source / "static/wide.png"
    page.route("https://ledger.example/**", lambda route: route.fulfill(path=str(picture)))
    page.goto((mails(site) / f"{DAY}.html").as_uri(), wait_until="load")
    look = page.evaluate(LOOK)
    shown = page.evaluate("document.querySelector('img').getBoundingClientRect().toJSON()")
    context.close()
    assert look["overflow"] <= 0
    assert shown["width"] == 320 - 2 * 16
    assert shown["height"] == pytest.approx(shown["width"] * 630 / 1200, abs=1)


@pytest.mark.parametrize("name", list(SITES))
def test_it_can_be_read_on_every_screen(name: str, tmp_path: Path, browser: Any) -> None:
    html = written_mail(name, tmp_path)
    for width in (320, 640):
        for scheme in ("light", "dark"):
            context = browser.new_context(
                viewport={"width": width, "height": 900}, color_scheme=scheme
            )
            page = context.new_page()
            asked: list[str] = []
            page.on("request", lambda request, asked=asked: asked.append(request.url))
            page.goto(html.as_uri(), wait_until="load")
            look = page.evaluate(LOOK)
            context.close()
            # No style, font, script or picture comes from elsewhere.
            assert [each for each in asked if not each.startswith("file:")] == []
            assert look["overflow"] <= 0
            assert look["width"] == min(width, 600)
            # WCAG 2.2, success criterion 1.4.3.
            assert look["contrast"] >= 4.5
            assert (look["ground"] > 0.5) == (scheme == "light")
            assert look["size"] >= 14
            assert look["hidden"] == 0
