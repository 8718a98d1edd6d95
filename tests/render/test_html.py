"""Pages as HTML: what readers get, and what theme authors are told when a template fails."""

from __future__ import annotations

import gc
import sys

import msgspec
import pytest
from fixtures import LEAD, LENS, PAGES, SITE, TEMPLATES, default_theme, plan

from tidings.model.page import PagePlan
from tidings.model.view import (
    ArticleView,
    CardView,
    PictureView,
    SectionView,
    ThemeView,
    VideoView,
)
from tidings.render.html import open_renderer, render_page

ALL = sorted(PAGES)
render = open_renderer(default_theme(), SITE)


def html(plan: PagePlan) -> str:
    outcome = render(plan)
    assert outcome.value is not None, outcome.diagnostics
    return outcome.value.decode()


def article(card: CardView, **more: object) -> PagePlan:
    made = msgspec.structs.replace(ArticleView(card), **more)
    view = msgspec.structs.replace(PAGES["article"], article=made, title=card.title)
    return PagePlan("x/index.html", "article.html", "content/news/x.md", view)


@pytest.mark.parametrize("name", [name for name in ALL if name != "topics"])
def test_a_page_that_is_done_is_let_go(name: str) -> None:
    """At once: builds make too many values to have anybody look for rings of them.

    The page of all topics has a macro that calls itself, but there is one such page.
    """
    made = plan(name)
    enabled = gc.isenabled()
    gc.disable()
    try:
        before = sys.getrefcount(made.view)
        html(made)
        after = sys.getrefcount(made.view)
    finally:
        if enabled:
            gc.enable()
    assert after == before


@pytest.mark.parametrize("name", ALL)
def test_every_kind_of_page_renders(name: str) -> None:
    page = html(plan(name))
    assert page.startswith("<!doctype html>\n")
    assert page.count("<h1") == 1
    assert page.rstrip().endswith("</html>")


@pytest.mark.parametrize("name", ALL)
def test_pages_have_no_deserts_of_blank_lines(name: str) -> None:
    page = html(plan(name))
    assert "\n\n" not in page
    assert not [line for line in page.splitlines() if line.endswith(" ")]


@pytest.mark.parametrize("name", ALL)
def test_no_script_or_style_stands_in_the_page_itself(name: str) -> None:
    page = html(plan(name))
    assert "<style" not in page
    assert "style=" not in page
    assert "<script>" not in page
    assert 'http-equiv="Content-Security-Policy"' in page


def test_the_same_plan_gives_the_same_bytes() -> None:
    again = open_renderer(default_theme(), SITE)
    assert all(render(plan(name)) == again(plan(name)) for name in ALL)


HOSTILE = '<script>alert(1)</script>" onload="x'


@pytest.mark.parametrize("kind", ["article", "day", "front"])
def test_a_hostile_title_stays_text(kind: str) -> None:
    card = msgspec.structs.replace(LEAD, title=HOSTILE, excerpt=HOSTILE, host=HOSTILE)
    view = PAGES[kind]
    if kind == "article":
        view = msgspec.structs.replace(view, title=HOSTILE, article=ArticleView(card))
    elif kind == "day":
        view = msgspec.structs.replace(view, sections=(SectionView(HOSTILE, cards=(card,)),))
    else:
        front = msgspec.structs.replace(view.front, lead=card)
        view = msgspec.structs.replace(view, title=HOSTILE, front=front)
    page = html(msgspec.structs.replace(plan(kind), view=view))
    assert "<script>alert" not in page
    assert '" onload="' not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_card_tells_outlet_time_sources_and_other_headlines() -> None:
    page = html(plan("front"))
    assert "4 sources" in page
    assert "NOPD has used facial recognition since at least 2018, emails reveal" in page
    assert '<time datetime="2020-12-14T19:04:00Z">19:04</time>' in page


def test_an_article_names_the_host_that_it_links() -> None:
    page = html(plan("article"))
    assert (
        f'<a href="{LEAD.source_url}" rel="external" data-read-at>Read at '
        "<b>thelensnola.org</b>" in page
    )


def test_an_article_has_both_sidebars() -> None:
    page = html(plan("article"))
    assert "Related coverage" in page
    assert "More on this" in page
    assert "<summary><bdi>All 4 sources</bdi></summary>" in page
    assert "<summary><bdi>1 more from NOLA.com</bdi></summary>" in page


def test_a_reason_stands_once_above_all_that_it_holds_for() -> None:
    page = html(plan("article"))
    assert page.count("also on Computer Vision") == 1
    assert page.index("also on Computer Vision") > page.index("More on this")


