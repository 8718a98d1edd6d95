"""What open pages are told after a build."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tidings.engine.report import BuildReport, Counts
from tidings.model.diagnostic import Diagnostic, Place, Severity
from tidings.serve.answer import answer, page_digest
from tidings.serve.edition import Edition, base_path_of, edition_of
from tidings.serve.reload import Board, page_events

SMILE = "/2020/11/17/smile/"
PROBLEM = Diagnostic(
    "front-matter", Severity.ERROR, "not closed", Place("content/news/a.md", 3)
)

Listen = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def listen(edition: Edition) -> Listen:
    """The events that a page gets: `listen(path, *editions)`, posted one by one."""

    def listened(path: str, *editions: Callable[[], Edition], seen: str | None = None):
        async def stream() -> list[dict[str, Any]]:
            board = Board(edition)
            digest = page_digest(answer(edition, path)) if seen is None else seen
            events = page_events(board, path, digest)
            heard = [await anext(events), await anext(events)]  # Always greeted with problems.
            if seen is not None:
                board.close()
            for make in editions:
                board.post(make())
                while '"event":"problems"' not in (message := (await anext(events)).decode()):
                    heard.append(message.encode())
                heard.append(message.encode())
            board.close()
            heard += [message async for message in events]
            return [msgspec.json.decode(message.removeprefix(b"data: ")) for message in heard]

        return asyncio.run(stream())

    return listened


def names(events: list[dict[str, Any]]) -> list[str]:
    """The events' names, after the greeting, without empty lists of problems."""
    return [event["event"] for event in events[1:] if event.get("problems") != []]


def rebuilt(
    output: Path, files: dict[str, str], deleted: tuple[str, ...] = (), **rest: Any
) -> Edition:
    """The edition of a build that writes and deletes these files."""
    for path, text in files.items():
        (output / path).parent.mkdir(parents=True, exist_ok=True)
        (output / path).write_text(text, encoding="utf-8")
    for path in deleted:
        (output / path).unlink()
    report = BuildReport(
        ok=rest.pop("ok", True),
        output=output,
        counts=Counts(),
        diagnostics=rest.pop("diagnostics", ()),
        written=tuple(sorted(files)),
        deleted=deleted,
    )
    return edition_of(report, "/")


def test_a_page_reloads_when_its_own_bytes_changed(listen, output: Path):
    events = listen(SMILE, lambda: rebuilt(output, {"2020/11/17/smile/index.html": "New"}))
    assert names(events) == ["reload"]


def test_a_page_stays_when_only_others_changed(listen, output: Path):
    events = listen(SMILE, lambda: rebuilt(output, {"index.html": "New", "feed.xml": "<new/>"}))
    assert names(events) == []


def test_a_page_that_is_gone_reloads_to_say_so(listen, output: Path):
    gone = listen(SMILE, lambda: rebuilt(output, {}, ("2020/11/17/smile/index.html",)))
    assert names(gone) == ["reload"]


def test_a_page_that_was_missing_reloads_when_it_comes(listen, output: Path):
    events = listen("/new/", lambda: rebuilt(output, {"new/index.html": "Here"}))
    assert names(events) == ["reload"]


def test_the_last_good_page_stays_while_its_record_is_broken(listen, output: Path):
    file = output / "2020/11/17/smile/index.html"
    text = file.read_text()
    events = listen(
        SMILE,
        lambda: rebuilt(output, {}, ("2020/11/17/smile/index.html",), diagnostics=(PROBLEM,)),
        lambda: rebuilt(output, {"2020/11/17/smile/index.html": text}),
    )
    assert names(events) == ["problems"]
    assert events[-1] == {"event": "problems", "problems": []}


def test_a_page_goes_along_when_its_address_changes(listen, output: Path):
    def retitled() -> Edition:
        made = rebuilt(
            output, {"2020/11/17/grin äh/index.html": "Grin"}, ("2020/11/17/smile/index.html",)
        )
        return msgspec.structs.replace(made, moves={SMILE: "/2020/11/17/grin äh/"})

    events = listen(SMILE, retitled)
    assert names(events) == ["move"]
    assert events[2]["url"] == "/2020/11/17/grin%20%C3%A4h/"


