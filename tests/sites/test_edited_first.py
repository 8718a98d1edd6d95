"""Under `serve` the page of an edited article is there before the rest of the site."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from fixture_site import Site, record

from tidings.engine.build import build
from tidings.engine.first import show_first
from tidings.engine.memory import Memory
from tidings.engine.report import BuildRequest

PAGE = "2024/03/02/bridge-opens/index.html"
WHEN = "2024-03-02T05:00:00Z"


class Preview:
    """A site that is built again and again by one process."""

    def __init__(self, folder: Path) -> None:
        self.site = Site(folder)
        self.site.news("a", "Bridge opens", WHEN, topics=["Roads"])
        self.site.news("b", "Vote on water", "2024-03-01T05:00:00Z", topics=["Roads"])
        self.request = BuildRequest(
            self.site.source,
            self.site.output,
            datetime(2025, 1, 1, tzinfo=UTC),
            preview=True,
        )
        self.memory = Memory(self.site.output)
        self.build()

    def build(self) -> None:
        assert build(self.request, memory=self.memory).ok

    def edit(self, text: str, name: str = "a", least: int = 0) -> tuple[str, ...]:
        path = f"content/news/{name}.md"
        self.site.write(path, text)
        return show_first(self.request, self.memory, [self.site.source / path], least)


@pytest.fixture
def preview(tmp_path: Path) -> Preview:
    return Preview(tmp_path)


def test_the_edited_page_is_just_as_the_build_makes_it(preview: Preview) -> None:
    text = record("Bridge opens", WHEN, "Now with [a link](b.md).", topics=["Roads"])
    assert preview.edit(text) == (PAGE,)
    shown = (preview.site.output / PAGE).read_bytes()
    assert b"Now with" in shown
    preview.build()
    assert (preview.site.output / PAGE).read_bytes() == shown
    # And once more: what was shown early does not stand in the way of the next edit.
    assert preview.edit(text.replace("Now with", "Later, with")) == (PAGE,)
    assert b"Later, with" in (preview.site.output / PAGE).read_bytes()
    preview.build()
    fresh = preview.site.output.parent / "fresh"
    preview.site.built(output=fresh, clock=preview.request.clock)
    assert preview.site.files() == preview.site.files(fresh)


def test_a_title_that_keeps_its_address_comes_first_too(preview: Preview) -> None:
    text = record("Bridge opens", WHEN, topics=["Roads"])
    assert preview.edit(text.replace("Bridge opens", "Bridge OPENS")) == (PAGE,)
    assert preview.site.page("/2024/03/02/bridge-opens/").title.startswith("Bridge OPENS")


@pytest.mark.parametrize(
    "text",
    [
        record("Bridge closes", WHEN, topics=["Roads"]),
        record("Bridge opens", WHEN, topics=["Rivers"]),
        record("Bridge opens", "2024-03-03T05:00:00Z", topics=["Roads"]),
        record("Bridge opens", WHEN, topics=["Roads"], published=False),
        "---\ntitle: [\n---\n",
    ],
    ids=["moves", "other topic", "other day", "unpublished", "broken"],
)
def test_whatever_changes_more_than_the_page_waits_for_the_build(
    preview: Preview, text: str
) -> None:
    before = preview.site.files()
    assert preview.edit(text) == ()
    assert preview.site.files() == before


def test_a_page_that_somebody_edited_is_left_alone(preview: Preview) -> None:
    (preview.site.output / PAGE).write_text("mine")
    assert preview.edit(record("Bridge opens", WHEN, "Words.", topics=["Roads"])) == ()
    assert (preview.site.output / PAGE).read_text() == "mine"


def test_after_a_build_that_failed_the_page_is_made_as_it_was_before(
    preview: Preview,
) -> None:
    preview.site.write("templates/article.html", "{{ page.nothing }}")
    assert not build(preview.request, memory=preview.memory).ok
    preview.edit(record("Bridge opens", WHEN, "More words.", topics=["Roads"]))
    assert "More words." in (preview.site.output / PAGE).read_text("utf-8")


def test_a_small_site_is_built_at_once_and_loaded_once(preview: Preview) -> None:
    text = record("Bridge opens", WHEN, "Words.", topics=["Roads"])
    assert preview.edit(text, least=1000) == ()
