"""The shape of a record's front matter, before any text is converted: the two readers meet here.

Keys have the names that the records' family gives them; every scalar is text or absent. The fast
path converts plain values with msgspec; the diagnosing path walks nodes by the same type.
"""

from __future__ import annotations

import functools
from collections.abc import Set
from typing import Any, Generic, TypeVar

import msgspec
import msgspec.inspect

from tidings.model.diagnostic import Diagnostic, Place, Severity
from tidings.sources.events import Plain
from tidings.sources.nodes import Node

Text = str | None
Shape = TypeVar("Shape")


class RawPicture(msgspec.Struct, rename="camel"):
    """One entry of `images`."""

    url: Text = None
    width: Text = None
    height: Text = None
    is_cached: Text = None
    title: Text = None
    attribution: Text = None


class RawAuthor(msgspec.Struct, rename="camel"):
    """One entry of `provider.authors`."""

    name: Text = None


class RawProvider(msgspec.Struct, rename="camel"):
    """`provider`."""

    name: Text = None
    domain: Text = None
    images: list[RawPicture] | None = None
    authors: list[RawAuthor] | None = None


class RawCoverage(msgspec.Struct, rename="camel"):
    """One entry of `related`."""

    title: Text = None
    excerpt: Text = None
    published_date_time: Text = None
    web_url: Text = None
    amp_web_url: Text = None
    cdn_amp_web_url: Text = None
    type: Text = None
    provider: RawProvider | None = None
    quality: Text = None
    images: list[RawPicture] | None = None


class RawRecord(msgspec.Struct, rename="camel"):
    """A record's front matter as text."""

    title: Text = None
    excerpt: Text = None
    published_date_time: Text = None
    updated_date_time: Text = None
    expires: Text = None
    original_url: Text = None
    web_url: Text = None
    amp_web_url: Text = None
    cdn_amp_web_url: Text = None
    source_url: Text = None
    type: Text = None
    quality: Text = None
    heat: Text = None
    published: Text = None
    featured_content: Text = None
    provider: RawProvider | None = None
    topics: list[str] | None = None
    tags: list[str] | None = None
    images: list[RawPicture] | None = None
    related: list[RawCoverage] | None = None
    locale: Text = None
    highlight: Text = None
    slug: Text = None
    aliases: list[str] | None = None


class RawTopic(msgspec.Struct, rename="camel"):
    """A topic's metadata file as text."""

    _id: Text = msgspec.field(default=None, name="_id")
    name: Text = None
    shortname: Text = None
    parent: Text = None
    description: Text = None
    keywords: list[str] | None = None
    hashtags: list[str] | None = None
    images: list[RawPicture] | None = None


class RawProviderFile(msgspec.Struct, rename="camel"):
    """The front matter of a provider's metadata file as text."""

    _id: Text = msgspec.field(default=None, name="_id")
    name: Text = None
    domain: Text = None
    other_names: list[str] | None = None
    images: list[RawPicture] | None = None


class RawPage(msgspec.Struct, rename="camel"):
    """The front matter of a static page as text."""

    title: Text = None
    description: Text = None
    slug: Text = None
    order: Text = None


IGNORED_KEYS = frozenset(("category", "secured", "publishers", "taxonomy", "services"))
"""Known keys that nothing is made from; `secured` is volatile and must reach nothing at all."""


@functools.cache
def known_keys(shape: type) -> frozenset[str]:
    """The keys that the shape has a field for."""
    return frozenset(field.encode_name for field in msgspec.structs.fields(shape))


def from_plain(values: dict[str, Plain], shape: type[Shape]) -> Shape | None:
    """The values in the wanted shape, or None when one of them has another."""
    try:
        return msgspec.convert(values, shape)
    except msgspec.ValidationError:
        return None


def unknown_keys(keys: Set[str], shape: type) -> tuple[str, ...]:
    """Those of the keys that mean nothing here, sorted."""
    unknown = keys - known_keys(shape) - IGNORED_KEYS
    return tuple(sorted(unknown)) if unknown else ()


