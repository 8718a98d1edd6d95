"""A build ends early only where a whole snapshot says that this instant needs no other site."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from tidings.engine import unchanged
from tidings.engine.inputs import Listed
from tidings.engine.report import BuildRequest, Counts
from tidings.engine.unchanged import (
    Snapshot,
    encode_snapshot,
    inputs_digest,
    read_snapshot,
    still_holds,
)
from tidings.model.config import Config, ContentConfig
from tidings.model.diagnostic import Diagnostic, Place, Severity
from tidings.sources.scan import Found

CLOCK = datetime(2024, 3, 1, tzinfo=UTC)
UNTIL = CLOCK + timedelta(days=1)
SNAPSHOT = Snapshot(
    b"inputs",
    CLOCK,
    UNTIL,
    Counts(files=1, held={"future": 1}),
    (Diagnostic("wrong-date", Severity.ERROR, "no such month", Place("a.md")),),
    ("1 of 2 records is dated in the future",),
)
DATA = encode_snapshot(SNAPSHOT)


def test_a_snapshot_comes_back_as_it_was() -> None:
    assert read_snapshot(DATA) == SNAPSHOT
    assert read_snapshot(None) is None


def test_one_wrong_byte_makes_it_useless() -> None:
    """A later instant in it would keep a record back that must appear."""
    believed = []
    for place in range(len(DATA)):
        damaged = bytearray(DATA)
        damaged[place] ^= 1
        if read_snapshot(bytes(damaged)) is not None:
            believed.append(place)
    assert believed == []
    assert read_snapshot(DATA[:-1]) is None


def test_it_holds_from_its_own_instant_until_the_next_change() -> None:
    second = timedelta(seconds=1)
    for clock in (CLOCK, UNTIL - second):
        assert still_holds(SNAPSHOT, b"inputs", clock) is SNAPSHOT
    for clock in (CLOCK - second, UNTIL, UNTIL + second):
        assert still_holds(SNAPSHOT, b"inputs", clock) is None
    assert still_holds(SNAPSHOT, b"others", CLOCK) is None
    assert still_holds(SNAPSHOT, None, CLOCK) is None
    assert still_holds(None, b"inputs", CLOCK) is None


def test_inputs_are_the_same_where_files_config_request_problems_and_code_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 10**18 + 1
    listed = Listed((Found("a.md", "a.md", 1, 2, 3),), (), (), (), (), (), 0, ())
    request = BuildRequest(Path("/site"), Path("/out"), CLOCK)
    put = msgspec.structs.replace
    aside = Diagnostic(
        "no-search", Severity.INFO, "there is no Pagefind", Place("tidings.toml")
    )
    found = [
        inputs_digest(listed, Config(), (), request, now),
        inputs_digest(listed, Config(), (), put(request, strict=True), now),
        inputs_digest(listed, Config(content=ContentConfig(future=True)), (), request, now),
        inputs_digest(listed, Config(), (aside,), request, now),
        inputs_digest(
            put(listed, diagnostics=SNAPSHOT.diagnostics), Config(), (), request, now
        ),
        inputs_digest(put(listed, pages=listed.news, news=()), Config(), (), request, now),
    ]
    monkeypatch.setattr(unchanged, "code_digest", lambda: "another")
    found.append(inputs_digest(listed, Config(), (), request, now))
    assert len(set(found)) == len(found)
    assert None not in found
    just_now = put(listed, static=(Found("b.png", "b.png", 1, now - 1, 3),))
    assert inputs_digest(just_now, Config(), (), request, now) is None
