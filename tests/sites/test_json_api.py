"""The JSON API: its files after its own schema, its pages, and what one more record changes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import jsonschema
import pytest
from fixture_examples import EXAMPLES, example_site
from fixture_machines import HOSTILE, W3C_INSTANT, hostile_site, walk
from fixture_site import Site

from tidings.pages import api

FAMILY = (
    *("path", "title", "excerpt", "webUrl", "originalUrl", "heat", "quality", "type", "images"),
    *("content", "ampWebUrl", "cdnAmpWebUrl", "publishedDateTime", "updatedDateTime"),
    *("provider", "locale", "categories", "topics", "tags"),
)
"""The keys that the family's apps know."""
OURS = ("url", "story", "related")


@pytest.fixture(scope="module", params=EXAMPLES)
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Site:
    return example_site(request.param, tmp_path_factory.mktemp(request.param))


def answers(site: Site) -> dict[str, Any]:
    """The files of the API, read."""
    return {
        path: json.loads(data)
        for path, data in site.files().items()
        if path.startswith("api/") and path != "api/schema.json"
    }


def follow(site: Site, home: str) -> Iterator[dict[str, Any]]:
    """The records of a list, as an app reads them: from page to page until there is no next."""
    number: int | None = 1
    while number is not None:
        path = f"{home}/index.json" if number == 1 else f"{home}/page/{number}/index.json"
        page = json.loads(site.files()[path])
        assert page["page"] == number
        yield from page["value"]
        number = page["nextPage"]


def test_every_file_is_as_the_schema_says(built: Site) -> None:
    schema = json.loads(built.files()["api/schema.json"])
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == built.options["base_url"] + "api/schema.json"
    checker = jsonschema.Draft202012Validator(
        schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )
    found = answers(built)
    assert len(found) > 4
    for path, answer in found.items():
        assert not list(checker.iter_errors(answer)), path
        kind = "ApiPage" if "value" in answer else "ApiItem"
        one = {**schema, "anyOf": [{"$ref": f"#/$defs/{kind}"}]}
        jsonschema.Draft202012Validator(one).validate(answer)
    with pytest.raises(jsonschema.ValidationError):
        checker.validate({"page": 1, "value": [{"secured": "x"}], "nextPage": None})


def test_how_much_of_it_is_kept_in_memory_never_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = answers(example_site("sample", tmp_path / "kept"))
    monkeypatch.setattr(api, "KEPT_BYTES", 3_000)
    assert answers(example_site("sample", tmp_path / "made-anew")) == before


def test_every_record_is_in_the_lists_and_alone(built: Site) -> None:
    found = answers(built)
    items = list(follow(built, "api/news"))
    alone = {answer["path"]: answer for answer in found.values() if "value" not in answer}
    assert {item["path"]: item for item in items} == alone
    assert len(items) == len(alone) > 0
    times = [item["publishedDateTime"] for item in items]
    assert times == sorted(times, reverse=True)
    for item in items:
        assert item.keys() == {*FAMILY, *OURS}
        assert f"api/news{unquote(item['path'])}index.json" in found
        assert item["url"] == built.options["base_url"] + item["path"][1:]
        assert built.has(item["path"])
        assert item["webUrl"] or item["originalUrl"]
        if item["story"]:
            assert built.has(item["story"]["url"].replace(built.options["base_url"], "/"))


def test_lists_of_topics_and_sources(built: Site) -> None:
    found = answers(built)
    by_path = {item["path"]: item for item in follow(built, "api/news")}
    homes = {
        path.partition("/page/")[0].removesuffix("/index.json")
        for path in found
        if path.startswith(("api/topics/", "api/sources/"))
    }
    pages = {path.removesuffix("/index.html") for path in built.files()}
    for home in homes:
        assert home.removeprefix("api/") in pages
        for item in follow(built, home):
            assert item == by_path[item["path"]]
    domains = {item["provider"]["domain"] for item in by_path.values() if item["provider"]}
    assert len([home for home in homes if home.startswith("api/sources/")]) == len(domains)
    everything = [item["path"] for home in homes for item in follow(built, home)]
    assert set(everything) == set(by_path)


def test_addresses_are_whole_and_nothing_is_secured(built: Site) -> None:
    for path, answer in answers(built).items():
        for value in walk(answer):
            if isinstance(value, dict):
                assert "secured" not in value, path
                for key in ("url", "webUrl", "originalUrl", "ampWebUrl", "cdnAmpWebUrl"):
                    url = value.get(key)
                    assert url is None or url.startswith(("https://", "http://")), url
                # The schema's "date-time" is an annotation that few checkers look at.
                for key in ("publishedDateTime", "updatedDateTime"):
                    when = value.get(key)
                    assert when is None or W3C_INSTANT.fullmatch(when), when


def test_a_title_comes_through_as_it_is(tmp_path: Path) -> None:
    site = hostile_site(tmp_path)
    site.built()
    titles = [item["title"] for item in follow(site, "api/news")]
    # Reading makes one line of a title; the API adds nothing to that.
    plain = [title.replace("\x0b", " ").replace("\ufffe", "") for title in HOSTILE]
    assert set(titles) == {" ".join(title.split()) for title in plain}


