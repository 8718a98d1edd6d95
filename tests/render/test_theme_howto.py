"""The worked examples of docs/how-to/theme.md do what the page says."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import msgspec
import pytest
from fixtures import SITE, default_assets, default_layer, plan

from tidings.model.config import Config
from tidings.model.source import SourceFile
from tidings.render.filters import make_filters
from tidings.render.html import render_page
from tidings.render.stylesheet import theme_stylesheet, theme_view
from tidings.render.theme import make_theme
from tidings.sources.config import parse_config

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "theme.md").read_text("utf-8")
EXAMPLES = dict(
    re.findall(r"^`([\w./]+)`:\n\n```\w+\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
)
FORMATS = re.findall(r'^\| `value\\\|date\("(\w+)"\)` \| `([^`]+)`', PAGE, re.MULTILINE)


def render(name: str, *templates: str, assets: dict[str, str] | None = None) -> str:
    """The page with those examples laid over the default theme."""
    mine = [SourceFile(path, EXAMPLES[path].encode()) for path in templates]
    made = make_theme([default_layer(), mine], {**default_assets(), **(assets or {})})
    assert made.value is not None, made.diagnostics
    config = example_config()
    site = msgspec.structs.replace(SITE, theme=theme_view(config.theme))
    outcome = render_page(made.value, site, plan(name))
    assert outcome.value is not None, outcome.diagnostics
    return outcome.value.decode()


def example_config() -> Config:
    outcome = parse_config(SourceFile("tidings.toml", EXAMPLES["tidings.toml"].encode()))
    assert outcome.value is not None, outcome.diagnostics
    return outcome.value


def test_the_page_has_all_examples() -> None:
    assert list(EXAMPLES) == [
        "tidings.toml",
        "templates/partials/footer.html",
        "static/house.css",
        "templates/partials/extra_head.html",
        "templates/base.html",
    ]


def test_colours_and_fonts() -> None:
    css = theme_stylesheet(example_config().theme).decode()
    assert "--accent: #0b5cad;" in css
    assert '--headline: "Iowan Old Style", "Georgia", serif;' in css
    page = render("front")
    assert '<link rel="stylesheet" href="/static/theme.css">' in page
    assert 'data-density="compact"' in page
    assert page.index('id="topics-title"') < page.index('id="days-title"')
    assert 'id="sources-title"' not in page


def test_one_partial() -> None:
    page = render("article", "templates/partials/footer.html")
    assert '<p>Chosen by hand in Lafayette. <a href="/about/">Who we are</a></p>' in page
    assert "Follow The Open Ledger" in page
    assert "Headlines and excerpts belong" not in page
    assert "Related coverage" in page


def test_a_stylesheet_of_your_own() -> None:
    assets = {"house.css": "/static/house.1f2e.css"}
    page = render("day", "templates/partials/extra_head.html", assets=assets)
    own = page.index('<link rel="stylesheet" href="/static/house.1f2e.css">')
    assert own > page.index("/static/style.css")


def test_a_base_of_your_own() -> None:
    page = render("article", "templates/base.html")
    assert "nameplate" not in page
    for words in ("Related coverage", 'rel="prev"', "Headlines and excerpts belong"):
        assert words in page


def test_every_block_of_the_base_is_told() -> None:
    templates = Path(__file__).parents[2] / "templates"
    blocks = {
        block
        for file in templates.glob("*.html")
        for block in re.findall(r"{% block (\w+)", file.read_text("utf-8"))
    }
    assert set(re.findall(r"{% block (\w+)", EXAMPLES["templates/base.html"])) == blocks


def test_every_partial_is_listed() -> None:
    listed = set(re.findall(r"`(?:partials/)?([a-z_]+\.html)`", PAGE))
    partials = Path(__file__).parents[2] / "templates" / "partials"
    assert {file.name for file in partials.iterdir()} <= listed


@pytest.mark.parametrize(("form", "example"), FORMATS)
def test_every_date_format_writes_what_the_table_says(form: str, example: str) -> None:
    date = make_filters(SITE, {})["date"]
    assert date(dt.datetime(2020, 12, 14, 19, 4, tzinfo=dt.UTC), form) == example


def test_every_date_format_is_listed() -> None:
    from tidings.render.filters import FORMATS as KNOWN

    assert {form for form, _ in FORMATS} == {*KNOWN, "iso"}


def test_every_tag_is_listed() -> None:
    from jinja2.parser import _statement_keywords

    sentence = PAGE[PAGE.index("Its tags are") : PAGE.index("All its tests")]
    # Jinja reads these beside the others.
    known = {*_statement_keywords, "call", "filter", "raw"}
    assert set(re.findall(r"`([a-z]+)`", sentence)) == known


def test_every_function_is_listed() -> None:
    from tidings.render.reading import plain_environment

    sentence = PAGE[PAGE.index("of its functions") : PAGE.index("The filters beside")]
    assert set(re.findall(r"`([a-z]+)`", sentence)) == set(plain_environment().globals)


def test_the_example_of_a_message_is_a_real_one() -> None:
    made = make_theme(
        [[SourceFile("templates/article.html", b"\n" * 11 + b"{{ page.titel }}")]], {}
    )
    assert made.value is not None
    page = msgspec.structs.replace(plan("article"), origin="content/news/2020-12-14-city.md")
    (problem,) = render_page(made.value, SITE, page).diagnostics
    told = " ".join(PAGE.split())
    assert f"{problem.place.file}:{problem.place.line}: error[{problem.code}]" in told
    assert problem.message in told
    assert f"hint: {problem.hint}" in told


def test_every_attribute_that_the_script_looks_for_is_listed() -> None:
    script = (Path(__file__).parents[2] / "templates/static/tidings.js").read_text("utf-8")
    looked_for = set(re.findall(r"\[(data-[a-z-]+)\]", script)) | {"data-source"}
    assert set(re.findall(r"^\| `(data-[a-z-]+)", PAGE, re.MULTILINE)) == looked_for
