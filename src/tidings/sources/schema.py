"""The shape of front matter before any text is converted: here the two ways of reading meet.

Keys have the names that the records' family gives them; every scalar is text or absent. The
fast path converts plain values with msgspec; the diagnosing path (`shaping`) walks nodes by the
same types.
"""

from __future__ import annotations

import functools
from types import GenericAlias
from typing import Any, TypeVar

import msgspec
import msgspec.inspect

from tidings.sources.values import Plain

Text = str | None
Shape = TypeVar("Shape")


class RawPicture(msgspec.Struct, rename="camel", gc=False):
    """One entry of `images`."""

    url: Text = None
    width: Text = None
    height: Text = None
    is_cached: Text = None
    title: Text = None
    attribution: Text = None


class RawAuthor(msgspec.Struct, rename="camel", gc=False):
    """One entry of `provider.authors`."""

    name: Text = None


class RawProvider(msgspec.Struct, rename="camel", gc=False):
    """`provider`."""

    name: Text = None
    domain: Text = None
    images: list[RawPicture | None] | None = None
    authors: list[RawAuthor | None] | None = None


class RawCoverage(msgspec.Struct, rename="camel", gc=False):
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
    images: list[RawPicture | None] | None = None


class RawRecord(msgspec.Struct, rename="camel", gc=False):
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
    topics: list[Text] | None = None
    tags: list[Text] | None = None
    images: list[RawPicture | None] | None = None
    related: list[RawCoverage | None] | None = None
    locale: Text = None
    highlight: Text = None
    slug: Text = None
    aliases: list[Text] | None = None


class RawTopic(msgspec.Struct, rename="camel", gc=False):
    """A topic's metadata file as text."""

    _id: Text = msgspec.field(default=None, name="_id")
    name: Text = None
    shortname: Text = None
    parent: Text = None
    description: Text = None
    keywords: list[Text] | None = None
    hashtags: list[Text] | None = None
    images: list[RawPicture | None] | None = None


class RawProviderFile(msgspec.Struct, rename="camel", gc=False):
    """The front matter of a provider's metadata file as text."""

    _id: Text = msgspec.field(default=None, name="_id")
    name: Text = None
    domain: Text = None
    description: Text = None
    other_names: list[Text] | None = None
    images: list[RawPicture | None] | None = None


class RawPage(msgspec.Struct, rename="camel", gc=False):
    """The front matter of a static page as text."""

    title: Text = None
    description: Text = None
    slug: Text = None
    order: Text = None


IGNORED_KEYS: dict[type, frozenset[str]] = {
    RawRecord: frozenset(
        ("category", "secured", "provider.publishers", "related[].provider.publishers")
    ),
    RawTopic: frozenset(("taxonomy", "services")),
    RawProviderFile: frozenset(("taxonomy",)),
}
"""Known keys that nothing is made from; `secured` is volatile and must reach nothing at all."""

MAX_NEAR = 40
"""Characters of the longest key that is compared with those of a shape."""

Tree = Any
"""A shape as a walk can ask it: "text", ["list", tree of the entries], or {key: tree}."""


def from_plain(values: dict[str, Plain], shape: type[Shape]) -> Shape | None:
    """The values in the wanted shape, or None when one of them has another."""
    try:
        return msgspec.convert(values, shape)
    except msgspec.ValidationError:
        return None


def unknown_keys(values: dict[str, Plain], shape: type) -> tuple[str, ...]:
    """Those keys of values in the right shape that mean nothing here, sorted.

    A nested one is spelled with its path: `related[].color`.
    """
    try:
        msgspec.convert(values, _closed(shape))
    except msgspec.ValidationError:
        found: set[str] = set()
        _find_unknown(values, _level_of(shape), "", found)
        return tuple(sorted(found - IGNORED_KEYS.get(shape, frozenset())))
    return ()


