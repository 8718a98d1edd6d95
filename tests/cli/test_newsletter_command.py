"""`tidings newsletter`: which files it writes, of which stories, and what it needs for that."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fixture_site import Site
from mail_reading import DAY, SETTINGS, Read, mails, news, run, sent, written

from tidings.render import mail

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c"
    "6360606060000000050001a5f645400000000049454e44ae426082"
)


def ledger(folder: Path, text: str = "") -> Site:
    """A site that has all that a newsletter needs, and three stories on the day before."""
    site = Site(folder, f"-- tidings.toml --\n{SETTINGS}{text}")
    news(site, "a", "Bridge opens", topics=["Town"], heat=9, excerpt="At last.")
    news(site, "b", "Vote on water", topics=["Town"], heat=5)
    news(site, "c", "Late trains", topics=["Rail"], heat=1)
    return site


def test_it_writes_three_files_of_the_day_before(tmp_path: Path) -> None:
    site = ledger(tmp_path)
    news(site, "old", "Old", "2024-03-04T10:00:00Z")
    news(site, "new", "New", "2024-03-06T01:00:00Z")
    told = run(site)
    assert (told.code, told.errors) == (0, "")
    assert written(site) == [f"{DAY}.eml", f"{DAY}.html", f"{DAY}.txt"]
    assert "3 stories" in told.text
    assert not site.output.exists()
    for words in (sent(site).text, Read(sent(site).html).text):
        at = [words.index(each) for each in ("Bridge opens", "Vote on water", "Late trains")]
        assert at[0] == min(at)
        assert "Old" not in words
        assert "New" not in words


def test_the_message_says_what_lists_must_say(tmp_path: Path) -> None:
    site = ledger(tmp_path)
    run(site)
    message = sent(site).message
    assert message["From"] == "Daily Ledger <news@ledger.example>"
    assert message["To"] is None
    assert message["Subject"] == "Bridge opens · Daily Ledger, Tuesday, 5 March 2024"
    assert message["Date"].datetime.isoformat() == "2024-03-06T07:00:00+00:00"
    leave = "https://ledger.example/leave?list=daily&by=mail"
    assert message["List-Unsubscribe"] == f"<{leave}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Message-ID"].endswith("@ledger.example>")
    assert leave in sent(site).text.splitlines()
    assert leave in Read(sent(site).html).addresses


def test_a_mailing_lists_address_goes_into_the_to_line(tmp_path: Path) -> None:
    site = ledger(tmp_path, 'to = "daily@lists.example"\n')
    run(site)
    assert sent(site).message["To"] == "daily@lists.example"


def test_leaving_by_mail_promises_no_single_click(tmp_path: Path) -> None:
    site = ledger(tmp_path)
    text = SETTINGS.replace(
        "https://ledger.example/leave?list=daily&by=mail", "mailto:l@x.example"
    )
    site.write("tidings.toml", text)
    assert run(site).code == 0
    message = sent(site).message
    assert message["List-Unsubscribe"] == "<mailto:l@x.example>"
    assert message["List-Unsubscribe-Post"] is None


def test_a_long_address_to_leave_at_stays_whole(tmp_path: Path) -> None:
    site = ledger(tmp_path)
    leave = "https://ledger.example/leave?token=" + "a1" * 200
    text = SETTINGS.replace("https://ledger.example/leave?list=daily&by=mail", leave)
    site.write("tidings.toml", text)
    assert run(site).code == 0
    assert f"List-Unsubscribe: <{leave}>\r\n".encode() in sent(site).raw


def test_the_same_stories_give_the_same_message(tmp_path: Path) -> None:
    site = ledger(tmp_path)
    run(site)
    first = sent(site)
    run(site)
    assert sent(site).raw == first.raw
    run(site, "--clock=2024-03-06T09:00:00Z")
    later = sent(site)
    # Receivers drop the second of two messages with one id, whenever it was sent.
    assert later.message["Message-ID"] == first.message["Message-ID"]
    assert later.message["Date"] != first.message["Date"]
    news(site, "c", "Later trains", topics=["Rail"], heat=1)
    run(site)
    assert sent(site).message["Message-ID"] != first.message["Message-ID"]


@pytest.mark.parametrize(
    ("asked", "name", "titles"),
    [
        (["--day", "2024-03-04"], "2024-03-04", {"Fourth"}),
        (["--week", "2024-W10"], "2024-W10", {"Fourth", "Fifth", "Sixth"}),
        (["--week", "2024-03-10"], "2024-W10", {"Fourth", "Fifth", "Sixth"}),
        (["--since", "2024-03-05T10:00:00Z"], "since-20240305T100000Z", {"Fifth", "Sixth"}),
        (["--since", "2024-03-05T10:00:01Z"], "since-20240305T100001Z", {"Sixth"}),
        (["--topic", "rail"], f"{DAY}-rail", {"Fifth"}),
        (["--week", "2024-W10", "--topic", "Town"], "2024-W10-town", {"Fourth", "Sixth"}),
    ],
)
def test_a_time_and_a_topic_can_be_chosen(
    tmp_path: Path, asked: list[str], name: str, titles: set[str]
) -> None:
    site = Site(tmp_path, f"-- tidings.toml --\n{SETTINGS}")
    for title, day, topic in (
        ("Fourth", 4, "Town"),
        ("Fifth", 5, "Rail"),
        ("Sixth", 6, "Town"),
    ):
        hour = "10" if day < 6 else "05"
        news(site, title, title, f"2024-03-0{day}T{hour}:00:00Z", topics=[topic])
    told = run(site, *asked)
    assert told.code == 0, told.errors
    assert written(site) == [f"{name}.eml", f"{name}.html", f"{name}.txt"]
    shown = {each for each in ("Fourth", "Fifth", "Sixth") if each in sent(site, name).text}
    assert shown == titles


def test_what_is_published_as_the_clock_strikes_waits_for_the_next_one(tmp_path: Path) -> None:
    site = Site(tmp_path, f"-- tidings.toml --\n{SETTINGS}")
    news(site, "a", "Before", "2024-03-06T06:59:59Z")
    news(site, "b", "Struck", "2024-03-06T07:00:00Z")
    run(site, "--since", "2024-03-06")
    assert "Struck" not in sent(site, "since-20240306T000000Z").text
    run(site, "--since", "2024-03-06T07:00:00Z", "--clock=2024-03-06T08:00:00Z")
    later = sent(site, "since-20240306T070000Z").text
    assert "Struck" in later
    assert "Before" not in later


def test_a_weekly_newsletter_tells_of_the_last_week_that_is_over(tmp_path: Path) -> None:
    site = ledger(tmp_path, 'every = "week"\n')
    news(site, "z", "Long ago", "2024-02-27T10:00:00Z")
    run(site)
    assert written(site)[0] == "2024-W09.eml"
    assert "Bridge" not in sent(site, "2024-W09").text


@pytest.mark.parametrize(
    ("asked", "place"),
    [
        (["--week", "2024-W09"], "2024/02/27/"),
        (["--week", "2024-W10"], "2024/03/"),
        (["--since", "2024-02-01"], ""),
        (["--week", "2024-W10", "--topic", "Rail"], "topics/rail/"),
    ],
)
def test_on_the_web_is_the_page_that_tells_most_of_the_same(
    tmp_path: Path, asked: list[str], place: str
) -> None:
    site = ledger(tmp_path)
    news(site, "y", "Fourth", "2024-03-04T10:00:00Z", topics=["Rail"])
    news(site, "z", "Long ago", "2024-02-27T10:00:00Z")
    assert run(site, *asked).code == 0
    (text,) = mails(site).glob("*.txt")
    lines = text.read_text("utf-8").splitlines()
    assert lines[lines.index("Read on the web:") + 1] == f"https://ledger.example/news/{place}"


def test_without_a_story_nothing_is_written(tmp_path: Path) -> None:
    site = ledger(tmp_path)
    told = run(site, "--day", "2024-02-01")
    assert told.code == 1
    assert "no stories to send: Thursday, 1 February 2024" in told.errors
    assert "--day 2024-03-05" in told.errors
    assert written(site) == []


def test_an_unknown_topic_is_told_with_the_nearest(tmp_path: Path) -> None:
    site = ledger(tmp_path)
    told = run(site, "--topic", "Tow")
    assert told.code == 2
    assert 'did you mean "town"?' in told.errors


@pytest.mark.parametrize("asked", ["2024-13-01", "yesterday", "2024-W60"])
def test_a_day_that_is_none_is_told(tmp_path: Path, asked: str) -> None:
    told = run(ledger(tmp_path), "--day", asked)
    assert told.code == 2
    assert "2024-10-07" in told.errors


def test_only_one_time_can_be_given(tmp_path: Path) -> None:
    told = run(ledger(tmp_path), "--day", DAY, "--week", DAY)
    assert told.code == 2
    assert "only one" in told.errors


@pytest.mark.parametrize("setting", ["sender", "list_unsubscribe", "base_url"])
def test_it_says_which_setting_is_missing(tmp_path: Path, setting: str) -> None:
    site = ledger(tmp_path)
    lines = [line for line in SETTINGS.splitlines() if not line.startswith(setting)]
    site.write("tidings.toml", "\n".join(lines))
    told = run(site)
    assert told.code == 2
    assert "missing-setting" in told.errors
    assert f"{setting} " in told.errors
    assert written(site) == []


def test_the_sites_address_can_be_given_with_the_command(tmp_path: Path) -> None:
    site = ledger(tmp_path)
    site.write(
        "tidings.toml", SETTINGS.replace("https://ledger.example/news/", "http://localhost/")
    )
    assert run(site, "--base-url", "https://other.example/").code == 0
    assert "https://other.example/2024/03/05/bridge-opens/" in sent(site).text.splitlines()


def test_without_the_extra_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = ledger(tmp_path)
    monkeypatch.setattr(mail.importlib.util, "find_spec", lambda _name: None)
    told = run(site)
    assert told.code == 2
    assert "pip install tidings[newsletter]" in told.errors


def test_json_says_what_was_written(tmp_path: Path) -> None:
    site = ledger(tmp_path)
    report = json.loads(run(site, "--json").text)
    assert report["ok"]
    assert report["files"] == [
        str(mails(site) / f"{DAY}{end}") for end in (".html", ".txt", ".eml")
    ]
    assert (report["stories"], report["shown"]) == (3, 3)
    assert report["html_bytes"] == len((mails(site) / f"{DAY}.html").read_bytes())


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    site = ledger(tmp_path)
    (tmp_path / "file").write_text("", encoding="utf-8")
    told = run(site, "--output", str(tmp_path / "file" / "below"))
    assert told.code == 2
    assert "write-failed" in told.errors


def test_more_stories_than_wanted_are_left_to_the_site(tmp_path: Path) -> None:
    site = ledger(tmp_path, "stories = 2\n")
    told = run(site)
    assert "2 of 3 stories" in told.text
    lines = sent(site).text.splitlines()
    assert lines[lines.index("1 more story on the site:") + 1] == (
        "https://ledger.example/news/2024/03/05/"
    )
    assert "Late trains" not in sent(site).text


def test_with_pages_of_its_own_it_leads_to_them(tmp_path: Path) -> None:
    site = ledger(tmp_path, "enabled = true\n")
    run(site)
    page = "https://ledger.example/news/newsletters/2024-03-05/"
    assert page in sent(site).text.splitlines()
    site.built(clock=datetime(2024, 3, 6, 7, tzinfo=UTC))
    assert site.has("/newsletters/2024-03-05/")


def test_pictures_are_shown_only_where_readers_can_see_them(tmp_path: Path) -> None:
    site = ledger(tmp_path)
    site.write("static/a.png", PNG)
    site.write("static/a.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>")
    for picture, shown in (("/a.png", 1), ("/a.svg", 0), ("https://cdn.example/a.png", 0)):
        images = [{"url": picture, "title": "A bridge", "width": 1200, "height": 600}]
        news(site, "a", "Bridge opens", heat=9, images=images)
        run(site)
        found = Read(sent(site).html).all("img")
        assert len(found) == shown
        for each in found:
            assert each["src"].startswith("https://ledger.example/news/static/")
            assert each["alt"] == "A bridge"
    site.write("tidings.toml", f"{SETTINGS}[media]\nremote_pictures = true\n")
    run(site)
    (found,) = Read(sent(site).html).all("img")
    assert found["src"] == "https://cdn.example/a.png"


def test_a_site_may_bring_an_e_mail_of_its_own(tmp_path: Path) -> None:
    site = ledger(tmp_path)
    site.write(
        "templates/newsletter/mail.html",
        "<style>p { color: red }</style>\n"
        "<p>Mine: {{ page.lead.title }} <a href='{{ page.lead.url }}'>more</a></p>\n",
    )
    assert run(site).code == 0
    html = sent(site).html
    assert '<p style="color: red;">Mine: Bridge opens' in html
    assert "https://ledger.example/news/2024/03/05/bridge-opens/" in html


def test_a_broken_template_is_told_and_nothing_is_written(tmp_path: Path) -> None:
    site = ledger(tmp_path)
    site.write("templates/newsletter/mail.html", "{{ page.nothing.there }}\n")
    told = run(site)
    assert told.code == 1
    assert "templates/newsletter/mail.html" in told.errors
    assert written(site) == []


def test_a_template_without_room_for_a_story_is_told(tmp_path: Path) -> None:
    site = ledger(tmp_path)
    site.write("templates/newsletter/mail.html", "{{ 'x' * 103000 }}\n")
    told = run(site)
    assert told.code == 1
    assert "newsletter-too-large" in told.errors
