"""One publish, from the site's folder to the public: the steps in their order.

    settings, build, open the target, compare, guards, upload, what comes after, verify

Whatever goes wrong before the upload leaves the target as it was; whatever goes wrong in it
leaves the site that is online whole, and the same command goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import msgspec

from tidings.engine.build import build
from tidings.model.diagnostic import Severity
from tidings.output.lock import locked
from tidings.output.manifest import read_manifest
from tidings.publish.changes import HOUR, Changes, There, compare, unknown_paths
from tidings.publish.course import Course
from tidings.publish.guards import mass_change, public_url, refuse_settings, replaced_foreign
from tidings.publish.kinds import make_target
from tidings.publish.lock import own_claim
from tidings.publish.published import DamagedError, Sent, read_pending, read_published
from tidings.publish.report import PublishReport, PublishRequest, Surroundings
from tidings.publish.sending import release_id, send
from tidings.publish.settings import Chosen, choose_target
from tidings.publish.stages import bytes_to_send, make_upload
from tidings.publish.target import MANIFEST, PENDING, OvertakenError, Target, TargetError
from tidings.publish.untold import (
    forget_untold,
    news_of,
    note_not_sent,
    note_untold,
    read_untold,
)

WORK = ".tidings/publish"
"""Where publishes keep their builds, below the site's folder; one folder for each target."""
PATIENCE = 600.0
"""Seconds that a publish waits for another one of this machine to the same target."""
Note = TypeVar("Note")
NOTHING_NEW = "The target holds this very site already"
UNTOLD = "What was to follow an earlier publish, which was cut off, is done now"


def publish(request: PublishRequest, around: Surroundings | None = None) -> PublishReport:
    """Publishes the site and says how it went; what the outside world refuses never raises."""
    course = Course(request, around or Surroundings())
    outcome = choose_target(request)
    course.diagnostics.extend(outcome.diagnostics)
    chosen = outcome.value
    if chosen is None:
        return course.report(2)
    course.know(target=chosen.name)
    work = request.build.source / WORK / chosen.name
    try:
        _make_work_folder(request.build.source, work)
    except OSError as error:
        problem = TargetError("write-failed", error.strerror or str(error))
        course.know(label=str(error.filename or work))
        return course.failed(problem)
    if request.rollback:
        return _roll_back(chosen, work, course)
    refused = refuse_settings(request, chosen.config, chosen.target, chosen.name)
    if refused:
        course.diagnostics.extend(refused)
        return course.report(1)
    with locked(
        work, PATIENCE, lambda: course.around.progress("wait for another publish", 0, 0)
    ) as busy:
        if busy is not None:
            course.diagnostics.append(busy)
            return course.report(2)
        built = _build(chosen, work / "site", course)
        if isinstance(built, PublishReport):
            return built
        return _publish_built(chosen, built, work, course)


def _make_work_folder(source: Path, work: Path) -> None:
    """Make our own folder in the site's, and keep it out of the site's repository."""
    work.mkdir(parents=True, exist_ok=True)
    ignore = source / ".tidings" / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", encoding="utf-8")


def _build(chosen: Chosen, site: Path, course: Course) -> dict[str, Sent] | PublishReport:
    """Every file of the finished site; a report when there is none."""
    request = course.request
    wanted = msgspec.structs.replace(
        request.build,
        output=site,
        base_url=public_url(request, chosen.config, chosen.target),
    )
    report = build(wanted, course.around.progress)
    course.know(build=report)
    course.phase_done("build")
    if not report.ok:
        return course.report(report.exit_code)
    manifest = read_manifest(site).value
    assert manifest is not None  # The build has just written it.
    return {path: Sent(each.digest, each.size) for path, each in manifest.files.items()}


def _publish_built(
    chosen: Chosen, built: dict[str, Sent], work: Path, course: Course
) -> PublishReport:
    """Take the built site to the target, then do what follows."""
    try:
        code = take_there(chosen, built, work, course)
    except TargetError as error:
        return course.failed(error)
    if code or course.request.dry_run:
        return course.report(code)
    base_url = public_url(course.request, chosen.config, chosen.target)
    if course.news is not None:
        from tidings.publish.after import follow

        follow(course, chosen.target, course.news, base_url, course.request.build.source)
        forget_untold(work)
        course.phase_done("after")
    if course.request.verify:
        from tidings.publish.verify import verify_public

        code = verify_public(course, base_url, built)
        course.phase_done("verify")
    return course.report(code)


