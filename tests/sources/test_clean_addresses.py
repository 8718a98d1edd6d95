"""URLs: what is linked, how it is made safe, and which of them name one page."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidings.sources.addresses import (
    _key_of_any,
    bare_host,
    clean_path,
    clean_url,
    host_of,
    url_key,
)
from tidings.sources.fields import domain

KEPT = [
    "https://www.nola.com/news/article_9eda8846-25e1-11eb-9c95-4f11b10ed17a.html",
    "http://example.org",
    "https://example.org/?a=1&b=2#top",
    "https://example.org:8080/x",
    "https://example.org./x",
    "http://localhost:8000/",
    "http://192.0.2.1/x",
    "http://[2001:db8::1]:80/x",
    "https://xn--bcher-kva.example/",
    "https://bücher.example/",
    "https://my_host.example.org/x",
    "https://example.org/a%20b/%C3%A4",
    "https://i2.wp.com/x.jpg?fit=2560%2C1709&ssl=1",
]

REPAIRED = {
    "  https://example.org/x \n": "https://example.org/x",
    "HTTPS://example.org/X": "https://example.org/X",
    "https://example.org/a b": "https://example.org/a%20b",
    "https://example.org/ä?ö#ü": "https://example.org/%C3%A4?%C3%B6#%C3%BC",
    "https://example.org/?a=1&amp;b=2": "https://example.org/?a=1&b=2",
    'https://example.org/"><script>': "https://example.org/%22%3E%3Cscript%3E",
    "https://exa\tmple.org/a\r\nb": "https://example.org/ab",
    "https://example.org/a\\b`c": "https://example.org/a%5Cb%60c",
    "https://example.org/\u202egnp.exe": "https://example.org/%E2%80%AEgnp.exe",
    "https://example.org?q=a b": "https://example.org?q=a%20b",
}

REFUSED = [
    "",
    " ",
    "example.org/x",
    "//example.org/x",
    "/x",
    "mailto:a@example.org",
    "ftp://example.org/x",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "httpx://example.org/",
    "http:example.org",
    "http:/example.org",
    "http:///x",
    "http://",
    "http://?x",
    "http://:80/",
    "http://user@example.org/",
    "http://user:password@example.org/",
    "http://@example.org/",
    "http://example.org:0/",
    "http://example.org:99999/",
    "http://example.org:x/",
    "http://exa mple.org/",
    "http://.example.org/",
    "http://a..b/",
    "http://example.org\\@evil.example/",
    "http:\\\\example.org/",
    "http://exam\u202eple.org/",
    "http://exam\u200bple.org/",
    "http://exam%70le.org/",
    'http://"onmouseover=alert(1)"/',
    "http://[/x",
    "http://[x]/",
    "http://[::1]x/",
    "http://a]b[/",
    "http://a℀b/",
    "http://\ud800/",
    "http://example.org/\ud800",
    "http://example.org/" + "a" * 5000,
]


@pytest.mark.parametrize("url", KEPT)
def test_a_good_url_stays(url: str) -> None:
    if url.isascii():
        assert clean_url(url) == url
    assert clean_url(clean_url(url)) == clean_url(url) != ""


@pytest.mark.parametrize("url", REPAIRED)
def test_a_url_is_repaired(url: str) -> None:
    assert clean_url(url) == REPAIRED[url]


@pytest.mark.parametrize("url", REFUSED)
def test_anything_else_is_refused(url: str) -> None:
    assert clean_url(url) == ""


URLS = st.builds(
    str.__add__,
    st.sampled_from(
        ["http://", "https://", "HTTP://a", "http://example.org", "https://a.b/", ""]
    ),
    st.text(
        st.sampled_from("ab.:/@?#&=%[]\\\"'<> \t\n\x00\x85\u2028äİ℀\u200b\ud800-_~"),
        max_size=12,
    )
    | st.text(max_size=12),
)


@settings(max_examples=400, deadline=None)
@given(URLS)
def test_a_clean_url_is_safe_anywhere(url: str) -> None:
    clean = clean_url(url)
    assert clean_url(clean) == clean
    if clean:
        assert re.match(r"https?://[^/?#@\s]+([/?#]|\Z)", clean)
        assert not re.search(r"[\s\x00-\x20\"<>\\^`{}]", clean)
        assert clean.isprintable()
        assert urlsplit(clean).hostname
        assert url_key(clean)
        assert host_of(clean)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=12).map("/".__add__))
def test_a_clean_path_stays_on_this_site(path: str) -> None:
    clean = clean_path(path)
    assert clean_path(clean) == clean
    if clean:
        assert re.match(r"/(?!/)[!-~]*\Z", clean)
        assert not re.search(r"[\"<>\\]", clean)
        assert ".." not in urlsplit(clean).path.split("/")


@settings(max_examples=300, deadline=None)
@given(
    st.builds(
        "{}{}{}{}".format,
        st.sampled_from(["http://", "https://"]),
        st.lists(
            st.sampled_from(["www.", "m.", "a.", "xn--4ca.", "youtu.", "1."]), max_size=3
        ).map("".join),
        st.sampled_from(["org", "be", "youtube.com", "org.", "org:80", "youtu.be"]),
        st.sampled_from(
            [
                "",
                "/",
                "/a",
                "/a/b.html/",
                "/a//",
                "/%61",
                "/watch?v=aaaaaaa",
                "?a",
                "#b",
                "/a#b/",
            ]
        ),
    )
)
def test_the_short_way_to_a_key_is_the_long_way(url: str) -> None:
    assert url_key(url) == _key_of_any(url)
    assert host_of(url) == bare_host(urlsplit(url).hostname or "")


@pytest.mark.parametrize(
    "path",
    ["", "x", "//x", "/../x", "/a/../x", "/%2E%2e/x", "/a\\b", "/a\nb", "\\x", "/\ud800"],
)
def test_a_path_that_leaves_the_site_is_refused(path: str) -> None:
    assert clean_path(path) == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://example.org/a", "https://example.org/a"),
        ("https://www.example.org/a", "https://example.org/a"),
        ("https://m.example.org/a", "https://example.org/a"),
        ("https://EXAMPLE.org/a", "https://example.org/a"),
        ("https://example.org./a", "https://example.org/a"),
        ("https://example.org:443/a", "http://example.org:80/a"),
        ("https://example.org:/a", "https://example.org/a"),
        ("https://example.org/a/", "https://example.org/a"),
        ("https://example.org/", "https://example.org"),
        ("https://example.org/a#b", "https://example.org/a"),
        ("https://example.org/a?", "https://example.org/a"),
        ("https://example.org/a?utm_source=x&fbclid=y&CMP=z", "https://example.org/a"),
        ("https://example.org/a?gclid=1&id=2", "https://example.org/a?id=2"),
        ("https://example.org/?b=2&a=1", "https://example.org/?a=1&b=2"),
        ("https://example.org/?a", "https://example.org/?a="),
        ("https://example.org/?a=b+c", "https://example.org/?a=b%20c"),
        ("https://example.org/?q=%7ea%2d", "https://example.org/?q=~a-"),
        ("https://example.org/%61%c3%a4", "https://example.org/a%C3%A4"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://youtu.be/dQw4w9WgXcQ?t=3", "https://www.youtube.com/watch?v=dQw4w9WgXcQ"),
        (
            "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ",
            "https://m.youtube.com/watch?feature=share&v=dQw4w9WgXcQ&t=10s",
        ),
    ],
)
def test_addresses_of_one_page_have_one_key(one: str, other: str) -> None:
    assert url_key(clean_url(one)) == url_key(clean_url(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.org/a", "https://example.org/A"),
        ("https://example.org/a", "https://example.org/b"),
        ("https://example.org/?id=1", "https://example.org/?id=2"),
        ("https://example.org/?id=1", "https://example.org/?ID=1"),
        ("https://example.org/?id=a", "https://example.org/?id=A"),
        ("https://example.org/?q=%E4", "https://example.org/?q=%F6"),
        ("https://example.org/?q=a%26b", "https://example.org/?q=a&b"),
        ("https://example.org/a%2Fb", "https://example.org/a/b"),
        ("https://example.org/a", "https://news.example.org/a"),
        ("https://example.org/a", "https://example.com/a"),
        ("https://example.org:8080/a", "https://example.org/a"),
        ("https://example.org/a", "https://example.org/?a"),
        ("https://example.org/a?reference=1", "https://example.org/a"),
        ("https://www.com/a", "https://com/a"),
        ("https://youtu.be/dQw4w9WgXcQ", "https://youtu.be/dQw4w9WgXcq"),
        ("https://youtube.com/watch?v=aaaaaaaaaaa", "https://youtube.com/watch?v=bbbbbbbbbbb"),
        ("https://youtube.com/playlist?list=a", "https://youtube.com/playlist?list=b"),
    ],
)
def test_addresses_of_two_pages_have_two_keys(one: str, other: str) -> None:
    assert url_key(clean_url(one)) != url_key(clean_url(other))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (" WWW.Nola.com. ", "nola.com"),
        ("www.com", "www.com"),
        ("bücher.example", "bücher.example"),
        ("https://nola.com", None),
        ("nola", None),
        ("nola..com", None),
        (".nola.com", None),
        ("nola.com/x", None),
        ("no la.com", None),
        ("nola\u202e.com", None),
        ("..", None),
    ],
)
def test_domains(text: str, name: str | None) -> None:
    assert domain(text) == name
