"""Writing a site: what changes on disk, what stays, and what is refused."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from tidings.model.diagnostic import Severity
from tidings.model.output import Manifest, Rendered, Written
from tidings.output.manifest import (
    digest_of,
    intact_files,
    look_at_files,
    manifest_file,
    pending_file,
    read_manifest,
    store_pending,
)
from tidings.output.staging import open_stage, open_staging
from tidings.output.write import Saved, write_site


def save(output: Path, **site: bytes) -> Saved:
    """Write files whose paths have `__` for a slash and `_` for a dot."""
    pages = [
        Rendered(name.replace("__", "/").replace("_", "."), "key", data)
        for name, data in site.items()
    ]
    return write_site(output, pages, {}, read_manifest(output).value)


def test_second_write_of_the_same_site_touches_nothing(tmp_path: Path) -> None:
    save(tmp_path, index_html=b"one", day__index_html=b"two")
    before = {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*")}
    assert save(tmp_path, index_html=b"one", day__index_html=b"two").change.written == ()
    assert {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*")} == before


def test_only_the_page_that_changed_is_written(tmp_path: Path) -> None:
    save(tmp_path, index_html=b"one", other_html=b"two")
    saved = save(tmp_path, index_html=b"new", other_html=b"two")
    assert saved.change.written == ("index.html",)
    assert (tmp_path / "index.html").read_bytes() == b"new"


def test_page_edited_by_hand_is_put_right(tmp_path: Path) -> None:
    save(tmp_path, index_html=b"one")
    (tmp_path / "index.html").write_bytes(b"hand")
    assert save(tmp_path, index_html=b"one").change.written == ("index.html",)


def test_stale_page_goes_with_the_folders_that_only_it_needed(tmp_path: Path) -> None:
    save(tmp_path, index_html=b"one", a__b__index_html=b"old")
    assert save(tmp_path, index_html=b"one").change.deleted == ("a/b/index.html",)
    assert not (tmp_path / "a").exists()


def test_stale_page_that_somebody_edited_is_left_and_told(tmp_path: Path) -> None:
    save(tmp_path, old_html=b"ours")
    (tmp_path / "old.html").write_bytes(b"theirs")
    saved = save(tmp_path, index_html=b"one")
    assert [(p.code, p.severity) for p in saved.diagnostics] == [
        ("edited-output", Severity.WARNING)
    ]
    assert (tmp_path / "old.html").read_bytes() == b"theirs"
    assert save(tmp_path, index_html=b"one").diagnostics == ()


def test_stale_page_that_cannot_be_deleted_is_tried_again_by_the_next_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(tmp_path, index_html=b"one", old_html=b"two", older_html=b"three")
    plain = Path.unlink

    def unlink(self: Path, missing_ok: bool = False) -> None:
        if self.name == "old.html":
            raise PermissionError(1, "Operation not permitted", str(self))
        plain(self, missing_ok)

    monkeypatch.setattr(Path, "unlink", unlink)
    saved = save(tmp_path, index_html=b"one")
    assert [(p.code, p.severity, p.place.file) for p in saved.diagnostics] == [
        ("write-failed", Severity.WARNING, str(tmp_path / "old.html"))
    ]
    assert saved.change.deleted == ("older.html",)
    assert saved.manifest == read_manifest(tmp_path).value
    monkeypatch.undo()
    assert save(tmp_path, index_html=b"one").change.deleted == ("old.html",)


def test_stale_page_that_somebody_made_a_folder_is_no_concern(tmp_path: Path) -> None:
    save(tmp_path, index_html=b"one", old_html=b"two", other_html=b"three")
    for name in ("old.html", "other.html"):
        (tmp_path / name).unlink()
    (tmp_path / "old.html/theirs").mkdir(parents=True)
    (tmp_path / "other.html").symlink_to("old.html", target_is_directory=True)
    saved = save(tmp_path, index_html=b"one")
    # A link could be to anything, so that one is told of.
    assert [(p.code, p.place.file) for p in saved.diagnostics] == [
        ("edited-output", str(tmp_path / "other.html"))
    ]
    assert (tmp_path / "other.html/theirs").is_dir()


def test_what_changed_is_told_in_order_whatever_was_done_first(tmp_path: Path) -> None:
    save(tmp_path, a_html=b"one", b__x_html=b"one", c_html=b"one")
    put_aside = open_staging(tmp_path, open_stage(tmp_path))
    pages = [put_aside("a2.html", "key", b"new"), Rendered("a3.html", "key", b"new")]
    wanted = [*pages, Rendered("b", "key", b"new")]
    saved = write_site(tmp_path, wanted, {}, read_manifest(tmp_path).value)
    assert saved.change.written == ("a2.html", "a3.html", "b")
    assert saved.change.deleted == ("a.html", "b/x.html", "c.html")


def test_foreign_file_in_the_way_stops_the_write_before_it_begins(tmp_path: Path) -> None:
    save(tmp_path, index_html=b"one")
    (tmp_path / "about.html").write_bytes(b"theirs")
    saved = save(tmp_path, index_html=b"new", about_html=b"ours")
    assert [problem.code for problem in saved.diagnostics] == ["output-blocked"]
    assert saved.diagnostics[0].place.file == str(tmp_path / "about.html")
    assert saved.manifest == read_manifest(tmp_path).value
    assert (tmp_path / "about.html").read_bytes() == b"theirs"
    assert (tmp_path / "index.html").read_bytes() == b"one"


def test_dotfile_of_an_empty_folder_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_bytes(b"*\n")
    saved = write_site(tmp_path, [Rendered(".gitignore", "key", b"ours")], {}, None)
    assert [problem.code for problem in saved.diagnostics] == ["output-blocked"]
    assert (tmp_path / ".gitignore").read_bytes() == b"*\n"


def test_link_in_a_page_s_place_is_replaced_not_followed(tmp_path: Path) -> None:
    output, elsewhere = tmp_path / "site", tmp_path / "elsewhere"
    save(output, index_html=b"one")
    for theirs in (b"theirs", b"one"):
        elsewhere.write_bytes(theirs)
        (output / "index.html").unlink()
        (output / "index.html").symlink_to(elsewhere)
        save(output, index_html=b"one")
        assert not (output / "index.html").is_symlink()
        assert elsewhere.read_bytes() == theirs


def test_folder_that_became_a_link_is_neither_written_through_nor_emptied(
    tmp_path: Path,
) -> None:
    output, elsewhere = tmp_path / "site", tmp_path / "elsewhere"
    save(output, day__index_html=b"one")
    (output / "day").rename(elsewhere)
    (output / "day").symlink_to(elsewhere)
    saved = save(output, day__index_html=b"new")
    assert [problem.code for problem in saved.diagnostics] == ["output-blocked"]
    assert "symbolic link" in saved.diagnostics[0].message
    saved = save(output, index_html=b"one")
    assert [problem.code for problem in saved.diagnostics] == ["edited-output"]
    assert (elsewhere / "index.html").read_bytes() == b"one"


def test_folder_of_somebody_else_is_not_removed_through_a_link(tmp_path: Path) -> None:
    output, elsewhere = tmp_path / "site", tmp_path / "elsewhere"
    save(output, day__one__index_html=b"one", index_html=b"one")
    (output / "day").rename(elsewhere)
    (elsewhere / "one/index.html").unlink()
    (output / "day").symlink_to(elsewhere)
    assert save(output, index_html=b"one").diagnostics == ()
    assert (elsewhere / "one").is_dir()


@pytest.mark.parametrize("path", ["../x", "/x", "a//b", "a/./b", "a\0b", ".tidings/lock", ""])
def test_path_that_could_do_harm_is_refused(tmp_path: Path, path: str) -> None:
    saved = write_site(tmp_path / "site", [Rendered(path, "key", b"x")], {}, None)
    assert [problem.code for problem in saved.diagnostics] == ["output-blocked"]
    assert not list(tmp_path.rglob("*"))


@pytest.mark.parametrize("path", ["../outside", "/etc/hostname", "a/../../outside"])
def test_manifest_that_names_a_foreign_path_deletes_nothing(tmp_path: Path, path: str) -> None:
    output, outside = tmp_path / "site", tmp_path / "outside"
    outside.write_bytes(b"theirs")
    save(output, index_html=b"one")
    manifest = manifest_file(output)
    evil = f'"{path}":{{"key":"","digest":"{digest_of(b"theirs")}","size":6}},'
    text = manifest.read_text().replace('"files": {', '"files": {' + evil)
    manifest.write_text(text)
    known = read_manifest(output)
    assert known.value is None
    assert [problem.code for problem in known.diagnostics] == ["manifest-damaged"]
    save(output, index_html=b"new")
    assert outside.read_bytes() == b"theirs"


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"{", b"[]", b"\xff", b'{"version": 1}', b'{"version": 99}'),
        b'{"version": 2, "files": {"\xff": {"key": "", "digest": "", "size": 1}}}',
        b'{"version": 2, "x": ' + b"[" * 100_000,
    ],
)
def test_damaged_manifest_is_told_and_mended_by_the_next_write(
    tmp_path: Path, data: bytes
) -> None:
    save(tmp_path, index_html=b"one", old_html=b"two")
    manifest_file(tmp_path).write_bytes(data)
    assert [p.code for p in read_manifest(tmp_path).diagnostics] == ["manifest-damaged"]
    assert save(tmp_path, index_html=b"new").diagnostics == ()
    assert (tmp_path / "index.html").read_bytes() == b"new"
    assert (tmp_path / "old.html").exists()  # Nobody can say any more whose it is.
    assert read_manifest(tmp_path).diagnostics == ()


@pytest.mark.parametrize("linked", ["index.html", "day", "day/one"])
def test_page_that_became_a_link_or_lies_behind_one_is_not_as_it_was_left(
    tmp_path: Path, linked: str
) -> None:
    output, elsewhere = tmp_path / "site", tmp_path / "abc"
    save(output, index_html=b"one", day__one__index_html=b"one")
    (output / linked).rename(elsewhere)
    # To the size alone it looks the same: a link's is the length of what it names.
    (output / linked).symlink_to("abc" if linked == "index.html" else elsewhere)
    manifest = read_manifest(output).value
    assert manifest is not None
    found = intact_files(manifest, look_at_files(output, manifest))
    left = "index.html" if linked != "index.html" else "day/one/index.html"
    assert list(found) == [left]


def test_damaged_note_of_a_killed_write_is_told_and_mended_too(tmp_path: Path) -> None:
    save(tmp_path, index_html=b"one")
    store_pending(tmp_path, {})
    (tmp_path / "new.html").write_bytes(b"of the killed write")
    pending_file(tmp_path).write_bytes(b"")
    assert [p.code for p in read_manifest(tmp_path).diagnostics] == ["manifest-damaged"]
    assert save(tmp_path, index_html=b"one", new_html=b"two").diagnostics == ()
    assert (tmp_path / "new.html").read_bytes() == b"two"
    assert read_manifest(tmp_path).diagnostics == ()


def test_files_get_the_rights_that_a_web_server_can_read(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        save(tmp_path, index_html=b"one")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "index.html").stat().st_mode) == 0o644


def test_disk_that_refuses_is_a_problem_and_no_bug(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(tmp_path, a_html=b"one", b_html=b"one")
    plain, calls = Path.replace, []

    def replace(self: Path, target: Path) -> Path:
        calls.append(target)
        if len(calls) == 3:
            raise OSError(28, "No space left on device", str(target))
        return plain(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    saved = save(tmp_path, a_html=b"two", b_html=b"two")
    assert [problem.code for problem in saved.diagnostics] == ["write-failed"]
    assert saved.diagnostics[0].place.file == str(tmp_path / "b.html")
    assert saved.change.written == ("a.html",)
    assert saved.manifest == read_manifest(tmp_path).value
    monkeypatch.undo()
    assert save(tmp_path, a_html=b"two", b_html=b"two").change.written == ("b.html",)
    assert not list(tmp_path.rglob(".tidings-*"))


def test_disk_that_stays_full_makes_nobody_elses_of_what_is_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after an update of tidings that knows another form of manifest."""
    save(tmp_path, a_html=b"one", b_html=b"one")
    manifest_file(tmp_path).write_bytes(b'{"version": 99}')
    plain = Path.replace

    def replace(self: Path, target: Path) -> Path:
        if target.name == "b.html":
            raise OSError(28, "No space left on device", str(target))
        return plain(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    for text in (b"two", b"three"):
        saved = save(tmp_path, a_html=text, b_html=text)
        assert [problem.code for problem in saved.diagnostics] == ["write-failed"]
    monkeypatch.undo()
    assert save(tmp_path, a_html=b"four", b_html=b"four").diagnostics == ()


def test_page_of_which_only_the_name_s_case_changes_is_written_where_a_disk_ignores_that(
    tmp_path: Path,
) -> None:
    save(tmp_path, a__Imprint_txt=b"old")
    # As on such a disk: the other name is one of the same file.
    (tmp_path / "a/imprint.txt").hardlink_to(tmp_path / "a/Imprint.txt")
    saved = save(tmp_path, a__imprint_txt=b"new")
    assert saved.diagnostics == ()
    assert (tmp_path / "a/imprint.txt").read_bytes() == b"new"


def test_page_of_which_nothing_but_the_name_s_case_changes_is_not_deleted_there(
    tmp_path: Path,
) -> None:
    save(tmp_path, a__Imprint_txt=b"same")
    (tmp_path / "a/imprint.txt").hardlink_to(tmp_path / "a/Imprint.txt")
    saved = save(tmp_path, a__imprint_txt=b"same")
    assert (saved.change.deleted, saved.diagnostics) == ((), ())
    assert (tmp_path / "a/Imprint.txt").exists(), "that was the only one"
    assert list(saved.manifest.files) == ["a/imprint.txt"]


def test_what_could_not_be_written_is_told_by_its_own_name(tmp_path: Path) -> None:
    save(tmp_path, a_html=b"one")
    manifest_file(tmp_path).unlink()
    manifest_file(tmp_path).mkdir()
    assert [p.code for p in read_manifest(tmp_path).diagnostics] == ["manifest-damaged"]
    saved = save(tmp_path, a_html=b"two")
    assert [(problem.code, problem.place.file) for problem in saved.diagnostics] == [
        ("write-failed", str(manifest_file(tmp_path)))
    ]


def test_same_site_gives_the_same_manifest_in_any_order(tmp_path: Path) -> None:
    pages = [Rendered(f"{name}.html", "key", name.encode()) for name in "abc"]
    write_site(tmp_path / "one", pages, {}, None)
    write_site(tmp_path / "two", pages[::-1], {}, None)
    one, two = (manifest_file(tmp_path / name).read_bytes() for name in ("one", "two"))
    assert one == two


def test_two_pages_at_one_path_are_a_bug(tmp_path: Path) -> None:
    page = Rendered("index.html", "key", b"one")
    kept = {"index.html": Written("key", digest_of(b"two"), 3)}
    for pages, known in (([page, page], {}), ([page], kept)):
        with pytest.raises(ValueError, match="one path"):
            write_site(tmp_path, pages, known, Manifest(known))


def test_kept_files_stay_without_a_look(tmp_path: Path) -> None:
    save(tmp_path, index_html=b"one", old_html=b"two")
    previous = read_manifest(tmp_path).value
    assert previous is not None
    kept = {"index.html": previous.files["index.html"]}
    saved = write_site(tmp_path, [], kept, previous)
    assert saved.change.deleted == ("old.html",)
    assert saved.manifest == Manifest({"index.html": Written("key", digest_of(b"one"), 3)})
