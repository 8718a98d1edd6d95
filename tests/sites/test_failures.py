"""What goes wrong is said, and the site that was there stays as it was."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from fixture_site import Site, codes, only

GOOD = "Good story"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = Site(tmp_path)
    site.news("a", GOOD, topics=["X"])
    site.built()
    return site


@pytest.mark.parametrize(
    ("path", "text", "code"),
    [
        ("templates/topic.html", "{% if %}", "template-syntax"),
        ("templates/topic.html", "{{ page.no_such_thing }}", "template-error"),
        ("templates/topic.html", "{{ 'none.css'|asset }}", "missing-asset"),
        ("templates/topic.html", "{% include 'none.html' %}", "template-error"),
        ("tidings.toml", "[sites]\n", "unknown-setting"),
        ("tidings.toml", "[site\n", "config-syntax"),
    ],
)
def test_errors_outside_the_content_leave_the_old_site(
    site: Site, path: str, text: str, code: str
) -> None:
    before = site.files()
    site.news("b", "New story")
    site.write(path, text)
    report = site.build()
    assert not report.ok
    assert report.exit_code == (2 if path == "tidings.toml" else 1)
    assert only(report, code).place.file == path
    assert (report.written, report.deleted) == ((), ())
    assert site.files() == before
    site.remove(path)
    site.built()
    assert site.holders("New story") != []


@pytest.mark.parametrize("target", ["shared/footer.html", "nowhere.html"])
def test_a_template_that_is_not_read_leaves_the_old_site(
    site: Site, tmp_path: Path, target: str
) -> None:
    """Rather than show it in the default theme."""
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared/footer.html").write_text("<footer>Shared</footer>")
    site.write("templates/partials/footer.html", "<footer>Mine</footer>")
    site.built()
    before = site.files()
    site.remove("templates/partials/footer.html")
    link = site.source / "templates/partials/footer.html"
    link.symlink_to(tmp_path / target)
    report = site.build()
    assert not report.ok
    (problem,) = report.diagnostics
    assert problem.place.file == "templates/partials/footer.html"
    assert "content" not in problem.message
    assert site.files() == before


@pytest.mark.parametrize(
    "text",
    ["", "no front matter", "---\ntitle: [\n---\n", "---\ntitle: x\n---\n", "\xff\xfe"],
)
def test_a_broken_record_is_left_out_and_the_rest_is_built(site: Site, text: str) -> None:
    site.write("content/news/bad.md", text.encode("latin-1"))
    site.news("c", "New story")
    report = site.built()
    assert report.exit_code == 0
    assert (report.counts.files, report.counts.records, report.counts.skipped) == (3, 2, 1)
    assert {problem.place.file for problem in report.diagnostics} == {"content/news/bad.md"}
    assert site.holders("New story") != []


def test_a_file_that_is_not_read_at_all_is_counted_too(site: Site) -> None:
    site.write("tidings.toml", "[content]\nmax_file_bytes = 2000\n")
    site.write("content/news/big.md", "---\n" + "x" * 3000)
    report = site.built()
    assert codes(report) == ["too-large"]
    assert (report.counts.files, report.counts.skipped) == (2, 1)


@pytest.mark.parametrize("kind", ["folder", "link"])
def test_settings_that_cannot_be_read_are_no_reason_for_the_defaults(
    site: Site, kind: str
) -> None:
    before = site.files()
    config = site.source / "tidings.toml"
    config.mkdir() if kind == "folder" else config.symlink_to("nowhere.toml")
    report = site.build()
    problem = only(report, "unreadable")
    assert (report.exit_code, problem.place.file) == (2, "tidings.toml")
    told = {"folder": "cannot be read: Is a directory", "link": "the link leads nowhere"}
    assert problem.message == told[kind]
    assert problem.hint
    assert site.files() == before


def test_strict_turns_any_warning_into_a_failure(site: Site) -> None:
    before = site.files()
    site.news("b", "New story", related=[{"title": "No address"}])
    report = site.build(strict=True)
    assert (report.ok, report.exit_code) == (False, 1)
    assert codes(report) == ["incomplete-related"]
    assert site.files() == before
    assert site.build().exit_code == 0
    # Notes are no warnings.
    site.news("b", "New story", unknown="key")
    assert site.build(strict=True).exit_code == 0


def test_strict_fails_for_a_broken_record(site: Site) -> None:
    before = site.files()
    site.write("content/news/bad.md", "---\ntitle: [\n---\n")
    assert site.build(strict=True).exit_code == 1
    assert site.files() == before


def test_without_content_there_is_nothing_to_build(tmp_path: Path) -> None:
    site = Site(tmp_path)
    (site.source / "content/news").rmdir()
    report = site.build()
    assert (report.exit_code, codes(report)) == (2, ["no-content"])
    assert not site.output.exists()


@pytest.mark.parametrize(
    "place", ["site", "site/content", "site/content/news/x", ".", "foreign"]
)
def test_a_folder_that_is_not_for_output_is_refused(tmp_path: Path, place: str) -> None:
    site = Site(tmp_path)
    site.news("a", GOOD)
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign/thesis.txt").write_text("mine", encoding="utf-8")
    before = sorted(tmp_path.rglob("*"))
    report = site.build(output=(tmp_path / place).resolve())
    assert (report.exit_code, codes(report)) == (2, ["output-refused"])
    assert sorted(tmp_path.rglob("*")) == before


def test_files_of_others_in_the_output_stay(site: Site) -> None:
    (site.output / "CNAME").write_text("x.example", encoding="utf-8")
    (site.output / "2024/01/01/good-story/mine.txt").write_text("mine", encoding="utf-8")
    site.remove("content/news/a.md")
    report = site.built()
    assert "2024/01/01/good-story/index.html" in report.deleted
    assert (site.output / "CNAME").read_text("utf-8") == "x.example"
    assert (site.output / "2024/01/01/good-story/mine.txt").is_file()
    assert not (site.output / "topics").joinpath("x").exists()


def test_two_builds_at_once_never_mix(tmp_path: Path) -> None:
    site = Site(tmp_path, preview=False)
    for number in range(12):
        site.news(f"{number}", f"Story {number}")
    waited = []
    results = []

    def run(title: str) -> None:
        from tidings.engine.build import build
        from tidings.engine.report import BuildRequest

        def progress(phase: str, _done: int, _total: int) -> None:
            if phase.startswith("wait"):
                waited.append(title)

        results.append(build(BuildRequest(site.source, site.output, clock=CLOCK), progress))

    from fixture_site import CLOCK

    threads = [threading.Thread(target=run, args=(name,)) for name in ("one", "two", "three")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [report.exit_code for report in results] == [0, 0, 0]
    assert len({id(report) for report in results if report.written}) == 1
    assert waited
    before = site.files()
    site.built(output=tmp_path / "alone")
    assert site.files(tmp_path / "alone") == before


def test_a_build_that_had_to_wait_shows_what_was_written_meanwhile(tmp_path: Path) -> None:
    from fixture_site import CLOCK

    from tidings.engine.build import build
    from tidings.engine.report import BuildRequest
    from tidings.output.lock import locked

    site = Site(tmp_path)
    site.news("a", "Old title")
    started = threading.Event()
    reports = []

    def progress(phase: str, _done: int, _total: int) -> None:
        if phase.startswith("wait"):
            started.set()

    def run() -> None:
        reports.append(build(BuildRequest(site.source, site.output, clock=CLOCK), progress))

    with locked(site.output, 1, lambda: None) as busy:
        assert busy is None
        thread = threading.Thread(target=run)
        thread.start()
        assert started.wait(30)
        site.news("a", "New title")
    thread.join(30)
    assert reports[0].ok
    assert site.holders("New title") != []
    assert site.holders("Old title") == []


def test_two_names_that_look_alike_are_told(tmp_path: Path) -> None:
    import unicodedata

    site = Site(tmp_path)
    for form, title in (("NFC", "One"), ("NFD", "Two")):
        site.news(unicodedata.normalize(form, "é"), title)  # type: ignore[arg-type]
    if len(list((site.source / "content/news").iterdir())) < 2:
        pytest.skip("this file system keeps the two names together")
    report = site.built()
    assert codes(report) == ["repeated-file"]
    assert (report.counts.records, report.counts.skipped) == (1, 1)


def test_a_broken_topic_or_provider_is_left_out(site: Site) -> None:
    site.write("content/topics/01-x.yaml", "name: [\n")
    site.write("content/providers/x.md", "nothing")
    report = site.built()
    assert {problem.place.file for problem in report.diagnostics} == {
        "content/topics/01-x.yaml",
        "content/providers/x.md",
    }
    assert GOOD in site.page("/topics/x/").headlines


def test_the_report_counts_what_was_done(site: Site) -> None:
    site.news("b", "Second", "2024-02-01T10:00:00Z", published=False)
    report = site.built()
    counts = report.counts
    assert (counts.files, counts.parsed, counts.records, counts.skipped) == (2, 1, 1, 0)
    assert counts.held == {"unpublished": 1}
    assert counts.pages == len(site.files())
    assert (counts.written, counts.deleted) == (0, 0)
    assert set(report.seconds) == {
        "scan", "parse", "catalog", "plan", "render", "write", "total",
    }  # fmt: skip
    report = site.built(unpublished=True)
    assert report.counts.written == len(report.written) > 0
    assert report.output == site.output


@pytest.mark.parametrize(
    ("logo", "hint"),
    [
        ("mark.svg", "put it at static/mark.svg"),
        ("/there.svg", 'write logo = "there.svg"'),
        ("there.sgv", 'did you mean "there.svg"?'),
    ],
)
def test_a_logo_that_is_not_there_is_told_where_it_is_named(
    site: Site, logo: str, hint: str
) -> None:
    before = site.files()
    site.write("static/there.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>")
    site.write("tidings.toml", f'[theme]\nlogo = "{logo}"\n')
    report = site.build()
    problem = only(report, "missing-asset")
    assert (report.exit_code, codes(report)) == (1, ["missing-asset"])
    assert (problem.place.file, problem.hint) == ("tidings.toml", hint)
    assert problem.message == f'theme.logo is "{logo}", which is not in static/'
    assert site.files() == before


def test_a_failing_partial_is_told_once_with_the_number_of_pages(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.news("a", "Zoo")  # The day's page is the first that meets it, and names no record.
    site.built()
    site.write("templates/partials/footer.html", "{% include 'none.html' %}")
    problem = only(site.build(), "template-error")
    pages = sum(path.endswith(".html") for path in site.files())
    assert problem.message == f'the theme has no template "none.html", on {pages} pages'


def test_a_failing_template_is_told_once_however_many_pages_meet_it(tmp_path: Path) -> None:
    site = Site(tmp_path)
    for number in range(3):
        site.news(f"{number}", f"Story {number}")
    site.write("templates/article.html", "<p>{{ page.nothing }}</p>\n")
    report = site.build()
    problem = only(report, "template-error")
    assert (problem.place.file, problem.place.line) == ("templates/article.html", 1)
    assert problem.message.endswith(", while rendering content/news/0.md and 2 more")


def test_a_failing_list_is_told_with_the_number_of_its_pages(tmp_path: Path) -> None:
    site = Site(tmp_path)
    for day in range(1, 4):
        site.news(f"{day}", f"Story {day}", f"2024-01-0{day}T10:00:00Z")
    site.write("templates/day.html", "<p>{{ page.nothing }}</p>\n")
    problem = only(site.build(), "template-error")
    assert problem.message == 'PageView has no field "nothing", on 3 pages'


def test_a_template_that_cannot_be_compiled_does_no_harm_until_a_page_asks_for_it(
    tmp_path: Path,
) -> None:
    site = Site(tmp_path)
    site.news("1", "A story")
    deep = "{% for a in [1] %}" * 21 + "{% endfor %}" * 21
    site.write("templates/partials/deep.html", deep)
    site.write(
        "templates/partials/footer.html",
        "{% if page.title == 'Nobody' %}{% include 'partials/deep.html' %}{% endif %}",
    )
    site.built()
    site.write("templates/partials/footer.html", "{% include 'partials/deep.html' %}")
    problem = only(site.build(), "template-syntax")
    assert problem.place.file == "templates/partials/deep.html"
