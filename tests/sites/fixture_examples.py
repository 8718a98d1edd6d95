"""The sites on which all that machines read is tried: records as they really are, and worse."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from fixture_machines import CORPUS, TOP, hostile_site
from fixture_site import Site
from test_crawl import copied

EXAMPLES = ("sample", "hostile", "seeds", "corpus")
SAMPLE_CLOCK = datetime(2024, 10, 10, tzinfo=UTC)
"""When the sample's latest records are news."""


def example_site(name: str, folder: Path, base_url: str = "") -> Site:
    """The site of one of `EXAMPLES`, built, with all of its records shown.

    Without a base URL it has the one of the hostile site, or else one at the top of a host.
    Skips the test where the corpus is wanted and not here.
    """
    match name:
        case "sample":
            site = copied(folder, TOP / "content", TOP / "static")
            site.write("tidings.toml", (TOP / "tidings.toml").read_bytes())
            site.options["clock"] = SAMPLE_CLOCK
        case "hostile":
            site = hostile_site(folder)
        case "seeds":
            site = Site(folder)
            for file in sorted((TOP / "content/news").glob("2020-1*facial-recognition*.md")):
                site.write(f"content/news/{file.name}", file.read_bytes())
        case _:
            if not CORPUS.is_dir():
                pytest.skip("the corpus is not here")
            site = copied(folder, CORPUS)
    if base_url:
        site.options["base_url"] = base_url
    site.options.setdefault("base_url", "https://x.example/")
    site.built(unpublished=True)
    return site
