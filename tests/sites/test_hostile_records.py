"""Records whose words are chosen to do harm: a site is built all the same, and soon.

No time is measured here. What was slow took minutes with inputs of these sizes.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from fixture_site import Site, codes, dead_links



@pytest.mark.parametrize("joiner", ["’", "'", "`", "\u200c", "\u200d"])
def test_titles_that_differ_by_a_joiner_before_an_accent_have_a_page_each(
    tmp_path: Path, joiner: str
) -> None:
    site = Site(tmp_path)
    site.news("a", f"Cafe{joiner}\u0301")
    site.news("b", "Café", "2024-01-01T11:00:00Z")
    report = site.built()
    assert "shared-permalink" in codes(report)
    assert site.page("/2024/01/01/café/").title


def test_an_outlet_named_like_the_list_of_outlets_does_not_take_its_file(
    tmp_path: Path,
) -> None:
    site = Site(tmp_path)
    site.news("a", "First", provider={"name": "Odd", "domain": "index.html"})
    site.news("b", "Second", provider={"name": "Index", "domain": "index.hr"})
    site.built()
    links = site.page("/sources/").main.links
    assert "First" in site.page(links["Odd"]).headlines
    assert links["Index"] == "/sources/index.hr/"
    assert dead_links(site, "http://localhost:8000/") == []
