"""Publishes to other machines, killed at random points; run as a process of its own.

    python remote_kills.py FOLDER TARGET_JSON ROOT POINTS SEED

Several versions of a site are built once; then now this one, now that one is published to the
target. Each publish kills itself a random while after a random one of its steps that touch the
target; now alone, now with all programs that it started. After every kill, readers who start at
the front of ROOT, a folder or an address, must find no broken link; now and then, and at the
end, a publish is left to finish. What went wrong is written to standard output as JSON, with
the number of kills that hit.
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
from remote_sites import WebRoot, without_notes  # noqa: E402 - needs the path.

from tidings.engine.build import build  # noqa: E402 - needs the path.
from tidings.engine.report import BuildRequest  # noqa: E402 - needs the path.
from tidings.output.manifest import read_manifest  # noqa: E402 - needs the path.
from tidings.publish.course import Course  # noqa: E402 - needs the path.
from tidings.publish.published import Sent  # noqa: E402 - needs the path.
from tidings.publish.report import PublishRequest, Surroundings  # noqa: E402 - needs the path.
from tidings.publish.run import _take_there  # noqa: E402 - needs the path.
from tidings.publish.settings import choose_target  # noqa: E402 - needs the path.

VERSIONS = 4
FINISH_EVERY = 10
LONGEST = {"ssh": 0.3, "s3": 0.03}
"""Seconds after a step within which a publish is killed: about what a step takes."""
REQUESTS = ("get", "create", "replace", "put", "delete", "digest")


def main(arguments: list[str]) -> int:
    """All rounds; 0 when every one was fine."""
    folder, target, place = Path(arguments[0]), json.loads(arguments[1]), arguments[2]
    points, dice = int(arguments[3]), random.Random(int(arguments[4]))
    root: Any = WebRoot(place) if place.startswith("http") else Path(place)
    sites = [built_site(folder / str(number), number, target) for number in range(VERSIONS)]
    wrong = finish(sites[0], root)
    steps = in_child(lambda: publish_counted(sites[1]))
    killed = 0
    for number in range(points):
        site = sites[dice.randrange(VERSIONS)]
        fatal, delay = dice.randint(1, steps), dice.uniform(0, LONGEST[target["type"]])
        code = in_child(lambda: publish_killed(site, fatal, delay, number % 2 == 0))  # noqa: B023
        killed += code < 0
        if code > 0:
            wrong.append(f"publish {number} ended with {code}")
        wrong += [f"after kill {number}: {broken}" for broken in broken_links(root)]
        if number % FINISH_EVERY == FINISH_EVERY - 1 or number == points - 1:
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
    return _take_there(chosen, built, work, course)


def publish_counted(site: PublishSite) -> int:
    """Publish the site; the number of steps that touched the target."""
    steps = []
    at_each_step(lambda: steps.append(1))
    publish(site)
    return len(steps)


def publish_killed(site: PublishSite, fatal: int, delay: float, alone: bool) -> int:
    """Publish the site and die of it: so many seconds after this step."""
    left = [fatal]

    def die() -> None:
        (os.kill if alone else os.killpg)(os.getpid(), signal.SIGKILL)

    def step() -> None:
        left[0] -= 1
        if left[0] == 0:
            timer = threading.Timer(delay, die)
            timer.daemon = True
            timer.start()

    at_each_step(step)
    return publish(site)


def at_each_step(step: Callable[[], None]) -> None:
    """Call this from now on whenever a program is started, or a bucket is asked something."""
    from tidings.publish.s3_bucket import Bucket

    def hook(event: str, _: object) -> None:
        if event == "subprocess.Popen":
            step()

    def stepping(request: Callable[..., Any]) -> Callable[..., Any]:
        def stepped(*arguments: object) -> Any:
            step()
            return request(*arguments)

        return stepped

    sys.addaudithook(hook)
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


def finish(site: PublishSite, root: Any) -> list[str]:
    """What is wrong once a publish of the site was left to finish."""
    code = in_child(lambda: publish(site))
    if code:
        return [f"the publish did not finish: {code}"]
    made = site.made()
    wrong = [f"after finishing: {broken}" for broken in broken_links(root)]
    for path, data in made.items():
        if read_file(root, path) != data:
            wrong.append(f"after finishing: {path} is not as it was built")
    there = root.listed() if isinstance(root, WebRoot) else site.files(root)
    left = without_notes(there).keys() - made.keys()
    # Styles and scripts may stay for pages in caches; none differ between versions.
    return wrong + [f"after finishing: {path} is left over" for path in sorted(left)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
