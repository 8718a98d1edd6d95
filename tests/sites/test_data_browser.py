"""Chromium on pages with the site's headers: the data in them breaks no policy."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from fixture_machines import hostile_site, pages_of
from fixture_site import Site
from playwright.sync_api import Route, sync_playwright
from test_servers import VIDEO, header_blocks

from tidings.model.media import content_type

CHROMIUM = shutil.which("chromium")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium here"),
]


def test_no_page_breaks_the_policies(tmp_path: Path) -> None:
    site = hostile_site(tmp_path)
    site.options["base_url"] = "https://x.example/"
    site.news("v", "Video", "2025-05-29T10:00:00Z", featuredContent=VIDEO, type="video")
    site.built()
    complaints: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        page = browser.new_page()
        page.on("console", lambda message: complaints.append(f"{page.url}: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on("dialog", lambda dialog: complaints.append(dialog.message))
        page.route("**/*", lambda route: _answer(route, site))
        for path, _ in pages_of(site):
            page.goto(f"https://x.example/{path}")
            data = page.locator('script[type="application/ld+json"]')
            if path != "404.html":
                assert json.loads(data.inner_text())["@context"] == "https://schema.org"
            assert page.locator("head + body").count() == 1
        browser.close()
    assert complaints == []


def _answer(route: Route, site: Site) -> None:
    """The file as Netlify would send it."""
    path = unquote(urlsplit(route.request.url).path)
    file = site.output / path.lstrip("/")
    if not file.is_file():
        route.fulfill(status=404)
        return
    headers = dict(header_blocks(site)["/*"])
    route.fulfill(
        body=file.read_bytes(), headers={**headers, "Content-Type": content_type(file.name)}
    )
