"""What a page is made from is in its basis or its key, where it takes a special site to see it.

The property test of `test_incremental` edits sites at random; here are edits that it hardly
makes.
"""

from __future__ import annotations

import itertools
import os
import struct
import zoneinfo
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest import mock

import pytest
from fixture_builds import fresh_files, planned_of
from fixture_site import Site

from tidings.engine import unchanged
from tidings.engine.version import zone_digest
from tidings.model.slug import short_digest
from tidings.output.manifest import manifest_file


@pytest.mark.parametrize("config", ["", "[related]\nenabled = false\n"])
def test_coverage_that_becomes_a_record_takes_the_place_of_its_like(
    tmp_path: Path, config: str
) -> None:
    site = Site(tmp_path, f"-- tidings.toml --\n{config}\n")
    # Of two that tell the same, the one that is a record is listed.
    listed = [
        {"title": f"{title} on Monday", "webUrl": f"https://o.example/{at}"}
        for at, title in (("a", "Bridge opens to all"), ("b", "Bridge opened to all"))
    ]
    site.news("1", "Crossing the river", "2024-03-01T10:00:00Z", topics=["A"], related=listed)
    for at, headline in (("a", "Bridge opens"), ("b", "Bridge opened")):
        # Under whichever address the record was, its page stays where it is.
        url = f"https://o.example/{at}"
        site.news("2", "Elsewhere", "2024-01-01T10:00:00Z", topics=["B"], webUrl=url)
        site.built()
        page = site.page("/2024/03/01/crossing-the-river/")
        assert page.coverage == [f"{headline} to all on Monday"]
        assert site.files() == fresh_files(site)


@pytest.mark.parametrize("most", [3, 6])
def test_the_newsletters_archive_changes_with_an_issue_in_the_next_sitemap(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr("tidings.pages.sitemaps.MOST_ENTRIES", most)
    site = Site(tmp_path, "-- tidings.toml --\n[newsletter]\nenabled = true\n")
    for day in (1, 2):
        site.news(f"{day}", f"Story {day}", f"2024-01-0{day}T10:00:00Z")
    noon = datetime(2024, 1, 2, 12, tzinfo=UTC)
    for later in range(2):
        site.options["clock"] = noon + timedelta(days=later)
        site.built()
        assert site.files() == fresh_files(site)


def test_a_page_whose_file_is_renamed_is_planned_anew(tmp_path: Path) -> None:
    page = "---\ntitle: About\nslug: about\n---\nWords.\n"
    site = Site(tmp_path, f"-- content/pages/about.md --\n{page}")
    site.built()
    site.remove("content/pages/about.md")
    site.write("content/pages/us.md", page)
    assert planned_of(site) == {"about/index.html"}
    # The same site has the same list of files, however it was built.
    listed = manifest_file(site.output).read_bytes()
    site.built(clean=True)
    assert manifest_file(site.output).read_bytes() == listed


def test_a_time_zone_with_other_rules_has_pages_made_anew(
    tmp_path: Path, zones: Callable[[int], None]
) -> None:
    # An issue of the newsletter is there when its day ends here.
    config = '[site]\ntimezone = "Here"\n[newsletter]\nenabled = true\n'
    site = Site(tmp_path, f"-- tidings.toml --\n{config}")
    site.news("1", "Story 1", "2024-01-01T10:00:00Z")
    for hours in (1, 2):
        zones(hours)
        site.built()
        assert f"{10 + hours}:00" in site.page("/2024/01/01/story-1/").text
        assert site.files() == fresh_files(site)


def test_a_site_that_nobody_edited_is_made_anew_under_other_rules(
    tmp_path: Path, zones: Callable[[int], None]
) -> None:
    site = Site(tmp_path, '-- tidings.toml --\n[site]\ntimezone = "Here"\n')
    site.news("1", "Story 1", "2024-01-01T10:00:00Z")
    for file in site.source.rglob("*.*"):
        os.utime(file, (1_700_000_000, 1_700_000_000))
    zones(1)
    with mock.patch.object(unchanged, "proving_mtime", lambda file, _: file.mtime_ns):
        site.built()
        assert site.built().counts.planned == 0
        zones(2)
        assert site.built().counts.planned > 0


@pytest.fixture
def zones(tmp_path: Path) -> Iterator[Callable[[int], None]]:
    """Puts the zone `Here` so many hours ahead of UTC, as an update of the system would."""
    folder = tmp_path / "zones"
    folder.mkdir()

    def put(hours: int) -> None:
        (folder / "Here").write_bytes(zone_file(hours))
        # As in another process.
        zoneinfo.ZoneInfo.clear_cache()
        zone_digest.cache_clear()

    zoneinfo.reset_tzpath([str(folder), *zoneinfo.TZPATH])
    yield put
    zoneinfo.reset_tzpath()
    zoneinfo.ZoneInfo.clear_cache()
    zone_digest.cache_clear()


def zone_file(hours: int) -> bytes:
    """A time zone that is always so many hours ahead of UTC (RFC 8536)."""
    header = b"TZif2" + bytes(15) + struct.pack(">6l", 0, 0, 0, 0, 1, 4)
    kind = struct.pack(">l?B", hours * 3600, False, 0) + b"HRE\0"
    return header + kind + header + kind + b"\nHRE-%d\n" % hours


def test_two_stories_have_pages_of_their_own_though_strangers_named_their_files(
    tmp_path: Path,
) -> None:
    one, other = names_of_one_story()
    site = Site(tmp_path, "-- tidings.toml --\n[related]\nenabled = false\n")
    shared = [{"title": "Elsewhere", "webUrl": "https://p.example/1"}]
    site.news(one, "First thing", "2024-01-01T10:00:00Z", topics=["A"], related=shared)
    again = [{"title": "Afar", "webUrl": "https://q.example/2"}]
    site.news(other, "Another matter", "2024-03-01T10:00:00Z", topics=["B"], related=again)
    for title in ("Seen by us", "Seen by us, corrected"):
        site.news("2", title, "2024-01-02T10:00:00Z", topics=["C"], related=shared)
        site.built()
        stories = [path for path in site.files() if path.startswith("stories/")]
        assert len([path for path in stories if path.endswith("index.html")]) == 2
        assert title in site.page("/2024/01/01/first-thing/").text
        assert site.files() == fresh_files(site)


def names_of_one_story() -> tuple[str, str]:
    """Two names of files that give one id to the stories that begin with them."""
    found: dict[str, str] = {}
    for number in itertools.count():
        name = f"{'bridge-' * 14}{number}"
        before = found.setdefault(short_digest(f"{name}.md"), name)
        if before != name:
            return before, name
    raise AssertionError
