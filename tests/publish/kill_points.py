"""Publishes again and again, killed at random points; run as a process of its own.

    python kill_points.py FOLDER TARGET_JSON ROOT POINTS SEED WAY

The site in FOLDER changes before every publish. WAY is `steps`: the publish kills itself at a
random one of the steps that touch the target; or `times`: it is killed, with all processes that
it started, after a random time. After every kill, readers who start at the front must find no
broken link; now and then, and at the end, the same command is left to finish. It goes on until
POINTS kills have hit. What went wrong is written to standard output as JSON.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "sites")]

from publish_sites import PublishSite, broken_links, read_file  # noqa: E402 - needs the path.

FINISH_EVERY = 5
MOST_ROUNDS = 3
"""Publishes for each kill, at most: one that had less to do may be over before its end."""


def main(arguments: list[str]) -> int:
    """All rounds; 0 when every one was fine."""
    folder, target, root = Path(arguments[0]), json.loads(arguments[1]), Path(arguments[2])
    points, dice, way = int(arguments[3]), random.Random(int(arguments[4])), arguments[5]
    site = PublishSite(folder, **target)
    show = show_of(target, root)
    site.stories(3)
    site.published(yes=True)
    steps, seconds = measure(site, target)
    wrong: list[str] = []
    killed = 0
    number = 0
    while killed < points and number < MOST_ROUNDS * points:
        number += 1
        change(site, number, dice)
        if way == "steps":
            killed += not publish_in_child(site, dice.randint(1, steps), target)
        else:
            killed += not publish_in_child(site, 0, target, dice.uniform(0, seconds))
        wrong += [f"after kill {number}: {broken}" for broken in broken_links(show())]
        if number % FINISH_EVERY == 0 or killed == points:
            wrong += finish(site, show)
    print(json.dumps({"killed": killed, "wrong": wrong, "steps": steps}))  # noqa: T201
    return 1 if wrong else 0


def change(site: PublishSite, number: int, dice: random.Random) -> None:
    """New records, changed ones and fewer of them, so that every stage has something to do."""
    for file in (site.source / "content/news").glob("*.md"):
        file.unlink()
    site.stories(dice.randint(2, 5), version=number + 1)


def measure(site: PublishSite, target: dict[str, object]) -> tuple[int, float]:
    """The steps that a publish takes at its target, and its seconds."""
    change(site, -1, random.Random(0))
    reading, writing = os.pipe()
    started = time.monotonic()
    if (child := os.fork()) == 0:
        counted = count_steps(target, 0)
        site.publish(yes=True)
        os.write(writing, str(counted()).encode())
        os._exit(0)
    os.waitpid(child, 0)
    seconds = time.monotonic() - started
    return int(os.read(reading, 100) or b"1"), seconds


def publish_in_child(
    site: PublishSite, step: int, target: dict[str, object], seconds: float = 0.0
) -> bool:
    """Whether a publish ended by itself, and well; it is killed at the step or time given."""
    child = os.fork()
    if child == 0:
        os.setsid()
        if step:
            count_steps(target, step)
        code = 70
        try:
            code = site.publish(yes=True).exit_code
        finally:
            os._exit(code)
    if seconds:
        time.sleep(seconds)
        kill_all(child)
    _, status = os.waitpid(child, 0)
    kill_all(child)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise AssertionError(f"the publish ended with {os.WEXITSTATUS(status)}")
    return os.WIFEXITED(status)


def kill_all(leader: int) -> None:
    """Kill the process and all that it started."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        return


def count_steps(target: dict[str, object], fatal: int) -> Callable[[], int]:
    """Count what this process does to its target from now on; the fatal step is its last."""
    place = str(target.get("path") or target.get("remote"))
    tried = 0

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal tried
        if event not in STEPS or not any(place in str(each) for each in arguments):
            return
        tried += 1
        if tried == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)
    return lambda: tried


STEPS = frozenset(
    (
        *("open", "os.rename", "os.remove", "os.link", "os.symlink"),
        *("os.mkdir", "os.rmdir", "subprocess.Popen"),
    )
)


def finish(site: PublishSite, show: Callable[[], Path]) -> list[str]:
    """What is wrong once the same command was left to finish."""
    if not publish_in_child(site, 0, {}):
        return ["the publish did not finish"]
    root = show()
    wrong = [f"after finishing: {broken}" for broken in broken_links(root)]
    name = "live"
    made = site.made(name)
    for path, data in made.items():
        if read_file(root, path) != data:
            wrong.append(f"after finishing: {path} is not as it was built")
    there = {
        path
        for path in site.files(root)
        if path.endswith(".html") and not path.startswith((".git", "releases/"))
    }
    wrong += [f"after finishing: {path} is left over" for path in sorted(there - made.keys())]
    return wrong


def show_of(target: dict[str, object], root: Path) -> Callable[[], Path]:
    """What readers see: the folder itself, or a checkout of the branch made on the spot."""
    if target["type"] != "git":
        return lambda: root

    def checked_out() -> Path:
        root.mkdir(exist_ok=True)
        git = ["git", f"--git-dir={target['remote']}", f"--work-tree={root}"]
        for command in (["read-tree", "gh-pages"], ["checkout-index", "-a", "-f"]):
            subprocess.run([*git, *command], check=True, capture_output=True)
        subprocess.run([*git, "clean", "-fdxq"], check=True, capture_output=True)
        return root

    return checked_out


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
