"""Minified pages say the same in fewer bytes."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from fixture_site import Site, only

TEXT = "-- tidings.toml --\n[output]\nminify = true\n"


@pytest.mark.skipif(importlib.util.find_spec("minify_html") is None, reason="an extra")
def test_minified_pages_are_smaller_and_say_the_same(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.news("a", "One < two & three", topics=["Sums"])
    site.built()
    plain = site.page("/2024/01/01/one-two-three/")
    size = len(site.files()["2024/01/01/one-two-three/index.html"])
    site.write("tidings.toml", "[output]\nminify = true\n")
    site.built()
    page = site.page("/2024/01/01/one-two-three/")
    assert len(site.files()["2024/01/01/one-two-three/index.html"]) < 0.95 * size
    assert page.links == plain.links
    assert page.all("h1")[0].text == "One < two & three"


def test_without_the_extra_the_setting_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tidings.engine.run.can_minify", lambda: False)
    site = Site(tmp_path, TEXT)
    site.news("a", "One")
    report = site.build()
    assert report.exit_code == 2
    assert only(report, "missing-extra").hint.startswith("pip install tidings[minify]")
    assert not site.files()
