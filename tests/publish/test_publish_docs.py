"""The pages on publishing say what is so: their settings are read, their tests are there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tidings.model.source import SourceFile
from tidings.sources.config import parse_config

ROOT = Path(__file__).parents[2]
HOWTO = ROOT / "docs/how-to"
PAGES = ("publish.md", "github-pages.md")


@pytest.mark.parametrize("page", PAGES)
def test_settings_in_the_pages_are_read(page: str) -> None:
    text = (HOWTO / page).read_text("utf-8")
    blocks = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    blocks += [
        re.sub(r"(?m)^    ", "", block)
        for block in re.findall(r"(?m)((?:^    .*\n)+)", text)
        if block.startswith("    [publish")
    ]
    assert blocks
    for block in blocks:
        tomllib.loads(block)
        outcome = parse_config(SourceFile("tidings.toml", block.encode()))
        assert outcome.value is not None, outcome.diagnostics
        assert outcome.value.publish


def test_each_cell_of_the_table_names_a_test() -> None:
    text = (HOWTO / "publish.md").read_text("utf-8")
    named = set(re.findall(r"`(test_\w+)`", text))
    sources = "".join(
        file.read_text("utf-8") for file in Path(__file__).parent.glob("test_*.py")
    )
    assert named
    assert [name for name in sorted(named) if f"def {name}(" not in sources] == []


@pytest.mark.parametrize("page", PAGES)
def test_links_of_the_pages_lead_to_files(page: str) -> None:
    links = re.findall(r"\]\(([^):#]+)[^)]*\)", (HOWTO / page).read_text("utf-8"))
    assert [link for link in links if not (HOWTO / link).exists()] == []
