"""What no reader of a target, a log or a report may ever see: keys, and records held back."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest
from publish_sites import PublishSite, codes

from tidings.publish.redact import redact

HELD = "a-record-that-is-held-back"


@pytest.fixture
def site(tmp_path: Path) -> PublishSite:
    """A site of four records and one that is held back, not yet published."""
    site = PublishSite(tmp_path)
    site.stories(4)
    site.news("held", "A record that is held back", published=False, body=HELD)
    return site


def holds_back(place: Path) -> bool:
    """Whether files are there, and no byte in them tells of the record."""
    files = [file for file in place.rglob("*") if file.is_file()]
    return bool(files) and not any(HELD.encode() in file.read_bytes() for file in files)


def test_a_target_never_tells_of_what_is_held_back(site: PublishSite) -> None:
    site.published()
    assert holds_back(site.live)
    site.target(type="folder", path=str(site.folder / "other"), releases=2)
    site.published()
    assert holds_back(site.live)


def test_the_output_folder_of_a_build_is_no_target(site: PublishSite) -> None:
    """Its `.tidings/` keeps every record that was read, and goes wherever the folder goes."""
    site.built(output=site.live)
    before = site.files(site.live)
    for releases in (0, 3):
        site.target(type="folder", path=str(site.live), releases=releases)
        report = site.publish(yes=True)
        assert (report.exit_code, codes(report)) == (2, ["target-unreachable"])
        assert "tidings build" in report.diagnostics[0].message
        assert site.files(site.live) == before


@pytest.mark.parametrize("path", [".", "..", ".tidings/publish", "content"])
def test_the_folder_of_the_records_is_no_target(site: PublishSite, path: str) -> None:
    """A web server that shows it shows the records, too."""
    site.target(type="folder", path=path)
    report = site.publish(yes=True)
    assert (report.exit_code, codes(report)) == (2, ["target-unreachable"])
    assert not list(site.source.rglob("published.json"))
    assert not list(site.source.parent.glob("index.html"))


@pytest.mark.skipif(sys.platform == "win32", reason="no such rights there")
def test_what_a_build_keeps_is_for_its_owner_only(site: PublishSite) -> None:
    """So a web server that runs as another user never shows it, whatever folder it is given."""
    site.built()
    kept = site.output / ".tidings/cache"
    assert any(HELD.encode() in file.read_bytes() for file in kept.rglob("*") if file.is_file())
    assert stat.S_IMODE(kept.stat().st_mode) == 0o700
    others = [
        file for file in site.output.rglob("*") if file.is_file() and kept not in file.parents
    ]
    assert not any(HELD.encode() in file.read_bytes() for file in others)
    kept.chmod(0o755)
    site.news("more", "One more")
    site.built()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "said",
    [
        "https://me:sEcReT@host/x.git",
        "https://me:sEc@sEcReT@host/x.git",
        "https://me:it's-sEcReT@host/x.git",
        'fatal: unable to access "https://me:"sEcReT"@host/x.git"',
        "s3://key:sEcReT@bucket/x",
        "https://host/x?sig=sEcReT&se=1",
        "https://host/x?token='sEcReT'",
        "Authorization: Basic sEcReT",
        "http.https://github.com/.extraheader=AUTHORIZATION: basic sEcReT",
        "authorization: bearer sEcReT",
        "<Code>InvalidToken</Code><Message>No good.</Message><Token-0>sEcReT</Token-0>",
        "<Error><AWSAccessKeyId>sEcReT</AWSAccessKeyId></Error>",
        "<StringToSign>sEcReT</StringToSign><SignatureProvided>sEcReT</SignatureProvided>",
    ],
)
def test_secrets_in_what_tools_say_are_taken_out(said: str) -> None:
    assert "sEcReT" not in redact(said)


@pytest.mark.parametrize(
    "piece",
    ["?", "&", "?a", "?=", "<", "<key", "://", "authorization: ", "authorization:", " "],
)
def test_a_long_answer_of_a_service_is_read_quickly(piece: str) -> None:
    """Two million characters: read again from each place, this would take hours."""
    for before in ("", "<", "<key", "https://host/?", "authorization", "authorization:a"):
        said = (before + piece * 2_000_000)[:2_000_000]
        assert "sEcReT" not in redact(f"{said} https://me:sEcReT@host/x?sig=sEcReT")
    assert "sEcReT" not in redact("<" + "key" * 700_000 + ">sEcReT</x>")


def test_what_is_no_secret_stays() -> None:
    for said in (
        "fatal: repository 'https://host/x.git/' not found",
        "git@github.com: Permission denied (publickey).",
        "<Code>NoSuchBucket</Code><Message>There is none.</Message>",
        "No space left on device",
    ):
        assert redact(said) == said


def test_a_secret_of_the_environment_is_never_repeated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("AWS_SECRET_ACCESS_KEY", "AZURE_STORAGE_SAS_TOKEN", "MY_PASSWORD", "GH_TOKEN"):
        monkeypatch.setenv(name, f"sEcReT/{name.lower()}")
        assert "sEcReT" not in redact(f"the service says: sEcReT/{name.lower()} is no good")
    monkeypatch.setenv("KEY", "a")  # Too short to be one; it would blot out every letter.
    assert redact("a word") == "a word"


@pytest.mark.parametrize("path", ["elsewhere", "elsewhere/content"])
def test_the_folder_of_the_records_is_no_target_by_another_name(
    site: PublishSite, tmp_path: Path, path: str
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (site.source / "content").rename(tmp_path / "elsewhere/content")
    (site.source / "content").symlink_to(tmp_path / "elsewhere/content")
    site.target(type="folder", path=str(tmp_path / path))
    assert codes(site.publish(yes=True)) == ["target-unreachable"]
