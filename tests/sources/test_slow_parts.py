"""Parts that take long to load are loaded by those records only that need them."""

from __future__ import annotations

import subprocess
import sys

import pytest

READ = """
import sys
from tidings.model.source import SourceFile
from tidings.sources.digest import digest_front
from tidings.sources.record import ReadOptions, read_record

file = SourceFile("content/news/a.md", sys.stdin.buffer.read())
digest_front(file.data)
read_record(file, "a.md", ReadOptions())
slow = ("yaml", "markdown_it", "nh3", "ftfy", "tidings.sources.nodes")
print(*(name for name in slow if name in sys.modules))
"""

RECORD = """---
title: "T"
publishedDateTime: 2020-11-17T21:42:00Z
webUrl: https://example.org/x
{}
secured: "x+/="
---
{}
"""


@pytest.mark.parametrize(
    ("line", "body", "loaded"),
    [
        ("topics:\n- Rock 'n' roll, R&B", "Text.\n\n- A list", ""),
        ("topics: [A]", "", "yaml"),
        ("quality: high", "", "yaml tidings.sources.nodes"),
        ("", "*Text*", "markdown_it nh3"),
        ('featuredContent: "<p>x</p>"', "", "nh3"),
    ],
)
def test_only_what_a_record_needs_is_loaded(line: str, body: str, loaded: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", READ],
        input=RECORD.format(line, body).encode(),
        capture_output=True,
        check=True,
    )
    assert done.stdout.decode().strip() == loaded
