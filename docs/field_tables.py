"""Tables of fields, settings and views out of the typed values that declare them.

What a field is for stands in the docstring under it; so the reference pages and the code cannot
say different things.
"""

from __future__ import annotations

import ast
import inspect
from types import ModuleType
from typing import Any, get_type_hints

import msgspec

from tidings.sources.config_values import wanted_value


def settings_text(struct: type[msgspec.Struct], docs: dict[str, str], level: str) -> str:
    """The settings of one table that have a text."""
    text = ""
    for field in msgspec.structs.fields(struct):
        if field.name in docs:
            default = "…" if field.required else toml_value(field.default)
            text += f"\n{level} `{field.name} = {default}`\n\n{docs[field.name]}\n\n"
            needed = " It must be there." if field.required else ""
            text += f"Value: {wanted_value(declared_type(struct, field.name))}.{needed}\n"
    return text


def structs_text(*structs: tuple[type[msgspec.Struct], ModuleType]) -> str:
    """The fields of the structs of those modules, each under a heading of its own."""
    text = ""
    for struct, module in structs:
        text += f"\n## {struct.__name__}\n\n{inspect.getdoc(struct)}\n\n"
        text += "| Field | What it is |\n|---|---|\n"
        docs = field_docs(module)[struct.__name__]
        for field in msgspec.structs.fields(struct):
            text += (
                f"| `{field.encode_name}` | {' '.join(docs.get(field.name, '').split())} |\n"
            )
    return text


def views_text(module: ModuleType, *first: str) -> str:
    """The fields of all views of the module with their types; those named come first."""
    text = ""
    docs = field_docs(module)
    structs = {
        node.name: node for node in module_tree(module).body if isinstance(node, ast.ClassDef)
    }
    for name in [*first, *(name for name in structs if name not in {*first, "View"})]:
        text += f"\n## {name}\n\n{ast.get_docstring(structs[name])}\n\n"
        text += "| Field | Type | What it is |\n|---|---|---|\n"
        for node in structs[name].body:
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                field = node.target.id
                kind = linked_type(ast.unparse(node.annotation), set(structs))
                words = " ".join(docs[name].get(field, "").split()).replace("|", "\\|")
                text += f"| `{field}` | {kind} | {words} |\n"
    return text


def module_tree(module: ModuleType) -> ast.Module:
    """The syntax tree of a module."""
    return ast.parse(inspect.getsource(module))


def field_docs(module: ModuleType) -> dict[str, dict[str, str]]:
    """The docstrings under the fields of a module's classes, by class and field."""
    found: dict[str, dict[str, str]] = {}
    for node in module_tree(module).body:
        if isinstance(node, ast.ClassDef):
            docs = found[node.name] = {}
            for field, after in zip(node.body, node.body[1:], strict=False):
                match field, after:
                    case (
                        ast.AnnAssign(target=ast.Name(id=name)),
                        ast.Expr(value=ast.Constant(value=str(words))),
                    ):
                        docs[name] = inspect.cleandoc(words)
    return found


def declared_type(struct: type[Any], field: str) -> Any:
    """The type of a field with its limits."""
    return get_type_hints(struct, include_extras=True)[field]


def toml_value(value: object) -> str:
    """A default as TOML writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return "[" + ", ".join(toml_value(each) for each in value) + "]"
    return f'"{value}"' if isinstance(value, str) else str(value)


def linked_type(kind: str, names: set[str]) -> str:
    """A type in words, with links to the views in it."""
    plain = kind.removesuffix(" | None")
    end = ", or None" if plain != kind else ""
    many = plain.startswith("tuple[") and plain.endswith(", ...]")
    if many:
        inner = plain.removeprefix("tuple[").removesuffix(", ...]")
        rows = inner.startswith("tuple[")
        inner = inner.removeprefix("tuple[").removesuffix(", ...]") if rows else inner
        return f"{'rows' if rows else 'list'} of {linked_type(inner, names)}{end}"
    if plain in names:
        return f"[{plain}](#{plain.lower()}){end}"
    words = {
        "str": "text",
        "int": "whole number",
        "bool": "true or false",
        "dt.datetime": "instant",
        "dt.date": "date",
    }
    return words.get(plain, f"`{plain}`") + end
