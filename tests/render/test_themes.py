"""Themes: what a site may override, and what a change makes anew."""

from __future__ import annotations

import pytest
from fixtures import PAGES, SITE, default_assets, default_layer, default_theme, plan
from hypothesis import given, settings
from hypothesis import strategies as st

from tidings.model.diagnostic import Diagnostic, Place
from tidings.model.page import PagePlan
from tidings.model.source import SourceFile
from tidings.render.html import render_page
from tidings.render.theme import Theme, make_theme, template_digest, template_name


def file(name: str, text: str) -> SourceFile:
    return SourceFile(f"templates/{name}", text.encode())


def theme(*layers: list[SourceFile], assets: dict[str, str] | None = None) -> Theme:
    made = make_theme(layers, assets or {})
    assert made.value is not None, made.diagnostics
    return made.value


def problems(*files: SourceFile) -> tuple[Diagnostic, ...]:
    made = make_theme([files], {})
    assert made.value is None
    return made.diagnostics


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("templates/article.html", "article.html"),
        ("templates/partials/card.html", "partials/card.html"),
        ("themes/mine/templates/templates/x.html", "templates/x.html"),
        ("content/news/x.md", ""),
    ],
)
def test_a_template_is_named_by_its_place_below_templates(path: str, name: str) -> None:
    assert template_name(path) == name


def test_a_later_layer_overrides_one_file_and_leaves_the_others() -> None:
    mine = [file("partials/footer.html", "<footer>All mine</footer>")]
    page = render_page(default_theme(mine), SITE, plan("article")).value
    assert page is not None
    assert b"<footer>All mine</footer>" in page
    assert b"Related coverage" in page


def test_static_files_are_no_templates() -> None:
    assert theme([file("static/x.css", "{% this would not parse")]).templates == {}


def test_a_syntax_error_names_file_and_line() -> None:
    (problem,) = problems(file("article.html", "<p>\n{% if page %}\n<p>\n{% endfor %}\n"))
    assert problem.code == "template-syntax"
    assert problem.place == Place("templates/article.html", 4)


def test_every_broken_template_is_told_of_at_once() -> None:
    found = problems(
        file("a.html", "{{ "), file("b.html", "{% nope %}"), file("c.html", "fine")
    )
    assert [problem.place.file for problem in found] == ["templates/a.html", "templates/b.html"]


def test_a_filter_that_does_not_exist_is_found_before_rendering() -> None:
    (problem,) = problems(file("x.html", "\n{% if page %}{{ page.title|exerpt }}{% endif %}"))
    assert problem.place == Place("templates/x.html", 2)
    assert problem.hint == 'Did you mean "excerpt"?'


@pytest.mark.parametrize("text", ["{{ page.title|zzz }}", "{{ page.title is zzz }}"])
def test_without_a_guess_it_is_told_where_all_are_listed(text: str) -> None:
    (problem,) = problems(file("x.html", text))
    assert "docs/how-to/theme.md" in problem.hint


def test_a_template_that_is_not_utf8_names_the_line() -> None:
    (problem,) = problems(SourceFile("templates/x.html", b"fine\n\xff\n"))
    assert problem.place == Place("templates/x.html", 2)


def test_a_picture_among_the_templates_is_told_where_it_belongs() -> None:
    (problem,) = problems(SourceFile("templates/partials/logo.png", b"\x89PNG\r\n"))
    assert "static/" in problem.hint


def test_a_test_that_does_not_exist_is_found_before_rendering() -> None:
    (problem,) = problems(file("x.html", "\n{% if page.nothing is defned %}{% endif %}"))
    assert problem.code == "template-syntax"
    assert problem.message == 'there is no test "defned"'
    assert problem.place == Place("templates/x.html", 2)
    assert problem.hint == 'Did you mean "defined"?'


def test_a_block_that_is_there_twice_is_found_before_rendering() -> None:
    text = "{% block a %}{% block b %}{% endblock %}{% endblock %}\n{% block b %}{% endblock %}"
    (problem,) = problems(file("x.html", text))
    assert problem.code == "template-syntax"
    assert problem.message == "block 'b' defined twice"
    assert problem.place == Place("templates/x.html", 2)


@pytest.mark.parametrize(
    "text",
    [
        "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}",
        "{% if page %}" * 2000 + "{% endif %}" * 2000,
        "{{ " + "9" * 5000 + " }}",
        "{% include '\\ud800' %}",
        "{{ '\\ud800'|asset }}",
    ],
)
def test_a_template_that_python_cannot_read_is_no_fault_of_ours(text: str) -> None:
    (problem,) = problems(file("x.html", text))
    assert problem.code == "template-syntax"
    assert problem.place.file == "templates/x.html"


@pytest.mark.parametrize(
    "text",
    [
        "{% for a in [1] %}" * 21 + "{% endfor %}" * 21,
        "{% if page %}" * 150 + "{% endif %}" * 150,
    ],
)
def test_a_template_that_python_cannot_compile_is_named_itself(text: str) -> None:
    made = theme([file("page.html", "\n\n{% include 'x.html' %}"), file("x.html", text)])
    page = PagePlan("x/index.html", "page.html", "content/pages/x.md", PAGES["page"])
    (problem,) = render_page(made, SITE, page).diagnostics
    assert problem.code == "template-syntax"
    assert problem.place.file == "templates/x.html"
    assert "macro or a file of its own" in problem.hint


def test_crlf_and_bom_make_no_difference() -> None:
    plain = theme([file("x.html", "a\nb\n")])
    other = theme([SourceFile("templates/x.html", b"\xef\xbb\xbfa\r\nb\r\n")])
    assert template_digest(plain, "x.html") == template_digest(other, "x.html")


