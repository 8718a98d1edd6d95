"""A small built site to ask without a network, and a small source site to serve for real."""

from __future__ import annotations

import asyncio
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tidings.serve.app import make_app
from tidings.serve.edition import Edition
from tidings.serve.reload import Board

Ask = Callable[..., httpx.Response]

POLICY = "default-src 'none'; style-src 'self'; img-src 'self'"
ARTICLE = (
    '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
    f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    '<link rel="stylesheet" href="/static/style.0123abcd.css">'
    "<title>Smile</title></head><body><h1>Smile</h1></body></html>\n"
)
FILES = {
    ".tidings/manifest.json": "{}",
    ".gitignore": "*",
    "index.html": "<html><head></head><body>Front</body></html>",
    "404.html": "<html><head></head><body>Nothing of that name</body></html>",
    "2020/11/17/smile/index.html": ARTICLE,
    "topics/naïve art/index.html": "<html><head></head><body>Naïve art</body></html>",
    "static/style.0123abcd.css": "body { color: navy }",
    "static/theme.0123abcd.js": "// theme",
    "feed.xml": "<feed/>",
    "rss.xml": "<rss/>",
    "feed.json": "{}",
    "sitemap.xml": "<urlset/>",
    "robots.txt": "User-agent: *",
    "site.webmanifest": "{}",
    "logo.svg": "<svg/>",
    "logo.png": "png",
    "api/news.json": "{}",
    "plain": "no ending",
}


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """The output folder of a finished build, beside a file that is nobody's business."""
    folder = tmp_path / "site"
    for path, text in FILES.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    (tmp_path / "secret.html").write_text("secret", encoding="utf-8")
    return folder


@pytest.fixture
def edition(output: Path) -> Edition:
    """The edition of that build, at the root of its host."""
    return Edition(output, "/")


@pytest.fixture
def ask(edition: Edition) -> Ask:
    """Asks the preview: `ask("/path", method=…, headers=…, edition=…, host=…)`."""

    def asked(
        path: str,
        *,
        method: str = "GET",
        headers: dict[str, str] | None = None,
        shown: Edition = edition,
        host: str = "127.0.0.1",
    ) -> httpx.Response:
        async def exchange() -> httpx.Response:
            transport = httpx.ASGITransport(make_app(Board(shown), host))
            async with httpx.AsyncClient(transport=transport) as client:
                request = client.build_request(method, "http://127.0.0.1:8000", headers=headers)
                # Set as it is: the client would tidy up paths that an attacker would not.
                request.url = request.url.copy_with(raw_path=path.encode())
                return await client.send(request)

        return asyncio.run(exchange())

    return asked


NEWS = Path(__file__).parents[2] / "content" / "news"
SEEDS = (
    "2020-11-17-new-orleans-police-dept-admits-to-facial-recognition-use.md",
    "2020-12-14-city-releases-dozens-of-pages-of-emails-on-police-use-of-facial-recognition.md",
)
SERVING = re.compile(r"Serving (http://\S+)")


class Preview:
    """`tidings serve` as a process of its own, and the lines that it says."""

    def __init__(self, site: Path, *options: str) -> None:
        self.lines: list[str] = []
        self._ended = False
        self._said = threading.Condition()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tidings", "serve", "--source", str(site), *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        for line in self.process.stdout or ():
            with self._said:
                self.lines.append(line.rstrip())
                self._said.notify_all()
        with self._said:
            self._ended = True
            self._said.notify_all()

    def wait_for_line(self, pattern: str, start: int = 0) -> re.Match[str]:
        """The first match in a line said from the given one on."""

        def found() -> re.Match[str] | None:
            matches = (re.search(pattern, line) for line in self.lines[start:])
            return next((match for match in matches if match), None)

        with self._said:
            self._said.wait_for(lambda: found() or self._ended, timeout=60)
            match = found()
        assert match, f"never said {pattern!r}, only:\n" + "\n".join(self.lines)
        return match

    @property
    def url(self) -> str:
        """The address of the front page, once it is served."""
        return self.wait_for_line(SERVING.pattern).group(1)

    def stop(self, number: int = signal.SIGINT) -> int:
        """Tell it to end, and give the exit code.

        It ends within a second on an idle machine; a busy one may need longer, but not as long
        as open connections would last.
        """
        self.process.send_signal(number)
        return self.wait(10)

    def wait(self, seconds: float = 60) -> int:
        """The exit code of a preview that ends; all its lines are then there."""
        code = self.process.wait(timeout=seconds)
        self._listener.join(timeout=seconds)
        return code

    def kill(self) -> None:
        """End it in any case."""
        self.process.kill()
        self.wait()
        if self.process.stdout:
            self.process.stdout.close()


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """The folder of a site with the two seed records, not built yet."""
    folder = tmp_path / "digest"
    (folder / "content/news").mkdir(parents=True)
    for name in SEEDS:
        shutil.copy(NEWS / name, folder / "content/news" / name)
    (folder / "tidings.toml").write_text("[content]\nunpublished = true\n", encoding="utf-8")
    return folder


@pytest.fixture
def preview(site: Path) -> Iterator[Callable[..., Preview]]:
    """Starts `tidings serve` on the site: `preview("--poll", …)`."""
    started: list[Preview] = []

    def start(*options: str) -> Preview:
        port = () if "--port" in options else ("--port", "0")
        started.append(Preview(site, *port, *options))
        return started[-1]

    yield start
    for one in started:
        one.kill()
