"""The live reload is added to what a browser gets, and loosens no more than it needs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tidings.serve.inject import add_reload, widened_policy

OWN = "http://localhost:8000/_tidings/"


def test_only_pages_get_the_script_and_no_file_is_changed(ask, output: Path):
    file = output / "2020/11/17/smile/index.html"
    before = file.read_bytes()
    assert '<script src="/_tidings/reload.js"' in ask("/2020/11/17/smile/").text
    assert file.read_bytes() == before
    for path in ("/feed.xml", "/static/style.0123abcd.css", "/logo.svg"):
        assert "_tidings" not in ask(path).text


def test_the_missing_page_gets_it_too(ask):
    assert "/_tidings/reload.js" in ask("/nothing").text


@pytest.mark.parametrize(
    "page",
    [
        b"<html><head><title>T</title></HEAD ><body>x</body></html>",
        b"<!doctype html><title>T</title><body class=a>x",
        b"<!doctype html><title>T</title><p>x",
        b"",
    ],
)
def test_pages_without_some_tags_get_it_once(page):
    served = add_reload(page, "http://localhost:8000")
    assert served.count(b"/_tidings/reload.js") == 1
    assert served.startswith(page[:20])


def test_the_policy_in_the_page_allows_the_live_reload(ask):
    text = ask("/2020/11/17/smile/", headers={"Host": "localhost:8000"}).text
    assert f"connect-src {OWN}" in text
    assert f"script-src {OWN}" in text
    assert "img-src &#x27;self&#x27;" in text


@pytest.mark.parametrize(
    ("policy", "widened"),
    [
        ("", ""),
        ("img-src 'self'", "img-src 'self'"),
        (
            "default-src 'none'",
            f"default-src 'none'; script-src {OWN}; style-src {OWN}; connect-src {OWN}",
        ),
        (
            "default-src https://cdn.example",
            "default-src https://cdn.example; "
            f"script-src https://cdn.example {OWN}; style-src https://cdn.example {OWN}; "
            f"connect-src https://cdn.example {OWN}",
        ),
        (
            "script-src 'none'; SCRIPT-SRC *; style-src 'self'",
            f"script-src {OWN}; style-src 'self'",
        ),
        (
            "script-src 'self'; script-src-elem https://a.example; connect-src 'self'",
            f"script-src 'self'; script-src-elem https://a.example {OWN}; connect-src 'self'",
        ),
    ],
)
def test_a_policy_is_widened_by_our_own_address_only(policy, widened):
    assert widened_policy(policy, OWN) == widened


def test_other_meta_elements_and_the_body_stay():
    page = (
        b'<head><meta name="description" content="script-src: a talk"></head>'
        b'<body><meta http-equiv="content-security-policy" content="default-src \'none\'">'
    )
    served = add_reload(page, "http://localhost:8000")
    assert b'content="script-src: a talk"' in served
    assert served.endswith(b"content=\"default-src 'none'\">")