def test_a_story_is_told_by_the_hour_and_shows_what_has_a_page_here() -> None:
    page = html(plan("story"))
    assert "4 sources, <time" in page
    told = page[page.index("As it was told") :]
    told = told[: told.index("</main>")]
    marks = ("17 November 2020", ">21:42<", "14 December 2020", ">23:30<", "Time not known")
    places = [told.index(mark) for mark in marks]
    assert places == sorted(places)
    own = told.count('class="dot own"') - 1  # One of them stands in the key.
    assert own == 1
    assert told.count("data-story") == told.count('class="card told"') == 3
    assert "Background" in page


def test_coverage_that_is_a_page_of_this_site_keeps_its_source_link() -> None:
    page = html(plan("article"))
    assert '<a href="/2020/11/17/new-orleans-police-dept-admits/" data-story><bdi>' in page
    assert ">governing.com</a>" in page


def test_titles_in_other_languages_say_so() -> None:
    page = html(plan("rtl"))
    assert '<h1 lang="ar" dir="rtl"><bdi>' in page


def test_an_empty_day_and_an_empty_topic_explain_themselves() -> None:
    assert "2 stories are held back" in html(plan("empty-day"))
    assert "1 story is held back" in html(plan("empty-topic"))


def test_a_finite_day_says_that_it_ends() -> None:
    assert "You’re up to date." in html(plan("day"))
    assert "You’re up to date." not in html(plan("empty-day"))


def test_a_video_is_a_plain_link_and_only_its_page_may_load_the_player() -> None:
    page = html(plan("video"))
    assert '<a href="https://www.youtube.com/watch?v=aqz-KE-bpKQ"' in page
    assert "<iframe" not in page
    assert "frame-src https://www.youtube-nocookie.com" in page
    assert "frame-src" not in html(plan("article"))


def test_a_video_of_a_strange_player_may_load_nothing() -> None:
    video = VideoView("x", "https://x.example/", "https://evil.example;script-src *")
    assert "frame-src &#39;none&#39;" in html(article(LEAD, video=video))


def test_only_pages_with_remote_pictures_may_load_them() -> None:
    remote = PictureView("https://elsewhere.example/x.jpg", 800, 600, remote=True)
    shown = msgspec.structs.replace(LEAD, picture=remote)
    assert "img-src &#39;self&#39; https:" in html(article(shown))
    assert "https:" not in html(plan("article")).partition("img-src")[2].partition('"')[0]


def test_remote_logos_count_as_remote_pictures() -> None:
    source = msgspec.structs.replace(LENS, logo="https://elsewhere.example/logo.png")
    shown = msgspec.structs.replace(LEAD, source=source)
    assert "img-src &#39;self&#39; https:" in html(article(shown))


def test_pictures_say_their_size_so_that_nothing_jumps() -> None:
    sized = msgspec.structs.replace(LEAD, picture=PictureView("/p.jpg", 800, 600))
    assert 'width="800" height="600"' in html(article(sized))
    unsized = msgspec.structs.replace(LEAD, picture=PictureView("/p.jpg"))
    assert 'class="unsized"' in html(article(unsized))


def test_the_theme_options_reach_the_page() -> None:
    options = ThemeView(
        stylesheet=True, density="compact", columns=("topics",), logo="favicon.svg"
    )
    site = msgspec.structs.replace(SITE, theme=options)
    page = (render_page(default_theme(), site, plan("front")).value or b"").decode()
    assert 'data-density="compact"' in page
    assert "/static/theme.css" in page
    assert "Latest days" not in page
    assert '<img src="/static/favicon.svg" alt="The Open Ledger">' in page


def test_weights_stay_within_what_a_slow_line_bears() -> None:
    without_body = article(LEAD).view
    assert without_body is not None
    view = msgspec.structs.replace(PAGES["article"], article=without_body.article)
    assert len(html(msgspec.structs.replace(plan("article"), view=view))) <= 15_000
    assert len(html(plan("front"))) <= 80_000
    assert len((TEMPLATES / "static" / "style.css").read_bytes()) <= 20_000
    assert len((TEMPLATES / "static" / "tidings.js").read_bytes()) <= 8_000


def test_half_a_surrogate_pair_does_not_stop_the_build() -> None:
    assert "broken ?" in html(article(msgspec.structs.replace(LEAD, title="broken \ud83d")))


def test_an_error_of_ours_is_no_diagnostic() -> None:
    broken = PagePlan("feed.xml", "atom", "", feed="not a feed")  # type: ignore[arg-type]
    with pytest.raises(AttributeError):
        render(broken)


def test_a_shared_page_shows_its_picture_unless_it_is_a_drawing() -> None:
    def shared(url: str) -> str:
        view = msgspec.structs.replace(PAGES["article"], picture=PictureView(url, 800, 600))
        page = html(msgspec.structs.replace(plan("article"), view=view))
        return page.partition('property="og:image" content="')[2].partition('"')[0]

    assert shared("/p.1f.jpg") == "https://news.example/p.1f.jpg"
    assert shared("/p.1f.svg") == "https://news.example/static/og.png"
