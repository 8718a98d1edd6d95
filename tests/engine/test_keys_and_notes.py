"""Page keys and what a build says at its end."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from tidings.engine import keys
from tidings.engine.held import count_held, held_notes
from tidings.engine.keys import engine_version, open_makers, page_key
from tidings.engine.places import watched_paths
from tidings.engine.version import LIBRARIES, code_digest
from tidings.model.catalog import Held, Visibility
from tidings.model.page import PagePlan
from tidings.model.view import PageView, SiteView, ThemeView
from tidings.render.theme import Template, Theme

ENCODER = msgspec.msgpack.Encoder()
SITE = SiteView(title="S", url="/", base_url="https://x.example/")
VIEW = PageView(kind="page", title="T", url="/t/", absolute_url="https://x.example/t/")
PLAN = PagePlan(path="t/index.html", template="page.html", origin="t.md", view=VIEW)


PAGE = Template("page.html", "templates/page.html", "", ())


def key(site: SiteView = SITE, plan: PagePlan = PLAN, template: str = "1") -> str:
    theme = Theme({"page.html": PAGE, "other.html": PAGE}, {}, {"page.html": template})
    return page_key(open_makers(theme, site)(plan.template), plan, ENCODER)


def test_everything_that_a_page_is_made_from_is_in_its_key() -> None:
    replace = msgspec.structs.replace
    others = {
        key(site=replace(SITE, tagline="x")),
        key(site=replace(SITE, theme=ThemeView(density="compact"))),
        key(plan=replace(PLAN, view=replace(VIEW, html="x"))),
        key(plan=replace(PLAN, view=replace(VIEW, previous=None, count=1))),
        key(plan=replace(PLAN, template="other.html")),
        key(plan=replace(PLAN, path="u/index.html")),
        key(template="2"),
    }
    assert len(others) == 7
    assert key() not in others
    assert key() == key(plan=replace(PLAN), site=replace(SITE))


def test_another_version_of_the_engine_has_other_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    before = key()
    monkeypatch.setattr(keys, "code_digest", lambda *_: "another")
    assert key() != before


def test_what_all_pages_share_makes_no_new_feeds() -> None:
    feed = msgspec.structs.replace(PLAN, template="atom", view=None)
    assert key(plan=feed) == key(plan=feed, site=msgspec.structs.replace(SITE, tagline="x"))


def test_the_engine_has_one_version_while_its_code_stays() -> None:
    assert engine_version() == code_digest.__wrapped__("render", "model")


RENDERED = """
import importlib, pkgutil, sys
import tidings.render
for module in pkgutil.walk_packages(tidings.render.__path__, "tidings.render."):
    importlib.import_module(module.name)
print(*sorted(name for name in sys.modules if name.startswith("tidings.")))
"""
"""Says which modules of ours are at work where plans are made into bytes."""


def test_all_code_of_ours_that_renders_has_its_part_in_the_version(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Or a changed list of media types would leave the old one in `_headers`."""
    told: list[str] = []
    monkeypatch.setattr(keys, "code_digest", lambda *parts: str(told.extend(parts)))
    engine_version()
    command = [sys.executable, "-c", RENDERED]
    asked = subprocess.run(command, capture_output=True, text=True, check=True)
    names = [name.removeprefix("tidings.").replace(".", "/") for name in asked.stdout.split()]
    known = tuple(part.removesuffix(".py") for part in told)
    assert [name for name in names if not name.startswith(known)] == []


BODY_READ = """
import sys, sysconfig
before = set(sys.modules)
from tidings.sources.markdown import parse_body
text = "![p](/p.svg) [b](https://x.example/\xe4)[^1]\\n\\n[^1]: Note."
assert "footnote" in parse_body(text, "f.md", 1, remote_pictures=False).value.html
libraries = sysconfig.get_path("purelib"), sysconfig.get_path("platlib")
for name, module in sorted(sys.modules.items()):
    if "." not in name and name not in before:
        if (getattr(module, "__file__", None) or "").startswith(libraries):
            print(name)
"""
"""Reads a body, and says which libraries that took."""


def test_every_library_that_makes_bodies_has_its_version_told() -> None:
    command = [sys.executable, "-c", BODY_READ]
    asked = subprocess.run(command, capture_output=True, text=True, check=True)
    used = set(asked.stdout.split()) - {"tidings", "typing_extensions"}
    assert {"markdown_it", "mdit_py_plugins"} <= used
    assert used <= set(LIBRARIES)


def test_records_that_are_held_are_counted_by_reason() -> None:
    held = [
        Held("a", Visibility.UNPUBLISHED, ""),
        Held("b", Visibility.FUTURE, ""),
        Held("c", Visibility.UNPUBLISHED, ""),
        Held("d", Visibility.BLOCKED, ""),
    ]
    counts = count_held(held)
    assert counts == {"blocked": 1, "future": 1, "unpublished": 2}
    assert held_notes(counts, 9) == (
        "2 of 9 records are unpublished; show them with --unpublished or unpublished = true",
        "1 of 9 records is dated in the future; show it with --future or future = true",
        "1 of 9 records is blocked by tidings.toml",
    )
    assert held_notes({}, 0) == ()


def test_everything_that_a_build_reads_is_watched(tmp_path: Path) -> None:
    watched = watched_paths(tmp_path)
    for name in ("tidings.toml", "content", "templates", "static"):
        assert tmp_path / name in watched
    assert any(path.name == "templates" and path.parent != tmp_path for path in watched)
