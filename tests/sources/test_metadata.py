"""Metadata: topics, providers and the publisher's own pages."""

from __future__ import annotations

import pytest

from tidings.model.source import SourceFile
from tidings.sources.metadata import (
    LAST,
    MetadataReading,
    read_page,
    read_provider,
    read_topic,
)
from tidings.sources.record import ReadOptions

TOPIC = """taxonomy: topic
_id: computer-vision
name: Computer Vision
shortname: Vision
parent: AI
description: Machines &amp; sight.
keywords: [vision, cameras, vision]
hashtags:
  - "#ComputerVision"
images:
  - url: /pictures/v.png
services:
  news: https://example.org/api/
"""

PROVIDER = """---
taxonomy: organization
_id: nola.com
name: NOLA.com
otherNames: [The Times-Picayune]
domain: WWW.nola.com
description: News of New Orleans.
images:
  - url: /logos/400.png
    width: 400
    height: 400
  - url: /logos/50.png
    width: 50
    height: 50
---
"""


def topic(text: str | bytes, name: str = "02-vision.yaml") -> MetadataReading:  # type: ignore[type-arg]
    data = text.encode() if isinstance(text, str) else text
    return read_topic(SourceFile(f"content/topics/{name}", data))


def provider(text: str | bytes) -> MetadataReading:  # type: ignore[type-arg]
    data = text.encode() if isinstance(text, str) else text
    return read_provider(SourceFile("content/providers/nola.com.md", data))


def page(text: str, name: str = "about.md") -> MetadataReading:  # type: ignore[type-arg]
    file = SourceFile(f"content/pages/{name}", text.encode())
    return read_page(file, "content/pages", ReadOptions())


def told(reading: MetadataReading) -> list[tuple[str, str, int, int]]:  # type: ignore[type-arg]
    return [
        (p.severity.value, p.code, p.place.line, p.place.column) for p in reading.diagnostics
    ]


def test_a_topic_is_read() -> None:
    reading = topic(TOPIC)
    value = reading.value
    assert reading.diagnostics == ()
    assert reading.unknown_keys == ()
    assert (value.slug, value.name, value.shortname) == (
        "computer-vision",
        "Computer Vision",
        "Vision",
    )
    assert (value.order, value.parent, value.parent_line) == (2, "AI", 5)
    assert value.description == "Machines & sight."
    assert value.keywords == ("vision", "cameras")
    assert value.hashtags == ("#ComputerVision",)
    assert value.pictures[0].url == "/pictures/v.png"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "---\n"),
        ("", "---"),
        ("", "---\n\n"),
        ("", "...\n---\n"),
        ("", "--- # the end\n# or is it?\n\n"),
        ("---\n", "---\n"),
        ("# A topic\n---\n", ""),
        ("\n\n---   \n", "\n"),
        ("\ufeff", "---\n"),
    ],
)
def test_lines_that_mark_documents_change_nothing(before: str, after: str) -> None:
    reading = topic(before + TOPIC + after)
    assert reading.diagnostics == ()
    assert reading.value.name == "Computer Vision"
    windows = topic((before + TOPIC + after).replace("\n", "\r\n"))
    assert windows == reading


def test_places_in_a_topic_are_those_of_the_file() -> None:
    assert told(topic("# A topic\n---\nname: [x]\n---\n")) == [("error", "wrong-type", 3, 7)]
    assert told(topic("name: x\nname: y\n---\n")) == [("error", "duplicate-key", 2, 1)]
    assert told(topic("a: b\n")) == [("error", "missing-name", 1, 1)]


def test_two_topics_in_one_file_are_an_error() -> None:
    assert told(topic("name: x\n---\nname: y\n")) == [("error", "second-document", 2, 1)]


@pytest.mark.parametrize(
    ("name", "slug", "order"),
    [
        ("01-ai.yaml", "ai", 1),
        ("ai.yml", "ai", LAST),
        ("0-a-b.yaml", "a-b", 0),
        ("2024.yaml", "2024", LAST),
    ],
)
def test_a_topic_without_id_takes_the_files_name(name: str, slug: str, order: int) -> None:
    value = topic("name: AI", name).value
    assert (value.slug, value.order) == (slug, order)


