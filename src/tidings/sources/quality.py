"""What one file shows of a record's quality: what reading repaired, and what looks odd in it.

Part of the sources step, for `tidings check` and `tidings explain`; a build has no need of it.
The front matter is read a second time, because a record keeps only repaired text.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence

from tidings.model.finding import Finding, Level, Rule
from tidings.model.record import Record
from tidings.model.source import SourceFile
from tidings.sources.addresses import host_of
from tidings.sources.frontmatter import BOM, split_front_matter
from tidings.sources.nodes import compose
from tidings.sources.plain import read_plain
from tidings.sources.problems import shown
from tidings.sources.record import FRONT_MATTER_LINE
from tidings.sources.repair import ENTITY, INVISIBLE, MOJIBAKE, clean_text, mend_mojibake
from tidings.sources.schema import RawCoverage, RawPicture, RawRecord, Text, from_plain
from tidings.sources.shaping import from_nodes

NamedText = tuple[str, str]
"""Where in the front matter a text is, `related[1].title`, and the text as written."""

# Only from where blanks begin: a search from each of very many would never end.
BREAK = re.compile(r"(?<!\s)\s*[\r\n]\s*")
OTHER_SPACE = re.compile(r"[^\S ]")
RUN = re.compile(r"\s{2,}")
FILE_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?!\d)")


def _entities(text: str) -> str:
    found = [each for each in ENTITY.findall(text) if clean_text(each) != each]
    return ", ".join(dict.fromkeys(found))


def _line_breaks(text: str) -> str:
    count = len(BREAK.findall(text.strip()))
    return "" if count == 0 else "a line break" if count == 1 else f"{count} line breaks"


def _blanks(text: str) -> str:
    # A line break with the blanks around it is the other rule's.
    text = BREAK.sub(" ", text.strip("\r\n"))
    kinds = []
    if text != text.strip():
        kinds.append("a blank at its start or end")
    if OTHER_SPACE.search(text):
        kinds.append("no-break spaces or tabs")
    if RUN.search(text.strip()):
        kinds.append("several blanks in a row")
    return ", ".join(kinds)


def _mojibake(text: str) -> str:
    decoded = ENTITY.sub(lambda match: clean_text(match[0]), text)
    if MOJIBAKE.search(decoded) is None or mend_mojibake(decoded) == decoded:
        return ""
    word = next(word for word in decoded.split() if MOJIBAKE.search(word))
    return f"{shown(word)}, meant is {shown(clean_text(word))}"


def _invisible(text: str) -> str:
    found = sorted({f"U+{ord(letter):04X}" for letter in INVISIBLE.findall(text)})
    return ", ".join(found)


def _crlf(file: SourceFile, _record: Record) -> str:
    count = file.data.count(b"\r\n")
    return "" if count == 0 else f"{count} lines"


def _bom(file: SourceFile, _record: Record) -> str:
    return "EF BB BF" if file.data.startswith(BOM) else ""


def _file_date(_file: SourceFile, record: Record) -> str:
    match = FILE_DATE.match(record.file.rpartition("/")[2])
    if match is None:
        return ""
    try:
        named = dt.date(*map(int, match.groups()))
    except ValueError:
        return "the file's name has no day of the calendar"
    day = record.published_at.date()
    return "" if named == day else f"the file says {named}, publishedDateTime {day}"


def _midnight(_file: SourceFile, record: Record) -> str:
    instant = record.published_at
    return f"{instant:%Y-%m-%d} 00:00 UTC" if instant.time() == dt.time() else ""


def _named_by_domain(_file: SourceFile, record: Record) -> str:
    provider = record.provider
    if provider is None or provider.name.casefold() != provider.domain:
        return ""
    return provider.domain


def _other_host(_file: SourceFile, record: Record) -> str:
    host, origin = host_of(record.url), host_of(record.original_url)
    domain = record.provider.domain if record.provider else ""
    found = []
    if origin and not _same_house(host, origin):
        found.append(f"originalUrl is at {origin}")
    if domain and not _same_house(host, domain):
        found.append(f"the provider is {domain}")
    return f"readers are sent to {host}, but {' and '.join(found)}" if found else ""


def _same_house(one: str, other: str) -> bool:
    """Whether one host is the other, or lies below it."""
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")


REPAIRED, NOTE, WARNING = Level.REPAIRED, Level.NOTE, Level.WARNING

TEXT_RULES: tuple[tuple[Rule, Callable[[str], str]], ...] = (
    (
        Rule(
            "entities", REPAIRED, "HTML entities in a text: `&#8217;`.", "The character itself."
        ),
        _entities,
    ),
    (
        Rule("line-breaks", REPAIRED, "Line breaks within a text.", "A space for each."),
        _line_breaks,
    ),
    (
        Rule(
            "blanks",
            REPAIRED,
            "No-break spaces, blanks at an end, or several in a row.",
            "Single plain spaces, none at the ends.",
        ),
        _blanks,
    ),
    (
        Rule(
            "mojibake",
            REPAIRED,
            "UTF-8 that was read as another encoding: `NOPDâ€™s`.",
            "What was meant: `NOPD’s`.",
        ),
        _mojibake,
    ),
    (
        Rule(
            "invisible",
            REPAIRED,
            "Control characters, marks of direction and other invisible characters.",
            "The text without them.",
        ),
        _invisible,
    ),
)
"""What is looked for in each text as written. A function returns what it found, or ""."""

FILE_RULES: tuple[tuple[Rule, Callable[[SourceFile, Record], str]], ...] = (
    (
        Rule("crlf", REPAIRED, "The file's lines end with CR LF.", "The same page as with LF."),
        _crlf,
    ),
    (
        Rule(
            "bom",
            REPAIRED,
            "The file starts with a byte order mark.",
            "The same page as without.",
        ),
        _bom,
    ),
    (
        Rule(
            "file-date",
            NOTE,
            "The date in the file's name is another than that of `publishedDateTime` (UTC).",
            "`publishedDateTime` decides.",
        ),
        _file_date,
    ),
    (
        Rule(
            "midnight",
            NOTE,
            "`publishedDateTime` is midnight UTC: perhaps only the day is known.",
            "Shown as it is.",
        ),
        _midnight,
    ),
    (
        Rule(
            "provider-is-domain",
            NOTE,
            "The provider's name is just its domain.",
            "Declare its name in `content/providers/`.",
        ),
        _named_by_domain,
    ),
    (
        Rule(
            "other-host",
            WARNING,
            "Readers are sent to another host than that of `originalUrl` or of the provider.",
            "The page names the host that is really linked; correct the record if it is wrong.",
        ),
        _other_host,
    ),
)
"""What is looked for in each file with the record that it gave."""

RULES = tuple(rule for rule, _ in (*TEXT_RULES, *FILE_RULES))


def file_findings(file: SourceFile, record: Record) -> Iterator[Finding]:
    """What one record's file shows; `record` is what reading made of it."""
    raw = read_raw(file)
    texts = tuple(_texts(raw)) if raw is not None else ()
    for rule, find in TEXT_RULES:
        for name, text in texts:
            if found := find(text):
                yield Finding(rule.code, file.path, f"{name}: {found}")
    for rule, look in FILE_RULES:
        if found := look(file, record):
            yield Finding(rule.code, file.path, found)


