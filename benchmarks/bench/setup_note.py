"""What a run was measured on, so that its figures can be understood later."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from pathlib import Path

import tidings
from bench.tools import HERE, THEME, find_hugo, version_of


def setup_note(records: str, runs: str, *, with_hugo: bool) -> str:
    """The note, in Markdown."""
    commit = version_of(["git", "-C", str(HERE), "rev-parse", "--short", "HEAD"])
    changed = version_of(["git", "-C", str(HERE), "status", "--porcelain", "../src"])
    hugo = find_hugo() if with_hugo else None
    facts = {
        "date": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "records": records,
        "runs": runs,
        "tidings": f"{tidings.__version__}, commit {commit}"
        + ("" if changed == "unknown" else ", with changes in src/ since"),
        "Python": platform.python_version(),
        "Hugo": version_of([hugo, "version"]).split(" BuildDate")[0]
        if hugo
        else "not measured",
        "system": f"{platform.system()} {platform.release()}, {platform.machine()}",
        "processor": f"{processor()}, {os.cpu_count()} cores",
        "memory": f"{memory():.0f} GiB",
        "load before": " ".join(f"{load:.1f}" for load in os.getloadavg()),
        "page cache": "warm: the records were read before",
    }
    lines = [f"| {name} | {value} |" for name, value in facts.items()]
    return "\n".join(["| setup | |", "|---|---|", *lines]) + "\n"


def code_stamp() -> int:
    """Another number when tidings or its theme was edited in between."""
    package = Path(tidings.__file__).parent
    files = [file for top in (package, THEME) for file in top.rglob("*") if file.is_file()]
    return max(file.stat().st_mtime_ns for file in files if "__pycache__" not in file.parts)


def processor() -> str:
    """The processor's own name, where the system says it."""
    file = Path("/proc/cpuinfo")
    if file.is_file():
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown"


def memory() -> float:
    """GiB of the whole machine."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
