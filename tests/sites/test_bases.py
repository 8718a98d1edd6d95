"""What a page's plan reads is in its basis, where it takes a special site to see it.

The property test of `test_incremental` edits sites at random; here are edits that it hardly
makes.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fixture_builds import fresh_files, planned_of
from fixture_site import Site

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
