"""The quick code of templates: it gives what Jinja gives, or leaves the page to Jinja."""

from __future__ import annotations

import msgspec
import pytest
from fixtures import LEAD, PAGES, SITE, default_theme, plan
from hypothesis import given, settings
from hypothesis import strategies as st

from tidings.model.source import SourceFile
from tidings.model.view import CardView, PageView
from tidings.render import machine
from tidings.render.html import open_renderer
from tidings.render.machine import Machine, open_machine
from tidings.render.memo import ENOUGH, Memo
from tidings.render.theme import Theme, make_theme

ALL = sorted(PAGES)
ARTICLE = PAGES["article"]
PLAIN = open_machine(default_theme(), SITE, quick=False)


def theme(**templates: str) -> Theme:
    """A theme of templates named by their keywords, `x` for `x.html`."""
    files = [
        SourceFile(f"templates/{name}.html", text.encode()) for name, text in templates.items()
    ]
    made = make_theme([files], {"style.css": "/style.1f.css"})
    assert made.value is not None, made.diagnostics
    return made.value


def quick_only(made: Theme, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A machine that fails where it would leave a page to Jinja's own code."""

    def refuse() -> None:
        raise AssertionError("this page was left to Jinja")

    monkeypatch.setattr(machine, "plain_environment", refuse)
    return open_machine(made, SITE)


def with_card(card: CardView) -> PageView:
    assert ARTICLE.article is not None
    article = msgspec.structs.replace(ARTICLE.article, card=card)
    return msgspec.structs.replace(ARTICLE, article=article)


@pytest.mark.parametrize("name", ALL)
def test_the_default_theme_needs_the_quick_code_alone(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick_only(default_theme(), monkeypatch)(plan(name).template, plan(name).view)


@settings(deadline=None)  # The first page compiles its templates.
@given(st.lists(st.sampled_from(ALL), max_size=12))
def test_pages_are_the_same_whatever_was_rendered_before(names: list[str]) -> None:
    make = open_machine(default_theme(), SITE)
    for name in names:
        page = plan(name)
        assert make(page.template, page.view) == PLAIN(page.template, page.view)


QUICK = {
    "a number": "{{ page.outlets }} {{ 1 == 1 }} {{ none }} {{ 1.5 }}",
    "markup": "{{ page.title|safe }} {{ '<'|e }} {{ '<' }}",
    "a method": "{{ page.title.upper() }} {{ 'a,b'.split(',')|join('-') }}",
    "a loop": "{% for x in 'abc' %}{{ loop.index }}{{ loop.cycle('<', '>') }}{% endfor %}",
    "a filtered loop": "{% for x in 'abc' if x != 'b' %}{{ x }}{% else %}none{% endfor %}",
    "a recursive loop": (
        "{% for x in [[1, [2]], [3]] recursive %}"
        "{% if x is iterable %}({{ loop(x) }}){% else %}{{ x }}{% endif %}{% endfor %}"
    ),
    "a set block": "{% set x %}<b>{{ page.title }}</b>{% endset %}{{ x }}{{ x|length }}",
    "a filter block": "{% filter upper %}{{ page.title }}&{% endfilter %}",
    "a macro": (
        "{% macro m(a, b=2, c=a) %}{{ a }}{{ b }}{{ c }}{% endmacro %}"
        "{{ m('<') }}{{ m(1, c=3) }}{{ m(b=m(1), a=2) }}{{ m('x')|upper }}{{ m('<') ~ '<' }}"
    ),
    "a caller": (
        "{% macro m() %}[{{ caller('<') }}]{% endmacro %}{% call(x) m() %}{{ x }}{% endcall %}"
    ),
    "any arguments": (
        "{% macro m() %}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1, 2, x='<') }}"
    ),
    "a namespace": (
        "{% set n = namespace(i=0) %}{% for x in 'ab' %}{% set n.i = n.i + 1 %}{% endfor %}"
        "{{ n.i }}"
    ),
    "default": "{{ page.nothing|default('<') }} {{ nothing is defined }} {{ nothing|d(1) }}",
    "no escaping": "{% autoescape false %}{{ page.title }}<{{ '<' }}{% endautoescape %}",
    "blocks": "{% block a %}{{ page.title }}{% endblock %}{{ self.a() }}",
    "a child": (
        "{% extends 'base.html' %}{% set y = 1 %}out"
        "{% block a %}[{{ super() }}{{ y }}]{% endblock %}"
    ),
    "a scoped block": "{% for x in 'a' %}{% block b scoped %}{{ x }}{% endblock %}{% endfor %}",
    "a chosen parent": (
        "a{% if page.title %}{% extends 'ba' ~ 'se.html' %}{% endif %}"
        "{% block a %}b{% endblock %}"
    ),
    "an include": "{% set y = 5 %}{% for x in [7] %}{% include 'part.html' %}{% endfor %}",
    "an include of nothing": "{% include 'no.html' ignore missing %}.",
    "an include alone": "{% include 'alone.html' without context %}",
    "a choice of includes": "{% include ['no.html', 'alone.html'] %}",
    "an import": "{% import 'macros.html' as m %}{{ m.hello('<') }}{{ m.other }}",
    "names imported": "{% from 'macros.html' import hello as h, other %}{{ h('<') ~ other }}",
    "an import with context": "{% from 'seeing.html' import title with context %}{{ title() }}",
}
PARTS = {
    "base": "<{% block a %}base {{ page.kind }}{% endblock %}>",
    "part": "{{ x }}{{ y|default('no y') }}{{ page.title }}",
    "alone": "{{ site.title }}{{ page is defined }}",
    "macros": "{% set other = '<o>' %}{% macro hello(x) %}{{ other }}, {{ x }}{% endmacro %}",
    "seeing": "{% macro title() %}{{ page.title }}{% endmacro %}",
}
LEFT_TO_JINJA = {
    "items as attributes": "{{ {'a': '<'}.a }} {% set d = {'k': {'l': 1}} %}{{ d.k.l }}",
    "a macro in a loop": (
        "{% for x in 'ab' %}{% macro m(y) %}{{ x }}{{ y }}{% endmacro %}"
        "{{ m(y='<') }}{% endfor %}"
    ),
}


@pytest.mark.parametrize("text", QUICK.values(), ids=QUICK)
def test_quick_code_gives_what_jinja_gives(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = theme(x=text, **PARTS)
    view = msgspec.structs.replace(ARTICLE, title="Tom & Jerry <3")
    expected = open_machine(made, SITE, quick=False)("x.html", view)
    make = quick_only(made, monkeypatch)
    assert [make("x.html", view), make("x.html", view)] == [expected, expected]


def test_a_text_is_escaped_though_markup_of_the_same_letters_was_not() -> None:
    made = theme(x="{{ '<b>Hi</b>.'|safe|excerpt(90) }}", y="{{ page.title|excerpt(90) }}")
    view = msgspec.structs.replace(ARTICLE, title="<b>Hi</b>.")
    make = open_machine(made, SITE)
    assert make("x.html", view) == "<b>Hi</b>."
    assert make("y.html", view) == "&lt;b&gt;Hi&lt;/b&gt;."


@pytest.mark.parametrize("text", LEFT_TO_JINJA.values(), ids=LEFT_TO_JINJA)
def test_what_the_quick_code_cannot_do_is_left_to_jinja(text: str) -> None:
    made = theme(x=text, **PARTS)
    expected = open_machine(made, SITE, quick=False)("x.html", ARTICLE)
    assert open_machine(made, SITE)("x.html", ARTICLE) == expected


def test_a_card_that_shows_its_page_is_not_remembered() -> None:
    made = theme(
        x="{% from 'card.html' import card with context %}{{ card(page.article.card) }}",
        card="{% macro card(card) %}"
        + "{{ card.title }}" * 20
        + "{{ page.title }}{% endmacro %}",
    )
    make = open_machine(made, SITE)
    for title in ("One", "Two"):
        view = msgspec.structs.replace(ARTICLE, title=title)
        assert make("x.html", view).endswith(title)


def test_an_overridden_card_may_show_its_page_on_every_list() -> None:
    card = (
        "{% macro meta(card, form='time') %}{% endmacro %}"
        "{% macro brief(card) %}{% endmacro %}{% macro others(card) %}{% endmacro %}"
        "{% macro card(card, level=3, form='time', words=90, thumb=false) %}"
        "<p>{{ card.title }} on {{ page.title }}</p>{% endmacro %}"
    )
    section = (
        "{% from 'partials/card.html' import card with context %}"
        "{% macro section(section, form='time', words=90) %}"
        "{% for one in section.cards %}{{ card(one) }}{% endfor %}{% endmacro %}"
    )
    day = (
        "{% from 'partials/section.html' import section with context %}"
        "{% for item in page.sections %}{{ section(item) }}{% endfor %}"
    )
    files = {"partials/card.html": card, "partials/section.html": section, "day.html": day}
    mine = [SourceFile(f"templates/{name}", text.encode()) for name, text in files.items()]
    render = open_renderer(default_theme(mine), SITE)
    for title in ("Monday", "Tuesday"):
        view = msgspec.structs.replace(PAGES["day"], title=title)
        page = render(msgspec.structs.replace(plan("day"), view=view)).value
        assert page is not None
        assert page.count(b" on " + title.encode()) == page.count(b"<p>") > 0


COUNTING = {
    "a namespace": (
        "{% set n = namespace(i=0) %}{% macro step() %}{% set n.i = n.i + 1 %}{% endmacro %}"
        "{% macro next(card) %}{{ step() }}"
        + "{{ card.title }}" * 20
        + "{{ n.i }}{% endmacro %}"
    ),
    "a list": (
        "{% set seen = [] %}"
        "{% macro next(card) %}{{ seen.append(1) or seen|length }}{% endmacro %}"
    ),
    "a list in another": (
        "{% set seen = {'all': [[]]} %}"
        "{% macro next(card) %}{{ seen.all[0].append(1) or seen.all[0]|length }}{% endmacro %}"
    ),
    "what is used up": (
        "{% set left = [1, 2, 3, 4]|map('abs') %}"
        "{% macro next(card) %}{{ left|first }}{% endmacro %}"
    ),
    "what another counts": (
        "{% from 'list.html' import next as other %}"
        "{% macro next(card) %}{{ other(card) }}{% endmacro %}"
    ),
    "what another counts for it alone": (
        "{% from 'list.html' import next as other with context %}"
        "{% macro next(card) %}{{ other(card) }}{% endmacro %}"
    ),
}


@pytest.mark.parametrize("quick", [True, False])
@pytest.mark.parametrize("count", COUNTING.values(), ids=COUNTING)
def test_no_page_sees_what_another_has_counted(count: str, quick: bool) -> None:
    made = theme(
        x="{% from 'count.html' import next %}"
        "{% set card = page.article.card %}{{ next(card) }},{{ next(card) }}",
        count=count,
        list=COUNTING["a list"],
    )
    make = open_machine(made, SITE, quick=quick)
    pages = [make("x.html", ARTICLE).replace(LEAD.title, "") for _ in range(3)]
    assert pages == ["1,2", "1,2", "1,2"]


def test_arguments_that_are_equal_but_print_differently_are_told_apart() -> None:
    made = theme(
        x="{% from 'm.html' import m %}{{ m(1) }}{{ m(true) }}{{ m('<') }}{{ m('<'|safe) }}",
        m="{% macro m(x) %}{{ x }}," + "{{ x is number }}" * 20 + "{% endmacro %}",
    )
    assert open_machine(made, SITE)("x.html", ARTICLE) == open_machine(made, SITE, quick=False)(
        "x.html", ARTICLE
    )


def test_a_remembered_macro_is_called_once_for_equal_cards() -> None:
    made = theme(
        x="{% from 'm.html' import m %}{{ m(page.article.card) }}",
        m="{% macro m(card) %}" + "{{ card.title|excerpt }}" * 20 + "{% endmacro %}",
    )
    make = open_machine(made, SITE)
    again = msgspec.structs.replace(LEAD)
    assert again is not LEAD
    other = msgspec.structs.replace(LEAD, title="Another")
    first, second, third = (make("x.html", with_card(card)) for card in (LEAD, again, other))
    assert first is second
    assert third.startswith("Another")


def test_an_error_in_a_remembered_macro_names_each_record() -> None:
    made = theme(
        x="{% from 'm.html' import m %}\n{{ m(page.article.card) }}",
        m="{% macro m(card) %}\n"
        + "{{ card.title }}" * 20
        + "\n{{ card.titel }}{% endmacro %}",
    )
    render = open_renderer(made, SITE)
    for record in ("content/news/a.md", "content/news/b.md"):
        page = msgspec.structs.replace(plan("article"), template="x.html", origin=record)
        (problem,) = render(page).diagnostics
        assert (problem.place.file, problem.place.line) == ("templates/m.html", 3)
        assert problem.message.endswith(f"while rendering {record}")


@pytest.mark.parametrize("text", ["{{ '/x'|absolute_url }}", "{{ 'style.css'|asset }}"])
def test_a_constant_given_to_a_filter_of_the_site_waits_for_the_site(text: str) -> None:
    expected = {"/x": "https://news.example/x", "style.css": "/style.1f.css"}
    for quick in (True, False):
        page = open_machine(theme(x=text), SITE, quick=quick)("x.html", ARTICLE)
        assert page == expected[text.split("'")[1]]


class Loud:
    """A macro that tells how often its text was made."""

    weight = 100

    def __init__(self) -> None:
        self.made: list[str] = []
        self.quick = self.make

    def make(self, text: str) -> str:
        self.made.append(text)
        return text


def test_what_is_remembered_stays_within_its_bound() -> None:
    memo, macro = Memo(characters=10), Loud()
    memo.remember(macro)
    for text in ("aaaa", "bbbb", "aaaa", "cccc", "aaaa"):
        assert macro.quick(text) == text
    assert macro.made == ["aaaa", "bbbb", "cccc", "aaaa"]


def test_more_is_remembered_for_more_pages() -> None:
    memo, macro = Memo(pages=3 * ENOUGH, characters=10), Loud()
    memo.remember(macro)
    for text in ("aaaa", "bbbb", "aaaa", "cccc", "aaaa"):
        assert macro.quick(text) == text
    assert macro.made == ["aaaa", "bbbb", "cccc"]


def test_a_macro_that_is_never_asked_twice_is_given_up() -> None:
    memo, macro = Memo(), Loud()
    memo.remember(macro)
    for number in range(2000):
        macro.quick(str(number))
    memo.review()
    macro.quick("1999")
    assert macro.made[-2:] == ["1999", "1999"]
