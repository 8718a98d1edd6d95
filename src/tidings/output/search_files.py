"""The files of Pagefind's index, brought into one order: the same pages give the same bytes.

Part of the output step; pure. Pagefind (as of 1.5.2) lists a filter's values, the filters and
the sorts in an order that changes from run to run, and names files after their bytes. Here they
are sorted, and the files named anew; nothing else is touched. docs/adr/0013 has the reasons.

An index file is gzip of a mark and one value in CBOR (RFC 8949), of which Pagefind uses whole
numbers, texts and arrays.
"""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Mapping
from typing import Any

import msgspec

MARK = b"pagefind_dcd"
ENTRY = "pagefind-entry.json"
META = ".pf_meta"
FILTER = ".pf_filter"
NEEDED = ("pagefind.js", "pagefind-worker.js", ENTRY)
"""What a search page loads by name. The rest that Pagefind brings is for its own forms."""
FILTERS, SORTS = 3, 4
"""Places of both lists in the value of a meta file (MetaIndex in Pagefind's source)."""


class UnknownIndexError(ValueError):
    """The files are not as this version of tidings knows them."""


class Language(msgspec.Struct, frozen=True):
    """What the entry file says of the pages in one language."""

    hash: str
    wasm: str | None
    page_count: int


class Entry(msgspec.Struct, frozen=True):
    """The entry file: what the script loads first."""

    version: str
    languages: dict[str, Language]
    include_characters: list[str] = []


def settle_files(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files that a search page needs, by name, in the one order of their contents.

    Raises UnknownIndexError where Pagefind has written something else than is known here.
    """
    try:
        return _settled(files)
    except (
        msgspec.MsgspecError,
        IndexError,
        KeyError,
        TypeError,
        ValueError,
        EOFError,
    ) as error:
        raise UnknownIndexError(str(error)) from error
    except (OSError, zlib.error) as error:
        raise UnknownIndexError(str(error)) from error


def _settled(files: Mapping[str, bytes]) -> dict[str, bytes]:
    entry = msgspec.json.decode(files[ENTRY], type=Entry)
    settled = {name: files[name] for name in NEEDED}
    settled |= {
        name: data
        for name, data in files.items()
        if name.startswith(("fragment/", "index/"))
        and name.endswith((".pf_fragment", ".pf_index"))
    }
    languages: dict[str, Language] = {}
    for code, language in sorted(entry.languages.items()):
        engine = f"wasm.{language.wasm or 'unknown'}.pagefind"
        settled[engine] = files[engine]
        name, meta, filters = _settled_meta(code, files, language)
        settled |= filters
        settled[f"pagefind.{name}{META}"] = meta
        languages[code] = msgspec.structs.replace(language, hash=name)
    whole = msgspec.structs.replace(entry, languages=languages)
    settled[ENTRY] = msgspec.json.encode(whole)
    return {name: settled[name] for name in sorted(settled)}


def _settled_meta(
    code: str, files: Mapping[str, bytes], language: Language
) -> tuple[str, bytes, dict[str, bytes]]:
    """The new name of a language's index, its bytes, and the files of its filters."""
    meta = unpack(files[f"pagefind.{language.hash}{META}"])
    filters: dict[str, bytes] = {}
    named = []
    for title, name in sorted(meta[FILTERS]):
        label, values = unpack(files[f"filter/{name}{FILTER}"])
        if label != title:
            raise UnknownIndexError(f"the filter {title} is called {label}")
        data = pack([label, sorted(values)])
        new = f"{code}_{_digest(data, 7)}"
        filters[f"filter/{new}{FILTER}"] = data
        named.append([title, new])
    meta[FILTERS] = named
    meta[SORTS] = sorted(meta[SORTS])
    data = pack(meta)
    return f"{code}_{_digest(data, 10)}", data, filters


def _digest(data: bytes, digits: int) -> str:
    return hashlib.blake2b(data).hexdigest()[:digits]


def unpack(data: bytes) -> Any:
    """The value in the bytes of an index file."""
    plain = gzip.decompress(data)
    if not plain.startswith(MARK):
        raise UnknownIndexError("the mark of an index is missing")
    value, end = _decode(plain, len(MARK))
    if end != len(plain):
        raise UnknownIndexError("something follows the index")
    return value


def pack(value: Any) -> bytes:
    """The bytes of an index file with the value."""
    parts = [MARK]
    _encode(value, parts)
    return gzip.compress(b"".join(parts), compresslevel=9, mtime=0)


def _decode(data: bytes, at: int) -> tuple[Any, int]:
    """The value that begins there, and where it ends."""
    kind, short = data[at] >> 5, data[at] & 31
    at += 1
    if short < 24:
        number = short
    elif short <= 27:
        size = 1 << (short - 24)
        number, at = int.from_bytes(data[at : at + size]), at + size
    else:
        raise UnknownIndexError("a length is not said")
    if kind == 0:
        return number, at
    if kind == 3:
        return data[at : at + number].decode(), at + number
    if kind == 4:
        values = []
        for _ in range(number):
            value, at = _decode(data, at)
            values.append(value)
        return values, at
    raise UnknownIndexError(f"a value has the kind {kind}")


def _encode(value: Any, parts: list[bytes]) -> None:
    """Adds the value's bytes, with each length in the shortest form."""
    if isinstance(value, int):
        parts.append(_head(0, value))
    elif isinstance(value, str):
        data = value.encode()
        parts += (_head(3, len(data)), data)
    else:
        parts.append(_head(4, len(value)))
        for each in value:
            _encode(each, parts)


def _head(kind: int, number: int) -> bytes:
    if number < 24:
        return bytes((kind << 5 | number,))
    for short, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if number < 1 << 8 * size:
            return bytes((kind << 5 | short,)) + number.to_bytes(size)
    raise UnknownIndexError("a number is too large")
