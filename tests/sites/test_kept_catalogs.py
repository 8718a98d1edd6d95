"""What a build takes again of the catalog of the one before, where an edit leads past it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fixture_builds import fresh_files
from fixture_site import Site


def entry(title: str, url: str, when: str = "2024-03-01T07:00:00Z") -> dict[str, Any]:
    """One entry of `related`; its outlet is the host of its address."""
    host = url.split("/")[2]
    return {
        "title": title,
        "webUrl": url,
        "publishedDateTime": when,
        "provider": {"name": host, "domain": host},
    }


def news(site: Site, name: str, title: str, day: int, *related: Any, **keys: Any) -> None:
    """A record of an outlet of its own."""
    site.news(
        name,
        title,
        f"2024-03-{day:02}T10:00:00Z",
        webUrl=f"https://{name}.example/1",
        provider={"name": name, "domain": f"{name}.example"},
        related=list(related),
        **keys,
    )


def elsewhere(site: Site) -> None:
    """A record that has nothing to do with the others is edited."""
    news(site, "z", "Ferry gets a new captain, again", 20)


def blocks(site: Site) -> None:
    site.write("tidings.toml", '[block]\ndomains = ["p.example"]\n')


def shortens(site: Site) -> None:
    site.write("tidings.toml", "[stories]\nspan_days = 1\n")


def retitles(site: Site) -> None:
    news(site, "a", "Arlo opens", 1)


def adds_one_that_waits(site: Site) -> None:
    news(site, "w", "Not yet", 1, topics=["Delta"], published=False)


def adds_another_quake(site: Site) -> None:
    """With this one, so many have had one that the word tells no event."""
    news(site, "k6", "L6ocal quake K6ept", 18)


SHARED = [entry("Harbour seen", "https://p.example/1"), entry("Afar", "https://p.example/2")]
QUAKE = "Arlo harbour quake 4.2 felt"

Parts = list[tuple[str, str, int, list[Any]]]
CASES: dict[str, tuple[Parts, Callable[[Site], None]]] = {
    "long ago": (
        [
            (
                "a",
                "Rates rise",
                1,
                [
                    entry("Rates", "https://p.example/1"),
                    entry("Before", "https://q.example/2", "2023-03-01T07:00:00Z"),
                ],
            )
        ],
        elsewhere,
    ),
    "one outlet": ([("a", "Rates rise", 1, SHARED)], elsewhere),
    "blocked": ([("a", "Rates rise", 1, SHARED), ("b", "Vote", 9, SHARED)], blocks),
    "config": ([("a", QUAKE, 1, []), ("b", QUAKE, 3, [])], shortens),
    "numbers": (
        [
            ("a", "Arlo wave 4", 1, []),
            ("b", "Brin wave 5", 1, [entry("Arlo", "https://a.example/1")]),
        ],
        retitles,
    ),
    "common word": (
        [
            ("a", "Arlo quake felt early", 1, []),
            ("b", "Quake wakes Arlo town", 1, []),
            *((f"k{n}", f"L{n}ocal quake K{n}ept", 12 + n, []) for n in range(6)),
        ],
        adds_another_quake,
    ),
    "waiting": ([("a", "Rates rise", 1, [])], adds_one_that_waits),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("stale", [16, -1], ids=["few written", "all written"])
def test_what_is_taken_again_is_what_a_build_from_nothing_makes(
    tmp_path: Path, case: str, stale: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each build is told what the one before has written; the last has nothing to take anew."""
    monkeypatch.setattr("tidings.catalog.assemble.STALE", stale)
    monkeypatch.setattr("tidings.catalog.filing.STALE", stale)
    records, edit = CASES[case]
    site = Site(tmp_path)
    for name, title, day, related in records:
        news(site, name, title, day, *related)
    for number in range(9):
        news(site, f"far{number}", f"T{number}own votes on X{number}", 20 + number)
    news(site, "z", "Ferry gets a new captain", 20)
    site.built()
    edit(site)
    assert site.built().written
    assert site.files() == fresh_files(site)
    # What this build makes of the first one's stories comes from disk.
    site.news("y", "Elections called early", "2024-01-05T10:00:00Z")
    site.built()
    assert site.files() == fresh_files(site)
