"""Under `serve` pages that show an edited article are there before the site is built anew."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from fixture_site import Site, record

from tidings.engine.build import build
from tidings.engine.first import Draft, draft_pages
from tidings.engine.memory import Memory
from tidings.engine.report import BuildRequest

OLD = "2024/03/02/bridge-opens/index.html"
NEW = "2024/03/02/bridge-opens-at-last/index.html"
WHEN = "2024-03-02T05:00:00Z"
LISTS = ("index.html", "2024/03/02/index.html", "2024/03/index.html", "topics/roads/index.html")


RETITLED = record(
    "Bridge opens at last",
    WHEN,
    topics=["Roads"],
    webUrl="https://outlet.example/Bridge%20opens",
)


class Preview:
    """A site that is built again and again by one process."""

    def __init__(self, folder: Path) -> None:
        self.site = Site(folder)
        self.site.news("a", "Bridge opens", WHEN, topics=["Roads"])
        self.site.news("b", "Vote on water", "2024-03-01T05:00:00Z", topics=["Roads"])
        self.site.write(
            "content/pages/about.md", "---\ntitle: About\n---\n[A](/topics/roads/)\n"
        )
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

    def edit(self, text: str, name: str = "a", least: int = 0) -> Draft | None:
        path = f"content/news/{name}.md"
        self.site.write(path, text)
        return draft_pages(self.request, self.memory, [self.site.source / path], least)

    def pages(self) -> list[str]:
        return sorted(path for path in self.site.files() if path.endswith(".html"))

    def built(self, path: str) -> bytes:
        return (self.site.output / path).read_bytes()


@pytest.fixture
def preview(tmp_path: Path) -> Preview:
    return Preview(tmp_path)


def shown(draft: Draft | None, path: str) -> bytes:
    assert draft is not None
    page = draft.page(path)
    assert page is not None
    return page


def test_every_page_is_just_as_the_build_makes_it(preview: Preview) -> None:
    text = record("Bridge opens", WHEN, "Now with [a link](b.md).", topics=["Roads"])
    draft = preview.edit(text)
    assert b"Now with" in shown(draft, OLD)
    before = preview.site.files()
    early = {path: shown(draft, path) for path in preview.pages()}
    assert preview.site.files() == before  # Nothing is written before the build.
    preview.build()
    assert early == {path: preview.built(path) for path in preview.pages()}
    again = preview.edit(text.replace("Now with", "Later, with"))
    assert b"Later, with" in shown(again, OLD)


def test_a_new_title_is_on_every_list_and_the_page_has_its_new_address(
    preview: Preview,
) -> None:
    draft = preview.edit(RETITLED)
    early = {path: shown(draft, path) for path in (NEW, *LISTS)}
    for path in LISTS:
        assert b"Bridge opens at last" in early[path], path
        assert b'href="/2024/03/02/bridge-opens-at-last/"' in early[path], path
    assert draft
    assert draft.page(OLD) is None
    preview.build()
    assert early == {path: preview.built(path) for path in (NEW, *LISTS)}


def test_an_address_that_is_taken_waits_for_the_build(preview: Preview) -> None:
    preview.site.news("c", "Bridge opens at last", WHEN, topics=["Roads"])
    preview.build()
    assert preview.edit(RETITLED) is None


def test_every_kind_of_page_can_be_made_from_other_material(preview: Preview) -> None:
    assert preview.memory.last
    sketch = preview.memory.last.sketch
    redrawn = sketch.redraw({})
    assert redrawn
    for page in sketch.pages:
        if page.path.endswith(".html"):
            assert redrawn.draw(page.path) == page.draw(), page.path


@pytest.mark.parametrize(
    "text",
    [
        record("Bridge opens", WHEN, topics=["Rivers"]),
        record("Bridge opens", "2024-03-03T05:00:00Z", topics=["Roads"]),
        record("Bridge opens", WHEN, topics=["Roads"], published=False),
        "---\ntitle: [\n---\n",
    ],
    ids=["other topic", "other day", "unpublished", "broken"],
)
def test_whatever_changes_more_than_texts_waits_for_the_build(
    preview: Preview, text: str
) -> None:
    assert preview.edit(text) is None


def test_after_a_build_that_failed_pages_are_made_as_they_were_before(
    preview: Preview,
) -> None:
    preview.site.write("templates/article.html", "{{ page.nothing }}")
    assert not build(preview.request, memory=preview.memory).ok
    draft = preview.edit(record("Bridge opens", WHEN, "More words.", topics=["Roads"]))
    assert b"More words." in shown(draft, OLD)


def test_a_small_site_is_built_at_once_and_loaded_once(preview: Preview) -> None:
    text = record("Bridge opens", WHEN, "Words.", topics=["Roads"])
    assert preview.edit(text, least=1000) is None


def test_what_a_build_that_failed_has_read_is_no_basis_for_a_draft(preview: Preview) -> None:
    """Or a record would show that has been held back meanwhile."""
    preview.site.write("templates/article.html", "{{ page.nothing }}")
    hidden = record("Bridge opens", WHEN, topics=["Roads"], published=False)
    preview.site.write("content/news/a.md", hidden)
    assert not build(preview.request, memory=preview.memory).ok
    assert preview.edit(hidden.replace("---\n\n", "---\nIn secret.\n")) is None


def test_two_new_titles_that_lead_to_one_address_wait_for_the_build(preview: Preview) -> None:
    preview.site.news("c", "Third", WHEN, topics=["Roads"])
    preview.build()
    paths = []
    for name, url in (("a", "Bridge%20opens"), ("c", "Third")):
        address = f"https://outlet.example/{url}"
        text = record("One title", WHEN, topics=["Roads"], webUrl=address)
        preview.site.write(f"content/news/{name}.md", text)
        paths.append(preview.site.source / f"content/news/{name}.md")
    assert draft_pages(preview.request, preview.memory, paths, 0) is None