@pytest.mark.parametrize(
    "slug", ["a/b", "..", "a b", "a?b", "a#b", "'%2e'", ".a", '"a\\u202eb"', '"\\0"']
)
def test_a_topics_id_must_fit_into_an_address(slug: str) -> None:
    reading = topic(f"name: x\n_id: {slug}\n")
    if slug == '"\\0"':  # Nothing is left of it, so that the file's name counts.
        assert reading.value.slug == "vision"
    elif slug == '"a\\u202eb"':
        assert reading.value.slug == "ab"
    else:
        assert reading.value is None
        assert told(reading) == [("error", "wrong-slug", 2, 6)]


@pytest.mark.parametrize("data", [b"", b"\n", b"\xef\xbb\xbf\r\n", b" \t"])
def test_an_empty_file_is_a_warning(data: bytes) -> None:
    for reading in (topic(data), provider(data)):
        assert reading.value is None
        assert told(reading) == [("warning", "empty-file", 1, 1)]


def test_invalid_utf8_is_an_error() -> None:
    assert told(topic(b"name: x\xff")) == [("error", "invalid-utf8", 1, 8)]
    assert told(provider(b"---\nname: \xff\n---")) == [("error", "invalid-utf8", 2, 7)]


def test_a_provider_is_read() -> None:
    reading = provider(PROVIDER)
    value = reading.value
    assert reading.diagnostics == ()
    assert reading.unknown_keys == ()
    assert (value.name, value.domain) == ("NOLA.com", "nola.com")
    assert value.other_names == ("The Times-Picayune",)
    assert (value.logo, value.large_logo) == ("/logos/50.png", "/logos/400.png")
    assert value.description == "News of New Orleans."


def test_a_provider_may_have_only_an_id() -> None:
    value = provider("---\n_id: nola.com\n---\n").value
    assert (value.name, value.domain) == ("nola.com", "nola.com")


def test_a_provider_without_a_domain_is_an_error() -> None:
    assert told(provider("---\nname: x\n---\n")) == [("error", "missing-domain", 1, 1)]
    assert told(provider("---\ndomain: x\n---\n")) == [("error", "missing-domain", 2, 9)]


def test_a_page_is_read() -> None:
    reading = page("---\ntitle: About\ndescription: Us.\norder: 2\n---\n# Who\n\n[we](a.md)\n")
    value = reading.value
    assert reading.diagnostics == ()
    assert (value.slug, value.title, value.description) == ("about", "About", "Us.")
    assert value.order == 2
    assert value.body.html.startswith("<h2>Who</h2>")
    assert value.body.links[0].line == 8


@pytest.mark.parametrize(
    ("name", "given", "slug"),
    [
        ("about.md", "", "about"),
        ("help/contact.markdown", "", "help/contact"),
        ("about.md", "slug: us", "us"),
        ("about.md", "slug: /us/all/", "us/all"),
    ],
)
def test_a_pages_address(name: str, given: str, slug: str) -> None:
    assert page(f"---\ntitle: x\n{given}\n---\n", name).value.slug == slug


@pytest.mark.parametrize("slug", ["../x", "a//b", "a/../b", "a b", "x?y", "a\\b", "a/.b"])
def test_a_pages_address_must_be_one(slug: str) -> None:
    reading = page(f"---\ntitle: x\nslug: '{slug}'\n---\n")
    assert reading.value is None
    assert told(reading) == [("error", "wrong-slug", 3, 7)]


def test_a_page_with_wrong_values_is_told() -> None:
    reading = page("---\norder: first\n---\n![x](y.png)\n")
    assert told(reading) == [
        ("error", "missing-title", 1, 1),
        ("error", "wrong-type", 2, 8),
        ("warning", "wrong-picture", 4, 0),
    ]


def test_unknown_keys_are_handed_on() -> None:
    assert topic("name: x\ncolour: red\nsecured: y\n").unknown_keys == ("colour", "secured")
    assert provider(PROVIDER.replace("name:", "ceo: x\nname:")).unknown_keys == ("ceo",)
    assert page("---\ntitle: x\nlayout: y\n---\n").unknown_keys == ("layout",)
