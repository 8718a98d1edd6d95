"""Builds after edits, as tests look at them: what they plan, what they should give, and what
records are edited to."""

from __future__ import annotations

import shutil
from typing import Any
from unittest import mock

from fixture_site import Site

from tidings.engine import workers


def fresh_files(site: Site) -> dict[str, bytes]:
    """The files of a build from nothing."""
    fresh = site.output.with_name("fresh")
    assert site.build(output=fresh).ok
    files = site.files(fresh)
    shutil.rmtree(fresh)
    return files


def planned_of(site: Site) -> set[str]:
    """The pages that a build of the site plans."""
    with mock.patch.object(
        workers, "finish_and_write", side_effect=workers.finish_and_write
    ) as finishing:
        site.built()
    return {page.path for page in finishing.call_args.args[0].pages}


def outside(title: str, number: int, picture: str) -> dict[str, Any]:
    """Another outlet's article, as `related` lists it."""
    return {
        "title": title,
        "webUrl": f"https://o{number % 2}.example/{number}",
        "images": [{"url": picture}],
        "provider": {
            "name": "O",
            "domain": f"p{number % 3}.example",
            "images": [{"url": picture}],
        },
    }
