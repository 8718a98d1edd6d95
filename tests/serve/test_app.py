"""What a browser, or someone who means harm, gets from the preview over HTTP."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from tidings.model.diagnostic import Diagnostic, Place, Severity
from tidings.serve.edition import Edition


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/2020/11/17/smile/", "text/html; charset=utf-8"),
        ("/static/style.0123abcd.css", "text/css; charset=utf-8"),
        ("/static/theme.0123abcd.js", "text/javascript; charset=utf-8"),
        ("/feed.xml", "application/atom+xml; charset=utf-8"),
        ("/rss.xml", "application/rss+xml; charset=utf-8"),
        ("/feed.json", "application/feed+json"),
        ("/sitemap.xml", "application/xml"),
        ("/robots.txt", "text/plain; charset=utf-8"),
        ("/site.webmanifest", "application/manifest+json"),
        ("/logo.svg", "image/svg+xml"),
        ("/logo.png", "image/png"),
        ("/api/news.json", "application/json"),
        ("/plain", "text/plain; charset=utf-8"),
    ],
)
def test_files_come_with_their_type(ask, path, content_type):
    response = ask(path)
    assert response.status_code == 200
    assert response.headers["content-type"] == content_type
    assert response.headers["cache-control"] == "no-cache"


def test_a_folder_without_a_slash_leads_to_its_page(ask):
    response = ask("/2020/11/17/smile?from=mail")
    assert response.status_code == 308
    assert response.headers["location"] == "/2020/11/17/smile/?from=mail"


def test_addresses_may_hold_any_letters(ask):
    assert "Naïve art" in ask("/topics/na%C3%AFve%20art/").text
    redirect = ask("/topics/na%C3%AFve%20art")
    assert redirect.headers["location"] == "/topics/na%C3%AFve%20art/"


def test_what_is_missing_gets_the_sites_own_page(ask):
    for path in ("/nothing", "/nothing/", "/topics/", "/feed.xml/"):
        response = ask(path)
        assert response.status_code == 404
        assert "Nothing of that name" in response.text


def test_a_site_without_such_a_page_still_says_so(ask, output: Path):
    (output / "404.html").unlink()
    response = ask("/nothing")
    assert response.status_code == 404
    assert "no such page" in response.text


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.html",
        "/%2e%2e/secret.html",
        "/topics/..%2f..%2fsecret.html",
        "/..%5csecret.html",
        "//../secret.html",
        "/static//../../secret.html",
        "/link.html",
        "/%00",
        "/" + "a" * 5000,
    ],
)
def test_nothing_outside_the_site_is_shown(ask, output: Path, path):
    (output / "link.html").symlink_to(output.parent / "secret.html")
    response = ask(path)
    assert response.status_code == 404
    assert "secret" not in response.text


@pytest.mark.parametrize("path", ["/.tidings/manifest.json", "/.gitignore", "/%2egitignore"])
def test_files_with_a_dot_in_front_are_never_shown(ask, path):
    assert ask(path).status_code == 404


def test_a_double_slash_does_not_lead_to_another_host(ask, output: Path):
    (output / "evil.example").mkdir()
    response = ask("//evil.example")
    assert response.status_code == 404


def test_a_known_file_is_not_sent_again(ask):
    first = ask("/2020/11/17/smile/")
    tag = first.headers["etag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = ask("/2020/11/17/smile/", headers={"If-None-Match": known})
        assert again.status_code == 304
        assert again.content == b""
        assert again.headers["etag"] == tag


def test_a_changed_file_is_sent_again(ask, output: Path):
    tag = ask("/feed.xml").headers["etag"]
    (output / "feed.xml").write_text("<feed>new</feed>", encoding="utf-8")
    again = ask("/feed.xml", headers={"If-None-Match": tag})
    assert again.status_code == 200
    assert "new" in again.text


def test_head_tells_what_get_would_send(ask):
    head, get = ask("/", method="HEAD"), ask("/")
    assert head.status_code == 200
    assert head.content == b""
    assert int(head.headers["content-length"]) == len(get.content)
    assert head.headers["etag"] == get.headers["etag"]


def test_only_reading_is_possible(ask):
    assert ask("/", method="POST").status_code == 405


@pytest.mark.parametrize(
    "asked",
    ["localhost:8000", "127.0.0.1", "127.0.0.1:8000", "[::1]:8000", "a.localhost", "LOCALHOST"],
)
def test_loopback_names_are_answered(ask, asked):
    assert ask("/", headers={"Host": asked}).status_code == 200


@pytest.mark.parametrize(
    "asked",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "192.168.0.7:8000",
        "",
    ],
)
def test_other_hosts_are_refused(ask, asked):
    """A foreign page whose name leads to this machine must not read the preview."""
    for path in ("/", "/_tidings/events", "/_tidings/reload.js"):
        response = ask(path, headers={"Host": asked})
        assert response.status_code == 403
        assert "Front" not in response.text


def test_a_preview_for_the_local_network_answers_to_addresses_and_its_own_name(ask):
    assert ask("/", headers={"Host": "192.168.0.7:8000"}, host="0.0.0.0").status_code == 200
    assert ask("/", headers={"Host": "evil.example"}, host="0.0.0.0").status_code == 403
    assert ask("/", headers={"Host": "desk.lan:8000"}, host="desk.lan").status_code == 200


def test_a_site_made_for_a_folder_is_shown_in_that_folder(ask, edition: Edition):
    below = msgspec.structs.replace(edition, base_path="/digest/")
    assert "Smile" in ask("/digest/2020/11/17/smile/", shown=below).text
    assert "Front" in ask("/digest/", shown=below).text
    for path in ("/", "/digest"):
        response = ask(path, shown=below)
        assert response.is_redirect
        assert response.headers["location"] == "/digest/"
    slash = ask("/digest/2020/11/17/smile", shown=below)
    assert slash.headers["location"] == "/digest/2020/11/17/smile/"
    assert ask("/2020/11/17/smile/", shown=below).status_code == 404
    assert "reload" in ask("/_tidings/reload.js", shown=below).text


def test_a_site_that_was_never_built_says_why(ask, tmp_path: Path):
    problem = Diagnostic(
        "config-syntax",
        Severity.ERROR,
        "<b> is not TOML",
        Place("tidings.toml", 3, 7),
        "quote it",
    )
    response = ask("/", shown=Edition(tmp_path / "empty", "/", problems=(problem,)))
    assert response.status_code == 503
    assert "tidings.toml:3:7" in response.text
    assert "&lt;b&gt; is not TOML" in response.text
    assert "quote it" in response.text
    assert "/_tidings/reload.js" in response.text


def test_a_folder_that_no_build_of_ours_made_is_not_shown(ask, tmp_path: Path):
    (tmp_path / "index.html").write_text("somebody's own", encoding="utf-8")
    response = ask("/index.html", shown=Edition(tmp_path, "/"))
    assert response.status_code == 503
    assert "somebody" not in response.text


def test_our_own_files_are_all_there(ask):
    assert ask("/_tidings/reload.js").headers["content-type"].startswith("text/javascript")
    assert ask("/_tidings/overlay.css").headers["content-type"].startswith("text/css")
    assert ask("/_tidings/other").status_code == 404
