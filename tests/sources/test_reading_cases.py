"""Every case of the data files gives what stands below it."""

from __future__ import annotations

import pytest
from reading_cases import DATA, Case, describe, read, read_cases, wanted_fields

CASES = [
    pytest.param(case, id=f"{path.stem}: {case.name}")
    for path in sorted(DATA.glob("*.txt"))
    for case in read_cases(path)[1]
]


def lines(text: str) -> list[str]:
    """The lines without blanks at their ends, which editors take away."""
    return [line.rstrip() for line in text.splitlines()]


@pytest.mark.parametrize("case", CASES)
def test_a_case_gives_what_stands_below_it(case: Case) -> None:
    given = describe(read(case.text), wanted_fields(case.expected))
    assert lines(given) == lines(case.expected)


@pytest.mark.parametrize("case", CASES)
def test_windows_line_ends_and_a_bom_change_nothing(case: Case) -> None:
    plain = read(case.text)
    assert read(case.text.replace("\n", "\r\n")) == plain
    assert read(case.text.replace("\n", "\r")) == plain
    assert read("\ufeff" + case.text) == plain
    assert read("\ufeff" + case.text.replace("\n", "\r\n", 3)) == plain
