"""What follows a publish: commands, hubs, search engines, and the public site read back."""

from __future__ import annotations

import functools
import http.server
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from fixture_site import CLOCK
from publish_sites import PublishSite, codes

from tidings.publish import folder, verify
from tidings.publish.verify import choose_sample


class Web:
    """A web server on loopback that shows a folder and keeps what is posted to it."""

    def __init__(self, folder: Path) -> None:
        self.posted: list[tuple[str, str, bytes]] = []
        self.status = 204
        self.sense = True
        self.asked = lambda: True
        """Called when something is posted; whether it is taken."""
        handler = functools.partial(_handler(self), directory=str(folder))
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"


def _handler(web: Web) -> type[http.server.SimpleHTTPRequestHandler]:
    class Handler(http.server.SimpleHTTPRequestHandler):
        def send_response(self, *answer: Any) -> None:
            if not web.sense:
                self.wfile.write(b"no sense\r\n")
            super().send_response(*answer)

        def do_POST(self) -> None:
            size = int(self.headers["Content-Length"])
            kind = self.headers["Content-Type"]
            if not web.asked():
                return
            web.posted.append((self.path, kind, self.rfile.read(size)))
            self.send_response(web.status)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Says nothing."""

    return Handler


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    """The server; it shows the folder that is published to."""
    web = Web(tmp_path / "live")
    thread = threading.Thread(target=web.server.serve_forever, args=(0.02,))
    thread.start()
    yield web
    web.server.shutdown()
    thread.join()
    web.server.server_close()


@pytest.fixture
def site(tmp_path: Path, web: Web, monkeypatch: pytest.MonkeyPatch) -> PublishSite:
    """A site of four records that readers reach through the server."""
    monkeypatch.setattr(verify, "PAUSES", ())
    site = PublishSite(tmp_path)
    aim(site, web)
    site.stories(4)
    return site


def aim(site: PublishSite, web: Web, **settings: object) -> None:
    """Writes the target's settings."""
    site.target(
        base_url=web.url, type="folder", path=str(site.live), allow_base_url=True, **settings
    )


def test_the_public_site_is_read_back(site: PublishSite) -> None:
    report = site.published(verify=True)
    assert report.checked == 20
    assert site.published(verify=True).checked == 20


def test_a_public_site_that_shows_something_else_is_told(site: PublishSite) -> None:
    site.published()
    (site.live / "index.html").write_text("what a cache holds")
    report = site.publish(verify=True)
    assert (report.exit_code, codes(report)) == (1, ["verify-differs"])
    assert report.diagnostics[0].place.file.startswith("http://127.0.0.1:")


def test_a_public_site_that_cannot_be_read_is_told(site: PublishSite) -> None:
    site.target(
        base_url="http://127.0.0.1:9/", type="folder", path=str(site.live), allow_base_url=True
    )
    report = site.publish(verify=True)
    assert (report.exit_code, set(codes(report))) == (1, {"verify-differs"})
    assert report.release


def test_a_password_of_the_public_address_is_never_said(site: PublishSite) -> None:
    url = "http://me:sEcReT@127.0.0.1:9/"
    site.target(base_url=url, type="folder", path=str(site.live), allow_base_url=True)
    assert "sEcReT" not in repr(site.publish(verify=True).diagnostics)
    site.target(base_url=url, type="folder", path=str(site.live))
    assert "sEcReT" not in repr(site.publish().diagnostics)


def test_a_sample_has_the_front_and_what_was_sent() -> None:
    from tidings.publish.changes import Change, Kind
    from tidings.publish.published import Sent

    built = {f"{number:03}/index.html": Sent("", 0) for number in range(500)}
    built["index.html"] = built["_headers"] = Sent("", 0)
    changes = [Change("007/index.html", Kind.NEW, "new", "")]
    sample = choose_sample(built, changes)
    assert len(sample) == 20
    assert {"index.html", "007/index.html"} < set(sample)
    assert "_headers" not in sample


def test_commands_run_in_the_sites_folder_without_a_shell(site: PublishSite, web: Web) -> None:
    script = "import pathlib, sys; pathlib.Path('ran').write_text(sys.argv[1])"
    aim(site, web, after=[f'"{sys.executable}" -c "{script}" "$HOME; x"'])
    site.published()
    assert (site.source / "ran").read_text() == "$HOME; x"
    (site.source / "ran").unlink()
    site.published()
    assert not (site.source / "ran").exists(), "nothing was published"


def test_a_command_that_fails_is_a_warning_that_names_no_secret(
    site: PublishSite, web: Web
) -> None:
    aim(site, web, after=["false --token=sEcReT", "no-such-program sEcReT", "KEY=sEcReT x"])
    report = site.published()
    assert codes(report) == ["after-publish"] * 3
    assert "sEcReT" not in repr(report)