LAYER = [
    file("base.html", "{% include 'footer.html' %}"),
    file("footer.html", "foot"),
    file("article.html", "{% extends 'base.html' %}"),
    file("day.html", "{% from 'card.html' import card %}"),
    file("card.html", "{% macro card() %}{% endmacro %}"),
    file("any.html", "{% include page.title %}"),
]


def digests(*over: SourceFile, assets: dict[str, str] | None = None) -> dict[str, str]:
    made = theme(LAYER, list(over), assets=assets)
    return {
        name: template_digest(made, name) for name in ("article.html", "day.html", "any.html")
    }


@pytest.mark.parametrize(
    ("changed", "affected"),
    [
        (file("footer.html", "other foot"), {"article.html", "any.html"}),
        (file("base.html", "other base"), {"article.html", "any.html"}),
        (file("card.html", "{% macro card() %}x{% endmacro %}"), {"day.html", "any.html"}),
        (file("article.html", "alone"), {"article.html", "any.html"}),
        (file("unused.html", "new"), {"any.html"}),
        (file("footer.html", "foot"), set()),
    ],
)
def test_a_digest_changes_exactly_with_what_the_template_can_reach(
    changed: SourceFile, affected: set[str]
) -> None:
    before, after = digests(), digests(changed)
    assert {name for name in before if before[name] != after[name]} == affected


def test_a_template_that_was_missing_changes_the_digest_when_it_comes() -> None:
    page = [file("x.html", "{% include 'maybe.html' ignore missing %}")]
    before = template_digest(theme(page), "x.html")
    after = template_digest(theme(page, [file("maybe.html", "here")]), "x.html")
    assert before != after


NAMING = [
    file("plain.html", "{{ page.title }}"),
    file("style.html", "{{ 'style.css'|asset }}"),
    file("both.html", "{% include 'style.html' %}{% include 'og.html' %}"),
    file("og.html", "{{ 'og.png'|asset|absolute_url }}"),
    file("logo.html", "{{ theme.logo|asset }}"),
    file("computed.html", "{{ page.title|asset }}"),
    file("mapped.html", "{{ ['og.png']|map('asset')|join }}"),
    file("chosen.html", "{{ ['og.png']|map(page.title)|join }}"),
    file("filtered.html", "{% filter asset %}og.png{% endfilter %}"),
    file("shadow.html", "{% set theme = page %}{% include 'logo.html' %}"),
]
ALWAYS = {"computed.html", "mapped.html", "chosen.html", "filtered.html", "shadow.html"}
URLS = {"style.css": "/s.1.css", "og.png": "/og.1.png", "logo.svg": "/l.1.svg", "x.jpg": "/x.1"}


@pytest.mark.parametrize(
    ("changed", "affected"),
    [
        ("style.css", {"style.html", "both.html"}),
        ("og.png", {"og.html", "both.html"}),
        ("logo.svg", {"logo.html"}),
        ("x.jpg", set()),
        ("new.jpg", set()),
    ],
)
def test_a_changed_asset_changes_the_digests_of_those_that_may_name_it(
    changed: str, affected: set[str]
) -> None:
    after = {**URLS, changed: "/other"}
    one, two = (make_theme([NAMING], urls, logo="logo.svg").value for urls in (URLS, after))
    assert one is not None
    assert two is not None
    different = {name for name in one.digests if one.digests[name] != two.digests[name]}
    assert different == affected | ALWAYS


def test_a_logo_that_is_not_known_may_be_any_asset() -> None:
    one = theme(NAMING, assets=URLS).digests["logo.html"]
    assert one != theme(NAMING, assets={**URLS, "x.jpg": "/other"}).digests["logo.html"]


def test_a_new_picture_leaves_all_pages_of_the_default_theme_as_they_are() -> None:
    before, after = (
        make_theme([default_layer()], {**default_assets(), **more}, logo="").value
        for more in ({}, {"story.jpg": "/static/story.1f.jpg"})
    )
    assert before is not None
    assert after is not None
    assert before.digests == after.digests


@settings(deadline=None)
@given(st.sampled_from(sorted(default_assets())), st.sampled_from(sorted(PAGES)))
def test_a_digest_that_stays_promises_the_same_page(name: str, page: str) -> None:
    before, after = (
        make_theme([default_layer()], {**default_assets(), **more}, logo="").value
        for more in ({}, {name: "/static/changed"})
    )
    assert before is not None
    assert after is not None
    template = plan(page).template
    if template_digest(before, template) == template_digest(after, template):
        assert render_page(before, SITE, plan(page)) == render_page(after, SITE, plan(page))


def test_templates_that_name_each_other_in_a_circle_have_a_digest() -> None:
    made = theme(
        [file("a.html", "{% include 'b.html' %}"), file("b.html", "{% include 'a.html' %}")]
    )
    assert template_digest(made, "a.html") != template_digest(made, "b.html")


def test_a_built_in_format_has_a_digest_of_its_own() -> None:
    made = theme(LAYER)
    assert template_digest(made, "atom") == template_digest(theme(LAYER[:2]), "atom")
    assert template_digest(made, "atom") != template_digest(made, "rss")


def test_the_default_theme_reaches_no_template_by_a_computed_name() -> None:
    # A computed name would have every page rendered again after any change.
    made = make_theme([default_layer()], default_assets()).value
    assert made is not None
    assert [one.name for one in made.templates.values() if one.references is None] == []


def test_the_default_theme_has_a_template_for_each_kind_of_page() -> None:
    names = default_theme().templates
    assert {plan(name).template for name in PAGES} <= set(names)