def test_what_an_item_says(tmp_path: Path) -> None:
    site = Site(tmp_path, "-- static/p.png --\nx", base_url="https://x.example/sub/")
    site.write(
        "content/news/a.md",
        """---
title: Späte Züge
publishedDateTime: 2024-01-01T10:00:00Z
updatedDateTime: 2024-01-02T10:00:00+01:00
originalUrl: https://o.example/crawled
webUrl: https://o.example/read
heat: -1
quality: 17
type: video
excerpt: Words.
topics: [Rail, Night]
tags: [delay]
images:
  - {url: /p.png, width: 4, height: 3, title: A train}
  - {url: https://i.example/i.jpg}
provider: {name: The O, domain: o.example}
secured: AAAA;BBBB
related:
  - {title: Late trains, webUrl: "https://p.example/1", quality: 5, type: video}
---
See [that](b.md).
""",
    )
    site.news("b", "Other", "2023-01-01T10:00:00Z", topics=["Rail"])
    site.built()
    item = json.loads(site.files()["api/news/2024/01/01/späte-züge/index.json"])
    picture = item["images"][0].pop("url")
    assert picture.startswith("https://x.example/sub/static/p.")
    assert item["images"] == [
        {"width": 4, "height": 3, "title": "A train"},
        {"url": "https://i.example/i.jpg"},
    ]
    assert item.pop("content") == (
        '<p>See <a href="https://x.example/sub/2023/01/01/other/">that</a>.</p>\n'
    )
    story = item.pop("story")
    assert story["outlets"] == 2
    assert site.has(story["url"].removeprefix("https://x.example/sub"))
    del item["images"]
    assert item == {
        "path": "/2024/01/01/" + quote("späte-züge") + "/",
        "url": "https://x.example/sub/2024/01/01/" + quote("späte-züge") + "/",
        "title": "Späte Züge",
        "type": "video",
        "publishedDateTime": "2024-01-01T10:00:00Z",
        "updatedDateTime": "2024-01-02T09:00:00Z",
        "excerpt": "Words.",
        "webUrl": "https://o.example/read",
        "originalUrl": "https://o.example/crawled",
        "ampWebUrl": None,
        "cdnAmpWebUrl": None,
        "heat": -1,
        "quality": 17,
        "locale": "en",
        "provider": {"name": "The O", "domain": "o.example"},
        "categories": ["news"],
        "topics": ["Rail", "Night"],
        "tags": ["delay"],
        "related": [
            {
                "title": "Late trains",
                "webUrl": "https://p.example/1",
                "type": "video",
                "quality": 5,
                "provider": {"name": "p.example", "domain": "p.example"},
            }
        ],
    }


def test_a_related_article_says_that_it_is_one(built: Site) -> None:
    """Its type is known, so that it is not among what is left out."""
    related = [each for item in follow(built, "api/news") for each in item["related"]]
    assert {each["type"] for each in related} <= {"article", "video"}
    schema = json.loads(built.files()["api/schema.json"])
    assert set(schema["$defs"]["ApiRelated"]["required"]) == {"title", "webUrl", "type"}


def test_the_schema_tells_instants_from_other_texts(built: Site) -> None:
    parts = json.loads(built.files()["api/schema.json"])["$defs"]
    instant = {"type": "string", "format": "date-time"}
    assert parts["ApiItem"]["properties"]["publishedDateTime"] == instant
    for part, field in (("ApiItem", "updatedDateTime"), ("ApiRelated", "publishedDateTime")):
        assert parts[part]["properties"][field]["anyOf"] == [instant, {"type": "null"}]


def test_only_what_the_site_shows(tmp_path: Path) -> None:
    site = Site(tmp_path, "-- content/topics/01-none.yaml --\nname: None\n")
    site.news("a", "Shown")
    site.news("b", "Unpublished", published=False)
    site.news("c", "Later", "2030-01-01T00:00:00Z")
    site.built()
    assert [item["title"] for item in follow(site, "api/news")] == ["Shown"]
    assert list(follow(site, "api/topics/none")) == []
    site.remove("content/news/a.md")
    site.built()
    assert json.loads(site.files()["api/news/index.json"]) == {
        "page": 1,
        "value": [],
        "nextPage": None,
    }


def test_without_the_api_there_is_no_file_of_it(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.news("a", "Story")
    site.built()
    site.write("tidings.toml", "[api]\nenabled = false\n")
    site.built()
    assert not [path for path in site.files() if path.startswith("api")]
    assert b"/api/" not in site.files()["_headers"]


def test_one_more_record_changes_only_pages_that_shift(tmp_path: Path) -> None:
    site = Site(tmp_path, "-- tidings.toml --\n[api]\npage_size = 2\n")
    for number in range(1, 8):
        topics = ["Odd" if number % 2 else "Even"]
        site.news(f"{number}", f"Story {number}", f"2024-01-0{number}T10:00:00Z", topics=topics)
    site.built()

    def written() -> set[str]:
        report = site.built()
        assert report.deleted == ()
        return {path for path in report.written if path.startswith("api/")}

    site.news("8", "Story 8", "2024-01-08T10:00:00Z", topics=["Even"])
    source = "api/sources/outlet.example"
    assert written() == {
        "api/news/2024/01/08/story-8/index.json",
        "api/news/index.json",
        *(f"api/news/page/{number}/index.json" for number in (2, 3, 4)),
        f"{source}/index.json",
        *(f"{source}/page/{number}/index.json" for number in (2, 3, 4)),
        "api/topics/even/index.json",
        "api/topics/even/page/2/index.json",
    }
    # What comes in at the end of the lists changes their ends.
    site.news("0", "Story 0", "2023-01-01T10:00:00Z", topics=["Odd"])
    assert written() == {
        "api/news/2023/01/01/story-0/index.json",
        *(f"api/news/page/{number}/index.json" for number in (4, 5)),
        *(f"{source}/page/{number}/index.json" for number in (4, 5)),
        *(f"api/topics/odd/page/{number}/index.json" for number in (2, 3)),
    }
