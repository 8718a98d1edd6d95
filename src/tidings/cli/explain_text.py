"""What `tidings explain` says to people: one paragraph for each question that they may have."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from tidings.cli.layout import columns, heading, some
from tidings.cli.show import diagnostic_lines, show_diagnostics
from tidings.cli.text import number_of, plain
from tidings.engine.explanation import (
    Explanation,
    Member,
    PageExplanation,
    Rank,
    RecordExplanation,
    Related,
    Showing,
    StoryTold,
)
from tidings.model.finding import Finding

PAGES = 4
"""Pages of one kind that are named."""

TOLD_BELOW = ("repeated-related", "related-record")
"""Rules whose findings show among the coverage."""

CURES = {
    "unpublished": "show it with --unpublished or unpublished = true",
    "future": "show it with --future or future = true",
}
ROLES = {
    "lead": "as the lead",
    "listed": "in the list",
    "beneath": "beneath its story",
    "story": "as of the same story",
    "coverage": "as coverage",
    "related": "under More on this",
    "neighbour": "as previous or next",
    "link": "as a link",
}
DROPPED = {
    "itself": "is the record's own article",
    "same-url": "has the URL of",
    "same-title": "is of the same outlet and near the same as",
    "repeat": "repeats another entry",
    "blocked": "is blocked in tidings.toml",
}
JOINED = {
    "same-url": "has a URL of",
    "covers": "is listed as coverage by, or lists,",
    "shared-coverage": "lists the same coverage as",
    "same-title": "has nearly the title of",
    "similar": "is much like",
    "company": "is near to the same records as",
}
RELATED = {
    "same-story": "same story",
    "shared-coverage": "same coverage",
    "similar": "similar",
    "topic": "same topic",
}


def show_explanation(explanation: Explanation, name: str, source: Path) -> None:
    """Say the answer on standard output, or on standard error why there is none."""
    if explanation.record is not None:
        lines = record_lines(explanation.record)
    elif explanation.page is not None:
        lines = page_lines(explanation.page)
    else:
        show_diagnostics(explanation.diagnostics, source)
        click.echo(f"tidings: {plain(name)}: {explanation.problem}", err=True)
        for suggestion in explanation.suggestions:
            click.echo(f"  perhaps: {plain(suggestion)}", err=True)
        return
    for line in lines:
        click.echo(line)


def record_lines(record: RecordExplanation) -> Iterator[str]:
    """All that is known of a record."""
    yield heading(record.file)
    if record.title:
        yield plain(record.title)
    yield ""
    yield from columns(_facts(record))
    if record.diagnostics:
        yield from _titled("Problems of its file", len(record.diagnostics))
        for problem in record.diagnostics:
            yield from (f"  {line}" for line in diagnostic_lines(problem))
    findings = [each for each in record.findings if each.rule not in TOLD_BELOW]
    if findings:
        yield from _titled("Repaired, or odd", len(findings))
        yield from columns((each.rule, _found(each)) for each in findings)
    if not record.shown:
        return
    yield from _titled(
        "Other pages that show it", len({page for each in record.pages for page in each.pages})
    )
    yield from columns(row for each in record.pages for row in _showing_rows(each))
    yield from _coverage_lines(record)
    yield from _related_lines(record.related)
    if record.story is not None:
        yield from _story_lines(record.story)


def _found(finding: Finding) -> str:
    others = f" ({some(finding.others, PAGES)})" if finding.others else ""
    return f"{finding.detail}{others}"


def _titled(title: str, count: int) -> Iterator[str]:
    yield ""
    yield heading(f"{title}: {count or 'none'}")


def _facts(record: RecordExplanation) -> Iterator[tuple[str, str]]:
    cure = CURES.get(record.visibility, "")
    reason = f"no: {record.reason}" + (f"; {cure}" if cure else "")
    yield "on the site", "yes" if record.shown else reason
    if record.page:
        yield ("page" if record.shown else "redirect"), record.page
    elif record.shown:
        yield "page", "none yet: two pages claim one address (tidings check says which)"
    if record.instead:
        yield "in its place", record.instead
    yield from (("alias", alias) for alias in record.aliases)
    yield from (("repeated by", file) for file in record.repeated_by)
    if record.published_at is not None:
        yield "published", f"{record.published_at:%Y-%m-%d %H:%M:%S} UTC"
        yield "day", f"{record.day} in {record.timezone}"
    if record.rank is not None:
        yield "rank", _rank(record.rank, record.main_topic)
        yield "heat", _heat(record.rank)
    if record.topics:
        named = (
            f"{each} (main)" if each == record.main_topic else each for each in record.topics
        )
        yield "topics", ", ".join(named)
    if record.domain:
        yield "source", f"{record.source} ({record.domain})"
    if record.url:
        yield "links to", record.url


def _rank(rank: Rank, topic: str) -> str:
    text = f"{rank.place} of {rank.records} on its day"
    within = f"{rank.place_in_topic} of {rank.records_in_topic} on {topic}"
    return f"{text}, {within}" if topic else text


def _heat(rank: Rank) -> str:
    quality = "none" if rank.quality is None else str(rank.quality)
    made = "" if rank.heat_given else ", made of quality and coverage"
    demoted = ", demoted by its source" if rank.heat == -1 else ""
    return f"{rank.heat}{made}{demoted}; quality {quality}"


def _showing_rows(showing: Showing) -> Iterator[tuple[str, str, str]]:
    """A line for each of the first pages, and one that says how many follow."""
    role = ROLES.get(showing.role, showing.role)
    if showing.kind == "story" and showing.role == "coverage":
        role = "in its time line"
    first, *others = showing.pages
    yield showing.kind, role, first
    yield from (("", "", page) for page in others[: PAGES - 1])
    if len(others) >= PAGES:
        yield "", "", f"and {len(others) - PAGES + 1} more"


def _coverage_lines(record: RecordExplanation) -> Iterator[str]:
    yield from _titled("Related coverage", len(record.coverage))
    for entry in record.coverage:
        indent = "    " if entry.under else "  "
        yield f"{indent}{plain(entry.title)} ({plain(entry.outlet)})"
        yield f"{indent}  {plain(entry.url)}"
        if entry.file:
            yield f"{indent}  is {plain(entry.file)}"
    if record.dropped:
        yield from _titled("Entries of `related` that are left out", len(record.dropped))
    for dropped in record.dropped:
        yield f"  {plain(dropped.title)}"
        yield f"    {plain(dropped.url)}"
        kept = "the entry of its title" if dropped.kept == dropped.title else dropped.kept
        yield f"    {plain(f'{DROPPED[dropped.reason]} {kept}'.rstrip())}"


def _related_lines(related: tuple[Related, ...]) -> Iterator[str]:
    shown = [each for each in related if each.shown]
    yield from _titled("More on this", len(shown))
    for each in shown:
        yield f"  {each.score:>4}  {plain(each.title)}"
        yield f"        {plain(each.file)}"
        detail = f": {each.detail}" if each.detail else ""
        yield f"        {plain(RELATED.get(each.reason, each.reason) + detail)}"
        if each.score:
            yield f"        {_score(each)}"
    others = [
        f"{each.file} ({each.score}, {RELATED.get(each.reason, each.reason)})"
        for each in related
        if not each.shown
    ]
    if others:
        yield f"  near too, but named above it or one too many: {plain(some(others, PAGES))}"


def _score(related: Related) -> str:
    """The parts of a score, and the terms that weigh most."""
    parts = [
        f"text {related.text / 1024:.2f}",
        f"topics x {related.topic_factor / 1024:.2f}",
        f"time x {related.closeness / 1024:.2f}",
    ]
    if related.shared_url:
        parts.append("a shared URL")
    terms = ", ".join(f"{each.term} {each.weight / 1024:.2f}" for each in related.terms)
    return plain(", ".join(parts) + (f"; terms: {terms}" if terms else ""))


def _story_lines(story: StoryTold) -> Iterator[str]:
    yield ""
    yield heading(
        f"Story: {number_of(len(story.members), 'record')}, "
        f"{number_of(story.outlets, 'outlet')}, {number_of(story.coverage, 'other article')}"
    )
    if story.page:
        yield f"  {plain(story.page)}"
    yield f"  {story.first_at:%Y-%m-%d %H:%M} to {story.last_at:%Y-%m-%d %H:%M} UTC"
    for member in story.members:
        yield from _member_lines(member)


def _member_lines(member: Member) -> Iterator[str]:
    yield f"  {'     ' if member.reason else 'lead '} {plain(member.title)}"
    yield f"        {plain(member.file)}"
    if member.reason:
        detail = f" ({member.detail})" if member.detail else ""
        joined = JOINED.get(member.reason, member.reason)
        yield f"        {plain(f'{joined} {member.other}{detail}')}"


def page_lines(page: PageExplanation) -> Iterator[str]:
    """All that is known of a page that is no record's own."""
    yield heading(page.page)
    yield plain(page.title)
    yield ""
    facts = [("kind", page.kind), ("file", page.file), ("template", page.template)]
    if page.origin:
        facts.append(("made from", page.origin))
    if page.target:
        facts.append(("leads to", page.target))
    yield from columns(facts)
    yield from _titled("Records on it", len(page.records))
    yield from (f"  {plain(file)}" for file in page.records)