def test_a_hub_is_told_of_feeds_that_changed(site: PublishSite, web: Web) -> None:
    site.published()
    aim(site, web, websub=web.url + "hub")
    site.stories(5)
    site.published()
    ((path, kind, data),) = web.posted
    assert (path, kind) == ("/hub", "application/x-www-form-urlencoded")
    fields = parse_qs(data.decode())
    assert fields["hub.mode"] == ["publish"]
    assert web.url + "feed.xml" in fields["hub.url"]


def test_search_engines_are_told_of_pages_that_changed(site: PublishSite, web: Web) -> None:
    site.published()
    aim(site, web, indexnow_key="a1b2c3d4e5", indexnow_url=web.url + "indexnow")
    site.news("9", "A story more", "2024-01-09T10:00:00Z")
    site.published()
    ((_, kind, data),) = web.posted
    message = json.loads(data)
    assert kind.startswith("application/json")
    assert (message["host"], message["key"]) == ("127.0.0.1", "a1b2c3d4e5")
    assert message["keyLocation"] == web.url + "a1b2c3d4e5.txt"
    assert web.url + "2024/01/09/a-story-more/" in message["urlList"]
    assert not [url for url in message["urlList"] if url.endswith(".xml")]


def test_a_hub_that_fails_is_a_warning(site: PublishSite, web: Web) -> None:
    web.status = 500
    aim(site, web, websub=web.url + "hub?key=sEcReT")
    report = site.published()
    assert codes(report) == ["after-publish"]
    assert "500" in report.diagnostics[0].message
    assert "sEcReT" not in repr(report)


def test_a_hub_that_gives_no_sense_is_a_warning(site: PublishSite, web: Web) -> None:
    web.sense = False
    aim(site, web, websub=web.url + "hub", after=["touch ran"])
    report = site.published()
    assert codes(report) == ["after-publish"]
    assert (site.source / "ran").exists(), "what comes after was left out"


def test_a_public_site_that_gives_no_sense_is_told(site: PublishSite, web: Web) -> None:
    web.sense = False
    report = site.publish(verify=True)
    assert (report.exit_code, set(codes(report))) == (1, {"verify-differs"})


def test_a_hub_is_told_of_feeds_that_a_publish_brought_which_was_cut_off(
    site: PublishSite, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.published()
    aim(site, web, websub=web.url + "hub", keep_assets_hours=0)
    site.stories(4, version=1)

    def cut(*_: object) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(folder, "remove_file", cut)
        assert not site.publish().ok
    assert web.posted == []
    site.published()
    ((_, _, data),) = web.posted
    assert web.url + "feed.xml" in parse_qs(data.decode())["hub.url"]


def publish_killed(site: PublishSite, web: Web) -> None:
    """Publishes by the command, which is killed as it begins to tell."""
    given = ["publish", "--source", str(site.source), "--clock", CLOCK.isoformat(), "--yes"]
    with subprocess.Popen([sys.executable, "-m", "tidings", *given]) as process:

        def asked() -> bool:
            process.kill()
            return False

        web.asked = asked
    web.asked = lambda: True
    assert process.returncode != 0, "it was not killed"


@pytest.mark.parametrize("releases", [0, 2])
def test_what_follows_a_publish_that_was_killed_is_done_by_the_next_one(
    site: PublishSite, web: Web, releases: int
) -> None:
    hub, engines = web.url + "hub", web.url + "indexnow"
    aim(
        site,
        web,
        releases=releases,
        websub=hub,
        indexnow_key="a1b2c3d4e5",
        indexnow_url=engines,
        after=["touch ran"],
    )
    site.published()
    web.posted.clear()
    (site.source / "ran").unlink()
    site.news("9", "A story more", "2024-01-09T10:00:00Z")
    publish_killed(site, web)
    assert (web.posted, (site.source / "ran").exists()) == ([], False)
    assert site.publish(dry_run=True).ok
    assert (web.posted, (site.source / "ran").exists()) == ([], False)

    report = site.published()
    assert (report.release, report.uploaded) == ("", 0)
    (_, _, feeds), (_, _, pages) = web.posted
    assert web.url + "feed.xml" in parse_qs(feeds.decode())["hub.url"]
    assert web.url + "2024/01/09/a-story-more/" in json.loads(pages)["urlList"]
    assert len(json.loads(pages)["urlList"]) < 20, "only what was new"
    assert (site.source / "ran").exists()

    web.posted.clear()
    site.published()
    assert web.posted == [], "it was told twice"


def test_news_of_killed_publishes_are_told_with_those_of_the_next(
    site: PublishSite, web: Web
) -> None:
    aim(site, web, indexnow_key="a1b2c3d4e5", indexnow_url=web.url + "indexnow")
    site.published()
    web.posted.clear()
    for number in (7, 8):
        site.write(f"static/root/{number}.html", f"Page {number}")
        publish_killed(site, web)
    site.write("static/root/9.html", "Page 9")
    site.remove("static/root/7.html")
    site.published()
    ((_, _, data),) = web.posted
    assert json.loads(data)["urlList"] == [web.url + "8.html", web.url + "9.html"]
