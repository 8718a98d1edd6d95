"""`tidings publish` to a bucket; the service is an S3 server of this test run on loopback."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from publish_sites import PublishSite, broken_links, codes, paths
from remote_sites import (
    BUCKET,
    KEYS,
    BadNetwork,
    WebRoot,
    ask,
    s3_server,
    s3_settings,
    without_notes,
)

from tidings.publish.target import LOCK, MANIFEST, PENDING

for needed in ("obstore", "moto", "flask", "flask_cors"):
    pytest.importorskip(needed, exc_type=ImportError)

OTHER = (
    '{"owner":"ann","host":"elsewhere","process":1,"token":"abc",'
    '"taken":"2024-02-01T12:00:00Z","renewed":"2999-02-01T12:00:00Z"}\n'
)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an S3 server with an empty bucket."""
    with s3_server(tmp_path_factory.mktemp("s3") / "log") as address:
        yield address


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys as the environment has them."""
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def site(tmp_path: Path, service: str) -> PublishSite:
    """A site of four records, not yet published, whose target is a folder of the bucket."""
    site = PublishSite(tmp_path)
    site.target(**s3_settings(service, tmp_path.name))
    site.stories(4)
    return site


@pytest.fixture
def live(tmp_path: Path, service: str) -> WebRoot:
    """What readers of the bucket's folder get."""
    return WebRoot(f"{service}/{BUCKET}/{tmp_path.name}")


def objects(live: WebRoot) -> dict[str, bytes]:
    """The objects with their bytes, but for our own notes."""
    return {path: (live / path).read_bytes() for path in without_notes(live.listed())}


def put(live: WebRoot, path: str, text: str) -> None:
    """Put an object as somebody else would."""
    ask((live / path).url, "PUT", text.encode())


def kept(live: WebRoot, path: str) -> str:
    """How long readers may keep an object."""
    return str(ask((live / path).url).headers["Cache-Control"])


