"""The files of a search index, read and brought into one order."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from tidings.output.search_files import UnknownIndexError, pack, settle_files, unpack
from tidings.output.search_index import searched_part

PAGES = [["en_aaaaaaa", 12], ["en_bbbbbbb", 300]]
FILTERS = {"topic": [["AI", [0]], ["Web", [0, 1]]], "source": [["Post", [1]], ["Echo", [0]]]}
SORTS = [["date", [1, 0]], ["size", [0, 1]]]


def an_index(seed: int) -> dict[str, bytes]:
    """An index as Pagefind writes it, in an order and with names of one run."""
    chance = random.Random(seed)

    def shuffled(values: list[Any]) -> list[Any]:
        return chance.sample(values, len(values))

    names = {title: f"en_{chance.randrange(10**7):07}" for title in FILTERS}
    meta = [
        "1.5.2",
        PAGES,
        [["a", "z", "en_ccccccc"]],
        shuffled([[title, name] for title, name in names.items()]),
        shuffled(SORTS),
        ["title", "date"],
    ]
    language = {"hash": f"en_{seed}", "wasm": "en", "page_count": 2}
    return {
        "pagefind-entry.json": json.dumps(
            {"version": "1.5.2", "languages": {"en": language}, "include_characters": ["‿"]}
        ).encode(),
        "pagefind.js": b"js",
        "pagefind-worker.js": b"worker",
        "pagefind-ui.js": b"not ours",
        "wasm.en.pagefind": b"wasm",
        "wasm.unknown.pagefind": b"of no language here",
        "fragment/en_aaaaaaa.pf_fragment": b"a",
        "index/en_ccccccc.pf_index": b"c",
        f"pagefind.en_{seed}.pf_meta": pack(meta),
        **{
            f"filter/{names[title]}.pf_filter": pack([title, shuffled(values)])
            for title, values in FILTERS.items()
        },
    }


def test_two_runs_over_the_same_pages_give_the_same_files() -> None:
    first, second = an_index(1), an_index(2)
    assert first != second
    assert list(settle_files(first).items()) == list(settle_files(second).items())


def test_each_name_leads_to_its_file() -> None:
    files = settle_files(an_index(1))
    entry = json.loads(files["pagefind-entry.json"])
    assert entry["include_characters"] == ["‿"]
    meta = unpack(files[f"pagefind.{entry['languages']['en']['hash']}.pf_meta"])
    assert meta[1] == PAGES  # Their order is what all numbers of pages refer to.
    assert meta[4] == SORTS
    found = dict(unpack(files[f"filter/{name}.pf_filter"]) for _, name in meta[3])
    assert found == {title: sorted(values) for title, values in FILTERS.items()}


def test_only_what_the_search_page_loads_is_kept() -> None:
    files = settle_files(an_index(1))
    assert "pagefind-ui.js" not in files
    assert "wasm.unknown.pagefind" not in files
    assert {
        "pagefind.js",
        "fragment/en_aaaaaaa.pf_fragment",
        "wasm.en.pagefind",
    } <= files.keys()


@pytest.mark.parametrize("value", [0, 23, 24, 255, 256, 65_535, 65_536, 2**32, 2**64 - 1])
def test_numbers_of_every_length_come_back(value: int) -> None:
    assert unpack(pack([value, "é" * min(value, 70_000)])) == [value, "é" * min(value, 70_000)]


def broken(path: str, data: bytes | None) -> dict[str, bytes]:
    """An index with one file that is gone, or holds something else."""
    files = an_index(1)
    name = next(each for each in files if each.endswith(path))
    if data is None:
        del files[name]
    else:
        files[name] = data
    return files


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("entry.json", b"{}"),
        ("entry.json", None),
        (".pf_meta", None),
        (".pf_meta", b"no gzip"),
        (".pf_meta", pack(["1.5.2"])),
        (".pf_meta", pack(7)),
        (".pf_filter", pack(["another", []])),
        (".pf_filter", pack("topic")[:-4]),
        ("pagefind.js", None),
        ("wasm.en.pagefind", None),
    ],
)
def test_an_index_of_another_kind_is_refused(path: str, data: bytes | None) -> None:
    with pytest.raises(UnknownIndexError):
        settle_files(broken(path, data))


def test_search_is_given_the_main_part_of_a_page() -> None:
    main = b"<main id=main><article data-pagefind-body>News</article></main>"
    page = b'<!doctype html><html lang="de"><head></head><body><nav>x</nav>' + main + b"<p>y"
    assert searched_part(page) == b'<!doctype html><html lang="de"><body>' + main


def test_search_is_given_all_of_a_page_that_marks_more() -> None:
    page = b"<html><body><p data-pagefind-filter=a><main data-pagefind-body>b</main>"
    assert searched_part(page) == page
    assert searched_part(b"<p data-pagefind-body>c") == b"<p data-pagefind-body>c"
