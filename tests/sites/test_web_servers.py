"""nginx and Apache with the settings of docs/reference, asked over HTTP for a built site."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fixture_machines import TOP
from fixture_site import Site
from test_servers import VIDEO, directives, header_blocks

from tidings.model.media import FEEDS

REFERENCE = TOP / "docs/reference"
PLACES = f"{os.environ.get('PATH', '')}:/usr/sbin"
MODULES = Path("/usr/lib/apache2/modules")
TYPES = {"nginx": Path("/etc/nginx/mime.types"), "apache": Path("/etc/mime.types")}
ALIASES = ["/old/", "/.htaccess/", "/2024/.htaccess/x.html"]
"""Apache shows nothing of a folder in which something of that name is no file."""
PATIENCE = 30
"""Seconds until a server that does not answer is given up."""

Asked = tuple[int, dict[str, str], bytes]


class Server:
    """A web server with a site."""

    def __init__(self, site: Site, port: int) -> None:
        self.site = site
        self.port = port

    def ask(self, path: str) -> Asked:
        """Status, headers by lower-case name, and body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request("GET", path)
        answer = connection.getresponse()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        assert len(headers) == len(answer.getheaders())  # Nothing is said twice.
        found = (answer.status, headers, answer.read())
        connection.close()
        return found


def nginx_command(program: str, folder: Path, port: int) -> list[str]:
    """How to start nginx in one process, with its settings in the folder."""
    own = (REFERENCE / "nginx.conf").read_text("utf-8")
    own = own.replace("listen 80;", f"listen 127.0.0.1:{port};")
    own = own.replace("/srv/digest.example/site", str(folder / "out"))
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    aside = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    (folder / "server.conf").write_text(
        f"daemon off;\nmaster_process off;\npid {folder}/pid;\nerror_log {folder}/log;\n"
        f"events {{ }}\nhttp {{\naccess_log off;\n{aside}include {TYPES['nginx']};\n{own}}}\n",
        encoding="utf-8",
    )
    return [program, "-c", str(folder / "server.conf"), "-p", str(folder)]


def apache_command(program: str, folder: Path, port: int) -> list[str]:
    """How to start Apache in one process, with its settings in the folder."""
    names = ("mpm_event", "authz_core", "dir", "mime", "headers", "alias")
    loaded = "".join(f"LoadModule {name}_module {MODULES}/mod_{name}.so\n" for name in names)
    (folder / "server.conf").write_text(
        f"ServerRoot {folder}\nDefaultRuntimeDir {folder}\nPidFile {folder}/pid\n"
        f"ErrorLog {folder}/log\nListen 127.0.0.1:{port}\nServerName digest.example\n"
        f"{loaded}User www-data\nGroup www-data\nTypesConfig {TYPES['apache']}\n"
        f"DocumentRoot {folder}/out\nInclude {REFERENCE / 'apache.conf'}\n"
        f"<Directory {folder}/out>\nAllowOverride All\n</Directory>\n",
        encoding="utf-8",
    )
    return [program, "-X", "-f", str(folder / "server.conf")]


@pytest.fixture(scope="module", params=["nginx", "apache2"])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    program = shutil.which(request.param, path=PLACES)
    name = request.param.removesuffix("2")
    if program is None or not TYPES[name].is_file():
        pytest.skip(f"there is no {name} here")
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)  # Servers read as another user than the one who runs the tests.
    site = Site(folder, "-- static/p.svg --\n<svg/>\n")
    related = [{"title": "Other", "webUrl": "https://o.example/1"}]
    site.news("a", "Story", topics=["Rail"], related=related, aliases=ALIASES)
    site.news("b", "Video", featuredContent=VIDEO, type="video")
    site.built(preview=False)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    make = {"nginx": nginx_command, "apache": apache_command}[name]
    with subprocess.Popen(make(program, folder, port)) as process:
        try:
            _wait(process, port, folder)
            yield Server(site, port)
        finally:
            process.terminate()
    shutil.rmtree(folder)


def _wait(process: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    log = folder / "log"
    pytest.fail(log.read_text("utf-8") if log.is_file() else "it did not start")


def test_a_page_comes_with_the_headers_of_the_site(server: Server) -> None:
    status, said, body = server.ask("/2024/01/01/story/")
    assert status == 200
    assert b"Story" in body
    assert said["content-type"] == "text/html; charset=utf-8"
    assert said["cache-control"] == "no-cache"
    general = header_blocks(server.site)["/*"]
    for name in ("Referrer-Policy", "X-Content-Type-Options"):
        assert said[name.lower()] == general[name]
    policy = directives(said["content-security-policy"])
    for name, sources in directives(general["Content-Security-Policy"]).items():
        assert sources <= policy[name]


def test_every_feed_comes_with_its_type(server: Server) -> None:
    feeds = [path for path in server.site.files() if path.rpartition("/")[2] in FEEDS]
    homes = {path.partition("/")[0] for path in feeds}
    assert homes == {*FEEDS, "topics", "sources", "stories"}
    for path in feeds:
        status, said, body = server.ask(f"/{path}")
        assert (status, body) == (200, (server.site.output / path).read_bytes())
        assert said["content-type"] == FEEDS[path.rpartition("/")[2]]


def test_hashed_files_may_be_kept_and_apps_may_read_the_api(server: Server) -> None:
    hashed = [path for path in server.site.files() if path.startswith("static/")]
    for path in hashed:
        status, said, _ = server.ask(f"/{path}")
        assert status == 200
        assert said["cache-control"] == "public, max-age=31536000, immutable"
        assert "access-control-allow-origin" not in said
    status, said, _ = server.ask("/api/news/index.json")
    assert (status, said["content-type"]) == (200, "application/json")
    assert said["access-control-allow-origin"] == "*"
    assert server.ask("/pagefind/pagefind.js")[1]["cache-control"] == "no-cache"


def test_what_is_not_there_leads_on_and_is_not_kept(server: Server) -> None:
    status, said, body = server.ask("/nothing/")
    assert status == 404
    assert body == (server.site.output / "404.html").read_bytes()
    assert "content-security-policy" in said
    assert "immutable" not in server.ask("/static/gone.0a0b0c0d.css")[1].get(
        "cache-control", ""
    )
    assert server.ask("/old/")[0] == 200


@pytest.mark.parametrize("path", ["/.tidings/manifest.json", "/_headers", "/_redirects"])
def test_nothing_of_the_builders_own_is_handed_out(server: Server, path: str) -> None:
    assert (server.site.output / path[1:]).is_file()
    status, _, body = server.ask(path)
    assert status == 404
    assert body == (server.site.output / "404.html").read_bytes()