class Requests:
    """Counts what the bucket is asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from tidings.publish.s3_bucket import Bucket

        self.made: Counter[str] = Counter()
        for name in ("get", "create", "replace", "put", "digest", "paths", "delete"):
            monkeypatch.setattr(Bucket, name, self._counted(name, getattr(Bucket, name)))

    def _counted(self, name: str, request: Any) -> Any:
        def counted(*arguments: object) -> Any:
            self.made[name] += 1
            return request(*arguments)

        return counted


def test_the_bucket_then_holds_the_site(site: PublishSite, live: WebRoot) -> None:
    report = site.published()
    assert objects(live) == site.made()
    assert report.uploaded == len(site.made())
    assert broken_links(live) == []  # type: ignore[arg-type]
    assert not {LOCK, PENDING} & live.listed().keys()


def test_objects_say_what_they_are_and_how_long_they_may_be_kept(
    site: PublishSite, live: WebRoot, service: str, tmp_path: Path
) -> None:
    site.target(**s3_settings(service, tmp_path.name), page_seconds=90)
    site.published()
    (style,) = (path for path in site.made() if path.startswith("static/style."))
    said = {
        path: ask((live / path).url).headers
        for path in ("index.html", "feed.xml", "feed.json", style, MANIFEST)
    }
    types = {path: headers["Content-Type"] for path, headers in said.items()}
    assert types == {
        "index.html": "text/html; charset=utf-8",
        "feed.xml": "application/atom+xml; charset=utf-8",
        "feed.json": "application/feed+json",
        style: "text/css; charset=utf-8",
        MANIFEST: "application/json",
    }
    assert said["index.html"]["Cache-Control"] == "public, max-age=90"
    assert said["feed.xml"]["Cache-Control"] == "public, max-age=90"
    assert said[style]["Cache-Control"] == "public, max-age=31536000, immutable"
    assert said[MANIFEST]["Cache-Control"] == "no-store"


def test_one_changed_record_takes_as_many_requests_as_files_changed(
    site: PublishSite, live: WebRoot, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.published()
    requests = Requests(monkeypatch)
    site.news("3", "Another story", "2024-01-04T10:00:00Z", topics=["Odd"])
    report = site.published()
    new = len(paths(report, "new"))
    changed = new + len(paths(report, "changed"))
    assert requests.made["put"] == changed + 4  # The manifest, and notes of what goes on.
    # Only where a page is new somebody else's object may be.
    assert (requests.made["digest"], requests.made["paths"]) == (new, 0)
    assert requests.made.total() <= changed + new + 12
    assert objects(live) == site.made()
    requests.made.clear()
    assert site.published().release == ""
    assert requests.made["put"] == 0


def test_no_more_requests_are_under_way_than_the_settings_allow(
    site: PublishSite, live: WebRoot, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tidings.publish.s3_bucket import Bucket

    send, under_way, most = Bucket.put, [0], [0]

    async def counted(self: Bucket, *rest: Any) -> None:
        under_way[0] += 1
        most[0] = max(most[0], under_way[0])
        await send(self, *rest)
        under_way[0] -= 1

    monkeypatch.setattr(Bucket, "put", counted)
    site.published()
    assert most == [4]  # As the settings of these tests say.
    assert objects(live) == site.made()


def test_objects_of_others_stay(site: PublishSite, live: WebRoot) -> None:
    put(live, "topics/mine/index.html", "mine")
    site.published()
    site.remove("content/news/3.md")
    site.published(yes=True)
    assert objects(live) == {**site.made(), "topics/mine/index.html": b"mine"}


def test_only_one_publishes_at_a_time(site: PublishSite, live: WebRoot) -> None:
    site.published()
    before = live.listed().keys()
    put(live, LOCK, OTHER)
    site.stories(5)
    report = site.publish()
    assert (report.exit_code, codes(report)) == (2, ["target-busy"])
    assert "ann on elsewhere" in report.diagnostics[0].message
    assert live.listed().keys() == before | {LOCK}
    put(live, LOCK, OTHER.replace("2999", "2001"))
    site.published()
    assert objects(live) == site.made()
    put(live, LOCK, OTHER)
    site.remove("content/news/4.md")
    site.published(yes=True, break_lock=True)
    assert objects(live) == site.made()
    assert LOCK not in live.listed()


def test_a_dry_run_changes_nothing(site: PublishSite, live: WebRoot) -> None:
    report = site.publish(dry_run=True)
    assert report.ok
    assert len(report.changes) == len(site.made())
    assert live.listed() == {}


def test_a_publish_that_was_cut_off_goes_on_where_it_was(
    site: PublishSite, live: WebRoot, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tidings.publish.s3_bucket import Bucket

    send, left = Bucket.put, [20]

    async def failing(self: Bucket, *rest: Any) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise OSError("the network is down")
        await send(self, *rest)

    monkeypatch.setattr(Bucket, "put", failing)
    report = site.publish()
    assert (report.exit_code, codes(report)) == (2, ["publish-failed"])
    assert "the network is down" in report.diagnostics[0].message
    monkeypatch.undo()
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    there = len(without_notes(live.listed()))
    assert there == 19
    report = site.published()
    assert report.uploaded == len(site.made()) - there
    assert objects(live) == site.made()


def bad_network(
    site: PublishSite, service: str, folder: str, faults: list[str], for_good: bool = False
) -> BadNetwork:
    """The site's target is now reached over this network only."""
    port = urlsplit(service).port
    assert port is not None
    network = BadNetwork(port, faults, for_good)
    endpoint = f"http://127.0.0.1:{network.port}"
    site.target(**s3_settings(endpoint, folder), timeout_seconds=3)
    return network


def test_faults_that_pass_are_tried_again(
    site: PublishSite, live: WebRoot, service: str, tmp_path: Path
) -> None:
    faults = ["500", "900", "500", "silent", "500", "2000", "500", "30000", "500"]
    with bad_network(site, service, tmp_path.name, faults) as network:
        site.published()
        assert network.met == len(faults)
    assert objects(live) == site.made()


@pytest.mark.parametrize(
    ("good", "fault"),
    [(0, "500"), (5, "500"), (20, "500"), (9, "503"), (9, "silent"), (9, "900")],
)
def test_faults_that_stay_leave_the_site_whole(
    site: PublishSite,
    live: WebRoot,
    service: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    good: int,
    fault: str,
) -> None:
    from tidings.publish import s3_bucket

    site.published()
    site.stories(5, version=1)
    monkeypatch.setattr(s3_bucket, "RETRIES", 1)
    with bad_network(site, service, tmp_path.name, [""] * good + [fault], for_good=True):
        report = site.publish(yes=True)
    assert report.exit_code == 2
    assert codes(report) == ["publish-failed" if good else "target-unreachable"]
    assert broken_links(live) == []  # type: ignore[arg-type]
    site.target(**s3_settings(service, tmp_path.name))
    site.published(yes=True)
    assert objects(live) == site.made()


