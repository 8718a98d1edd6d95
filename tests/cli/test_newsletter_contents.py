"""What the newsletter's e-mail holds, whatever the records hold."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from email import message_from_bytes
from email.header import decode_header, make_header
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from fixture_site import Site
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mail_reading import DAY, SETTINGS, Read, Sent, mails, news, run, sent

HOSTILE = st.sampled_from(
    [
        "Bridge\r\nBcc: everyone@example.org\r\n\r\nhello",
        "a\nX-Injected: yes",
        "<script>alert(1)</script>",
        "</title></style><img src=x onerror=alert(1)>",
        '" onmouseover="alert(1)" x=\'',
        "<!--[if mso]><b><![endif]--> & &amp; &lt;b&gt; ]]>",
        "{{ site.title }} {% raw %} ${x} %s",
        "=?utf-8?q?=0D=0ABcc=3A_x=40example.org?=",
        "\u202eevil\u2028line\u0085next\x00\x1b[31m",
        "--=_\r\n\r\n.\r\n",
        "漢字" * 60,
        "نص عربي",
        "👩‍👩‍👧‍👦 family",
        "W" * 900,
        "https://other.example/" + "a" * 300,
    ]
)
TITLES = st.lists(st.one_of(HOSTILE, st.text(min_size=1, max_size=60)), min_size=1, max_size=5)

HEADERS = [
    *("Subject", "From", "Date", "Message-ID", "List-Id"),
    *("List-Unsubscribe", "List-Unsubscribe-Post", "MIME-Version", "Content-Type"),
]
ELEMENTS = {
    *("html", "head", "meta", "title", "style", "body", "div", "table", "tbody", "tr", "td"),
    *("h1", "h2", "h3", "p", "a", "bdi", "img"),
}
WORDS = re.compile(r"[{}]{2}|\{%|\bNone\b|[Uu]ndefined|[Ll]orem|TODO|localhost|example\.com")
WIDTH = 76


def check(mail: Sent) -> Read:
    """Holds what is true of every e-mail; what was read of its HTML."""
    read = Read(mail.html)
    assert {tag for tag, _ in read.elements} <= ELEMENTS
    assert not [each for _, each in read.elements if any(name[:2] == "on" for name in each)]
    for address in read.addresses:
        parts = urlsplit(address)
        assert parts.scheme in ("http", "https"), address
        assert parts.hostname, address
    assert not re.search(r"@import|@font-face|url\(|expression", mail.html)
    assert all(image["alt"] for image in read.all("img"))
    assert len(mail.html.encode()) <= 102_400
    assert mail.message.keys() == HEADERS
    assert [len(value.splitlines()) for value in map(str, mail.message.values())] == [1] * 9
    for line in mail.text.splitlines():
        assert len(line) <= WIDTH or re.fullmatch(r"https?://\S+", line), line
    return read


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(TITLES)
def test_whatever_records_hold_the_mail_is_sound(titles: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        site = Site(Path(folder), f"-- tidings.toml --\n{SETTINGS}")
        for number, title in enumerate(titles):
            news(site, f"n{number}", title, excerpt=title, topics=[title], tags=[title])
        news(site, "last", "A plain one", topics=["Plain"])
        told = run(site)
        assert told.code == 0, told.errors
        assert "A plain one" in check(sent(site)).text


def test_markup_in_a_title_is_shown_as_it_is_written(tmp_path: Path) -> None:
    site = Site(tmp_path, f"-- tidings.toml --\n{SETTINGS}")
    news(site, "a", "Use <b> & <script>alert(1)</script>")
    run(site)
    mail = sent(site)
    read = check(mail)
    assert "Use <b> & <script>alert(1)</script>" in read.text
    assert "Use <b> & <script>alert(1)</script>" in mail.text
    assert mail.message["Subject"].startswith("Use <b> & <script>alert(1)</script> · Daily")


def test_a_title_of_several_lines_makes_no_header(tmp_path: Path) -> None:
    site = Site(tmp_path, f"-- tidings.toml --\n{SETTINGS}")
    news(site, "a", "Bridge\r\nBcc: all@example.org\r\n\r\nhello")
    run(site)
    mail = sent(site)
    assert mail.message["Bcc"] is None
    assert mail.message["Subject"].startswith("Bridge Bcc: all@example.org hello · Daily")


@pytest.mark.parametrize(
    "title",
    [
        "=?utf-8?q?Bridge=0aBcc:_all@example.org?=",
        "=?utf-8?q?Bridge=0d=0aBcc:_all@example.org?=",
        "=?utf-8?b?QnJpZGdlCkJjYzogYWxsQGV4YW1wbGUub3Jn?=",
        "= =?utf-8?q?=0a?= =?utf-8?q?Bcc:_x=0d=0a=0d=0a<b>?=",
        "=\x01?utf-8?q?Bridge=0aBcc:_all@example.org?=",
    ],
)
def test_an_encoded_word_in_a_title_makes_no_header(tmp_path: Path, title: str) -> None:
    site = Site(tmp_path, f"-- tidings.toml --\n{SETTINGS}")
    news(site, "a", title)
    run(site)
    mail = sent(site)
    assert mail.message["Bcc"] is None
    shown = title.replace("\x01", "").replace("=?", "= ?")
    assert mail.message["Subject"] == f"{shown} · Daily Ledger, Tuesday, 5 March 2024"


def test_no_placeholder_is_left(tmp_path: Path) -> None:
    site = Site(tmp_path, f"-- tidings.toml --\n{SETTINGS}")
    keys = {"originalUrl": "https://outlet.test/x", "webUrl": "https://outlet.test/x"}
    news(site, "a", "Bridge opens", **keys)
    run(site)
    mail = sent(site)
    check(mail)
    for words in (mail.html, mail.text, str(mail.message)):
        assert not WORDS.search(words)


@pytest.mark.parametrize("letters", ["story ", "歴史と"])
def test_a_big_day_stays_below_what_mail_programs_show(tmp_path: Path, letters: str) -> None:
    site = Site(tmp_path, f"-- tidings.toml --\n{SETTINGS}stories = 1000\n")
    for number in range(200):
        topic = f"Topic {number % 7}"
        title = f"No. {number:03}: {letters * 20}"
        excerpt = f"{number} {letters * 60}"
        news(site, f"n{number}", title, topics=[topic], heat=number, excerpt=excerpt)
    told = run(site)
    found = re.search(r"(\d+) of 200 stories", told.text)
    assert found, told.text
    shown = int(found[1])
    mail = sent(site)
    read = check(mail)
    assert len(mail.html.encode()) > 90_000  # As much as there is room for.
    # The best are kept, and the others are a click away.
    told_of = {int(each) for each in re.findall(r"No\. (\d+):", mail.text)}
    assert told_of == set(range(200 - shown, 200))
    assert f"{200 - shown} more stories on the site" in read.text
    assert f"{200 - shown} more stories on the site:" in mail.text


def test_both_forms_tell_the_same_stories_in_the_same_order(tmp_path: Path) -> None:
    site = Site(tmp_path, f"-- tidings.toml --\n{SETTINGS}")
    for number in range(9):
        news(site, f"n{number}", f"No. {number}", topics=[f"T{number % 3}"], heat=number)
    run(site)
    mail = sent(site)
    seen = re.findall(r"No\. \d", check(mail).text)
    # Its title, its preheader and its subject tell of some before the stories begin.
    assert seen[-9:] == re.findall(r"No\. \d", mail.text)


def test_the_sources_of_a_story_are_counted(tmp_path: Path) -> None:
    site = Site(tmp_path, f"-- tidings.toml --\n{SETTINGS}")
    related = [
        {
            "title": f"Bridge {n}",
            "webUrl": f"https://o{n}.test/b",
            "provider": {"name": f"O{n}"},
        }
        for n in range(3)
    ]
    news(site, "a", "Bridge opens", related=related)
    run(site)
    mail = sent(site)
    assert "outlet.example, 4 sources" in mail.text
    assert "4 sources" in check(mail).text


def test_an_e_mail_has_light_and_dark_colours_and_hides_its_preheader(tmp_path: Path) -> None:
    site = Site(tmp_path, f"-- tidings.toml --\n{SETTINGS}")
    news(site, "a", "Bridge opens", heat=3)
    news(site, "b", "Vote on water", heat=2)
    run(site)
    html = sent(site).html
    read = Read(html)
    schemes = [
        each["content"] for each in read.all("meta") if each.get("name") == "color-scheme"
    ]
    assert schemes == ["light dark"]
    assert "@media (prefers-color-scheme: dark)" in html
    (hidden,) = [each for each in read.all("div") if each.get("class") == "hidden"]
    assert "display: none" in hidden["style"]
    assert read.text.index("Vote on water") < read.text.index("Daily Ledger", 90)
    # Programs that drop style sheets still show what it looks like.
    assert all("style" in each for each in read.all("td", "h1", "h2", "h3", "p", "a"))


def test_text_from_right_to_left_is_marked(tmp_path: Path) -> None:
    site = Site(tmp_path, f"-- tidings.toml --\n{SETTINGS}")
    news(site, "a", "نوبل للكيمياء", locale="ar")
    run(site)
    (head,) = [each for each in Read(sent(site).html).all("h2") if "head" in each["class"]]
    assert (head["lang"], head["dir"]) == ("ar", "rtl")
    assert "text-align: right" in head["style"]


def test_the_machine_it_is_made_on_leaves_no_mark(tmp_path: Path) -> None:
    site = Site(tmp_path, f"-- tidings.toml --\n{SETTINGS}")
    for number in range(12):
        news(site, f"n{number}", f"No. {number}", topics=[f"T{number % 5}", "All"], heat=number)
    made = []
    for seed, locale, zone in (("1", "C", "UTC"), ("2", "de_DE.UTF-8", "Asia/Tokyo")):
        command = [sys.executable, "-m", "tidings", "newsletter", "--source", str(site.source)]
        command += ["--output", str(mails(site)), "--clock", "2024-03-06T07:00:00Z"]
        machine = {"PYTHONHASHSEED": seed, "LC_ALL": locale, "TZ": zone}
        subprocess.run(command, env={**os.environ, **machine}, check=True, capture_output=True)
        made.append(sent(site))
    assert made[0].raw == made[1].raw


def test_only_the_three_files_of_an_issue_are_touched(tmp_path: Path) -> None:
    site = Site(tmp_path, f"-- tidings.toml --\n{SETTINGS}")
    news(site, "a", "Bridge opens")
    mails(site).mkdir()
    (mails(site) / "mine.html").write_text("mine", encoding="utf-8")
    run(site)
    names = sorted(each.name for each in mails(site).iterdir())
    assert names == [f"{DAY}.eml", f"{DAY}.html", f"{DAY}.txt", "mine.html"]


def as_an_old_program_reads_it(raw: bytes, name: str) -> str:
    """The header's text by Python's older reader, which takes RFC 2047 at its word."""
    found = message_from_bytes(raw)[name].replace("\r\n", "")
    return str(make_header(decode_header(found)))


@pytest.mark.parametrize(
    "title",
    [
        "A long goodbye to the old harbour bridge: it keeps us dry – and boats – busy ...",
        "Größere Städte melden für das nächste Jahr höhere Erträge – und größere Lücken",
        "Été à Paris",
        "Harbour fees fall for the third year; ferry tickets up 0.28 percent",
        "В новом выпуске: свободные программы и открытые данные для всех",
    ],
)
def test_a_subject_is_read_letter_by_letter(tmp_path: Path, title: str) -> None:
    site = Site(tmp_path, f"-- tidings.toml --\n{SETTINGS.replace('Daily', 'Öffentliches')}")
    news(site, "a", title)
    assert run(site).code == 0
    mail = sent(site)
    expected = f"{title} · Öffentliches Ledger, Tuesday, 5 March 2024"
    assert mail.message["Subject"] == expected
    assert as_an_old_program_reads_it(mail.raw, "Subject") == expected
    # RFC 2047, section 2: a line with an encoded word has 76 characters at most.
    assert max(map(len, mail.raw.partition(b"\r\nDate:")[0].split(b"\r\n"))) <= 76


@pytest.mark.parametrize(
    "name",
    [
        "Новости свободного программного обеспечения и открытых данных",
        "Größe und Würde – die Nachrichten aus Österreich, der Schweiz und Deutschland",
        "– Österreich Österreich Open Größe à Zürich Новости Open Été und",
        "Ünï, Co",
        "Daily, Ledger & Co.",
        "Very " * 40 + "Long",
        "O'Neil (news)",
    ],
)
def test_a_senders_name_is_read_letter_by_letter(tmp_path: Path, name: str) -> None:
    mailbox = f'\\"{name}\\" <news@ledger.example>'
    told = SETTINGS.replace("Daily Ledger <news@ledger.example>", mailbox)
    site = Site(tmp_path, f'-- tidings.toml --\n{told}to = "{mailbox}"\n')
    news(site, "a", "Bridge opens")
    assert run(site).code == 0
    mail = sent(site)
    for header in ("From", "To"):
        (address,) = mail.message[header].addresses
        assert address.addr_spec == "news@ledger.example"
        # Python's newer reader puts blanks between encoded words, which RFC 2047 forbids.
        old, plain = parseaddr(message_from_bytes(mail.raw)[header].replace("\r\n", ""))
        assert str(make_header(decode_header(old))) == name
        assert plain == "news@ledger.example"


def test_an_address_in_capitals_is_left_with_a_single_click_too(tmp_path: Path) -> None:
    told = SETTINGS.replace("https://ledger.example/leave", "HTTPS://ledger.example/leave")
    site = Site(tmp_path, f"-- tidings.toml --\n{told}")
    news(site, "a", "Bridge opens")
    assert run(site).code == 0
    assert sent(site).message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
