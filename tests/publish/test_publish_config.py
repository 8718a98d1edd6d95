"""`[publish.NAME]` in `tidings.toml`: what it may say, and what is said of mistakes."""

from __future__ import annotations

from tidings.model.publishing import TARGET_TYPES, FolderTarget, GitTarget
from tidings.model.source import SourceFile
from tidings.sources.config import parse_config

CHOICES = " or ".join(f'"{name}"' for name in TARGET_TYPES)


def problems(text: str) -> list[str]:
    """Each problem as "line:column code message | hint"."""
    found = parse_config(SourceFile("tidings.toml", text.encode())).diagnostics
    return [
        f"{p.place.line}:{p.place.column} {p.code} {p.message} | {p.hint}"
        for p in sorted(found, key=lambda p: (p.place.line, p.place.column))
    ]


def test_targets_are_read_by_their_types() -> None:
    text = """\
[publish.www]
type = "folder"
path = "/srv/www"
releases = 5
after = ["purge --all", "sh -c 'a | b'"]
[publish.pages]
type = "git"
base_url = "https://example.github.io/digest"
"""
    config = parse_config(SourceFile("tidings.toml", text.encode())).value
    assert config is not None
    assert config.publish == {
        "www": FolderTarget(
            path="/srv/www", releases=5, after=("purge --all", "sh -c 'a | b'")
        ),
        "pages": GitTarget(base_url="https://example.github.io/digest/"),
    }


def test_everything_wrong_is_told_with_its_place() -> None:
    text = """\
[publish.www]
type = "folder"
pth = "/srv/www"
releases = -1
after = ["'", 3]
[publish.pages]
type = "gti"
[publish.other]
path = "x"
[publish."a b"]
type = "git"
[publish.last]
type = "git"
branch = ""
base_url = "digest.news"
indexnow_key = "?"
"""
    assert problems(text) == [
        '1:1 missing-setting [publish.www] has no "path" | write path = …',
        '3:1 unknown-setting [publish.www] has no setting "pth" | did you mean "path"?',
        '4:12 wrong-setting-value "publish.www.releases" is the number -1, and must be a whole'
        " number from 0 to 1000 | ",
        '5:15 wrong-setting-type a member of "publish.www.after" is the number 3, and must be a'
        " text that is not empty | ",
        '7:8 wrong-setting-value [publish.pages] has the type "gti", and must have '
        f'{CHOICES} | did you mean "git"?',
        f"8:1 missing-setting [publish.other] has no type | write type = {CHOICES}",
        '10:1 wrong-setting-value "a b" is no name of a target | use letters, digits, - and _',
        '14:10 wrong-setting-value "publish.last.branch" is "", and must be a text that is not'
        " empty | ",
        '15:12 wrong-setting-value "digest.news" is not an absolute http or https address |'
        " write it whole, such as https://example.org/ or https://example.org/news/",
        '16:16 wrong-setting-value "?" is no IndexNow key | a key has 8 to 128 letters, digits'
        " and -",
    ]


def test_commands_are_checked() -> None:
    text = '[publish.www]\ntype = "git"\nafter = ["run \'it", " "]\n'
    assert problems(text) == [
        '3:10 wrong-setting-value the command "run" cannot be split into words: No closing'
        " quotation"
        " | close its quotes",
        "3:21 wrong-setting-value a command is empty | ",
    ]


def test_publish_is_a_table_of_tables() -> None:
    assert problems("publish = 3") == [
        '1:11 wrong-setting-type "publish" is the number 3, and must be a table of settings'
        " | write [publish.production] on a line"
    ]
    assert problems('[publish]\ntype = "git"') == [
        '2:8 wrong-setting-type "publish.type" is "git", and must be a table'
        " | write [publish.production] on a line, and the settings below it"
    ]


def test_buckets_of_all_three_services_are_taken() -> None:
    for url in ("s3://digest-news/site", "gs://digest-news", "az://container/a/b", "az://$web"):
        assert problems(f'[publish.www]\ntype = "s3"\nurl = "{url}"\n') == []
    for url in ("s3://", "s3://$other", "http://bucket", "az://$web$", "s3://a b"):
        assert (
            "such as s3://bucket" in problems(f'[publish.www]\ntype = "s3"\nurl = "{url}"\n')[0]
        )
