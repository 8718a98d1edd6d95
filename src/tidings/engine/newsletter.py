"""The newsletter's e-mail: the steps of a build up to planning, then a message in three files.

Part of the engine. Nothing else is written; what builds leave is neither used nor changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date
from difflib import get_close_matches
from urllib.parse import urlsplit

import msgspec

from tidings.engine.mailing import MailReport, MailRequest
from tidings.engine.places import CONFIG
from tidings.engine.prepare import Prepared, prepare
from tidings.engine.report import Progress, no_progress
from tidings.engine.run import Run, read_config
from tidings.model.catalog import Catalog, Topic
from tidings.model.config import Config
from tidings.model.diagnostic import Diagnostic, Outcome, Place, Severity, sorted_diagnostics
from tidings.model.measure import measure_all
from tidings.model.period import Period, local_day, period_before, period_of
from tidings.model.view import PageView, SiteView
from tidings.output.manifest import replace_file
from tidings.output.write import write_failure
from tidings.pages.archive import long_date
from tidings.pages.cards import make_material
from tidings.pages.issues import Issue, issue_of, ranked
from tidings.pages.mails import plan_mail, stories_of
from tidings.pages.material import Material
from tidings.pages.urls import make_addresses
from tidings.render.mail import Envelope, Mail, can_inline, render_mail_html, write_mail
from tidings.render.theme import Theme

MOST_BYTES = 102_400
"""Bytes of HTML, at most: Gmail hides what comes after about 102 KB."""

LOCAL = {"localhost", "127.0.0.1", "::1"}
"""Hosts that no reader of an e-mail can reach."""


def make_newsletter(request: MailRequest, progress: Progress = no_progress) -> MailReport:
    """Writes the e-mail's files and says how it went; problems of the content never raise."""
    run = Run(request.site, progress)
    config = read_config(run)
    if config is None:
        return _ended(2, run)
    run.diagnostics.extend(_missing(config))
    if run.diagnostics:
        return _ended(2, run)
    prepared = prepare(config, run)
    if prepared.sketch is None or prepared.theme is None:
        return _ended(1, run)
    found = _find_topic(request.topic, prepared.catalog)
    run.diagnostics.extend(found.diagnostics)
    if found.diagnostics:
        return _ended(2, run)
    issue = _choose(request, found.value, prepared.catalog, config)
    if not issue.record_ids:
        run.diagnostics.append(_nothing(issue, prepared.catalog))
        return _ended(1, run)
    material = _material(prepared)
    today = local_day(request.site.clock, config.site.timezone)
    stories = stories_of(issue, material)

    def draw(most: int) -> PageView:
        return plan_mail(issue, most, today, found.value, material)

    made = _fitting(
        draw, min(stories, config.newsletter.stories), prepared.theme, prepared.sketch.site
    )
    run.diagnostics.extend(made.diagnostics)
    if made.value is None:
        return _ended(1, run)
    page, html = made.value
    mail = write_mail(prepared.sketch.site, page, html, _envelope(request, config))
    return _written(request, _name(request, found.value, issue), page, mail, run)


def _missing(config: Config) -> Iterator[Diagnostic]:
    """What an e-mail cannot be made without."""
    place = Place(CONFIG)
    if not can_inline():
        yield Diagnostic(
            "missing-extra",
            Severity.ERROR,
            "the newsletter needs css-inline, which is not installed",
            place,
            "pip install tidings[newsletter]",
        )
    needed = {
        "sender": 'write who it is from: sender = "Your digest <news@your.domain>"',
        "list_unsubscribe": 'write where readers leave: list_unsubscribe = "https://…"',
    }
    for name, hint in needed.items():
        if not getattr(config.newsletter, name):
            message = f'an e-mail needs the setting "newsletter.{name}", which is not there'
            yield Diagnostic("missing-setting", Severity.ERROR, message, place, hint)
    if urlsplit(config.site.base_url).hostname in LOCAL:
        yield Diagnostic(
            "missing-setting",
            Severity.ERROR,
            f"no reader can follow links to {config.site.base_url}",
            place,
            "set base_url in [site] to where the site is published, or give --base-url",
        )


def _find_topic(name: str, catalog: Catalog) -> Outcome[Topic]:
    """The topic of that slug or name; none, and no problem, for an empty name."""
    if not name:
        return Outcome(None)
    wanted = name.strip().casefold()
    names: dict[str, str] = {}
    for topic in catalog.topics.values():
        for each in (topic.slug, topic.name, topic.shortname):
            names.setdefault(each.casefold(), topic.slug)
    if wanted in names:
        return Outcome(catalog.topics[names[wanted]])
    near = get_close_matches(wanted, sorted(filter(None, names)), n=1)
    hint = f'did you mean "{names[near[0]]}"?' if near else "see /topics/ for their names"
    problem = Diagnostic(
        "unknown-topic", Severity.ERROR, f'there is no topic "{name}"', Place(CONFIG), hint
    )
    return Outcome(None, (problem,))


