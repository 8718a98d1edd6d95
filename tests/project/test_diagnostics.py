"""Every diagnostic's code is in the reference, and the reference has none that nobody uses."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tidings.model.codes import CODES

SOURCES = Path(__file__).parents[2] / "src" / "tidings"
SLUG = re.compile(r"[a-z]+(-[a-z0-9]+)*")
MAKERS = {"Diagnostic", "refuse", "note", "fail", "add"}
"""Functions that take a code as their first or second argument."""
DOCUMENTED = {code for group in CODES.values() for code in group}


def calls_and_texts() -> Iterator[tuple[str, str]]:
    """(code, "file:line") of each code given to a function that makes a diagnostic."""
    for file in sorted(SOURCES.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                given = [*node.args[:2], *(k.value for k in node.keywords if k.arg == "code")]
                for argument in given:
                    match argument:
                        case ast.Constant(value=str(text)) if name in MAKERS:
                            if SLUG.fullmatch(text) and ("-" in text or text == "unreadable"):
                                yield text, f"{file.name}:{node.lineno}"


def test_every_code_is_documented() -> None:
    missing = {where: code for code, where in calls_and_texts() if code not in DOCUMENTED}
    assert missing == {}


def test_every_documented_code_is_used() -> None:
    texts = "".join(
        file.read_text(encoding="utf-8")
        for file in SOURCES.rglob("*.py")
        if file.name != "codes.py"
    )
    assert sorted(code for code in DOCUMENTED if f'"{code}"' not in texts) == []
