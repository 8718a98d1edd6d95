"""What `tidings publish` will not do without being told: show, remove, replace."""

from __future__ import annotations

from pathlib import Path

import pytest
from publish_sites import PublishSite, codes, paths

from tidings.publish.guards import private_reason
from tidings.publish.report import Surroundings


@pytest.fixture
def site(tmp_path: Path) -> PublishSite:
    """A site of ten records on two topics, not yet published."""
    site = PublishSite(tmp_path)
    site.stories(10)
    return site


@pytest.mark.parametrize(
    ("settings", "option"),
    [("unpublished = true", "unpublished"), ("future = true", "future")],
)
def test_what_is_not_for_the_public_is_not_published(
    site: PublishSite, settings: str, option: str
) -> None:
    config = (site.source / "tidings.toml").read_text()
    for by_config in (True, False):
        site.write("tidings.toml", f"{config}[content]\n{settings}\n" if by_config else config)
        given = {} if by_config else {option: True}
        report = site.publish(**given)
        assert (report.exit_code, codes(report)) == (1, ["not-for-the-public"])
        assert f"--allow-{option}" in report.diagnostics[0].hint
        assert f"--no-{option}" in report.diagnostics[0].hint
        assert not site.live.exists()
        site.published(dry_run=True, **{**given, f"allow_{option}": True})
    site.write("tidings.toml", f"{config}[content]\n{settings}\n")
    site.published(dry_run=True, **{option: False})


def test_a_target_may_allow_it(site: PublishSite) -> None:
    site.target(type="folder", path=str(site.live), allow_unpublished=True)
    site.news("held", "A held record", published=False)
    site.published(unpublished=True)
    assert (site.live / "2024/01/01/a-held-record/index.html").exists()


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:8000/",
        "http://127.0.0.1/",
        "http://127.8.9.1/digest/",
        "http://[::1]:8000/",
        "http://0.0.0.0/",
        "https://EXAMPLE.org/news/",
        "https://www.example.com/",
        "https://digest.example/",
        "https://digest.test/",
        "http://mac.local/",
        "https://x.localhost./",
    ],
)
def test_addresses_that_readers_cannot_reach_are_refused(site: PublishSite, url: str) -> None:
    report = site.publish(base_url=url)
    assert (report.exit_code, codes(report)) == (1, ["not-for-the-public"])
    assert "--allow-base-url" in report.diagnostics[0].hint
    site.published(base_url=url, allow_base_url=True, dry_run=True)


@pytest.mark.parametrize(
    "url", ["https://digest.news/", "https://examples.org/", "https://8.8.8.8/", "http://a.b/"]
)
def test_other_addresses_are_fine(url: str) -> None:
    assert private_reason(url) == ""


def test_the_default_base_url_is_refused(site: PublishSite) -> None:
    site.write(
        "tidings.toml", f'[publish.live]\ntype = "folder"\npath = "{site.live.as_posix()}"\n'
    )
    assert codes(site.publish()) == ["not-for-the-public"]


def test_a_target_has_a_base_url_of_its_own(site: PublishSite) -> None:
    site.write(
        "tidings.toml",
        '[publish.live]\ntype = "folder"\nbase_url = "https://staging.digest.news/x"\n'
        f'path = "{site.live.as_posix()}"\n',
    )
    site.published()
    assert b"https://staging.digest.news/x/" in (site.live / "index.html").read_bytes()
    site.published(base_url="https://other.news/")
    assert b"https://other.news/" in (site.live / "index.html").read_bytes()


def fewer(site: PublishSite) -> None:
    """Half of the records are gone, and one of the topics."""
    for number in range(1, 10, 2):
        site.remove(f"content/news/{number}.md")


def test_a_mass_deletion_is_refused_where_nobody_can_be_asked(site: PublishSite) -> None:
    site.published()
    before = site.files(site.live)
    fewer(site)
    report = site.publish()
    assert (report.exit_code, codes(report)) == (1, ["mass-change", "mass-change"])
    said = " ".join(problem.message for problem in report.diagnostics)
    assert "published pages would be deleted" in said
    assert "1 topic would be gone: odd" in said
    assert site.files(site.live) == before


def test_yes_goes_on(site: PublishSite) -> None:
    site.published()
    fewer(site)
    site.published(yes=True)
    assert site.files(site.live) == site.made()


def test_on_a_terminal_it_asks(site: PublishSite) -> None:
    site.published()
    before = site.files(site.live)
    fewer(site)
    questions: list[str] = []

    def answer(question: str, what: bool) -> bool:
        questions.append(question)
        return what

    report = site.publish(Surroundings(ask=lambda question: answer(question, False)))
    assert (report.exit_code, len(questions)) == (1, 1)
    assert site.files(site.live) == before
    report = site.publish(Surroundings(ask=lambda question: answer(question, True)))
    assert (report.exit_code, len(questions)) == (0, 3)
    assert site.files(site.live) == site.made()


def test_a_dry_run_tells_what_would_be_asked(site: PublishSite) -> None:
    site.published()
    fewer(site)
    report = site.published(dry_run=True)
    assert codes(report) == ["mass-change", "mass-change"]
    assert len(paths(report, "deleted")) > 5


def test_limits_in_the_config_let_it_pass(site: PublishSite) -> None:
    site.published()
    fewer(site)
    limits = {"max_removed_percent": 80, "max_topics_removed": 1}
    site.target(type="folder", path=str(site.live), **limits)
    site.published()


def test_pages_that_are_emptied_count_as_removed(site: PublishSite) -> None:
    site.published()
    for name in ("article", "day", "front"):
        if (Path(__file__).parents[2] / f"templates/{name}.html").exists():
            site.write(f"templates/{name}.html", "<!doctype html><title>x</title>")
    report = site.publish()
    assert "mass-change" in codes(report)
    assert " emptied" in report.diagnostics[0].message


def test_the_first_publish_has_nothing_to_remove(site: PublishSite) -> None:
    assert codes(site.published()) == []
