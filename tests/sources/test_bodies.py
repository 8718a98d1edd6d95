"""Bodies: what Markdown becomes, and that nothing harmful ever comes out of it."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tidings.model.record import Body, BodyLink
from tidings.sources.markdown import MAX_BODY, render_body
from tidings.sources.sanitise import (
    BODY_ATTRIBUTES,
    BODY_SCHEMES,
    BODY_TAGS,
    FEATURED_TAGS,
    find_video,
    sanitise_featured,
)


def render(text: str, *, remote_pictures: bool = False) -> Body:
    body = render_body(text, "f.md", 10, remote_pictures=remote_pictures).value
    assert body is not None
    return body


def html(text: str, *, remote_pictures: bool = False) -> str:
    return render(text, remote_pictures=remote_pictures).html.strip()


def links(text: str) -> list[tuple[str, int]]:
    return [(link.target, link.line) for link in render(text).links]


OUT = 'rel="external noopener"'


class Seen(HTMLParser):
    """All tags and attributes of some HTML."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def schemes(self) -> set[str]:
        """The schemes of all addresses, as a browser would see them."""
        found = set()
        for _, name, value in self.attributes:
            if name in ("href", "src"):
                value = "".join(char for char in value if char > " ").lower()
                head, colon, _ = value.partition(":")
                if colon and not set("/?#%") & set(head):
                    found.add(head)
        return found


HOSTILE = st.lists(
    st.sampled_from(
        [
            *"[]()<>!*_`~|\\\"'&:#=-+^ \n\t",
            "[x](", "![x](", "](", "javascript:alert(1)", "JaVa\tScRiPt:", "java&#10;script:x",
            "&#106;avascript:x", "javascript&colon;x", "data:text/html,x", "vbscript:x",
            "tidings-record:0.", "tidings-root:/x", "tidings&#45;root:/x", "//evil.example/x",
            "/x", "https://a.example/", "a.md", "<script>", "</script>", "<img onerror=y>",
            "<a href='javascript:x'>", "<!--", "-->", "<![CDATA[", "<?x", "<!X", "<svg>",
            "<style>", "&lt;script&gt;", "[^1]", "[^1]: x\n", "^[x]", "[x]: javascript:y\n",
            "[x]", "```\n", "```html\n", "|a|b|\n|-|-:|\n|", "\n# ", "\n> ", "\n- ", "\n1. ",
            "\x00", "\x01", "\u202e", "\ufeff", "é", '" onclick="x', "<javascript:x>",
            "<tidings-root:/x>", 'href="tidings-root:/x"', "~~", "**", "\n\n", "    ",
        ]
    )
    | st.text(max_size=4),
    max_size=14,
).map("".join)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(HOSTILE, st.booleans())
@example("[x](<java\tscript:alert(1)>)", False)
@example("![x](<//a.example/b>)\n[![x](http://a.example/y)](/z)", True)
def test_no_markdown_makes_anything_but_text_links_and_pictures(
    text: str, remote_pictures: bool
) -> None:
    outcome = render_body(text, "f.md", 1, remote_pictures=remote_pictures)
    if outcome.value is None:
        assert not text.strip()
        return
    seen = Seen(outcome.value.html)
    assert set(seen.tags) <= BODY_TAGS
    for tag, name, value in seen.attributes:
        assert name in BODY_ATTRIBUTES[tag]
        if value.startswith("tidings-record:"):
            assert value.partition(".")[0] in {link.mark for link in outcome.value.links}
        if value.startswith("tidings-root:"):
            assert value.startswith("tidings-root:/")
    assert seen.schemes() <= BODY_SCHEMES
    assert (
        seen.tags.count("img") == 0 or remote_pictures or "tidings-root:/" in outcome.value.html
    )
    assert "\x00" not in outcome.value.html


@pytest.mark.parametrize("rel", ["", ' rel="follow"', ' rel="https://a.example/"'])
def test_links_of_strangers_are_marked_as_such(rel: str) -> None:
    assert sanitise_featured(f'<a href="https://a.example/"{rel} target="_blank">x</a>') == (
        '<a href="https://a.example/" rel="nofollow noopener noreferrer">x</a>'
    )


def test_what_marks_links_of_strangers_is_no_address() -> None:
    link = '<a href="nofollow noopener noreferrer">x</a>'
    assert "href" not in sanitise_featured(link)


