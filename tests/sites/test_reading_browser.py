"""How pages read, in Chromium: languages, the order of words, what is read aloud."""

from __future__ import annotations

from pathlib import Path

import pytest
from fixture_browser import CHROMIUM, one_of_each_kind, reading
from fixture_site import Site

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium here"),
]


def test_every_headline_is_told_in_its_own_language(tmp_path: Path) -> None:
    site = Site(tmp_path)
    wire = {"webUrl": "https://wire.example/harbour", "title": "Harbour: what we know"}
    for name, locale, title in (
        ("en", "", "Harbour bridge closed after accident"),
        ("de", "de", "Hafenbrücke nach Unfall gesperrt"),
        ("ar", "ar", "إغلاق جسر الميناء بعد حادث"),
    ):
        outlet = {"name": name.upper(), "domain": f"{name}.example"}
        site.news(
            name,
            title,
            topics=["Ports"],
            provider=outlet,
            related=[wire],
            excerpt=f"{title}.",
            **({"locale": locale} if locale else {}),
        )
    site.built(preview=False)
    # What a reader typed is in no language of ours.
    told_in = """(words) => [...document.querySelectorAll("body :not([role=status] *)")]
      .filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.data.includes(words)))
      .map((e) => [e.closest("[lang]").lang, getComputedStyle(e).direction])"""
    wrong = []
    seen = 0
    with reading(site.output) as (page, address):
        for path in [*one_of_each_kind(site), "/search/?q=Hafenbr%C3%BCcke"]:
            page.goto(address + path)
            if "?" in path:
                page.get_by_role("heading", name="Hafenbrücke").wait_for()
            for words, tongue in (("Hafenbrücke", ["de", "ltr"]), ("الميناء", ["ar", "rtl"])):
                for found in page.evaluate(told_in, words):
                    seen += 1
                    if found != tongue:
                        wrong.append((path, words, found))
    assert seen > 20
    assert wrong == []


@pytest.mark.parametrize(("language", "back", "on"), [("en", "←", "→"), ("he", "→", "←")])
def test_arrows_point_where_they_lead_and_are_not_read_aloud(
    tmp_path: Path, language: str, back: str, on: str
) -> None:
    site = Site(tmp_path, f'-- tidings.toml --\n[site]\nlanguage = "{language}"\n')
    for number in range(1, 61):
        when = f"2024-{1 + number // 28:02}-{1 + number % 28:02}T10:00:00Z"
        site.news(f"n{number}", f"Story {number} of its own", when, topics=["Ports"])
    site.built()
    seen = ""
    with reading(site.output) as (page, address):
        for path in [*one_of_each_kind(site), "/2024/01/15/story-14-of-its-own/"]:
            page.goto(address + path)
            told = page.locator("body").aria_snapshot()
            assert "←" not in told, path
            assert "→" not in told, path
            seen += page.locator("body").inner_text()
    for words in (f"{back} Earlier", f"Later {on}", f"{back} Newer", f"Older {on}"):
        assert words in seen
    assert f"outlet.example {on}" in seen