def _choose(
    request: MailRequest, topic: Topic | None, catalog: Catalog, config: Config
) -> Issue:
    """The issue that the request asks for; it may have no records."""
    issue = _of_time(request, catalog, config)
    if topic is None:
        return issue
    within = frozenset(topic.record_ids)
    return msgspec.structs.replace(
        issue,
        title=f"{issue.title}: {topic.name}",
        record_ids=tuple(each for each in issue.record_ids if each in within),
    )


def _of_time(request: MailRequest, catalog: Catalog, config: Config) -> Issue:
    zone, clock = config.site.timezone, request.site.clock
    if request.since is None:
        return issue_of(_period(request, config), catalog)
    since = request.since
    first = local_day(since, zone)
    # Half open, so that one call's clock as the next one's `since` leaves nothing out.
    ids = (
        record.id for record in catalog.records.values() if since <= record.published_at < clock
    )
    title = f"Since {long_date(first)}"
    return Issue(Period(first, local_day(clock, zone)), title, ranked(ids, catalog))


def _period(request: MailRequest, config: Config) -> Period:
    if request.day is not None:
        return period_of(request.day, "day")
    if request.week is not None:
        return period_of(request.week, "week")
    today = local_day(request.site.clock, config.site.timezone)
    return period_before(today, config.newsletter.every)


def _name(request: MailRequest, topic: Topic | None, issue: Issue) -> str:
    """What the files are called, without their endings."""
    first: date = issue.period.first
    if request.since is not None:
        name = f"since-{request.since.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    elif first == issue.period.last:
        name = first.isoformat()
    else:
        year, week, _ = first.isocalendar()
        name = f"{year}-W{week:02}"
    return f"{name}-{topic.slug}" if topic else name


def _nothing(issue: Issue, catalog: Catalog) -> Diagnostic:
    """There is no story to send; and where the latest ones are."""
    hint = ""
    if catalog.days:
        hint = f"the latest day with stories is --day {catalog.days[0].date.isoformat()}"
    message = f"there are no stories to send: {issue.title}"
    return Diagnostic("empty-newsletter", Severity.ERROR, message, Place("content/news"), hint)


def _material(prepared: Prepared) -> Material:
    catalog, config = prepared.catalog, prepared.config
    records = dict(catalog.records)
    records.update((each.id, each) for each in prepared.loaded.records)
    known = {each: records[each] for each in (*catalog.records, *catalog.redirects)}
    addresses, _ = make_addresses(catalog, known, config.site.base_url)
    assets = {asset.name: asset.path for asset in prepared.assets}
    measures = measure_all(prepared.assets)
    return make_material(catalog, addresses, config, assets, measures)


def _fitting(
    draw: Callable[[int], PageView], most: int, theme: Theme, site: SiteView
) -> Outcome[tuple[PageView, bytes]]:
    """The e-mail with as many of its best stories, up to `most`, as its size allows."""
    fits: tuple[PageView, bytes] | None = None
    few, many = 0, most
    trial = most
    while few < many:
        page = draw(trial)
        made = render_mail_html(theme, site, page)
        if made.value is None:
            return Outcome(None, made.diagnostics)
        if len(made.value) <= MOST_BYTES:
            fits, few = (page, made.value), trial
        else:
            many = trial - 1
        trial = (few + many + 1) // 2
    if fits is not None:
        return Outcome(fits)
    problem = Diagnostic(
        "newsletter-too-large",
        Severity.ERROR,
        f"with a single story the e-mail has more than {MOST_BYTES:,} bytes",
        Place("templates/newsletter/mail.html"),
        "make the template smaller",
    )
    return Outcome(None, (problem,))


def _envelope(request: MailRequest, config: Config) -> Envelope:
    host = urlsplit(config.site.base_url).hostname or ""
    try:
        ascii_host = host.encode("idna").decode("ascii")
    except UnicodeError:  # No name that a server could have; it only names the list.
        ascii_host = host.encode("ascii", "ignore").decode("ascii")
    return Envelope(
        sender=config.newsletter.sender,
        to=config.newsletter.to,
        sent_at=request.site.clock,
        host=ascii_host,
    )


def _written(
    request: MailRequest, name: str, page: PageView, mail: Mail, run: Run
) -> MailReport:
    """Writes the three files."""
    parts = {".html": mail.html, ".txt": mail.text, ".eml": mail.message}
    files = [request.folder / f"{name}{ending}" for ending in parts]
    try:
        request.folder.mkdir(parents=True, exist_ok=True)
        for file, data in zip(files, parts.values(), strict=True):
            replace_file(file, data)
    except OSError as error:
        run.diagnostics.append(write_failure(request.folder, error))
        return _ended(2, run)
    told = page.newsletter
    assert told is not None
    return msgspec.structs.replace(
        _ended(0, run),
        period=told.period,
        subject=told.subject,
        stories=page.count,
        shown=page.count - told.more,
        html_bytes=len(mail.html),
        files=tuple(str(file) for file in files),
    )


def _ended(exit_code: int, run: Run) -> MailReport:
    errors = (each for each in run.diagnostics if each.severity is Severity.ERROR)
    return MailReport(exit_code == 0, exit_code, diagnostics=sorted_diagnostics(errors))
