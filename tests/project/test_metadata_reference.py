"""The reference of topics, outlets and pages names every key, and what it promises holds."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from tidings.sources.schema import (
    IGNORED_KEYS,
    RawPage,
    RawProviderFile,
    RawRecord,
    RawTopic,
    tree_of,
)

TOP = Path(__file__).parents[2]
sys.path.append(str(TOP / "tests/sites"))

from fixture_site import Site  # noqa: E402 - needs the path.


def keys(page: str, section: str) -> set[str]:
    """The keys in the first column of a section's table."""
    text = (TOP / "docs/reference" / page).read_text("utf-8")
    part = re.split(r"^## ", text, flags=re.MULTILINE)
    (body,) = [each for each in part if each.startswith(f"{section}\n")]
    rows = re.findall(r"^\| (`.*?) \|", body, re.MULTILINE)
    return {key for row in rows for key in re.findall(r"`(\w+)`", row)}


@pytest.mark.parametrize(
    ("page", "section", "shape"),
    [
        ("records.md", "Keys", RawRecord),
        ("metadata.md", "Topics", RawTopic),
        ("metadata.md", "Outlets", RawProviderFile),
        ("metadata.md", "Pages", RawPage),
    ],
)
def test_every_key_is_in_the_reference(page: str, section: str, shape: type) -> None:
    ignored = {key for key in IGNORED_KEYS.get(shape, ()) if "." not in key}
    assert keys(page, section) == {*tree_of(shape), *ignored}


def test_what_the_reference_promises_holds(tmp_path: Path) -> None:
    site = Site(
        tmp_path,
        "-- content/topics/02-all.yaml --\nname: Everything\nshortname: All\n"
        "-- content/topics/01-python.yaml --\n"
        "name: Python\nparent: All\ndescription: Of snakes.\nkeywords:\n  - x\n"
        "-- content/topics/rust.yml --\nname: Rust\nparent: everything\n_id: ferris\n"
        "-- content/providers/x.md --\n---\n_id: outlet.example\nname: The Outlet\n"
        "description: x\notherNames:\n  - Outlet\n---\n"
        "-- content/pages/us/imprint.md --\n---\ntitle: Imprint\n---\nWe.\n"
        "-- content/pages/about.md --\n"
        "---\ntitle: About\norder: 1\nslug: who/we-are\n---\nUs.\n",
    )
    outlet = {"name": "Outlet", "domain": "outlet.example"}
    site.news("a", "First", topics=["PYTHON"], provider=outlet)
    site.news("b", "Second", topics=["rust"], provider=outlet)
    assert site.built().diagnostics == ()
    front = site.page("/")
    assert list(site.page("/topics/").main.links)[:3] == ["Everything", "Python", "Rust"]
    assert "Of snakes." in site.page("/topics/python/").text
    assert site.has("/topics/ferris/")
    assert "The Outlet" in site.page("/sources/outlet.example/").text
    assert front.links["Imprint"] == "/us/imprint/"
    assert front.links["About"] == "/who/we-are/"
