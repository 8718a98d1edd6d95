"""Sites for outside judges to look at, served as a real host would serve them."""

from __future__ import annotations

import functools
import gzip
import http.server
import io
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
NODE_MODULES = ROOT / "node_modules"
CHROMIUM = os.environ.get("CHROME_PATH") or shutil.which("chromium") or "/usr/bin/chromium"

# The pages that the theme's own tests render are looked at here too.
sys.path.insert(0, str(ROOT / "tests" / "render"))

SITES = ("kinds", "sample", "seeds", "corpus")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.conformance)


def package(path: str) -> Path:
    """A file of an npm package, or a skip that says how to get it."""
    found = NODE_MODULES / path
    if not found.exists():
        pytest.skip(f"{found.relative_to(ROOT)} is missing: `make conformance` installs it")
    return found


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves a folder with compression, as every real host does."""

    protocol_version = "HTTP/1.1"
    extensions_map = {  # noqa: RUF012 - the standard library's own name.
        **http.server.SimpleHTTPRequestHandler.extensions_map,
        ".html": "text/html; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".css": "text/css; charset=utf-8",
        ".xml": "application/xml; charset=utf-8",
    }

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: tests tell what matters."""

    def send_head(self) -> io.BytesIO | None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return None
        kind = self.guess_type(str(path))
        data = path.read_bytes()
        packed = kind.startswith(("text/", "application/", "image/svg"))
        if packed:
            data = gzip.compress(data, mtime=0)
        self.send_response(200)
        self.send_header("Content-Type", kind)
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "max-age=600")
        self.end_headers()
        return io.BytesIO(data)


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The address of a server for that folder, without a closing slash."""
    handler = functools.partial(Handler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def render_kinds(output: Path) -> None:
    """Every kind of page, in every state, from views made by hand."""
    from fixtures import PAGES, SITE, TEMPLATES, default_theme, plan

    from tidings.render.html import open_renderer

    shutil.copytree(TEMPLATES / "static", output / "static")
    render = open_renderer(default_theme(), SITE)
    for name in PAGES:
        (output / f"{name}.html").write_bytes(render(plan(name)).value or b"")


def build(source: Path, output: Path) -> None:
    """The site of that folder, built by the command that a publisher uses."""
    command = [sys.executable, "-m", "tidings", "build", "--unpublished"]
    command += ["--source", str(source), "--output", str(output)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def make_site(name: str, folder: Path) -> Path:
    """One of `SITES`, made within `folder`."""
    output = folder / "site"
    if name == "kinds":
        render_kinds(output)
        return output
    if name == "sample":
        build(ROOT, output)
        return output
    records = SHARED / ("seeds" if name == "seeds" else "corpus/power-apps")
    if not records.is_dir():
        pytest.skip(f"the folder {records.name} is not here")
    source = folder / "source"
    if name == "seeds":
        shutil.copytree(records, source / "content" / "news")
    else:
        shutil.copytree(records, source / "content")
    build(source, output)
    return output


MADE: dict[str, Path] = {}


def made_site(name: str, factory: pytest.TempPathFactory) -> Path:
    """The folder of one of `SITES`, made once per run."""
    if name not in MADE:
        MADE[name] = make_site(name, factory.mktemp(name))
    return MADE[name]


def pages_by_kind(folder: Path, each: int) -> dict[str, list[str]]:
    """Paths of up to `each` pages of every kind, longest files first, by kind."""
    found: dict[str, list[tuple[int, str]]] = {}
    for file in sorted(folder.rglob("*.html")):
        text = file.read_text("utf-8")
        kind = re.search(r'<body class="kind-([\w-]+)"', text)
        path = "/" + file.relative_to(folder).as_posix()
        path = path.removesuffix("index.html")
        found.setdefault(kind[1] if kind else "redirect", []).append((-len(text), path))
    return {kind: [path for _, path in sorted(pages)[:each]] for kind, pages in found.items()}
