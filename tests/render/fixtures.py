"""One page view of each kind, built by hand, and the default theme to render them with."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import msgspec
from fixture_cards import (
    ACLU,
    AI,
    GOVERNING,
    GOVERNING_HERE,
    LEAD,
    LENS,
    MOZILLA,
    NOLA,
    POSTGRES,
    PYTHON,
    SITE,
    TODAY,
    VISION,
    card,
    feeds,
    month,
    section_cards,
    sections,
)

from tidings.model.page import PagePlan
from tidings.model.source import SourceFile
from tidings.model.view import (
    ArticleView,
    CalendarDayView,
    FrontView,
    LinkView,
    PagerView,
    PageView,
    RelatedView,
    SectionView,
    SourcePageView,
    SourceView,
    TopicView,
    VideoView,
)
from tidings.render.theme import Theme, make_theme

TEMPLATES = Path(__file__).parents[2] / "templates"


def default_layer() -> list[SourceFile]:
    """The files of the default theme."""
    return [
        SourceFile(f"templates/{path.relative_to(TEMPLATES).as_posix()}", path.read_bytes())
        for path in sorted(TEMPLATES.rglob("*"))
        if path.is_file()
    ]


def default_assets() -> dict[str, str]:
    """URLs of the default theme's assets, as a build would name them, but without a hash."""
    names = [path.name for path in (TEMPLATES / "static").iterdir()]
    return {name: f"/static/{name}" for name in [*names, "theme.css"]}


def default_theme(*layers: list[SourceFile]) -> Theme:
    """The default theme, with further layers over it."""
    made = make_theme([default_layer(), *layers], default_assets())
    assert made.value is not None, made.diagnostics
    return made.value


BODY = """<h2>What the emails say</h2>
<p>The <a href="https://example.org/">city</a> released <em>dozens</em> of pages.
They name <code>Fusion Center</code> requests.</p>
<blockquote><p>We have been assured that this is not in use.</p></blockquote>
<table><thead><tr><th>Year</th><th>Requests</th></tr></thead>
<tbody><tr><td>2018</td><td>14</td></tr><tr><td>2019</td><td>22</td></tr></tbody></table>
<h3>How it was counted</h3>
<ul><li>by request</li><li>by month</li></ul>
<pre><code>SELECT count(*)
  FROM requests
 GROUP BY month;
</code></pre>
"""

TREE = (
    TopicView(
        "AI",
        "/topics/ai/",
        "ai",
        "Machines that see, read and decide.",
        20,
        children=(
            TopicView(
                "Computer Vision", "/topics/computer-vision/", "computer-vision", count=12
            ),
            TopicView(
                "Language Models", "/topics/language-models/", "language-models", count=8
            ),
        ),
    ),
    TopicView("Web", "/topics/web/", "web", "Browsers and the standards they follow.", 9),
    TopicView("Databases", "/topics/databases/", "databases", count=7),
)

DAYS = tuple(
    CalendarDayView(TODAY - dt.timedelta(days=at), 9 - at, "/2020/12/14/") for at in range(7)
)


def page(kind: str, title: str, url: str, **more: object) -> PageView:
    """A page of that kind at that URL."""
    made = PageView(
        kind=kind,
        title=title,
        url=url,
        absolute_url=f"https://news.example{url}",
        canonical_url=f"https://news.example{url}",
        description=f"{title}, in The Open Ledger.",
    )
    return msgspec.structs.replace(made, **more)


HOME = LinkView("Front", "/")

WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamter"
LONG = f"{LEAD.title}, and the {WORD} of New Orleans says why nobody was told " * 2
HARD_OUTLET = SourceView(f"The {WORD} and Lower Danube Advertiser", "w.example", monogram="W")

