"""Parts of page views, built by hand: a site, outlets, cards, sections, calendars."""

from __future__ import annotations

import datetime as dt

import msgspec

from tidings.model.view import (
    CalendarDayView,
    CardView,
    CoverageView,
    FeedView,
    LinkView,
    MonthView,
    PictureView,
    SectionView,
    SiteView,
    SourceView,
)


def feeds(home: str) -> tuple[FeedView, ...]:
    """The feeds of the page at `home`."""
    return (
        FeedView("Atom", f"{home}feed.xml", "application/atom+xml"),
        FeedView("RSS", f"{home}rss.xml", "application/rss+xml"),
        FeedView("JSON Feed", f"{home}feed.json", "application/feed+json"),
    )


SITE = SiteView(
    title="The Open Ledger",
    url="/",
    base_url="https://news.example/",
    tagline="What happened in software and the open web, day by day",
    description="A daily digest of software and the open web.",
    author="The Ledger’s editors",
    nav=(
        LinkView("Computer Vision", "/topics/computer-vision/", 12),
        LinkView("Programming", "/topics/programming/", 18),
        LinkView("Web", "/topics/web/", 9),
        LinkView("Databases", "/topics/databases/", 7),
        LinkView("Security", "/topics/security/", 5),
    ),
    pages=(LinkView("About", "/about/"), LinkView("Imprint", "/imprint/")),
    topics_url="/topics/",
    sources_url="/sources/",
    archive_url="/2020/",
    feed_url="/feed.xml",
    feeds=feeds("/"),
)

TODAY = dt.date(2020, 12, 14)


def source(name: str, domain: str, logo: str = "") -> SourceView:
    """An outlet with a page here."""
    letters = "".join(word[0] for word in name.split()[:2]).upper()
    return SourceView(name, domain, f"/sources/{domain}/", logo, letters)


LENS = source("The Lens", "thelensnola.org")
GOVERNING = source("Governing", "governing.com")
PYTHON = source("Python.org", "python.org")
MOZILLA = source("Mozilla Hacks", "hacks.mozilla.org")
POSTGRES = source("PostgreSQL", "postgresql.org")
VISION = LinkView("Computer Vision", "/topics/computer-vision/", 12)
AI = LinkView("AI", "/topics/ai/", 20)

NOLA = CoverageView(
    title="NOPD has used facial recognition since at least 2018, emails reveal",
    url="https://www.nola.com/news/crime_police/article_2e2fccb2.html",
    host="nola.com",
    source_url="https://www.nola.com/news/crime_police/article_2e2fccb2.html",
    excerpt="Although the practice was long shrouded in secrecy, the New Orleans Police "
    "Department has used a partnership with the Louisiana State Police to run face recognition "
    "searches since at least",
    published_at=dt.datetime(2020, 12, 14, 23, 30, tzinfo=dt.UTC),
    source=SourceView("NOLA.com", "nola.com", monogram="N"),
    also=(
        CoverageView(
            title="New Orleans police use facial recognition software, despite assurances",
            url="https://www.nola.com/news/crime_police/article_9eda8846.html",
            host="nola.com",
            source_url="https://www.nola.com/news/crime_police/article_9eda8846.html",
        ),
    ),
)
ACLU = CoverageView(
    title="ACLU of Louisiana Obtains E-mails that Confirm NOPD’s Use of Racially Biased Facial "
    "Recognition Technology",
    url="https://www.aclu.org/press-releases/aclu-louisiana-obtains-e-mails",
    host="aclu.org",
    source_url="https://www.aclu.org/press-releases/aclu-louisiana-obtains-e-mails",
    excerpt="After years of assurances from city officials that facial recognition was not "
    "used in New Orleans, the ACLU of Louisiana has obtained nearly 50 pages of emails.",
    published_at=dt.datetime(2020, 12, 14, 21, 48, tzinfo=dt.UTC),
    source=SourceView("ACLU", "aclu.org", monogram="A"),
)
GOVERNING_HERE = CoverageView(
    title="New Orleans Police Dept. Admits to Facial Recognition Use",
    url="/2020/11/17/new-orleans-police-dept-admits/",
    host="governing.com",
    source_url="https://www.governing.com/security/New-Orleans-Police-Dept-Admits.html",
    internal=True,
    published_at=dt.datetime(2020, 11, 17, 21, 42, tzinfo=dt.UTC),
    source=GOVERNING,
)