def test_new_styles_alone_are_exchanged_in_place(listen, output: Path):
    old, new = "static/style.0123abcd.css", "static/style.89abcdef.css"
    page = (output / "2020/11/17/smile/index.html").read_text().replace(old, new)

    def restyled() -> Edition:
        return rebuilt(output, {new: "b {}", "2020/11/17/smile/index.html": page}, (old,))

    events = listen(SMILE, restyled, lambda: rebuilt(output, {"index.html": "x"}))
    assert names(events) == ["style"]
    assert events[2]["styles"] == {f"/{old}": f"/{new}"}
    assert events[2]["page"] == page_digest(page.encode())


def test_new_styles_and_new_words_reload(listen, output: Path):
    old, new = "static/style.0123abcd.css", "static/style.89abcdef.css"
    page = (output / "2020/11/17/smile/index.html").read_text().replace(old, new)
    files = {new: "b {}", "2020/11/17/smile/index.html": page.replace("Smile", "Grin")}
    assert names(listen(SMILE, lambda: rebuilt(output, files, (old,)))) == ["reload"]


def test_a_style_that_keeps_its_name_is_exchanged_too(listen, output: Path):
    page = '<html><head><link rel="stylesheet" href="/own.css"></head></html>'
    rebuilt(output, {"own.css": "a {}", "2020/11/17/smile/index.html": page})
    events = listen(SMILE, lambda: rebuilt(output, {"own.css": "b {}"}))
    assert names(events) == ["style"]
    assert events[2]["styles"] == {"/own.css": "/own.css"}


def test_a_picture_that_keeps_its_name_reloads_the_pages_that_show_it(listen, output: Path):
    rebuilt(output, {"2020/11/17/smile/index.html": '<head></head><img src="/logo.svg">'})
    assert names(listen(SMILE, lambda: rebuilt(output, {"logo.svg": "<svg>"}))) == ["reload"]
    assert names(listen("/", lambda: rebuilt(output, {"logo.svg": "<svg/>"}))) == []


def test_problems_come_and_go(listen, output: Path):
    warning = msgspec.structs.replace(PROBLEM, severity=Severity.WARNING)
    events = listen(
        SMILE,
        lambda: rebuilt(output, {}, diagnostics=(PROBLEM, warning)),
        lambda: rebuilt(output, {}, diagnostics=(warning,)),
        lambda: rebuilt(output, {}, diagnostics=(warning,), ok=False),
    )
    said = [event["problems"] for event in events if event["event"] == "problems"]
    assert [[found["severity"] for found in problems] for problems in said] == [
        [],
        ["error"],
        [],
        ["warning"],  # Of a failed build that has nothing worse to say.
    ]
    assert said[1][0]["place"]["file"] == "content/news/a.md"
    assert said[1][0]["place"]["line"] == 3


def test_a_page_that_connects_late_learns_that_it_is_old(listen):
    assert names(listen(SMILE, seen="what it was before"))[:1] == ["reload"]


def test_the_end_of_the_preview_ends_every_stream(edition: Edition):
    async def streams() -> None:
        board = Board(edition)
        early = [message async for message in _closing(board)]
        late = [message async for message in page_events(board, "/", "")]
        assert early
        assert late

    async def _closing(board: Board):
        async for message in page_events(board, "/", ""):
            board.close()
            yield message

    asyncio.run(asyncio.wait_for(streams(), 30))


@pytest.mark.parametrize(
    ("base_url", "base_path"),
    [
        ("https://x.example", "/"),
        ("https://x.example/", "/"),
        ("https://x.example/digest/", "/digest/"),
        ("https://x.example/news/digest", "/news/digest/"),
        ("", "/"),
    ],
)
def test_the_site_is_shown_below_the_path_of_its_address(base_url, base_path):
    assert base_path_of(base_url) == base_path
