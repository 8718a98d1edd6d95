"""Reads the files of `tidings newsletter` as strictly as a mail program might."""

from __future__ import annotations

import email.policy
from email.message import EmailMessage
from email.parser import BytesParser
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple

from click.testing import CliRunner
from fixture_site import Site

from tidings.cli import commands

VOID = {"area", "br", "hr", "img", "input", "link", "meta"}
SETTINGS = """\
[site]
title = "Daily Ledger"
base_url = "https://ledger.example/news/"
[newsletter]
sender = "Daily Ledger <news@ledger.example>"
list_unsubscribe = "https://ledger.example/leave?list=daily&by=mail"
"""
DAY = "2024-03-05"
CLOCK = "--clock=2024-03-06T07:00:00Z"


class Told(NamedTuple):
    """What the command said."""

    code: int
    text: str
    errors: str


def run(site: Site, *arguments: str) -> Told:
    """Runs `tidings newsletter` on the site; its files are in `mails` beside it."""
    given = ["newsletter", "--source", str(site.source), "--output", str(mails(site)), CLOCK]
    done = CliRunner().invoke(commands, [*given, *arguments], env={"GITHUB_ACTIONS": None})
    return Told(done.exit_code, done.stdout, done.stderr)


def mails(site: Site) -> Path:
    """The folder of its e-mails."""
    return site.source.parent / "mails"


def written(site: Site) -> list[str]:
    """The names of the files in it, sorted."""
    return sorted(each.name for each in mails(site).glob("*"))


class Sent(NamedTuple):
    """An e-mail as it was written."""

    html: str
    text: str
    message: EmailMessage
    raw: bytes


def sent(site: Site, name: str = DAY) -> Sent:
    """The e-mail of that name; its message must be without defects and hold the other two."""
    raw = (mails(site) / f"{name}.eml").read_bytes()
    message = BytesParser(policy=email.policy.SMTP).parsebytes(raw)
    assert isinstance(message, EmailMessage)
    html = (mails(site) / f"{name}.html").read_bytes().decode()
    text = (mails(site) / f"{name}.txt").read_bytes().decode()
    assert message.get_content_type() == "multipart/alternative"
    parts = list(message.iter_parts())
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
    assert [part.get_content().replace("\r\n", "\n") for part in parts] == [text, html]
    for part in message.walk():
        assert not part.defects
        assert not [defect for _, value in part.items() for defect in value.defects]
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")
    return Sent(html, text, message, raw)


class Read(HTMLParser):
    """The HTML of an e-mail; raises where an element is not closed, or closed twice."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), (tag, attrs)
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open, tag
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] != "style":
            self.words.append(data)

    def all(self, *tags: str) -> list[dict[str, str]]:
        """The attributes of all elements of these kinds, in order."""
        return [attributes for tag, attributes in self.elements if tag in tags]

    @property
    def addresses(self) -> list[str]:
        """All that it links or loads."""
        names = ("href", "src", "background", "action", "srcset")
        return [
            value for _, each in self.elements for name, value in each.items() if name in names
        ]

    @property
    def text(self) -> str:
        """All words, with single blanks."""
        return " ".join("".join(self.words).split())


def news(
    site: Site, name: str, title: str, when: str = f"{DAY}T10:00:00Z", **keys: Any
) -> None:
    """Writes a record of the day that the last newsletter tells of."""
    site.news(name, title, when, **keys)
