"""Keys that mean nothing: said once for the whole site, whatever kind of file has them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tidings.engine.inputs import read_inputs
from tidings.engine.kept import NOTHING_KEPT
from tidings.engine.load import load_site
from tidings.engine.reading import read_records
from tidings.model.config import Config
from tidings.sources.record import ReadOptions

RECORD = """---
title: T
publishedDateTime: 2020-11-17T21:42:00Z
webUrl: https://example.org/x
color: red
---
"""


def test_an_unknown_key_is_said_once_for_the_site(tmp_path: Path) -> None:
    for name, text in {
        "news/a.md": RECORD,
        "news/b.md": RECORD,
        "topics/1-ai.yaml": "name: AI\ncolor: red\nmood: good\n",
        "topics/2-ml.yaml": "name: ML\nmood: good\n",
        "providers/a.md": "---\ndomain: example.org\nmood: good\n---\n",
        "pages/a.md": "---\ntitle: T\nlayout: page\n---\n",
    }.items():
        path = tmp_path / "content" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    inputs = read_inputs(tmp_path, Config())
    read = read_records(inputs.news, ReadOptions(), NOTHING_KEPT, 1, lambda _done, _total: None)
    loaded = load_site(inputs, read, ReadOptions())
    said = [(p.severity.value, p.message, p.place.file) for p in loaded.diagnostics]
    rest = "means nothing here and is left out"
    assert sorted(said) == [
        ("info", f"key 'color' {rest} (in 3 files)", "content/news/a.md"),
        ("info", f"key 'layout' {rest} (in this file)", "content/pages/a.md"),
        ("info", f"key 'mood' {rest} (in 3 files)", "content/topics/1-ai.yaml"),
    ]
    assert len(loaded.records) == 2


@pytest.mark.parametrize(
    ("path", "key", "hint"),
    [
        ("news/a.md", "weburl: https://example.org/x", "did you mean 'webUrl'?"),
        ("news/a.md", "topic: AI", "did you mean 'topics'?"),
        ("news/a.md", "provider: {nmae: X}", "did you mean 'provider.name'?"),
        ("news/a.md", "related: [{weburl: x}]", "did you mean 'related[].webUrl'?"),
        ("news/a.md", "color: red", ""),
        ("news/a.md", "color.topic: red", ""),
        ("news/a.md", "related[].b.title: red", ""),
        ("pages/a.md", "Title: About", "did you mean 'title'?"),
    ],
)
def test_a_mistyped_key_comes_with_the_right_one(
    tmp_path: Path, path: str, key: str, hint: str
) -> None:
    file = tmp_path / "content" / path
    file.parent.mkdir(parents=True)
    file.write_text(f"---\n{key}\n---\n")
    inputs = read_inputs(tmp_path, Config())
    read = read_records(inputs.news, ReadOptions(), NOTHING_KEPT, 1, lambda _done, _total: None)
    found = load_site(inputs, read, ReadOptions()).diagnostics
    assert [each.hint for each in found if each.code == "unknown-key"] == [hint]