def near_key(unknown: str, shape: type) -> str:
    """The key of the shape that an unknown one was most likely meant to be; empty without one.

    Both are spelled with their paths.
    """
    import difflib

    path, _, name = unknown.rpartition(".")
    tree: Tree = tree_of(shape)
    for part in path.split(".") if path else ():
        tree = tree.get(part.removesuffix("[]")) if isinstance(tree, dict) else None
        tree = tree[1] if isinstance(tree, list) else tree
    if not isinstance(tree, dict) or len(name) > MAX_NEAR:
        return ""
    names = {key.casefold(): key for key in tree}
    near = difflib.get_close_matches(name.casefold(), names, n=1, cutoff=0.7)
    return unknown.removesuffix(name) + names[near[0]] if near else ""


@functools.cache
def _closed(shape: type) -> Any:
    """The shape as a type that has no place for a key that means nothing.

    Most files have none, and asking msgspec is many times quicker than looking for them.
    """
    return _closed_type(tree_of(shape), "", IGNORED_KEYS.get(shape, frozenset()))


def _closed_type(tree: dict[str, Tree], path: str, ignored: frozenset[str]) -> Any:
    kinds: dict[str, Any] = {}
    for key, wanted in tree.items():
        inner = f"{path}{key}"
        if isinstance(wanted, dict):
            kinds[key] = _closed_type(wanted, f"{inner}.", ignored) | None
        elif isinstance(wanted, list) and isinstance(wanted[1], dict):
            item = _closed_type(wanted[1], f"{inner}[].", ignored)
            kinds[key] = GenericAlias(list, (item | None,)) | None
        else:
            kinds[key] = Any
    for name in ignored:
        key = name.removeprefix(path)
        if name.startswith(path) and key not in kinds and "." not in key:
            kinds[key] = Any
    fields = [
        (f"field_{number}", kind, msgspec.field(default=None, name=key))
        for number, (key, kind) in enumerate(kinds.items())
    ]
    return msgspec.defstruct("Closed", fields, forbid_unknown_fields=True, gc=False)


class _Level(msgspec.Struct, frozen=True):
    """The keys of one mapping of a shape, as finding the unknown ones wants them."""

    keys: frozenset[str]
    nested: tuple[tuple[str, bool, _Level], ...]
    """Keys that hold mappings, with whether they hold a list of them."""


def _find_unknown(values: Any, level: _Level, path: str, found: set[str]) -> None:
    unknown = values.keys() - level.keys
    if unknown:
        found.update(path + key for key in unknown)
    for key, is_list, inner in level.nested:
        value = values.get(key)
        if not value:
            continue
        if is_list:
            for item in value:
                if item is not None:
                    _find_unknown(item, inner, f"{path}{key}[].", found)
        else:
            _find_unknown(value, inner, f"{path}{key}.", found)


@functools.cache
def _level_of(shape: type) -> _Level:
    return _level(tree_of(shape))


def _level(tree: dict[str, Tree]) -> _Level:
    nested = []
    for key, wanted in tree.items():
        if isinstance(wanted, dict):
            nested.append((key, False, _level(wanted)))
        elif isinstance(wanted, list) and isinstance(wanted[1], dict):
            nested.append((key, True, _level(wanted[1])))
    return _Level(frozenset(tree), tuple(nested))


def tree_of(shape: type) -> dict[str, Tree]:
    """The shape as a tree."""
    return _tree_of(shape)


@functools.cache
def _tree_of(shape: type) -> dict[str, Tree]:
    info = msgspec.inspect.type_info(shape)
    assert isinstance(info, msgspec.inspect.StructType)
    return {field.encode_name: _tree(field.type) for field in info.fields}


def _tree(kind: Any) -> Tree:
    if isinstance(kind, msgspec.inspect.UnionType):
        return _tree(next(k for k in kind.types if not isinstance(k, msgspec.inspect.NoneType)))
    if isinstance(kind, msgspec.inspect.StrType):
        return "text"
    if isinstance(kind, msgspec.inspect.ListType):
        return ["list", _tree(kind.item_type)]
    return {field.encode_name: _tree(field.type) for field in kind.fields}
