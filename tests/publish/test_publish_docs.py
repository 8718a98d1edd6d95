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
PAGES = ("publish.md", "github-pages.md", "netlify-cloudflare.md", "bucket-and-cdn.md")


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


FILES = {
    "folder": "test_folder_target",
    "folder with releases": "test_releases_target",
    "git": "test_git",
    "ssh": "test_ssh_target",
    "s3": "test_s3_target",
}
"""Where tests of each column are, beside those of all columns."""
COMMON = ("test_killed_publishes", "test_many_pages", "test_publish_lock")


def test_each_cell_of_the_table_names_a_test_of_its_type() -> None:
    text = (HOWTO / "publish.md").read_text("utf-8")
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in text.splitlines()
        if line.startswith("| ")
    ]
    head, *body = rows
    assert head[1:] == list(FILES)
    assert len(body) >= 5
    for name, *cells in body:
        for column, cell in zip(FILES, cells, strict=True):
            named = re.findall(r"`(test_\w+)`", cell)
            assert named, (name, column)
            sources = "".join(
                file.read_text("utf-8")
                for file in Path(__file__).parent.glob("test_*.py")
                if file.name.startswith((FILES[column], *COMMON))
            )
            assert [each for each in named if f"def {each}(" not in sources] == [], (
                name,
                column,
            )


@pytest.mark.parametrize("page", PAGES)
def test_links_of_the_pages_lead_to_files(page: str) -> None:
    links = re.findall(r"\]\(([^):#]+)[^)]*\)", (HOWTO / page).read_text("utf-8"))
    assert [link for link in links if not (HOWTO / link).exists()] == []