PAGES: dict[str, PageView] = {
    "front": page(
        "front",
        SITE.title,
        "/",
        front=FrontView(
            TODAY,
            "/2020/12/14/",
            LEAD,
            sections(),
            DAYS,
            month(dt.date(2020, 12, 1)),
            TREE,
            tuple(LinkView(one.name, one.url, 3) for one in (LENS, GOVERNING, PYTHON)),
        ),
    ),
    "day": page(
        "day",
        "14 December 2020",
        "/2020/12/14/",
        date=TODAY,
        count=24,
        sections=sections(),
        months=(month(dt.date(2020, 12, 1)),),
        breadcrumbs=(LinkView("2020", "/2020/"), LinkView("December", "/2020/12/")),
        previous=LinkView("13 December 2020", "/2020/12/13/"),
        next=LinkView("15 December 2020", "/2020/12/15/"),
        latest=LinkView("Site", "/"),
    ),
    "empty-day": page(
        "day", "13 December 2020", "/2020/12/13/", date=dt.date(2020, 12, 13), held=2
    ),
    "month": page(
        "month",
        "December 2020",
        "/2020/12/",
        date=dt.date(2020, 12, 1),
        count=72,
        months=(month(dt.date(2020, 12, 1)),),
        sections=tuple(
            SectionView(f"{day} December", f"/2020/12/{day}/", section_cards(day, 3))
            for day in (14, 13, 12, 11)
        ),
        previous=LinkView("November 2020", "/2020/11/"),
    ),
    "year": page(
        "year",
        "2020",
        "/2020/",
        date=dt.date(2020, 1, 1),
        count=410,
        months=tuple(month(dt.date(2020, at, 1)) for at in range(1, 13)),
        years=(LinkView("2020", "/2020/", 410, True), LinkView("2019", "/2019/", 380)),
        previous=LinkView("2019", "/2019/"),
    ),
    "article": page(
        "article",
        LEAD.title,
        LEAD.url,
        description=LEAD.excerpt,
        picture=LEAD.picture,
        article=ArticleView(
            LEAD,
            updated_at=dt.datetime(2020, 12, 15, 8, 0, tzinfo=dt.UTC),
            html=BODY,
            reading_minutes=3,
            tags=("New Orleans",),
        ),
        breadcrumbs=(HOME, LinkView("14 December 2020", "/2020/12/14/")),
        coverage=(NOLA, ACLU, GOVERNING_HERE),
        more_coverage=(NOLA, ACLU),
        outlets=4,
        related=tuple(
            RelatedView(one, "also on Computer Vision") for one in section_cards(0, 5)
        ),
        previous=LinkView("Python 3.9.1 is the first release to support macOS 11", "/a/"),
        next=LinkView("Firefox 84 ships with native support for Apple silicon", "/b/"),
    ),
    "story": page(
        "story",
        LEAD.title,
        "/stories/2020-12-14-emails/",
        lead=LEAD,
        outlets=4,
        count=1,
        first_at=GOVERNING_HERE.published_at,
        last_at=NOLA.published_at,
        breadcrumbs=(HOME, LinkView("14 December 2020", "/2020/12/14/")),
        coverage=(
            GOVERNING_HERE,
            NOLA,
            msgspec.structs.replace(ACLU, published_at=None),
        ),
        more_coverage=(NOLA,),
    ),
    "hard": page(
        "article",
        LONG,
        "/2020/12/14/hard/",
        article=ArticleView(
            card(LONG, WORD, HARD_OUTLET, url="/2020/12/14/hard/"), tags=(WORD,)
        ),
        breadcrumbs=(HOME, LinkView(WORD, "/2020/12/14/")),
        coverage=(msgspec.structs.replace(NOLA, title=LONG, source=HARD_OUTLET, host=WORD),),
        story_url="/stories/2020-12-14-hard/",
        outlets=2,
        related=(RelatedView(card(WORD, "", HARD_OUTLET), f"also on {WORD}"),),
        previous=LinkView(LONG, "/a/"),
        next=LinkView(WORD, "/b/"),
    ),
    "hard-day": page(
        "day",
        "14 December 2020",
        "/2020/12/14/",
        date=TODAY,
        count=3,
        sections=(
            SectionView(
                WORD,
                "/topics/long/",
                (
                    card(LONG, WORD, HARD_OUTLET, coverage=(NOLA,), outlets=2),
                    card(WORD, LONG, HARD_OUTLET),
                ),
            ),
        ),
    ),
    "hard-source": page(
        "source", WORD, "/sources/w/", source=SourcePageView(HARD_OUTLET, 1, (VISION,))
    ),
    "video": page(
        "article",
        "Getting started with computer vision",
        "/2020/12/14/getting-started/",
        article=ArticleView(
            card("Getting started with computer vision", "A talk", MOZILLA, video=True),
            video=VideoView(
                "www.youtube.com",
                "https://www.youtube.com/watch?v=aqz-KE-bpKQ",
                "https://www.youtube-nocookie.com/embed/aqz-KE-bpKQ",
            ),
        ),
    ),
    "rtl": page(
        "article",
        "إطلاق إصدار جديد من بايثون",
        "/2020/12/14/python-ar/",
        article=ArticleView(
            card(
                "إطلاق إصدار جديد من بايثون 3.9.1",
                "يدعم الإصدار الجديد أجهزة ماك الجديدة.",
                PYTHON,
                locale="ar",
                rtl=True,
            ),
            html="<p>نص قصير.</p>",
            reading_minutes=1,
        ),
    ),
    "topics": page("topics", "Topics", "/topics/", topics=TREE),
    "topic": page(
        "topic",
        "Computer Vision",
        "/topics/computer-vision/",
        topic=TopicView(
            "Computer Vision",
            "/topics/computer-vision/",
            "computer-vision",
            "What machines see, and who looks through their eyes.",
            12,
            parent=AI,
            children=(TopicView("Face Recognition", "/topics/faces/", "faces", count=4),),
        ),
        feed_url="/topics/computer-vision/feed.xml",
        feeds=feeds("/topics/computer-vision/"),
        breadcrumbs=(LinkView("Topics", "/topics/"), AI),
        lead=LEAD,
        sections=tuple(
            SectionView(f"{day} December 2020", f"/2020/12/{day}/", section_cards(day, 3))
            for day in (14, 13, 12)
        ),
        pager=PagerView(3, older_url="/topics/computer-vision/page/2/"),
    ),
    "topic-page": page(
        "topic-page",
        "Computer Vision, page 2",
        "/topics/computer-vision/page/2/",
        topic=TopicView("Computer Vision", "/topics/computer-vision/", "computer-vision"),
        sections=(SectionView("1 December 2020", "/2020/12/1/", section_cards(1, 5)),),
        pager=PagerView(
            2, "/topics/computer-vision/page/3/", "/topics/page/1/", "/topics/computer-vision/"
        ),
    ),
    "empty-topic": page(
        "topic",
        "Robotics",
        "/topics/robotics/",
        topic=TopicView("Robotics", "/topics/robotics/", "robotics", held=1, parent=AI),
    ),
    "sources": page(
        "sources",
        "Sources",
        "/sources/",
        sources=tuple(
            SourcePageView(one, 4) for one in (GOVERNING, MOZILLA, POSTGRES, PYTHON, LENS)
        ),
    ),
    "source": page(
        "source",
        "The Lens",
        "/sources/thelensnola.org/",
        source=SourcePageView(LENS, 7, (VISION, AI), home_url="https://thelensnola.org/"),
        breadcrumbs=(LinkView("Sources", "/sources/"),),
        sections=(SectionView("14 December 2020", "/2020/12/14/", (LEAD,)),),
    ),
    "newsletter": page(
        "newsletter",
        "Newsletter of Monday, 14 December 2020",
        "/newsletters/2020-12-14/",
        lead=LEAD,
        sections=sections(),
        count=12,
        breadcrumbs=(LinkView("Newsletter", "/newsletters/"),),
        previous=LinkView("Sunday, 13 December 2020", "/newsletters/2020-12-13/"),
        feed_url="/newsletters/feed.xml",
    ),
    "newsletters": page(
        "newsletters",
        "Newsletter",
        "/newsletters/",
        sections=(
            SectionView("Monday, 14 December 2020", "/newsletters/2020-12-14/", (LEAD,)),
        ),
        count=1,
        feed_url="/newsletters/feed.xml",
    ),
    "page": page("page", "About", "/about/", html=BODY),
    "not-found": page(
        "not-found", "Not found", "/404.html", items=section_cards(0, 4), robots="noindex"
    ),
    "search": page("search", "Search", "/search/", robots="noindex"),
    "redirect": page("redirect", LEAD.title, "/old/", target_url=LEAD.url),
    "empty-front": page("front", SITE.title, "/", front=FrontView(), held=2),
}
"""Page views by name: each kind of page, and the states that a kind can be in."""


def plan(name: str) -> PagePlan:
    """The plan of one of `PAGES`."""
    view = PAGES[name]
    template = view.kind.replace("-", "_") + ".html"
    return PagePlan(f"{name}.html", template, f"content/news/{name}.md", view)
