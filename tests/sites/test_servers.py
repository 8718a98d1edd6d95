"""What servers are told: headers, redirects, the settings for nginx and Apache; the preview."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from fixture_machines import TOP, pages_of
from fixture_site import Page, Site, codes

from tidings.model.media import FEEDS, content_type

REFERENCE = TOP / "docs/reference"


def header_blocks(site: Site) -> dict[str, dict[str, str]]:
    """The headers by path, read as Netlify and Cloudflare do: a path, then indented headers."""
    blocks: dict[str, dict[str, str]] = {}
    path = ""
    for line in site.files()["_headers"].decode("ascii").splitlines():
        if line.startswith("/"):
            path = line
            assert path not in blocks
            assert path.count("*") <= 1
            blocks[path] = {}
        else:
            name, mark, value = line.partition(": ")
            assert (name[:2], mark, value.strip()) == ("  ", ": ", value)
            blocks[path][name.strip()] = value
    return blocks


def directives(policy: str) -> dict[str, set[str]]:
    """The sources of each directive."""
    parts = [part.split() for part in policy.split(";")]
    assert len({part[0] for part in parts}) == len(parts)
    return {part[0]: set(part[1:]) for part in parts}


def own_policy(page: Page) -> str:
    (policy,) = [
        each.attributes["content"]
        for each in page.all("meta")
        if each.attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    return policy


VIDEO = '<iframe src="https://www.youtube.com/embed/abcdefghijk"></iframe>'


@pytest.mark.parametrize("remote", [False, True])
def test_the_sites_policy_lets_every_page_do_what_its_own_does(
    tmp_path: Path, remote: bool
) -> None:
    config = f"-- tidings.toml --\n[media]\nremote_pictures = {str(remote).lower()}\n"
    site = Site(tmp_path, config)
    site.news("a", "Video", featuredContent=VIDEO, type="video")
    site.news("b", "Picture", images=[{"url": "https://i.example/i.jpg", "width": 9}])
    site.built()
    general = header_blocks(site)["/*"]
    whole = directives(general["Content-Security-Policy"])
    assert whole.pop("frame-ancestors") == {"'none'"}
    assert whole["default-src"] == {"'none'"}
    assert ("https:" in whole["img-src"]) == remote
    for path, page in pages_of(site):
        for name, sources in directives(own_policy(page)).items():
            assert sources <= whole[name], (path, name)
    video = directives(own_policy(site.page("/2024/01/01/video/")))
    assert video["frame-src"] == whole["frame-src"] != set()
    assert general["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert general["X-Content-Type-Options"] == "nosniff"
    assert "'unsafe" not in general["Content-Security-Policy"]


def test_hashed_files_may_be_kept_for_ever_and_no_others(tmp_path: Path) -> None:
    site = Site(tmp_path, "-- static/p.svg --\n<svg/>\n", base_url="https://x.example/sub/")
    site.news("a", "Story")
    site.built()
    blocks = header_blocks(site)
    kept = {path for path, said in blocks.items() if "Cache-Control" in said}
    assert kept == {"/sub/static/*"}
    assert "immutable" in blocks["/sub/static/*"]["Cache-Control"]
    for path in site.files():
        if path.startswith("static/"):
            assert re.search(r"\.[0-9a-f]{8}\.[a-z0-9]+$", path)
    assert all(path.startswith("/sub/") for path in blocks)


def test_every_feed_gets_its_type_from_hosts_and_from_the_preview(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.news("a", "Story", topics=["X"])
    site.news("b", "Story", webUrl="https://other.example/x", topics=["X"])
    site.built()
    patterns = {
        re.compile(re.sub(r":\w+", "[^/]+", path) + r"\Z"): said["Content-Type"]
        for path, said in header_blocks(site).items()
        if "Content-Type" in said
    }
    feeds = [path for path in site.files() if path.rpartition("/")[2] in FEEDS]
    assert feeds
    for path in feeds:
        (kind,) = [kind for pattern, kind in patterns.items() if pattern.match(f"/{path}")]
        assert kind == content_type(path.rpartition("/")[2])


def test_files_for_machines_have_a_type_of_their_own() -> None:
    assert content_type("_headers") == content_type("robots.txt") == "text/plain; charset=utf-8"
    assert content_type("index.json") == "application/json"
    assert content_type("sitemap.xml") == "application/xml"


def test_old_addresses_lead_on(tmp_path: Path) -> None:
    site = Site(tmp_path, base_url="https://x.example/sub/")
    site.news(
        "a", "Späte Züge", aliases=["/old/", "/alte züge/x.html"], webUrl="https://o.example/1"
    )
    site.news("b", "Late trains", "2024-01-02T10:00:00Z", webUrl="https://o.example/1")
    site.built()
    lines = [
        line.split(" ") for line in site.files()["_redirects"].decode("ascii").splitlines()
    ]
    assert len(lines) == 3
    for old, new, status in lines:
        assert status == "301"
        # Hosts that know nothing of the file find a page that says the same.
        assert site.page(old.removeprefix("/sub")).refresh == new
        assert site.has(new.removeprefix("/sub"))
    site.remove("content/news/a.md")
    site.built()
    assert "_redirects" not in site.files()


def test_no_text_of_a_record_adds_to_what_hosts_are_told(tmp_path: Path) -> None:
    """Each line is one rule for one address, whatever stands in records."""
    site = Site(tmp_path)
    marks = [
        *" \t\n\r\x0b\x85\xa0\u2028\"'`;:,!?&|^~@$%*#\\(){}<>[]=+",
        "%0a",
        "%20",
        "%2a",
        "%5c",
    ]
    aliases = [f"/a{mark}/* https://evil.example/:splat 200!" for mark in marks]
    aliases += [f"/{mark}/" for mark in marks] + [f"/b{mark}b/x.html" for mark in marks]
    text = 'One\n/* https://evil.example/ 200\n  X-Evil: 1; } $uri "'
    evil = '<iframe src="https://www.youtube.com/embed/abcdefghijk; script-src *"></iframe>'
    site.news("a", text, aliases=aliases, webUrl="https://o.example/1", slug=f"x {text}")
    site.news("b", text, "2024-01-02T10:00:00Z", webUrl="https://o.example/1", topics=[text])
    site.news("c", text, type="video", featuredContent=evil, provider={"name": text})
    site.built()
    lines = site.files()["_redirects"].decode("ascii").split("\n")
    assert lines.pop() == ""
    assert len(lines) > 30
    for line in lines:
        assert re.fullmatch(r"/[A-Za-z0-9._~/%-]+ /2024/[a-z0-9/-]+ 301", line), line
    plain = Site(tmp_path / "plain")
    plain.news("c", "Video", type="video", featuredContent=VIDEO)
    plain.built()
    for name in ("_headers", "robots.txt"):
        assert site.files()[name] in (plain.files()[name], without_frames(plain.files()[name]))


def without_frames(headers: bytes) -> bytes:
    return re.sub(rb" frame-src [^;]*;", b"", headers)


def test_a_page_that_is_being_filled_moves_for_a_while_only(tmp_path: Path) -> None:
    site = Site(tmp_path, "-- tidings.toml --\n[lists]\npage_size = 1\n")
    site.news("a", "Story", topics=["X"])
    site.built()
    assert site.page("/topics/x/page/2/").refresh
    assert "_redirects" not in site.files()


@pytest.mark.parametrize("name", ["robots.txt", "_headers", "_redirects"])
def test_the_publishers_own_file_comes_first(tmp_path: Path, name: str) -> None:
    site = Site(tmp_path)
    site.news("a", "Story", aliases=["/old/"])
    site.write(f"static/root/{name}", "mine\n")
    assert codes(site.built()) == []
    assert site.files()[name] == b"mine\n"


@pytest.mark.parametrize("file", ["nginx.conf", "apache.conf"])
def test_snippets_say_what_headers_say(tmp_path: Path, file: str) -> None:
    site = Site(tmp_path)
    site.news("a", "Video", featuredContent=VIDEO, type="video")
    site.built()
    said = dict(re.findall(r'^ +\S.* ([A-Z][\w-]+) "(.*?)"', snippet(file), re.MULTILINE))
    whole = directives(said["Content-Security-Policy"])
    for name, value in header_blocks(site)["/*"].items():
        if name == "Content-Security-Policy":
            for directive, sources in directives(value).items():
                assert sources <= whole[directive]
        else:
            assert said[name] == value


def snippet(file: str) -> str:
    return (REFERENCE / file).read_text("utf-8")


def test_nginx_takes_the_snippet(tmp_path: Path) -> None:
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if nginx is None:
        pytest.skip("there is no nginx here")
    config = f"""\
pid {tmp_path}/pid;
error_log {tmp_path}/log;
events {{ }}
http {{
    types {{ text/html html; application/json json; application/xml xml; }}
    include {REFERENCE / "nginx.conf"};
}}
"""
    file = tmp_path / "nginx.conf"
    file.write_text(config, encoding="utf-8")
    command = [nginx, "-t", "-c", str(file), "-p", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_apache_takes_the_snippet(tmp_path: Path) -> None:
    apache = shutil.which("apache2") or shutil.which("apache2", path="/usr/sbin")
    modules = Path("/usr/lib/apache2/modules")
    if apache is None or not modules.is_dir():
        pytest.skip("there is no Apache here")
    loaded = "".join(
        f"LoadModule {name}_module {modules}/mod_{name}.so\n"
        for name in ("mpm_event", "authz_core", "dir", "mime", "headers", "alias")
    )
    file = tmp_path / "apache.conf"
    file.write_text(
        f"ServerRoot {tmp_path}\nListen 127.0.0.1:1\nServerName x\nErrorLog {tmp_path}/log\n"
        f"PidFile {tmp_path}/pid\n{loaded}Include {REFERENCE / 'apache.conf'}\n",
        encoding="utf-8",
    )
    command = [apache, "-t", "-f", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
