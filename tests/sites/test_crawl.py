"""Every link and every file that a built page asks for leads to a built file."""

from __future__ import annotations

from pathlib import Path

import pytest
from fixture_site import Page, Site, codes, dead_links

from tidings.model.diagnostic import Severity

TOP = Path(__file__).parents[2]
CORPUS = TOP.parent / "shared/corpus/power-apps"


def copied(folder: Path, content: Path, *others: Path) -> Site:
    """A site with the content of that folder."""
    site = Site(folder)
    for top in (content, *others):
        for file in sorted(top.rglob("*")):
            if file.is_file():
                name = "content" if top is content else top.name
                site.write(f"{name}/{file.relative_to(top).as_posix()}", file.read_bytes())
    return site


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Site:
    site = copied(tmp_path_factory.mktemp("sample"), TOP / "content", TOP / "static")
    site.write("tidings.toml", (TOP / "tidings.toml").read_bytes())
    return site


@pytest.mark.parametrize(
    "base_url", ["https://x.example/", "https://x.example/a/deep%20place/"]
)
def test_the_sample_site_has_no_dead_link(sample: Site, base_url: str) -> None:
    report = sample.built(base_url=base_url)
    assert [p for p in report.diagnostics if p.severity is not Severity.INFO] == []
    assert dead_links(sample, base_url) == []


def test_every_sample_record_is_on_a_page_a_day_and_its_topics(sample: Site) -> None:
    report = sample.built(base_url="https://x.example/")
    # Redirects stand for records that repeat another's article.
    redirects = report.counts.held.get("duplicate", 0)
    records = len(list((TOP / "content/news").glob("*.md")))
    assert report.counts.records + redirects + report.counts.held.get("expired", 0) == records
    articles = [
        path
        for path in sample.files()
        if path[:2].isdigit() and path.count("/") == 4 and b"http-equiv=\"refresh\"" not in
        (sample.output / path).read_bytes()
    ]  # fmt: skip
    assert len(articles) == report.counts.records
    for path in articles:
        day = "/".join(path.split("/")[:3])
        # A record that is not its story's lead is a step further away, on the story's page.
        near = _hrefs(sample.page(f"/{day}/"))
        for story in [each for each in near if each.startswith("/stories/")]:
            near |= _hrefs(sample.page(story))
        assert f"/{path.removesuffix('index.html')}" in near


def _hrefs(page: Page) -> set[str]:
    from urllib.parse import unquote

    return {unquote(each) for each in page.references()}


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")
def test_the_real_records_give_a_whole_site(tmp_path: Path) -> None:
    site = copied(tmp_path, CORPUS)
    # One of its provider files is empty, which is told and left out.
    report = site.built(unpublished=True)
    errors = [p for p in report.diagnostics if p.severity is Severity.ERROR]
    assert [p.place.file for p in errors if p.place.file.startswith("content/news/")] == []
    assert report.counts.skipped == 0
    assert report.counts.records + report.counts.held.get("duplicate", 0) == 99
    assert dead_links(site, "http://localhost:8000/") == []
    before = site.files()
    for file in sorted((site.source / "content/news").glob("*.md")):
        file.write_bytes(file.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
    assert site.built(unpublished=True).written == ()
    assert site.files() == before
    assert "unreadable" not in codes(report)
