"""Readings as a cache keeps them and as workers hand them back: nothing of them is lost."""

from __future__ import annotations

import pickle
from datetime import UTC
from typing import Any

import msgspec
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from reading_cases import DATA, FILE, read, read_cases
from test_reading_properties import QUICK, RECORDS, mutations

from tidings.model.diagnostic import Diagnostic
from tidings.model.record import Record
from tidings.model.source import SourceFile
from tidings.sources.record import Reading, ReadOptions, read_record

CASES = [
    pytest.param(case.text, id=f"{path.stem}: {case.name}")
    for path in sorted(DATA.glob("*.txt"))
    for case in read_cases(path)[1]
]

FULL = """---
title: "Füll 😀"
excerpt: "E"
publishedDateTime: 2020-11-17T21:42:00.123456+05:30
updatedDateTime: 2020-11-18
expires: 2030-01-01 12:00
originalUrl: https://www.example.org/x
webUrl: https://example.org/x
ampWebUrl: https://example.org/amp/x
cdnAmpWebUrl: https://cdn.example.org/amp/x
sourceUrl: https://example.org/
type: video
quality: -5
heat: 0
published: false
featuredContent: '<iframe src="https://www.youtube.com/embed/dQw4w9WgXcQ"></iframe><p>T</p>'
provider:
  name: Example
  domain: example.org
  images: [{url: /logo.svg, width: 50, height: 50}]
  authors: [{name: A}, {name: B}]
topics: [One, Two]
tags: [x]
images: [{url: /p.jpg, width: 1200, height: 630, title: T, attribution: A}]
related:
  - title: R
    webUrl: https://example.com/r
    publishedDateTime: 2020-11-17T21:42:00Z
    provider: {name: P, domain: example.com}
    images: [{url: https://example.com/i.png}]
locale: en-GB
highlight: H
slug: s
aliases: [/a/, /b]
color: red
secured: "SECRET"
---
# Text

A [link](other.md) and ![a picture](nowhere.png).
"""


def assert_kept(reading: Reading) -> None:
    """Asserts that the reading comes back equal, to the types and zones of its values."""
    decoded = msgspec.msgpack.decode(msgspec.msgpack.encode(reading), type=Reading)
    assert decoded == reading
    assert repr(decoded) == repr(reading)  # Equality does not see types and zones.
    assert pickle.loads(pickle.dumps(reading)) == reading
    if reading.record is not None:
        assert reading.record.published_at.tzinfo is UTC
        encoded = msgspec.msgpack.encode(reading.record)
        assert msgspec.msgpack.decode(encoded, type=Record) == reading.record
    for problem in reading.diagnostics:
        encoded = msgspec.msgpack.encode(problem)
        assert msgspec.msgpack.decode(encoded, type=Diagnostic) == problem


def test_a_record_with_all_its_fields_is_kept() -> None:
    reading = read(FULL)
    record = reading.record
    assert record is not None
    empty = [name for name in record.__struct_fields__ if getattr(record, name) in ("", ())]
    assert empty == []
    assert record.video is not None
    assert record.body is not None
    assert record.body.links
    assert reading.diagnostics
    assert reading.unknown_keys == ("color",)
    assert_kept(reading)
    assert b"SECRET" not in msgspec.msgpack.encode(reading)


@pytest.mark.parametrize("text", CASES)
def test_every_case_is_kept(text: str) -> None:
    assert_kept(read(text))


@QUICK
@given(mutations(), st.sampled_from(["", "# Text\n\n[a](b.md) ![c](d)\n"]))
def test_changed_front_matter_is_kept(text: str, body: str) -> None:
    assert_kept(read(f"---\n{text}\n---\n{body}"))


@QUICK
@given(RECORDS)
def test_written_records_are_kept(values: dict[str, Any]) -> None:
    given_values = {"title": "T", "publishedDateTime": "2020-01-01", "webUrl": "https://x.y/"}
    text = yaml.safe_dump({**values, **given_values})
    assert_kept(read(f"---\n{text}\n---\n"))


def test_reading_can_be_handed_to_workers() -> None:
    work = pickle.dumps((read_record, SourceFile(FILE, FULL.encode()), "a.md", ReadOptions()))
    function, *arguments = pickle.loads(work)
    assert function(*arguments) == read(FULL)