@settings(max_examples=300, deadline=None)
@given(HOSTILE | st.text(max_size=40))
def test_no_featured_content_makes_anything_but_text_and_outside_links(markup: str) -> None:
    seen = Seen(sanitise_featured(markup))
    assert set(seen.tags) <= FEATURED_TAGS
    assert {name for _, name, _ in seen.attributes} <= {"href", "rel"}
    for _, name, value in seen.attributes:
        assert name == "rel" or value.lower().startswith(("http://", "https://"))
    rels = [value for _, name, value in seen.attributes if name == "rel"]
    assert rels == ["nofollow noopener noreferrer"] * seen.tags.count("a")
    find_video(markup)


@pytest.mark.parametrize(
    "scheme",
    [
        "javascript:x",
        "JAVASCRIPT:x",
        "vbscript:x",
        "data:text/html,x",
        "file:///x",
        "tidings-record:0",
        "tidings-root:/x",
        "Tidings-Root:/x",
        "blob:x",
        "ftp://a/",
    ],
)
@pytest.mark.parametrize(
    "form", ["[a]({})", "[a](<{}>)", "<{}>", "![a]({})", "[a][b]\n\n[b]: {}", '[a]({} "t")']
)
def test_other_schemes_are_left_as_text(scheme: str, form: str) -> None:
    markup = html(form.format(scheme))
    assert "href" not in markup
    assert "src" not in markup


def test_marks_that_an_author_writes_are_text() -> None:
    markup = html('A `href="tidings-root:/x"`, href="tidings-record:0." and [b](c.md).')
    assert Seen(markup).schemes() == {"tidings-record"}
    assert Seen(markup).tags == ["p", "code", "a"]


def test_raw_html_is_text() -> None:
    assert html('<b onclick="x">a</b>') == '<p>&lt;b onclick="x"&gt;a&lt;/b&gt;</p>'
    assert html("<script>\nx\n</script>") == "<p>&lt;script&gt;\nx\n&lt;/script&gt;</p>"


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("# A", "<h2>A</h2>"),
        ("A\n===", "<h2>A</h2>"),
        ("###### A", "<h2>A</h2>"),
        ("## A\n\n### B\n\n## C", "<h2>A</h2>\n<h3>B</h3>\n<h2>C</h2>"),
        ("# A\n\n#### B\n\n##### C", "<h2>A</h2>\n<h3>B</h3>\n<h4>C</h4>"),
        ("### A\n\n# B", "<h2>A</h2>\n<h2>B</h2>"),
        ("~~a~~", "<p><s>a</s></p>"),
        ("[a](/b)", '<p><a href="tidings-root:/b">a</a></p>'),
        ("[a](#b)", '<p><a href="#b">a</a></p>'),
        ("[a](mailto:b@c.example)", f'<p><a href="mailto:b@c.example" {OUT}>a</a></p>'),
        ("[a](//b.example/)", f'<p><a href="https://b.example/" {OUT}>a</a></p>'),
        ("<https://a.b>", f'<p><a href="https://a.b" {OUT}>https://a.b</a></p>'),
        ("```html\n<b>\n```", '<pre><code class="language-html">&lt;b&gt;\n</code></pre>'),
    ],
)  # fmt: skip
def test_what_markdown_becomes(text: str, markup: str) -> None:
    assert html(text) == markup


def test_tables_have_classes_instead_of_styles() -> None:
    markup = html("|a|b|c|\n|-|-:|:-:|\n|1|2|3|")
    assert "style" not in markup
    assert '<td class="align-right">2</td>' in markup
    assert '<th class="align-center">c</th>' in markup


def test_footnotes_lead_there_and_back() -> None:
    seen = Seen(html("A.[^1]\n\n[^1]: B."))
    targets = {value[1:] for _, name, value in seen.attributes if name == "href"}
    assert targets <= {value for _, name, value in seen.attributes if name == "id"}
    assert len(targets) == 2


def test_links_to_records_are_left_as_marks_with_their_line() -> None:
    body = render("One\n[two](2020-a.md)\n\n- three\n- [four](../b%20c.markdown#part)\n")
    assert body.links == (
        BodyLink("2020-a.md", 11, "tidings-record:0"),
        BodyLink("../b c.markdown", 14, "tidings-record:1"),
    )
    assert 'href="tidings-record:0."' in body.html
    assert 'href="tidings-record:1.#part"' in body.html


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("# [a](b.md)", 10),
        ("\n\n> x\n> [a](b.md)", 13),
        ("|a|\n|-|\n|1|\n|[a](b.md)|", 13),
        ("- x\n\n  y\n  [a](b.md)", 13),
        ("x  \n*y*\\\n[a](b.md)", 12),
        ("[a\nb](b.md) c", 10),
        ("x[^1]\n\n[^1]: y\n    [a](b.md)", 13),
    ],
)
def test_the_line_of_a_link_is_told(text: str, line: int) -> None:
    assert links(text) == [("b.md", line)]


