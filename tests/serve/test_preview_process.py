"""`tidings serve` as a program: what it says, where it listens, and how it ends."""

from __future__ import annotations

import re
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from tidings.serve.port import listen

RECORD = "2020-11-17-new-orleans-police-dept-admits-to-facial-recognition-use.md"
PROBLEM = re.escape(f"content/news/{RECORD}:5")

Start = Callable[..., Any]
"""Starts a preview and gives the `Preview` of conftest.py."""


def break_date(site: Path) -> None:
    """Give the record a date that is none, on line 5."""
    file = site / "content/news" / RECORD
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("2020-11-17T21:42", "2020-13-17T21:42"), encoding="utf-8")


def test_the_site_is_complete_as_soon_as_it_can_be_reached(preview: Start):
    url = preview().url
    assert "New Orleans Police" in httpx.get(url).text
    assert httpx.get(f"{url}2020/11/17", follow_redirects=True).status_code == 200
    assert httpx.get(f"{url}nothing/").status_code == 404
    assert httpx.get(f"{url}.tidings/manifest.json").status_code == 404


def test_a_taken_port_is_said_and_the_next_one_used(preview: Start):
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        running = preview("--port", str(port))
        assert f":{port}/" not in running.url
        assert any(f"Port {port} is taken" in line for line in running.lines)
        assert httpx.get(running.url).status_code == 200


def test_an_error_is_said_with_its_place_and_again_when_it_stays(site: Path, preview: Start):
    running = preview()
    assert running.url
    break_date(site)
    running.wait_for_line(PROBLEM)
    said = len(running.lines)
    (site / "content/news/note.md").write_text("no record", encoding="utf-8")
    running.wait_for_line(PROBLEM, start=said)


def test_a_site_below_a_folder_is_served_there(preview: Start):
    url = preview("--base-url", "https://news.example/digest/").url
    assert url.endswith("/digest/")
    assert httpx.get(url.removesuffix("digest/"), follow_redirects=True).url == url
    assert 'href="/digest/' in httpx.get(url).text


def test_a_broken_config_is_told_in_the_browser_until_it_is_mended(site: Path, preview: Start):
    config = site / "tidings.toml"
    config.write_text("[content]\nunpublished = maybe\n", encoding="utf-8")
    running = preview()
    response = httpx.get(running.url)
    assert response.status_code == 503
    assert "tidings.toml:2" in response.text
    said = len(running.lines)
    config.write_text("[content]\nunpublished = true\n", encoding="utf-8")
    running.wait_for_line("Wrote", start=said)
    assert httpx.get(running.url).status_code == 200


def test_somebody_elses_folder_is_not_served(preview: Start, tmp_path: Path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/letter.txt").write_text("dear", encoding="utf-8")
    running = preview("--output", str(tmp_path / "mine"))
    assert running.wait() == 2
    assert "Serving" not in "\n".join(running.lines)


def test_a_folder_without_records_is_not_served(site: Path, preview: Start):
    (site / "content").rename(site / "contents")
    running = preview()
    assert running.wait() == 2
    running.wait_for_line("content/news")


def test_polling_notices_what_is_saved(site: Path, preview: Start):
    running = preview("--poll")
    assert running.url
    said = len(running.lines)
    break_date(site)
    running.wait_for_line(PROBLEM, start=said)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_when_told_to(preview: Start, number: int):
    running = preview()
    assert running.url
    assert running.stop(number) == 0
    assert "Traceback" not in "\n".join(running.lines)