def test_a_service_without_room_leaves_the_site_whole(
    site: PublishSite,
    live: WebRoot,
    service: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from tidings.publish import s3_bucket

    site.published()
    site.stories(5, version=1)
    monkeypatch.setattr(s3_bucket, "RETRIES", 1)
    with bad_network(site, service, tmp_path.name, [""] * 12 + ["507"], for_good=True):
        report = site.publish(yes=True)
    assert (report.exit_code, codes(report)) == (2, ["publish-failed"])
    assert "507" in report.diagnostics[0].message
    assert broken_links(live) == []  # type: ignore[arg-type]
    site.target(**s3_settings(service, tmp_path.name))
    site.published(yes=True)
    assert objects(live) == site.made()


def test_a_bucket_keeps_no_releases(site: PublishSite, live: WebRoot) -> None:
    site.published()
    before = objects(live)
    report = site.publish(rollback=True)
    assert (report.exit_code, codes(report)) == (2, ["publish-failed"])
    assert "bucket's own versions" in report.diagnostics[0].hint
    assert objects(live) == before
    assert LOCK not in live.listed()


def test_a_bucket_that_is_not_there_is_said(site: PublishSite, service: str) -> None:
    site.target(**{**s3_settings(service, ""), "url": "s3://another-bucket/site"})
    report = site.publish()
    assert (report.exit_code, codes(report)) == (2, ["target-unreachable"])
    assert report.diagnostics[0].hint == "make the bucket first"


@pytest.mark.parametrize("url", ["s3://name:very-secret@bucket/x", "http://bucket", "s3://"])
def test_addresses_that_are_none_of_a_bucket_are_refused(
    site: PublishSite, service: str, url: str
) -> None:
    site.target(**{**s3_settings(service, ""), "url": url})
    report = site.publish()
    assert (report.exit_code, codes(report)) == (2, ["wrong-setting-value"])
    assert "very-secret" not in str(report.diagnostics)


def test_without_obstore_it_is_said_what_to_install(
    site: PublishSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "obstore", None)
    monkeypatch.delitem(sys.modules, "tidings.publish.s3_bucket", raising=False)
    report = site.publish()
    assert (report.exit_code, codes(report)) == (2, ["target-unreachable"])
    assert "tidings[s3]" in report.diagnostics[0].hint


def test_no_key_is_ever_written_or_told(
    site: PublishSite, live: WebRoot, service: str, tmp_path: Path
) -> None:
    report = site.published()
    with bad_network(site, service, tmp_path.name, ["silent"]) as network:
        network.__exit__()
        failed = site.publish()
    notes = (live / MANIFEST).read_bytes().decode()
    told = f"{report}{failed}{notes}"
    assert failed.exit_code == 2
    assert not [secret for secret in ("very-secret-key", "AWS_SECRET") if secret in told]


def test_a_name_that_only_looks_like_a_digest_is_not_kept_for_a_year(
    site: PublishSite, live: WebRoot
) -> None:
    site.write("static/root/minutes.20240607.pdf", "of that day")
    site.published()
    assert kept(live, "minutes.20240607.pdf") == "public, max-age=60"
    assert "immutable" in kept(live, next(p for p in objects(live) if p.startswith("static/")))


def test_other_settings_of_caching_reach_objects_that_are_there(
    site: PublishSite, live: WebRoot, service: str, tmp_path: Path
) -> None:
    site.published()
    site.target(**s3_settings(service, tmp_path.name), page_seconds=7)
    site.published()
    assert (kept(live, "index.html"), site.published().uploaded) == ("public, max-age=7", 0)


def test_an_object_of_others_is_not_replaced_by_a_new_page(
    site: PublishSite, live: WebRoot
) -> None:
    site.published()
    put(live, "mine.txt", "somebody's own")
    site.write("static/root/mine.txt", "ours")
    assert codes(site.publish()) == ["replaces-foreign"]
    assert (live / "mine.txt").read_bytes() == b"somebody's own"


def test_other_settings_of_caching_survive_a_publish_that_was_cut_off(
    site: PublishSite, live: WebRoot, service: str, tmp_path: Path, monkeypatch: Any
) -> None:
    from tidings.publish.s3_bucket import Bucket

    site.published()
    site.stories(4, version=1)
    put, sent = Bucket.put, list[str]()

    async def cut(self: Bucket, path: str, *rest: Any) -> None:
        if len(sent) == 12:
            raise OSError(5, "Input/output error")
        sent.append(path)
        await put(self, path, *rest)

    monkeypatch.setattr(Bucket, "put", cut)
    assert not site.publish().ok
    monkeypatch.setattr(Bucket, "put", put)
    site.target(**s3_settings(service, tmp_path.name), page_seconds=7)
    site.published()
    assert {kept(live, page) for page in sent if ".html" in page} == {"public, max-age=7"}
