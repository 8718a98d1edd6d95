"""Settings of `[newsletter]` that end up in the headers of an e-mail are checked when read."""

from __future__ import annotations

import json

import pytest

from tidings.model.config import NewsletterConfig
from tidings.model.diagnostic import Diagnostic
from tidings.model.source import SourceFile
from tidings.sources.config import parse_config


def read(name: str, value: str) -> NewsletterConfig | tuple[Diagnostic, ...]:
    """The settings with this one, or what is wrong with it."""
    text = f"[newsletter]\n{name} = {json.dumps(value)}\n"
    outcome = parse_config(SourceFile("tidings.toml", text.encode()))
    return outcome.value.newsletter if outcome.value else outcome.diagnostics


@pytest.mark.parametrize(
    "value",
    [
        "news@ledger.test",
        "<news@ledger.test>",
        "Daily Ledger <news@ledger.test>",
        '"Ledger, Daily" <news+daily@mail.ledger.test>',
        "Söftware <news@ledger.test>",
        "",
    ],
)
def test_one_address_with_or_without_a_name_is_taken(value: str) -> None:
    found = read("sender", value)
    assert isinstance(found, NewsletterConfig), found
    assert found.sender == value


@pytest.mark.parametrize(
    "value",
    [
        "Daily Ledger",
        "news@",
        "a@x.test, b@x.test",
        "Ledger <a@x.test>, b@x.test",
        "Daily Ledger news@ledger.test",
        "news@ledger.test\r\nBcc: all@ledger.test",
        "Ledger\n <news@ledger.test>",
        "Group: a@x.test;",
        "news @ledger.test",
        "news@lédger.test",
        "A" * 1000 + " <news@ledger.test>",
    ],
)
@pytest.mark.parametrize("name", ["sender", "to"])
def test_what_is_not_one_address_is_told_with_its_place(name: str, value: str) -> None:
    found = read(name, value)
    assert isinstance(found, tuple), found
    (problem,) = found
    assert problem.code == "wrong-setting-value"
    assert problem.place.line == 2
    assert "<news@example.org>" in problem.hint


@pytest.mark.parametrize(
    "value",
    [
        "https://ledger.test/leave?list=daily&by=mail",
        "mailto:leave@ledger.test",
        "mailto:leave@ledger.test?subject=unsubscribe",
        "",
    ],
)
def test_addresses_to_leave_at_are_taken(value: str) -> None:
    found = read("list_unsubscribe", value)
    assert isinstance(found, NewsletterConfig), found
    assert found.list_unsubscribe == value


@pytest.mark.parametrize(
    "value",
    [
        "http://ledger.test/leave",
        "https://",
        "https://[",
        "https://user@ledger.test/",
        "https://ledger.test/lévae",
        "https://ledger.test/a b",
        "https://ledger.test/a>,<https://other.test/",
        "https://ledger.test/\r\nBcc: all@ledger.test",
        "mailto:nobody",
        "mailto:a@x.test?subject=a b",
        "leave@ledger.test",
        "javascript:alert(1)",
    ],
)
def test_other_addresses_are_told(value: str) -> None:
    found = read("list_unsubscribe", value)
    assert isinstance(found, tuple), found
    (problem,) = found
    assert problem.code == "wrong-setting-value"
    assert "https://" in problem.hint
