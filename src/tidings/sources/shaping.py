"""Nodes to the shapes of `schema`: the diagnosing path's counterpart to msgspec's conversion.

What does not fit is left out and told, with its place; the place of everything else is kept for
the problems that converting it may find.
"""

from __future__ import annotations

from typing import Any, Generic, TypeVar

import msgspec

from tidings.model.diagnostic import Diagnostic, Place, Severity
from tidings.sources.nodes import KIND_NAMES, Node
from tidings.sources.problems import FieldPath, Problem, shown, spell
from tidings.sources.schema import IGNORED_KEYS, Tree, tree_of

Shape = TypeVar("Shape")


class Located(msgspec.Struct, Generic[Shape], frozen=True):
    """The diagnosing path's reading: the same raw values, and the place of each of them."""

    raw: Shape
    places: dict[FieldPath, tuple[int, int]]
    """Line and column of each value by its path; a mapping's are those of its first key."""
    problems: tuple[Diagnostic, ...]
    """Values whose shape is not the schema's; they are absent from `raw`."""
    misfits: frozenset[FieldPath]
    """The paths of values that are absent from `raw` although the file has something there."""
    unknown: tuple[str, ...]
    """Keys that mean nothing here, sorted."""

    def news(self, problems: list[Problem]) -> tuple[Problem, ...]:
        """The problems but for those of values that are already told to be wrong."""
        return tuple(each for each in problems if each.path not in self.misfits)


class _Walk(msgspec.Struct):
    """What is found on the way through one file's nodes."""

    file: str
    places: dict[FieldPath, tuple[int, int]]
    problems: list[Diagnostic]
    misfits: set[FieldPath]
    unknown: set[str]


def from_nodes(root: Node, file: str, shape: type[Shape]) -> Located[Shape]:
    """The nodes in the wanted shape."""
    walk = _Walk(file, {}, [], set(), set())
    plain = _shaped(walk, root, tree_of(shape), ())
    unknown = walk.unknown - IGNORED_KEYS.get(shape, frozenset())
    return Located(
        raw=msgspec.convert(plain, shape),
        places=walk.places,
        problems=tuple(walk.problems),
        misfits=frozenset(walk.misfits),
        unknown=tuple(sorted(unknown)),
    )


def _shaped(walk: _Walk, node: Node, wanted: Tree, path: FieldPath) -> Any:
    """The node as a plain value of the wanted shape; None, and a problem, if it has another."""
    walk.places[path] = (node.line, node.column)
    if node.kind == "nothing":
        return None
    if wanted == "text" and node.kind == "text":
        return node.value
    if isinstance(wanted, list) and node.kind == "list":
        return [
            _shaped(walk, item, wanted[1], (*path, index))
            for index, item in enumerate(node.value)
        ]
    if isinstance(wanted, dict) and node.kind == "mapping":
        return _shaped_mapping(walk, node, wanted, path)
    walk.misfits.add(path)
    if node.kind != "refused":
        walk.problems.append(_wrong_type(walk, node, wanted, path))
    return None


def _shaped_mapping(
    walk: _Walk, node: Node, wanted: dict[str, Tree], path: FieldPath
) -> dict[str, Any]:
    values = {}
    for key, value in node.value:
        if key.value in wanted:
            inner = (*path, key.value)
            values[key.value] = _shaped(walk, value, wanted[key.value], inner)
        else:
            named = "".join("[]" if isinstance(part, int) else f".{part}" for part in path)
            walk.unknown.add(f"{named}.{key.value}"[1:])
    return values


def _wrong_type(walk: _Walk, node: Node, wanted: Tree, path: FieldPath) -> Diagnostic:
    found = shown(node.value) if node.kind == "text" else KIND_NAMES[node.kind]
    expected, hint = _advice(wanted)
    return Diagnostic(
        "wrong-type",
        Severity.ERROR,
        f"{spell(path)} must be {expected}, found {found}",
        Place(walk.file, node.line, node.column),
        hint,
    )


def _advice(wanted: Tree) -> tuple[str, str]:
    """What is wanted, and how to write it."""
    if wanted == "text":
        return "text", "write one value, in quotes when it holds `:`, `[` or `{`"
    if isinstance(wanted, list):
        return "a list", "write each entry on a line of its own that starts with `- `"
    return "a mapping", "write its fields below it, indented: " + ", ".join(list(wanted)[:3])
