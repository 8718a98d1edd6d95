"""What theme authors are told when a template fails: file, line, record, and what to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import pytest
from fixtures import PAGES, SITE, default_theme, plan

from tidings.model.diagnostic import Diagnostic, Place, Severity
from tidings.model.page import PagePlan
from tidings.model.source import SourceFile
from tidings.model.view import PageView
from tidings.render.html import open_renderer, render_page
from tidings.render.theme import make_theme

render = open_renderer(default_theme(), SITE)
Made = TypeVar("Made")


def failure(template: str, view: PageView | None = None) -> Diagnostic:
    """The only problem of a page rendered with that template."""
    made = make_theme(
        [[SourceFile("templates/x.html", template.encode())]], {"style.css": "/s.css"}
    )
    assert made.value is not None, made.diagnostics
    page = PagePlan("x.html", "x.html", "content/news/x.md", view or PAGES["article"])
    outcome = render_page(made.value, SITE, page)
    assert outcome.value is None
    (problem,) = outcome.diagnostics
    return problem


def test_an_undefined_name_is_told_with_template_line_and_record() -> None:
    problem = failure("<h1>\n{{ page.titel }}\n</h1>")
    assert problem.code == "template-error"
    assert problem.severity is Severity.ERROR
    assert problem.place == Place("templates/x.html", 2)
    assert "titel" in problem.message
    assert problem.message.endswith("while rendering content/news/x.md")


def test_there_is_no_now() -> None:
    assert "now" in failure("{{ now }}").message


def test_a_missing_asset_is_told_with_template_line_and_a_guess() -> None:
    problem = failure("\n\n{{ 'stile.css'|asset }}")
    assert problem.code == "missing-asset"
    assert problem.place == Place("templates/x.html", 3)
    assert problem.hint == 'Did you mean "style.css"?'


def test_an_error_within_a_macro_is_told_where_it_happens() -> None:
    problem = failure("{% macro m(x) %}\n{{ 1 // x }}\n{% endmacro %}\n\n{{ m(0) }}")
    assert problem.place == Place("templates/x.html", 2)
    assert problem.message.startswith("ZeroDivisionError")


def test_a_wrong_date_format_lists_the_right_ones() -> None:
    problem = failure("{{ page.article.card.published_at|date('%Y') }}")
    assert problem.code == "template-error"
    assert "long" in problem.message


def test_an_include_of_nothing_is_a_diagnostic() -> None:
    problem = failure("\n{% include 'partials/nothing.html' %}")
    assert problem.place == Place("templates/x.html", 2)
    assert 'no template "partials/nothing.html"' in problem.message


def test_a_page_whose_template_is_missing_is_a_diagnostic() -> None:
    outcome = render(PagePlan("x.html", "articel.html", "content/news/x.md", PAGES["article"]))
    (problem,) = outcome.diagnostics
    assert problem.hint == 'Did you mean "article.html"?'


def test_a_field_that_is_not_there_is_told_as_the_reference_names_it() -> None:
    problem = failure("<h1>\n{{ page.titel }}\n</h1>")
    assert problem.message.startswith('PageView has no field "titel", while rendering')
    assert problem.hint == 'Did you mean "title"?'


def test_a_name_that_is_nearly_right_is_guessed() -> None:
    assert failure("{{ pages.title }}").hint == 'Did you mean "page"?'
    assert "templates.md" in failure("{{ now }}").hint


def test_what_not_every_page_has_is_to_be_asked_for() -> None:
    problem = failure("{{ page.front.date }}")
    assert problem.message.startswith("'None' has no attribute 'date', while rendering")
    assert "{% if %}" in problem.hint


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("'partials/footr.html'", 'no template "partials/footr.html"'),
        (
            "['partials/footr.html', 'no.html']",
            'none of the templates "partials/footr.html", "no.html"',
        ),
    ],
)
def test_a_template_that_is_not_there_is_guessed(name: str, said: str) -> None:
    mine = [SourceFile("templates/page.html", f"\n{{% include {name} %}}".encode())]
    page = PagePlan("x.html", "page.html", "content/pages/x.md", PAGES["page"])
    (problem,) = render_page(default_theme(mine), SITE, page).diagnostics
    assert problem.place == Place("templates/page.html", 2)
    assert said in problem.message
    assert problem.hint == 'Did you mean "partials/footer.html"?'


def test_a_macro_that_an_override_has_left_out_is_told() -> None:
    mine = [SourceFile("templates/partials/card.html", b"{% macro card(card) %}{% endmacro %}")]
    (problem,) = render_page(default_theme(mine), SITE, plan("article")).diagnostics
    assert problem.place.file == "templates/partials/byline.html"
    assert problem.message.startswith('partials/card.html has no macro "outlet"')
    assert "must keep the macros" in problem.hint


def test_an_include_of_no_name_is_told() -> None:
    assert "names no template" in failure("{% include none %}").message


ENDLESS = {
    "an include": {"a.html": "\n{% include 'a.html' %}"},
    "a circle": {"a.html": "\n{% extends 'b.html' %}", "b.html": "{% extends 'a.html' %}"},
    "imports": {
        "a.html": "\n{% from 'b.html' import x %}",
        "b.html": "{% from 'a.html' import y %}",
    },
    "a macro": {"a.html": "{% macro m(x) %}\n{{ m(x) }}{% endmacro %}\n{{ m(1) }}"},
    "a block": {"a.html": "{% block b %}\n{{ self.b() }}{% endblock %}"},
}


def deeper(call: Callable[[], Made], by: int = 40) -> Made:
    """What the call gives from so many calls further down."""
    return call() if by == 0 else deeper(call, by - 1)


@pytest.mark.parametrize("files", ENDLESS.values(), ids=ENDLESS)
def test_templates_that_never_end_are_told_where_they_begin_anew(files: dict[str, str]) -> None:
    made = make_theme(
        [[SourceFile(f"templates/{name}", text.encode()) for name, text in files.items()]], {}
    )
    assert made.value is not None, made.diagnostics
    render = open_renderer(made.value, SITE)
    page = PagePlan("x.html", "a.html", "content/news/x.md", PAGES["article"])
    (problem,) = render(page).diagnostics
    assert problem.code == "template-error"
    assert problem.place == Place("templates/a.html", 2)
    assert "leads back to itself" in problem.message
    assert ("by way of templates/b.html" in problem.message) is ("b.html" in files)
    assert problem.hint
    # The depth at which Python gives up must not make two problems of one.
    assert deeper(lambda: render(page).diagnostics) == (problem,)


@pytest.mark.parametrize("name", ["date", "asset", "absolute_url", "excerpt"])
def test_a_filter_that_is_given_nothing_says_so(name: str) -> None:
    problem = failure(f"{{{{ page.first_at|{name} }}}}")
    assert problem.code == "template-error"
    assert problem.message.startswith(f"the {name} filter was given None, not ")
    assert "{% if %}" in problem.hint


def test_a_view_is_no_name_of_an_asset() -> None:
    assert "type PageView" in failure("{{ page|asset }}").message


def test_a_macro_without_context_says_how_it_sees_the_page() -> None:
    text = "{% macro m() %}{{ page.title }}{% endmacro %}"
    mine = [
        SourceFile("templates/m.html", text.encode()),
        SourceFile("templates/page.html", b"{% from 'm.html' import m %}{{ m() }}"),
    ]
    (problem,) = render_page(default_theme(mine), SITE, plan("page")).diagnostics
    assert problem.place == Place("templates/m.html", 1)
    assert "with context" in problem.hint


LISTED = "{{ site.nav|map(attribute='name') }}"


@pytest.mark.parametrize(
    "text",
    [
        LISTED,
        "{% autoescape false %}" + LISTED + "{% endautoescape %}",
        "{% macro m() %}" + LISTED + "{% endmacro %}{{ m() }}",
        "{{ page.title.upper }}",
        "{{ (1, 2)|reverse }}",
        "{{ 'a'.upper }}",
        "{% macro m() %}{% endmacro %}{{ m }}",
        "{% block a %}{% endblock %}{{ self.a }}",
        "{% for each in 'ab' %}{{ loop }}{% endfor %}",
    ],
)
def test_what_has_no_text_is_not_shown_by_its_address_in_memory(text: str) -> None:
    """Which is another one in every build."""
    problem = failure(f"\n{text}")
    assert problem.place == Place("templates/x.html", 2)
    assert "no text" in problem.message
    assert problem.hint