FieldPath = tuple[str | int, ...]
"""Where in the front matter a value is: `("related", 0, "webUrl")`."""


class Located(msgspec.Struct, Generic[Shape], frozen=True):
    """The diagnosing path's reading: the same raw values, and the place of every one of them."""

    raw: Shape
    places: dict[FieldPath, tuple[int, int]]
    """Line and column of each value by its path; a mapping's own path has its first key's place."""
    problems: tuple[Diagnostic, ...]
    """Values whose shape is not the schema's; they are absent from `raw`."""
    unknown: tuple[str, ...]


def from_nodes(root: Node, file: str, shape: type[Shape]) -> Located[Shape]:
    """The nodes in the wanted shape; what does not fit is left out and told."""
    places: dict[FieldPath, tuple[int, int]] = {}
    problems: list[Diagnostic] = []
    plain = _shaped(root, _tree_of(shape), (), places, problems, file)
    unknown = unknown_keys({key.value for key, _ in root.value}, shape)
    return Located(msgspec.convert(plain, shape), places, tuple(problems), unknown)


@functools.cache
def _tree_of(shape: type) -> dict[str, Any]:
    """The shape as a small tree that the walk can ask: "text", ["list", item], or {key: tree}."""
    info = msgspec.inspect.type_info(shape)
    assert isinstance(info, msgspec.inspect.StructType)
    return {field.encode_name: _tree(field.type) for field in info.fields}


def _tree(kind: Any) -> Any:
    if isinstance(kind, msgspec.inspect.UnionType):
        return _tree(next(k for k in kind.types if not isinstance(k, msgspec.inspect.NoneType)))
    if isinstance(kind, msgspec.inspect.StrType):
        return "text"
    if isinstance(kind, msgspec.inspect.ListType):
        return ["list", _tree(kind.item_type)]
    return {field.encode_name: _tree(field.type) for field in kind.fields}


def _shaped(
    node: Node,
    wanted: Any,
    path: FieldPath,
    places: dict[FieldPath, tuple[int, int]],
    problems: list[Diagnostic],
    file: str,
) -> Any:
    """The node as a plain value of the wanted shape; None, and a problem, where it has another."""
    places[path] = (node.line, node.column)
    if node.kind == "nothing" and not (path and isinstance(path[-1], int)):
        return None
    if wanted == "text" and node.kind == "text":
        return node.value
    if isinstance(wanted, list) and node.kind == "list":
        items = [
            _shaped(item, wanted[1], (*path, index), places, problems, file)
            for index, item in enumerate(node.value)
        ]
        return [item for item in items if item is not None]
    if isinstance(wanted, dict) and node.kind == "mapping":
        return {
            key.value: _shaped(
                value, wanted[key.value], (*path, key.value), places, problems, file
            )
            for key, value in node.value
            if key.value in wanted
        }
    expected = wanted if isinstance(wanted, str) else "a list" if isinstance(wanted, list) else ""
    problems.append(
        Diagnostic(
            "wrong-type",
            Severity.ERROR,
            f"{spell(path)} must be {expected or 'a mapping'}, found {_found(node)}",
            Place(file, node.line, node.column),
            _advice(wanted),
        )
    )
    return None


def spell(path: FieldPath) -> str:
    """The path as people write it: `related[1].webUrl`."""
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _found(node: Node) -> str:
    if node.kind != "text":
        return {"nothing": "nothing", "list": "a list", "mapping": "a mapping"}[node.kind]
    return repr(node.value if len(node.value) <= 40 else node.value[:40] + "…")


def _advice(wanted: Any) -> str:
    if wanted == "text":
        return "write one value, in quotes when it holds `:`, `[` or `{`"
    if isinstance(wanted, list):
        return "write each entry on a line of its own that starts with `- `"
    return "write its fields below it, indented: " + ", ".join(list(wanted)[:3])