def read_raw(file: SourceFile) -> RawRecord | None:
    """The front matter's values as they were written; None where there are none."""
    parts = split_front_matter(file.data, file.path).value
    if parts is None:
        return None
    values = read_plain(parts.front_matter)
    raw = None if values is None else from_plain(values, RawRecord)
    if raw is None:
        composed = compose(parts.front_matter, file.path, FRONT_MATTER_LINE)
        if composed.value is not None:
            raw = from_nodes(composed.value, file.path, RawRecord).raw
    return raw


def _texts(raw: RawRecord) -> Iterator[NamedText]:
    """The texts of a record that readers see."""
    yield from _given((("title", raw.title), ("excerpt", raw.excerpt)))
    yield from _given((("highlight", raw.highlight),))
    for name, values in (("topics", raw.topics), ("tags", raw.tags)):
        yield from _given([(f"{name}[{at}]", text) for at, text in enumerate(values or (), 1)])
    if raw.provider is not None:
        yield from _given((("provider.name", raw.provider.name),))
    yield from _picture_texts(raw.images, "")
    for at, entry in enumerate(raw.related or (), 1):
        if entry is not None:
            yield from _coverage_texts(entry, f"related[{at}].")


def _coverage_texts(entry: RawCoverage, before: str) -> Iterator[NamedText]:
    yield from _given(((f"{before}title", entry.title), (f"{before}excerpt", entry.excerpt)))
    if entry.provider is not None:
        yield from _given(((f"{before}provider.name", entry.provider.name),))


def _picture_texts(
    pictures: Sequence[RawPicture | None] | None, before: str
) -> Iterator[NamedText]:
    for at, picture in enumerate(pictures or (), 1):
        if picture is not None:
            yield from _given(((f"{before}images[{at}].title", picture.title),))


def _given(texts: Sequence[tuple[str, Text]]) -> Iterator[NamedText]:
    yield from ((name, text) for name, text in texts if text)