def test_numbers_stand_before_their_words_on_a_site_written_from_right_to_left(
    tmp_path: Path,
) -> None:
    site = Site(tmp_path, '-- tidings.toml --\n[site]\nlanguage = "he"\n')
    outlets = [{"name": f"Outlet {n}", "domain": f"o{n}.example"} for n in range(12)]
    related = [
        {"title": f"Bridge seen {n}", "webUrl": f"https://o{n // 2}.example/{n}"}
        | {"provider": outlets[n // 2], "publishedDateTime": "2024-01-01T10:00:00Z"}
        for n in range(2, 24)
    ]
    for number, day in enumerate((1, 1, 2, 3)):
        site.news(
            f"n{number}",
            ("Bridge opens", "Ferries sail", "Who pays", "Cranes lifted")[number],
            f"2024-01-0{day}T10:00:00Z",
            body="\nמילים של הכתבה.\n",
            topics=["Ports", "Bridges"][number % 2 :],
            provider=outlets[0],
            **({"related": related} if number == 0 else {}),
        )
    site.built(preview=False)
    swapped = """() => {
      const found = [];
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      for (let node; (node = walker.nextNode()); ) {
        const parts = /^(\\s*)(\\d+) [A-Za-z]/.exec(node.data);
        if (!parts) continue;
        const at = (from) => {
          const range = document.createRange();
          range.setStart(node, from);
          range.setEnd(node, from + 1);
          return range.getBoundingClientRect();
        };
        const [digit, letter] = [parts[1].length, parts[0].length - 1].map(at);
        if (digit.width && digit.top === letter.top && digit.left > letter.left)
          found.push(node.data.trim());
      }
      return found;
    }"""
    wrong = []
    with reading(site.output) as (page, address):
        for path in [
            *one_of_each_kind(site),
            "/2024/01/01/bridge-opens/",
            "/search/?q=Bridge",
        ]:
            page.goto(address + path)
            if "?" in path:
                page.get_by_text("stor").filter(has_text="for “Bridge”").wait_for()
            wrong += [(path, words) for words in page.evaluate(swapped)]
    assert wrong == []


def test_a_heading_goes_with_the_last_story_that_a_reader_hides(
    tmp_path: Path,
) -> None:
    site = Site(tmp_path)
    for name, topic, title in (
        ("one", "Ports", "Ferries sail again"),
        ("two", "Bridges", "Who pays for the tunnel"),
        ("three", "Bridges", "Cranes lifted into place overnight"),
    ):
        outlet = {"name": name.title(), "domain": f"{name}.example"}
        site.news(name, title, topics=[topic], provider=outlet)
    site.built()
    with reading(site.output) as (page, address):
        ports = page.get_by_role("heading", name="Ports")
        jump = page.locator(".jumps").get_by_role("link", name="Ports")
        for name in ("one", "two"):
            page.goto(f"{address}/sources/{name}.example/")
            page.get_by_role("button", name="Hide this source").click()
        page.goto(f"{address}/2024/01/01/")
        assert page.get_by_role("heading", name="Bridges").is_visible()
        assert not ports.is_visible()
        assert not jump.is_visible()
        page.get_by_role("button", name="Show all sources again").click()
        assert ports.is_visible()
        assert jump.is_visible()


def test_texts_run_in_their_own_direction_on_sites_of_either(tmp_path: Path) -> None:
    for language in ("en", "he"):
        site = Site(
            tmp_path / language, f'-- tidings.toml --\n[site]\nlanguage = "{language}"\n'
        )
        site.news("a", "Bridge opens", excerpt="Words of it.", body="\nThe bridge is open.\n")
        site.news("b", "הגשר נפתח", excerpt="מילים של הכתבה.", body="\nהגשר פתוח.\n")
        site.built()
        with reading(site.output) as (page, address):
            for path, words in (
                ("/2024/01/01/bridge-opens/", ("Words of it.", "The bridge is open.")),
                ("/2024/01/01/הגשר-נפתח/", ("מילים של הכתבה.", "הגשר פתוח.")),
                ("/2024/01/01/", ("Words of it.", "מילים של הכתבה.")),
            ):
                page.goto(address + path)
                for text in words:
                    way = page.get_by_text(text, exact=True).evaluate(
                        "(e) => getComputedStyle(e).direction"
                    )
                    assert way == ("rtl" if text[0] > "א" else "ltr"), (language, text)


@pytest.mark.parametrize("language", ["en", "he"])
def test_a_picture_keeps_its_distance_from_the_words_beside_it(
    tmp_path: Path, language: str
) -> None:
    site = Site(tmp_path, f'-- tidings.toml --\n[site]\nlanguage = "{language}"\n')
    site.write("static/pictures/a.svg", '<svg xmlns="http://www.w3.org/2000/svg"/>')
    title = "גשר הנמל נפתח" if language == "en" else "The harbour bridge is open"
    site.news("a", title, images=[{"url": "/pictures/a.svg", "width": 600, "height": 400}])
    site.built()
    with reading(site.output) as (page, address):
        page.goto(f"{address}/2024/01/01/")
        picture = page.locator(".thumb").bounding_box()
        words = page.locator(".card h3 bdi").bounding_box()
        assert picture
        assert words
        first, second = sorted((picture, words), key=lambda box: box["x"])
        assert second["x"] - first["x"] - first["width"] >= 8
