"""The Nu HTML checker finds neither errors nor warnings, on any kind of page."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from urllib.parse import quote

import pytest
from conftest import SITES, made_site, package, pages_by_kind, serving

JAVA = (
    "java",
    # Starting up is most of the work here.
    "-XX:TieredStopAtLevel=1",
    "-XX:+UseSerialGC",
    "-Xss8m",
    # The pages to be judged are on this machine.
    "-Dnu.validator.servlet.allow-forbidden-hosts=true",
)

EACH = 3
"""Pages of every kind that are looked at, the longest first."""


@pytest.mark.parametrize("name", SITES)
def test_pages_are_valid(name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    jar = package("vnu-jar/build/dist/vnu.jar")
    folder = made_site(name, tmp_path_factory)
    paths = [path for found in pages_by_kind(folder, EACH).values() for path in found]
    # Over HTTP, since the checker also tests what a page loads against the page's own policy.
    with serving(folder) as address:
        urls = [address + quote(path) for path in paths]
        done = ask(jar, *urls)
    assert not done, "\n".join(done)


def test_the_stylesheets_and_the_drawing_are_valid() -> None:
    jar = package("vnu-jar/build/dist/vnu.jar")
    static = Path(__file__).parents[2] / "templates" / "static"
    for name in ("style.css", "search.css"):
        assert ask(jar, "--css", str(static / name)) == [], name
    assert ask(jar, "--svg", str(static / "favicon.svg")) == []


def ask(jar: Path, *arguments: str) -> list[str]:
    """What the checker has to say of those pages, one line for each finding."""
    command = [*JAVA, "-jar", str(jar), "--format", "json", "--exit-zero-always", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = json.loads(done.stderr)["messages"]
    return [
        f"{one.get('url', '')}:{one.get('lastLine', 0)}: {one['message']}"
        for one in found
        if not is_about_a_data_block(one)
    ]


def is_about_a_data_block(finding: dict[str, object]) -> bool:
    """Whether the checker takes JSON-LD for a script that the page's policy forbids.

    HTML's "prepare the script element" leaves a data block alone before it asks the policy, so
    no browser complains: `tests/sites/test_data_browser.py` holds Chromium to that, on pages
    with this policy in the meta element and in the header.
    """
    start, length = finding.get("hiliteStart", 0), finding.get("hiliteLength", 0)
    extract = finding.get("extract", "")
    assert isinstance(start, int)
    assert isinstance(length, int)
    assert isinstance(extract, str)
    return (
        str(finding["message"]).startswith("Inline script violates Content Security Policy")
        and extract[start : start + length] == '<script type="application/ld+json">'
    )
