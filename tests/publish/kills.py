"""Publishes that are killed at random points; run as a process of its own.

    python kills.py FOLDER TARGET_JSON ROOT POINTS SEED

Several versions of a site are built once; then now this one, now that one is published to the
target, until POINTS publishes were killed. Each kills itself at a random one of its steps that
touch the target, or a random while after it; now alone, now with all programs that it started.
After every kill, readers who start at the front of ROOT must find no broken link; now and then,
and at the end, a publish is left to finish. What went wrong is written to standard output as
JSON, with the number of kills that hit.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "sites")]

from fixture_site import CLOCK  # noqa: E402 - needs the path.
from publish_sites import BASE, PublishSite, broken_links, read_file  # noqa: E402 - needs the path.
from reading import shown  # noqa: E402 - needs the path.
from remote_sites import without_notes  # noqa: E402 - needs the path.

from tidings.engine.build import build  # noqa: E402 - needs the path.
from tidings.engine.report import BuildRequest  # noqa: E402 - needs the path.
from tidings.output.manifest import read_manifest  # noqa: E402 - needs the path.
from tidings.publish.course import Course  # noqa: E402 - needs the path.
from tidings.publish.published import Sent  # noqa: E402 - needs the path.
from tidings.publish.report import PublishRequest, Surroundings  # noqa: E402 - needs the path.
from tidings.publish.run import take_there  # noqa: E402 - needs the path.
from tidings.publish.settings import choose_target  # noqa: E402 - needs the path.

VERSIONS = 4
FINISH_EVERY = 10
MOST_ROUNDS = 4
"""Publishes for each kill, at most: one that has less to do may end before its kill."""
LONGEST = {"folder": 0.002, "git": 0.02, "ssh": 0.3, "s3": 0.03}
"""Seconds after a step within which a publish is killed: about what a step takes."""
REQUESTS = ("get", "create", "replace", "put", "delete", "digest")
STEPS = frozenset(
    ("open", "os.rename", "os.remove", "os.link", "os.symlink", "os.mkdir", "os.rmdir")
)
"""What is done to files; counted where the target is a place of this machine."""


def main(arguments: list[str]) -> int:
    """All rounds; 0 when every one was fine."""
    folder, target, root = Path(arguments[0]), json.loads(arguments[1]), arguments[2]
    points, dice = int(arguments[3]), random.Random(int(arguments[4]))
    sites = [built_site(folder / str(number), number, target) for number in range(VERSIONS)]
    wrong = finish(sites[0], root)
    steps = in_child(lambda: publish_counted(sites[1], target))
    killed = number = 0
    while killed < points and number < MOST_ROUNDS * points:
        number += 1
        site = sites[dice.randrange(VERSIONS)]
        fatal = dice.randint(1, steps)
        delay = dice.choice((0.0, dice.uniform(0, LONGEST[target["type"]])))
        alone = dice.choice((True, False))
        code = in_child(lambda: publish_killed(site, target, fatal, delay, alone))  # noqa: B023
        killed += code < 0
        if code > 0:
            wrong.append(f"publish {number} ended with {code}")
        wrong += [f"after kill {number}: {broken}" for broken in broken_links(shown(root))]
        if number % FINISH_EVERY == 0:
            wrong += finish(sites[dice.randrange(VERSIONS)], root)
    wrong += finish(sites[dice.randrange(VERSIONS)], root)
    print(json.dumps({"killed": killed, "wrong": wrong, "steps": steps}))  # noqa: T201
    return 1 if wrong else 0


def built_site(folder: Path, version: int, target: dict[str, object]) -> PublishSite:
    """One version of the site, built in the place where a publish has its builds."""
    site = PublishSite(folder, **target)
    site.stories(2 + version % 3, version=version)
    work = site.source / ".tidings/publish/live/site"
    made = build(BuildRequest(source=site.source, output=work, clock=CLOCK, base_url=BASE))
    assert made.ok, made.diagnostics
    return site


def publish(site: PublishSite) -> int:
    """Publish the site as it was built; the exit code."""
    work = site.source / ".tidings/publish/live"
    asked = BuildRequest(source=site.source, output=work / "site", clock=CLOCK)
    course = Course(PublishRequest(build=asked, yes=True), Surroundings())
    chosen, manifest = choose_target(course.request).value, read_manifest(work / "site").value
    assert chosen is not None
    assert manifest is not None
    built = {path: Sent(each.digest, each.size) for path, each in manifest.files.items()}
    return take_there(chosen, built, work, course)


def publish_counted(site: PublishSite, target: dict[str, object]) -> int:
    """Publish the site; the number of steps that touched the target."""
    steps = []
    at_each_step(target, lambda: steps.append(1))
    publish(site)
    return len(steps)


def publish_killed(
    site: PublishSite, target: dict[str, object], fatal: int, delay: float, alone: bool
) -> int:
    """Publish the site and die of it: at this step, or so many seconds after it."""
    left = [fatal]

    def die() -> None:
        (os.kill if alone else os.killpg)(os.getpid(), signal.SIGKILL)

    def step() -> None:
        left[0] -= 1
        if left[0] == 0 and not delay:
            die()
        elif left[0] == 0:
            timer = threading.Timer(delay, die)
            timer.daemon = True
            timer.start()

    at_each_step(target, step)
    return publish(site)


def at_each_step(target: dict[str, object], step: Callable[[], None]) -> None:
    """Call this from now on whenever a program is started, a bucket is asked something, or
    something is done to a file of the target."""
    place = str(target.get("path") or target.get("remote") or "no place of this machine")

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        touches = event in STEPS and any(place in str(each) for each in arguments)
        if event == "subprocess.Popen" or touches:
            step()

    def stepping(request: Callable[..., Any]) -> Callable[..., Any]:
        def stepped(*arguments: object) -> Any:
            step()
            return request(*arguments)

        return stepped

    sys.addaudithook(hook)
    if target["type"] == "s3":
        from tidings.publish.s3_bucket import Bucket

        for name in REQUESTS:
            setattr(Bucket, name, stepping(getattr(Bucket, name)))


def in_child(work: Callable[[], int]) -> int:
    """What the work returns, at most 250, in a process of its own; negative when killed."""
    child = os.fork()
    if child == 0:
        code = 255
        try:
            os.setsid()
            code = min(work(), 250)
        except BaseException:  # noqa: BLE001 - told here, and by the exit code.
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def finish(site: PublishSite, root: str) -> list[str]:
    """What is wrong once a publish of the site was left to finish."""
    code = in_child(lambda: publish(site))
    if code:
        return [f"the publish did not finish: {code}"]
    made, shows = site.made(), shown(root)
    wrong = [f"after finishing: {broken}" for broken in broken_links(shows)]
    for path, data in made.items():
        if read_file(shows, path) != data:
            wrong.append(f"after finishing: {path} is not as it was built")
    there = site.files(shows) if isinstance(shows, Path) else shows.listed()
    left = without_notes(there).keys() - made.keys() - {".nojekyll"}
    # Styles and scripts may stay for pages in caches; none differ between versions.
    return wrong + [f"after finishing: {path} is left over" for path in sorted(left)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
