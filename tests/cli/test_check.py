"""`tidings check` as its user meets it: what is counted, listed, and told by the exit code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from asking import ask
from fixture_site import Site, record

WHEN = "2024-01-01T10:00:00Z"


def counts(answer: Any) -> dict[str, int]:
    """Findings by rule, without the rules that found nothing."""
    return {rule["rule"]: rule["findings"] for rule in answer["rules"] if rule["findings"]}


def found(site: Site, rule: str) -> list[dict[str, Any]]:
    """What one rule found."""
    findings = ask(site, "check", "--json").json["findings"]
    return [each for each in findings if each["rule"] == rule]


def test_a_clean_site_has_nothing_to_tell(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.news("2024-01-01-one", "One thing", provider={"name": "O", "domain": "outlet.example"})
    answer = ask(site, "check", "--strict")
    assert (answer.code, answer.errors) == (0, "")
    assert answer.text.startswith("1 record file: 1 shown\n")
    assert answer.text.endswith("\n0 errors, 0 warnings\n")
    assert counts(ask(site, "check", "--json").json) == {}


@pytest.mark.parametrize(
    ("rule", "keys", "detail"),
    [
        ("entities", {"title": "It&#8217;s &amp; &nosuch; R&D"}, "title: &#8217;, &amp;"),
        ("line-breaks", {"excerpt": "one\r\ntwo"}, "excerpt: a line break"),
        ("blanks", {"excerpt": " one  two"}, "excerpt: a blank at its start or end"),
        ("blanks", {"excerpt": "one\u00a0two"}, "excerpt: no-break spaces or tabs"),
        ("mojibake", {"excerpt": "NOPDâ€™s"}, "meant is 'NOPD’s'"),
        ("invisible", {"title": "One\u200bthing"}, "title: U+200B"),
        ("midnight", {"when": "2024-01-01T00:00:00Z"}, "2024-01-01 00:00 UTC"),
        ("file-date", {"when": "2024-01-02T10:00:00Z"}, "2024-01-02"),
        ("provider-is-domain", {"provider": {"domain": "outlet.example"}}, "outlet.example"),
        ("other-host", {"originalUrl": "https://b.example/1"}, "originalUrl is at b.example"),
        (
            "other-host",
            {"provider": {"name": "C", "domain": "c.example"}},
            "readers are sent to outlet.example, but the provider is c.example",
        ),
        ("utc-day", {"when": "2024-01-01T23:30:00Z"}, "2024-01-02 in Europe/Berlin"),
        ("future", {"when": "2026-01-01T10:00:00Z"}, "2026-01-01 10:00 UTC"),
    ],
)
def test_each_rule_finds_what_it_is_for(
    tmp_path: Path, rule: str, keys: dict[str, Any], detail: str
) -> None:
    site = Site(tmp_path)
    site.write("tidings.toml", '[site]\ntimezone = "Europe/Berlin"\n')
    site.news("2024-01-01-one", **{"title": "One thing", "when": WHEN, **keys})
    (each,) = found(site, rule)
    assert each["file"] == "content/news/2024-01-01-one.md"
    assert detail in each["detail"]


def test_very_many_blanks_are_looked_at_quickly(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.news("a", "One", excerpt="a" + " " * 1_000_000 + "b")
    assert len(found(site, "blanks")) == 1


def test_bytes_of_the_file_count_too(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.write(
        "content/news/a.md", b"\xef\xbb\xbf" + record("A").replace("\n", "\r\n").encode()
    )
    answer = ask(site, "check", "--json").json
    assert counts(answer).keys() >= {"bom", "crlf"}


def test_texts_of_a_file_with_mistakes_are_looked_at_too(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.news("a", "A &amp; B", images=[{"url": "javascript:1"}])
    assert len(found(site, "entities")) == 1


def test_related_entries_that_repeat_or_are_records_are_counted(tmp_path: Path) -> None:
    site = Site(tmp_path)
    other = {"title": "Told elsewhere", "webUrl": "https://x.example/1"}
    twice = {"title": "Told", "webUrl": "http://www.x.example/1/?utm_source=a"}
    here = {"title": "Something else", "webUrl": "https://outlet.example/2"}
    site.news("a", "A thing", related=[other, twice, here])
    site.news("b", "Something else", webUrl="https://outlet.example/2")
    (repeated,) = found(site, "repeated-related")
    assert "'Told" in repeated["detail"]
    (linked,) = found(site, "related-record")
    assert (linked["file"], linked["others"]) == ("content/news/a.md", ["content/news/b.md"])


def test_records_with_one_url_are_listed_with_the_one_that_leads(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.news("good", "The better version", quality=90, webUrl="https://x.example/1")
    site.news("weak", "The other version", quality=10, webUrl="http://www.x.example/1#top")
    site.news("held", "A third version", published=False, webUrl="https://x.example/1")
    lines = [line.strip() for line in ask(site, "check").text.splitlines()]
    place = lines.index("content/news/weak.md")
    assert lines[place + 1 : place + 3] == [
        "redirects to content/news/good.md",
        "leads: content/news/good.md",
    ]
    assert lines[lines.index("content/news/held.md") + 1] == "is held back"
    assert ask(site, "check").code == 0
    assert ask(site, "check", "--strict").code == 1


def test_records_with_one_title_are_listed(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.news("a", "Weekly call")
    site.news("b", "weekly  CALL", webUrl="https://x.example/2")
    text = ask(site, "check").text
    assert "same-title: 1" in text
    assert "    content/news/b.md" in text


def test_a_repeated_picture_is_a_placeholder(tmp_path: Path) -> None:
    site = Site(tmp_path)
    for name in "abcd":
        site.news(name, f"Record {name}", images=[{"url": "https://x.example/logo.png"}])
    site.news("e", "Another", images=[{"url": "https://x.example/e.png"}])
    assert len(found(site, "placeholder")) == 4


def test_names_of_outlets_are_compared_with_what_is_declared_or_usual(tmp_path: Path) -> None:
    site = Site(tmp_path)
    for name, domain in [
        ("Right", "a.example"),
        ("Wrong", "a.example"),
        ("Wrong", "b.example"),
    ]:
        title = f"{name} {domain}"
        provider = {"name": name, "domain": domain}
        site.news(title, title, webUrl=f"https://{domain}/{name}", provider=provider)
    title, provider = "third", {"name": "Usual", "domain": "b.example"}
    for number in range(2):
        url = f"https://b.example/{number}"
        site.news(f"{title}-{number}", f"{title} {number}", webUrl=url, provider=provider)
    site.write("content/providers/a.md", "---\nname: Right\ndomain: a.example\n---\n")
    (renamed,) = found(site, "provider-renamed")
    assert renamed["detail"] == "'Wrong' for a.example; declared is 'Right'"
    (unusual,) = found(site, "provider-names")
    assert unusual["detail"] == "'Wrong' for b.example; others say 'Usual'"


def test_counts_by_provider(tmp_path: Path) -> None:
    site = Site(tmp_path)
    outlet = {"name": "Outlet", "domain": "outlet.example"}
    site.news("2024-01-01-a", "A &amp; B", excerpt="C &lt; D", provider=outlet)
    site.news("2024-01-01-b", "Another", provider=outlet, published=False)
    (each,) = ask(site, "check", "--json").json["providers"]
    assert each == {
        "domain": "outlet.example",
        "name": "Outlet",
        "records": 2,
        "shown": 1,
        "findings": {"entities": 2},
    }
    text = ask(site, "check").text
    assert "2 record files: 1 shown, 1 unpublished\n" in text
    assert "  outlet.example  2  1  2  entities 2\n" in text


def test_errors_fail_and_warnings_fail_under_strict(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.news("a", "A thing", images=[{"url": "javascript:1"}])
    answer = ask(site, "check")
    assert answer.code == 0
    assert "warning[wrong-url]" in answer.errors
    assert "  wrong-url  warning  1\n" in answer.text
    assert ask(site, "check", "--strict").code == 1
    site.write("content/news/b.md", "no front matter")
    answer = ask(site, "check")
    assert answer.code == 1
    assert "1 left out because of errors" in answer.text
    assert answer.text.endswith("\n1 error, 1 warning\n")
    site.write("tidings.toml", "[sitte]\n")
    assert ask(site, "check").code == 2


def test_text_of_records_cannot_steer_the_terminal(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.news("a", "A", provider={"name": "\x1b]0;x\x07", "domain": "b.example"})
    site.news("b", "A", webUrl="https://b.example/2?\x1b")
    text = ask(site, "check").text
    assert not [letter for letter in text if letter != "\n" and not letter.isprintable()]