def take_there(chosen: Chosen, built: dict[str, Sent], work: Path, course: Course) -> int:
    """Take the site built in `work` to the target; the exit code. Raises TargetError."""
    try:
        return _take_there(chosen, built, work, course)
    except OvertakenError:  # Somebody else was quicker: compare with what is there now.
        return _take_there(chosen, built, work, course)


def _take_there(chosen: Chosen, built: dict[str, Sent], work: Path, course: Course) -> int:
    """Open the target, transfer, let go; the exit code. Raises TargetError."""
    target = make_target(chosen.target, course.request.build.source, work)
    course.know(label=target.label)
    try:
        return _transfer(target, chosen, built, work, course)
    finally:
        target.close()


def _transfer(
    target: Target, chosen: Chosen, built: dict[str, Sent], work: Path, course: Course
) -> int:
    """Compare, ask, send; the exit code. Raises TargetError."""
    request, now = course.request, course.around.now()
    claim = None if request.dry_run else own_claim(now)
    target.open(claim, request.break_lock)
    there = _look(target, built)
    changes = compare(
        built,
        there,
        int(request.build.clock.timestamp()),
        chosen.target.keep_assets_hours * HOUR,
    )
    course.know(changes=changes.changes)
    course.phase_done("compare")
    if claim is not None and course.around.show is not None and not changes.is_empty:
        course.around.show(changes.changes)
    if not _agreed(changes, built, there, chosen, target, course):
        return 1
    untold = read_untold(work, there)
    if changes.is_empty and there.is_settled:
        course.notes.append(NOTHING_NEW)
        if untold is not None and claim is not None:
            course.notes.append(UNTOLD)
            course.news = sorted(untold & built.keys())
        return 0
    if claim is None:
        return 0
    release = release_id(now, built, there.published.release if there.published else "")
    upload = make_upload(changes, built, work / "site", release, target.how)
    news = sorted(built.keys() & {*(untold or ()), *news_of(changes, there)})
    note_untold(work, chosen.target, there, release, news)
    try:
        send(target, upload, claim, course.around)
    except OvertakenError:
        note_not_sent(work, release)
        raise
    course.news = news
    course.know(
        release=release,
        uploaded=sum(change.what in ("new", "changed") for change in changes.changes),
        deleted=sum(change.what == "deleted" for change in changes.changes),
        sent_bytes=bytes_to_send(changes.changes),
    )
    course.phase_done("upload")
    return 0


def _look(target: Target, built: dict[str, Sent]) -> There:
    """What is at the target, from its notes; its files are asked about only in doubt."""
    published = _note(target, MANIFEST, read_published)
    pending = _note(target, PENDING, read_pending)
    asked = unknown_paths(built, published, pending)
    found = target.survey(asked) if asked else {}
    return There(published, pending, found, target.manner)


def _note(target: Target, path: str, read: Callable[[bytes | None], Note]) -> Note:
    """One of our notes at the target. Raises TargetError for a damaged one."""
    try:
        return read(target.read(path))
    except DamagedError as error:
        # Without what a cut-off publish began, the list of the one before tells old things.
        gone = f"remove it and {MANIFEST} there" if path == PENDING else "remove it there"
        raise TargetError(
            "target-damaged",
            f"the list of what was published, {path}, is of no use: {error}",
            f"{gone}: the next publish then sends every file, and deletes none",
        ) from None


def _agreed(
    changes: Changes,
    built: dict[str, Sent],
    there: There,
    chosen: Chosen,
    target: Target,
    course: Course,
) -> bool:
    """Whether the guards have nothing against it, or somebody has said that it is meant.

    A dry run tells what they would say, and goes on.
    """
    problems = [
        *mass_change(changes.changes, built, there.published, chosen.target),
        *replaced_foreign(changes.changes, target.label),
    ]
    request, ask = course.request, course.around.ask
    if not problems or request.yes:
        return True
    if request.dry_run:
        told = [msgspec.structs.replace(each, severity=Severity.WARNING) for each in problems]
        course.diagnostics.extend(told)
        return True
    if ask is not None and all(ask(f"{problem.message}. Go on?") for problem in problems):
        return True
    course.diagnostics.extend(problems)
    return False


def _roll_back(chosen: Chosen, work: Path, course: Course) -> PublishReport:
    """Show the release before the present one again."""
    try:
        target = make_target(chosen.target, course.request.build.source, work)
        course.know(label=target.label)
        try:
            target.open(own_claim(course.around.now()), course.request.break_lock)
            release = target.rollback()
        finally:
            target.close()
    except TargetError as error:
        return course.failed(error)
    course.know(release=release)
    return course.report(0)
