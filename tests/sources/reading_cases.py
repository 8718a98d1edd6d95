"""Cases of reading in data files: a record's text, and below it what reading it must give.

    ## the name of the case
    ---
    title: …
    ---
    >>>
    error wrong-date 3:20 publishedDateTime '…' has month 13
      hint: write it like …
    no record
    title = …
    unknown = …

Every diagnostic is listed, in order. Lines `field = value` name fields of the record to look at
(`coverage[0].title`). `python reading_cases.py` writes what the files now give into them: read
the difference before you keep it.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import NamedTuple

from tidings.model.source import SourceFile
from tidings.sources.record import Reading, ReadOptions, read_record

DATA = Path(__file__).parent / "data"
FILE = "content/news/a.md"


class Case(NamedTuple):
    """One case of a data file."""

    name: str
    text: str
    expected: str


def read_cases(path: Path) -> tuple[str, list[Case]]:
    """What stands before the first case, and the cases."""
    opening, *blocks = re.split(r"^## ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    cases = []
    for block in blocks:
        name, _, rest = block.partition("\n")
        text, _, expected = rest.partition("\n>>>\n")
        cases.append(Case(name, text + "\n", expected.strip()))
    return opening, cases


def read(data: bytes | str, *, remote_pictures: bool = False) -> Reading:
    """The reading of a record file with this content."""
    if isinstance(data, str):
        data = data.encode()
    return read_record(SourceFile(FILE, data), "a.md", ReadOptions(remote_pictures))


def describe(reading: Reading, wanted: list[str]) -> str:
    """The reading as the data files show it, with the wanted fields of the record."""
    lines = []
    for problem in reading.diagnostics:
        place = f"{problem.place.line}:{problem.place.column}"
        lines.append(f"{problem.severity} {problem.code} {place} {problem.message}")
        lines.append(f"  hint: {problem.hint}")
    if reading.record is None:
        lines.append("no record")
    if reading.unknown_keys:
        lines.append(f"unknown = {', '.join(reading.unknown_keys)}")
    if reading.record is not None:
        lines += [f"{field} = {look_up(reading.record, field)}" for field in wanted]
    return "\n".join(lines)


def look_up(value: object, field: str) -> object:
    """The value of a field named like `coverage[0].title`."""
    for part in re.findall(r"\w+", field):
        value = value[int(part)] if part.isdigit() else getattr(value, part)  # type: ignore[index]
    return value


def wanted_fields(expected: str) -> list[str]:
    """The fields that the expectation names."""
    found = re.findall(r"^([a-z_\[\]0-9.]+) =(?: |$)", expected, flags=re.MULTILINE)
    return [field for field in found if field != "unknown"]


def rewrite(path: Path) -> None:
    """Puts what reading gives today into the file."""
    opening, cases = read_cases(path)
    blocks = [
        f"## {case.name}\n{case.text}>>>\n"
        f"{describe(read(case.text), wanted_fields(case.expected))}\n\n"
        for case in cases
    ]
    path.write_text((opening + "".join(blocks)).rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    for name in sys.argv[1:] or sorted(path.name for path in DATA.glob("*.txt")):
        rewrite(DATA / name)
