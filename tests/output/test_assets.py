"""Assets: names that follow the bytes, and files that keep their own."""

from __future__ import annotations

from tidings.model.source import SourceFile
from tidings.output.assets import hash_assets


def paths(*files: tuple[str, bytes]) -> dict[str, str]:
    """The path of each asset by its name."""
    assets = hash_assets([SourceFile(path, data) for path, data in files], "static")
    return {asset.name: asset.path for asset in assets}


def test_name_changes_with_the_bytes_and_only_with_them() -> None:
    one, same, other = (
        paths(("templates/static/css/style.css", data))["css/style.css"]
        for data in (b"a", b"a", b"b")
    )
    assert one == same == "static/css/style.333fcb4e.css"
    assert other != one


def test_root_files_keep_their_names() -> None:
    found = paths(("static/root/CNAME", b"x"), ("static/root/.well-known/security.txt", b"y"))
    assert sorted(found.values()) == [".well-known/security.txt", "CNAME"]


def test_the_site_s_own_file_replaces_the_theme_s() -> None:
    files = [
        SourceFile("templates/static/style.css", b"theme"),
        SourceFile("static/style.css", b"own"),
    ]
    (asset,) = hash_assets(files, "static")
    assert (asset.name, asset.data, asset.file) == ("style.css", b"own", "static/style.css")


def test_other_files_are_no_assets() -> None:
    assert paths(("templates/base.html", b""), ("mystatic/x.css", b"")) == {}


def test_only_the_first_static_folder_counts() -> None:
    assert list(paths(("static/a/static/b.css", b""))) == ["a/static/b.css"]