@pytest.mark.parametrize("target", ["b.html", "https://a.example/b.md", "b.md?x", "#b.md", "b"])
def test_other_targets_are_no_links_to_records(target: str) -> None:
    assert links(f"[a]({target})") == []


def test_own_pictures_are_shown() -> None:
    markup = html('![a "b"](/pictures/c.png "d")')
    assert 'src="tidings-root:/pictures/c.png"' in markup
    assert 'alt="a &quot;b&quot;"' in markup
    assert 'loading="lazy"' in markup


def test_pictures_of_other_hosts_become_links() -> None:
    picture = "![a & b](https://a.example/c.png?d&e)"
    assert html(picture) == (
        '<p><a href="https://a.example/c.png?d&amp;e" rel="external noopener">a &amp; b</a></p>'
    )
    assert '<img src="https://a.example/c.png?d&amp;e"' in html(picture, remote_pictures=True)
    assert html("![](https://a.example/c.png)").count("https://a.example/c.png") == 2


def test_a_picture_within_a_link_leaves_the_link_whole() -> None:
    markup = html("[![badge](https://a.example/b.svg) more](https://c.example/)")
    assert markup == (
        '<p><a href="https://c.example/" rel="external noopener">badge more</a></p>'
    )


@pytest.mark.parametrize("source", ["c.png", "../c.png", "/../c.png", "mailto:c"])
def test_a_picture_that_is_nowhere_is_told_at_its_line(source: str) -> None:
    outcome = render_body(f"x\ny ![alt text]({source})", "f.md", 10, remote_pictures=True)
    problem = outcome.diagnostics[0]
    assert (problem.code, problem.place.line) == ("wrong-picture", 11)
    assert outcome.value is not None
    assert outcome.value.html.strip() == "<p>x\ny alt text</p>"


def test_words_are_those_that_readers_see() -> None:
    assert render("# One two\n\nthree *four* `five`\n\n```\nsix seven\n```").words == 7


@pytest.mark.parametrize("text", ["", "\n \n"])
def test_a_body_of_blanks_is_none(text: str) -> None:
    outcome = render_body(text, "f.md", 1, remote_pictures=False)
    assert (outcome.value, outcome.diagnostics) == (None, ())


def test_a_body_that_is_too_long_is_told() -> None:
    outcome = render_body("a" * (MAX_BODY + 1), "f.md", 7, remote_pictures=False)
    assert outcome.value is None
    assert [(p.code, p.place.line) for p in outcome.diagnostics] == [("long-text", 7)]


@pytest.mark.parametrize(
    "markup",
    [
        '<iframe src="https://www.youtube.com/embed/dQw4w9WgXcQ"></iframe>',
        "<div><IFRAME SRC=//youtube-nocookie.com/embed/dQw4w9WgXcQ?rel=0&amp;x=1></div>",
        '<iframe src=" https://youtu.be/dQw4w9WgXcQ "></iframe>',
        '<iframe src="https://m.youtube.com/watch?a=b&v=dQw4w9WgXcQ"></iframe>',
        '<iframe src="https://a.example/"></iframe><iframe src="https://www.youtube.com/shorts/dQw4w9WgXcQ"></iframe>',
    ],
)  # fmt: skip
def test_videos_are_found(markup: str) -> None:
    video = find_video(markup)
    assert video is not None
    assert video.embed_url == "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"
    assert video.watch_url == "https://www.youtube.com/watch?v=dQw4w9WgXcQ"


@pytest.mark.parametrize(
    "source",
    [
        "https://www.youtube.com.evil.example/embed/dQw4w9WgXcQ",
        "https://evil.example/www.youtube.com/embed/dQw4w9WgXcQ",
        "https://youtube.com@evil.example/embed/dQw4w9WgXcQ",
        "https://www.youtube.com/embed/../dQw4w9WgXcQ",
        'https://www.youtube.com/embed/dQw4w9"onload=x',
        "https://www.youtube.com/embed/",
        "javascript:alert('youtube.com/embed/dQw4w9WgXcQ')",
    ],
)
def test_other_frames_are_no_videos(source: str) -> None:
    assert find_video(f"<iframe src='{source}'></iframe>") is None


def test_footnotes_stand_in_a_plain_block() -> None:
    markup = html("a[^1]\n\n[^1]: b")
    assert '<div class="footnotes">' in markup
    assert "<section" not in markup
