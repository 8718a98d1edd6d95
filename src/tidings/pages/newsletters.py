"""The newsletter on the web: a page for each issue that is over, an archive, and a feed.

Part of planning. What readers get by e-mail is planned in `mails`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from html import escape

from tidings.model.page import FeedEntry, FeedPlan, PagePlan, PageSketch
from tidings.model.period import end_of
from tidings.model.view import CardView, LinkView, PageView, SectionView
from tidings.pages.entries import entries_by_rank
from tidings.pages.feed_entries import tag_uri
from tidings.pages.feeds import sketch_formats
from tidings.pages.follow import followed
from tidings.pages.issues import Issue, finished_issues, sections_of, topic_order
from tidings.pages.material import Material, addressed
from tidings.pages.urls import file_of, newsletter_path

NEWSLETTERS_PATH = "/newsletters/"

HEADLINES = 3
"""Stories of each issue in the archive."""


def sketch_newsletters(material: Material, today: date) -> list[PageSketch]:
    """The pages of the newsletter; none where it is off, or no period with records is over.

    `today` is the site's local day at the build's clock.
    """
    options = material.config.newsletter
    if not options.enabled:
        return []
    issues = finished_issues(material.catalog, options, today)
    if not issues:
        return []
    bases = material.bases
    told = [_basis(issue, material) for issue in issues]
    every = bases.fixed("newsletters", options.every, told)
    newest = issues[: material.config.feed.entries]
    return [
        PageSketch(
            file_of(NEWSLETTERS_PATH),
            "",
            "newsletters.html",
            partial(_plan_archive, issues, material),
            every,
        ),
        *sketch_formats(
            NEWSLETTERS_PATH,
            partial(_plan_feed, newest, material),
            bases.fixed("newsletter-feed", options.every, told[: len(newest)]),
            material,
        ),
        *(
            PageSketch(
                file_of(newsletter_path(issue.period.first)),
                "",
                "newsletter.html",
                partial(_plan_issue, index, issues, material),
                bases.fixed("newsletter", options.every, told[index], _around(index, issues)),
            )
            for index, issue in enumerate(issues)
        ),
    ]


def _basis(issue: Issue, material: Material) -> bytes:
    """Of an issue: its records as lists show them, and the order of its topics."""
    catalog = material.catalog
    topics = {catalog.main_topics.get(each, "") for each in issue.record_ids}
    return material.bases.listed(
        "issue", issue.title.encode(), issue.record_ids, topic_order(topics, catalog)
    )


def _around(index: int, issues: tuple[Issue, ...]) -> tuple[str, str]:
    """The titles of the issues before and after; empty where there is none."""
    older = issues[index + 1].title if index + 1 < len(issues) else ""
    return older, issues[index - 1].title if index else ""


def _plan_issue(index: int, issues: tuple[Issue, ...], material: Material) -> PagePlan:
    """The page of the issue at that place, counted from the latest."""
    issue = issues[index]
    path = newsletter_path(issue.period.first)
    stories = entries_by_rank(issue.record_ids, material.catalog.stories)
    lead = material.cards[stories[0]]
    view = PageView(
        kind="newsletter",
        title=f"Newsletter of {issue.title}",
        **addressed(path, material),
        description=f"{lead.title}, and what else was news: {issue.title}.",
        date=issue.period.first,
        breadcrumbs=(LinkView("Newsletter", material.addresses.href(NEWSLETTERS_PATH)),),
        lead=lead,
        sections=sections_of(issue, len(stories), material),
        previous=_link(issues[index + 1], material) if index + 1 < len(issues) else None,
        next=_link(issues[index - 1], material) if index else None,
        **followed(NEWSLETTERS_PATH, issues, material),
        picture=lead.picture,
        count=len(stories),
    )
    return PagePlan(path=file_of(path), template="newsletter.html", origin="", view=view)


def _link(issue: Issue, material: Material) -> LinkView:
    path = newsletter_path(issue.period.first)
    return LinkView(issue.title, material.addresses.href(path))


def _plan_archive(issues: tuple[Issue, ...], material: Material) -> PagePlan:
    title = material.config.site.title
    view = PageView(
        kind="newsletters",
        title="Newsletter",
        **addressed(NEWSLETTERS_PATH, material),
        description=f"Past issues of the newsletter of {title}.",
        sections=tuple(_shelf(issue, material) for issue in issues),
        **followed(NEWSLETTERS_PATH, issues, material),
        count=len(issues),
    )
    path = file_of(NEWSLETTERS_PATH)
    return PagePlan(path=path, template="newsletters.html", origin="", view=view)


def _shelf(issue: Issue, material: Material) -> SectionView:
    """An issue as the archive shows it: its best stories."""
    stories = entries_by_rank(issue.record_ids, material.catalog.stories)
    return SectionView(
        name=issue.title,
        url=material.addresses.href(newsletter_path(issue.period.first)),
        cards=material.cards_of(stories[:HEADLINES]),
        date=issue.period.first,
        anchor=f"issue-{issue.period.first.isoformat()}",
    )


def _plan_feed(issues: tuple[Issue, ...], material: Material) -> FeedPlan:
    site, home = material.config.site, material.absolute(NEWSLETTERS_PATH)
    entries = tuple(_entry(issue, material) for issue in issues)
    return FeedPlan(
        id=home,
        title=f"{site.title}: Newsletter",
        url=home,
        home_url=home,
        updated_at=max(entry.updated_at for entry in entries),
        author=site.author or site.title,
        language=site.language,
        entries=entries,
        hub=material.config.feed.hub,
    )


def _entry(issue: Issue, material: Material) -> FeedEntry:
    config, records = material.config, material.catalog.records
    first = issue.period.first.isoformat()
    address = material.absolute(newsletter_path(issue.period.first))
    stories = entries_by_rank(issue.record_ids, material.catalog.stories)
    over = end_of(issue.period, config.site.timezone)
    changes = (records[each].updated_at or over for each in issue.record_ids)
    return FeedEntry(
        id=tag_uri(f"newsletter/{config.newsletter.every}/{first}", material),
        title=issue.title,
        url=address,
        external_url="",
        # An issue is there once its period is over; an article mended later mends it too.
        updated_at=max(over, *changes),
        published_at=over,
        summary=records[stories[0]].title,
        html="\n".join(_html(issue, stories[0], len(stories), material)),
    )


def _html(issue: Issue, lead: str, most: int, material: Material) -> Iterator[str]:
    """The issue's headlines as HTML with whole addresses, for readers of feeds."""
    yield f"<p>{_headline(material.cards[lead], material)}</p>"
    for section in sections_of(issue, most, material):
        yield f"<h2>{escape(section.name)}</h2>"
        yield "<ul>"
        for card in section.cards:
            yield f"<li>{_headline(card, material)}</li>"
        yield "</ul>"


def _headline(card: CardView, material: Material) -> str:
    address = escape(material.addresses.origin + card.url)
    outlet = escape(card.source.name if card.source else card.host)
    return f'<a href="{address}">{escape(card.title)}</a> ({outlet})'
