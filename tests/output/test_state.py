"""What is kept for the next build is never worth an error."""

from __future__ import annotations

from pathlib import Path

from tidings.output.paths import temporary_name
from tidings.output.staging import drop_stages, open_stage
from tidings.output.state import append_state, drop_state, read_start, read_state, write_state


def test_a_file_where_the_folder_should_be_costs_time_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / ".tidings").mkdir()
    (tmp_path / ".tidings/cache").write_bytes(b"")
    write_state(tmp_path, "a", b"data")
    drop_state(tmp_path, "a")
    assert not append_state(tmp_path, "a", 0, [b"data"])
    assert read_state(tmp_path, "a") is None
    assert read_start(tmp_path, "a", 9) == b""


def test_what_a_killed_build_had_half_written_goes_with_the_next(tmp_path: Path) -> None:
    write_state(tmp_path, "a", b"data")
    (tmp_path / open_stage(tmp_path) / "page.html").write_bytes(b"page")
    state = tmp_path / ".tidings"
    for folder in (state, state / "cache"):
        (folder / temporary_name()).write_bytes(b"da")
    drop_stages(tmp_path)
    left = {file.relative_to(state).as_posix() for file in state.rglob("*")}
    assert left == {"cache", "cache/a"}
