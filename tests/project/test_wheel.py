"""The wheel alone, in an environment of its own, turns records into a site."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SEEDS = [
    ROOT / "content" / "news" / name
    for name in (
        "2020-11-17-new-orleans-police-dept-admits-to-facial-recognition-use.md",
        "2020-12-14-city-releases-dozens-of-pages-of-emails-on-police-use-of-facial-recognition.md",
    )
]


def run(command: list[str | Path], folder: Path) -> str:
    """What a command prints, run without the checkout on Python's path."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from this checkout."""
    folder = tmp_path_factory.mktemp("dist")
    run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], ROOT)
    (file,) = folder.glob("*.whl")
    return file


@pytest.fixture(scope="module")
def scripts(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of a fresh environment with the wheel installed.

    The wheel's dependencies are those of the running environment, so no registry is needed.
    They come by a `.pth` file, which does not bring in this checkout's own editable install.
    """
    home = tmp_path_factory.mktemp("fresh") / "venv"
    venv.create(home, with_pip=False)
    bin_name = "Scripts" if os.name == "nt" else "bin"
    python = home / bin_name / "python"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    run([*pip, "--python", python, "install", "--no-index", "--no-deps", wheel], home)
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = Path(run([python, "-c", code], home).strip())
    paths = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (packages / "dependencies.pth").write_text("\n".join(sorted(paths)) + "\n")
    return home / bin_name


def test_wheel_holds_the_theme_and_no_tests(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    theme = {
        f"tidings/templates/{file.relative_to(ROOT / 'templates').as_posix()}"
        for file in (ROOT / "templates").rglob("*")
        if file.is_file()
    }
    assert {"tidings/templates/base.html", "tidings/py.typed"} <= names
    assert theme <= names
    assert not [name for name in names if not name.startswith("tidings")]


def test_site_is_built_with_no_checkout_beside_it(scripts: Path, tmp_path: Path) -> None:
    news = tmp_path / "content" / "news"
    news.mkdir(parents=True)
    for seed in SEEDS:
        (news / seed.name).write_bytes(seed.read_bytes())
    code = "import tidings; print(tidings.__file__)"
    assert Path(run([scripts / "python", "-c", code], tmp_path)).is_relative_to(scripts.parent)
    said = run([scripts / "tidings", "build", "--unpublished"], tmp_path)
    assert said.startswith("2 records, ")
    pages = {file.relative_to(tmp_path / "site") for file in tmp_path.rglob("index.html")}
    assert {Path("index.html"), Path("2020/11/17/index.html")} <= pages
    assert "NOPD’s" in (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert list((tmp_path / "site" / "static").glob("*.css"))