def card(
    title: str, excerpt: str, outlet: SourceView, hour: int = 9, **more: object
) -> CardView:
    """A card of today, with the address made from its title."""
    slug = "-".join("".join(c if c.isalnum() else " " for c in title.lower()).split())[:60]
    made = CardView(
        title=title,
        url=f"/2020/12/14/{slug}/",
        published_at=dt.datetime(2020, 12, 14, hour, 4, tzinfo=dt.UTC),
        source_url=f"https://{outlet.domain}/{slug}",
        host=outlet.domain,
        excerpt=excerpt,
        source=outlet,
        topics=(VISION, AI),
    )
    return msgspec.structs.replace(made, **more)


LEAD = card(
    "City releases dozens of pages of emails on police use of facial recognition",
    "The emails show that the NOPD and Louisiana State Police have had a formal relationship "
    "since at least 2018 that provides the NOPD access facial recognition software.",
    LENS,
    19,
    outlets=4,
    coverage=(NOLA, ACLU),
    picture=PictureView("/static/og.png", 1200, 630),
)

HEADLINES = (
    (
        "Python 3.9.1 is the first release to support macOS 11 on Apple silicon",
        "The first maintenance release of Python 3.9 adds a universal binary for macOS that "
        "runs natively on both Intel and Apple silicon, and mends many bugs.",
        PYTHON,
    ),
    (
        "Firefox 84 ships with native support for Apple silicon",
        "Mozilla’s browser launches more than twice as fast on the new Macs, and this is the "
        "last release to support Adobe Flash.",
        MOZILLA,
    ),
    (
        "PostgreSQL 13.1 fixes three security holes and over 65 bugs",
        "All supported versions get an update, among them 9.5.24, whose support ends",
        POSTGRES,
    ),
    (
        "CentOS Linux will end in favour of CentOS Stream",
        "The rebuild of Red Hat Enterprise Linux ends: CentOS 8 is kept up only until the "
        "close of 2021, eight years earlier than users were told.",
        source("CentOS Blog", "blog.centos.org"),
    ),
    (
        "Rust 1.48.0 makes it easier to link between pages of documentation",
        "Authors of crates can now link to items by path, and rustdoc gains search aliases.",
        source("Rust Blog", "blog.rust-lang.org"),
    ),
)


def section_cards(start: int, count: int) -> tuple[CardView, ...]:
    """Cards that differ in what they have: excerpts, coverage, videos."""
    cards = []
    for at in range(start, start + count):
        title, excerpt, outlet = HEADLINES[at % len(HEADLINES)]
        many = at % 3 == 0
        cards.append(
            card(
                title,
                excerpt,
                outlet,
                20 - at % 18,
                outlets=3 if many else 1,
                coverage=(NOLA,) if many else (),
                video=at % 7 == 5,
            )
        )
    return tuple(cards)


def sections(day: dt.date | None = None) -> tuple[SectionView, ...]:
    """The sections of a busy day."""
    return tuple(
        SectionView(link.name, link.url, section_cards(at * 2, count), day, f"topic-{at}")
        for at, (link, count) in enumerate(zip(SITE.nav, (6, 5, 5, 4, 4), strict=True))
    )


def month(first: dt.date) -> MonthView:
    """A month in which some days had stories."""
    start = first - dt.timedelta(days=first.weekday())
    weeks = []
    while start.month == first.month or start < first:
        days = [start + dt.timedelta(days=at) for at in range(7)]
        weeks.append(tuple(_cell(day, first) for day in days))
        start += dt.timedelta(days=7)
    return MonthView(first, f"/{first:%Y/%m}/", 72, tuple(weeks))


def _cell(day: dt.date, first: dt.date) -> CalendarDayView:
    if day.month != first.month:
        return CalendarDayView(day, outside=True)
    count = day.toordinal() * 7 % 11
    if day > TODAY or count < 2:
        return CalendarDayView(day)
    return CalendarDayView(day, count, f"/{day:%Y/%m/%d}/", min(4, 1 + count // 3))
