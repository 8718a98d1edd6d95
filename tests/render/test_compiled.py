"""Compiled templates between builds: found again, and never taken from anything else."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest
from fixtures import PAGES, SITE, default_assets, default_layer, plan
from hypothesis import given, settings
from hypothesis import strategies as st

from tidings.model.source import SourceFile
from tidings.render import reading
from tidings.render.compiled import CompiledTemplates, decode_compiled, encode_compiled
from tidings.render.html import render_page
from tidings.render.theme import Theme, compiled_templates, make_theme

USED = sorted({plan(name).template for name in PAGES})


def made(compiled: CompiledTemplates | None = None, *over: SourceFile) -> Theme:
    theme = make_theme([default_layer(), list(over)], default_assets(), compiled).value
    assert theme is not None
    return theme


THEME = made()
COMPILED = compiled_templates(THEME, USED)
DATA = encode_compiled(COMPILED, "engine 1")


def refuse(*_names: str) -> None:
    raise AssertionError("a template was read again")


def test_what_an_earlier_build_compiled_is_not_read_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compiled = decode_compiled(DATA, "engine 1")
    assert compiled == COMPILED
    monkeypatch.setattr(reading, "read_facts", refuse)
    monkeypatch.setattr(reading, "compile_quickly", refuse)
    theme = made(compiled)
    assert theme.digests == THEME.digests
    for name in PAGES:
        assert render_page(theme, SITE, plan(name)) == render_page(THEME, SITE, plan(name))


def test_a_changed_template_is_read_again_and_the_others_are_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read: list[str] = []
    real = reading.read_facts
    monkeypatch.setattr(
        reading, "read_facts", lambda file, source: (read.append(file), real(file, source))[1]
    )
    mine = SourceFile("templates/partials/footer.html", b"<footer>Mine</footer>")
    page = render_page(made(COMPILED, mine), SITE, plan("article")).value
    assert read == ["templates/partials/footer.html"]
    assert page is not None
    assert b"<footer>Mine</footer>" in page


def test_a_template_that_no_page_needs_is_not_compiled() -> None:
    theme = make_theme(
        [
            [
                SourceFile("templates/a.html", b"{% include 'b.html' %}"),
                SourceFile("templates/b.html", b"b"),
                SourceFile("templates/c.html", b"c"),
            ]
        ],
        {},
    ).value
    assert theme is not None
    facts = compiled_templates(theme, ["a.html", "atom"]).facts.values()
    assert sorted(bool(one.code) for one in facts) == [False, True, True]


def test_another_engine_does_not_take_them() -> None:
    assert decode_compiled(DATA, "engine 2") is None


def test_another_python_does_not_take_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.MAGIC_NUMBER", b"none")
    assert decode_compiled(DATA, "engine 1") is None


@settings(deadline=None)
@given(st.integers(0, len(DATA)))
def test_a_torn_file_is_as_good_as_none(length: int) -> None:
    torn = DATA[:length]
    assert decode_compiled(torn, "engine 1") == (COMPILED if torn == DATA else None)


@settings(deadline=None)
@given(st.integers(0, len(DATA) - 1), st.integers(1, 255))
def test_a_damaged_file_is_as_good_as_none(place: int, change: int) -> None:
    damaged = bytearray(DATA)
    damaged[place] ^= change
    assert decode_compiled(bytes(damaged), "engine 1") is None


def test_an_error_in_a_template_from_an_earlier_build_names_its_line() -> None:
    broken = [[SourceFile("templates/article.html", b"\n\n{{ page.titel }}")]]
    first = make_theme(broken, {}).value
    assert first is not None
    again = make_theme(broken, {}, compiled_templates(first, ["article.html"])).value
    assert again is not None
    (problem,) = render_page(again, SITE, plan("article")).diagnostics
    assert problem.place.line == 3


def test_a_build_that_renders_nothing_does_not_wait_for_jinja() -> None:
    program = textwrap.dedent("""
        import sys
        import tidings.render.filters, tidings.render.minify, tidings.render.policy
        import tidings.render.problems, tidings.render.stylesheet
        from tidings.model.page import SitePlan
        from tidings.model.source import SourceFile
        from tidings.model.view import SiteView
        from tidings.render.compiled import CompiledTemplates, Facts, source_key
        from tidings.render.html import open_renderer
        from tidings.render.theme import make_theme

        file = SourceFile("templates/x.html", b"text")
        known = {source_key("x.html", file.path, "text"): Facts((), ())}
        theme = make_theme([[file]], {}, CompiledTemplates(known)).value
        open_renderer(theme, SiteView(title="", url="/", base_url="/"))
        print("jinja2" in sys.modules)
    """)
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"
