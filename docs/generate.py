"""Writes docs/reference/ from the code that it describes, or says which pages are out of date.

python docs/generate.py           write
python docs/generate.py --check   write nothing; exit 1 if a page would change
"""

from __future__ import annotations

import inspect
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec
from field_tables import field_docs, settings_text, structs_text, views_text
from server_snippets import apache_settings, nginx_settings

from tidings.cli import COMMANDS, commands
from tidings.cli.build_json import BuildJson, build_schema
from tidings.cli.publish_json import KindCount, PublishJson
from tidings.engine import checking, explanation, mailing, report
from tidings.model import api, config, diagnostic, finding, publishing, view
from tidings.model.codes import CODES
from tidings.publish import changes

FOLDER = Path(__file__).parent / "reference"
MARK = "<!-- Made by `make docs` from {origin}; change that file, not this one. -->\n\n"

CONFIG = """\
# `tidings.toml`

The file lies in the site's folder. It may be absent: then every setting has its default. A name
that is not listed here is an error.
"""
TEMPLATES = """\
# What templates see

Templates get `site` (a [SiteView](#siteview)), `page` (a [PageView](#pageview)) and `theme` (a
[ThemeView](#themeview)). A name that is not listed here is an error. How to override a
template: [the theme guide](../how-to/theme.md).

All text is plain and is escaped by the template engine; fields named `html` hold sanitised
HTML. URLs of this site start with its base path and are ready for `href`. Instants are aware
UTC; the `date` filter turns them into local time.
"""
DIAGNOSTICS = """\
# Diagnostics

What `tidings` says of a site's files, by code. An error leaves something out; a warning repairs
or guesses; an info only tells. Whether one problem is an error or a warning can depend on where
it is found.
"""
BUILD_JSON = """\
# `tidings build --json`

One JSON object on standard output, whatever the build came to, and nothing else there. Only a
command line that cannot be understood (exit code 2) or a bug in tidings (70) gives none. Its
JSON Schema is [build.schema.json](build.schema.json). Fields may be added; none changes its
meaning.
"""
EXPLAIN_JSON = """\
# `tidings explain --json`

One JSON object on standard output: an Explanation. What to do with it:
[find out why](../how-to/find-out-why.md). Fields may be added; none changes its meaning.
"""
API_JSON = """\
# The JSON API

Below `/api/` of every site, unless `[api] enabled = false`:

| File | What it holds |
|---|---|
| `/api/news/index.json`, `/api/news/page/N/index.json` | all records: an ApiPage |
| `/api/topics/SLUG/…` | the records of a topic and of its sub-topics: the same |
| `/api/sources/DOMAIN/…` | the records of an outlet: the same |
| `/api/news/YYYY/MM/DD/SLUG/index.json` | one record: an ApiItem |
| `/api/schema.json` | the JSON Schema (2020-12) of all of these |

`index.json` is page 1, the newest; follow `nextPage` until it is null. Only records that the
site shows are here. What is not known of a record is null, or empty, and still there; of its
pictures, outlets and related articles it is left out. A topic without records has one page with
an empty `value`.

Pages count from the newest, so a new record moves every older one along: it changes all pages
of its lists, an older record those from its place on. On a site of 10,000 records that is 400
pages of `/api/news/`, as many of a topic that holds all of them, and few of others. `[api]
page_size` makes them fewer. A page that did not change is not written.
"""
NEWSLETTER_JSON = """\
# `tidings newsletter --json`

One JSON object on standard output: a MailReport. What to do with it:
[send a newsletter](../how-to/newsletter.md). Fields may be added; none changes its meaning.
"""
PUBLISH_CONFIG = """
## `[publish.NAME]`

Where `tidings publish NAME` takes the site: one table for each target, under a name of your
own. How to use it: [publish](../how-to/publish.md). Settings of all types come first,
then those that belong to one `type`.
"""
PUBLISH_JSON = """\
# `tidings publish --json`

One JSON object on standard output, whatever the publish came to, and nothing else there. Only a
command line that cannot be understood (exit code 2) or a bug in tidings (70) gives none. Fields
may be added; none changes its meaning.
"""
CHECK_JSON = """\
# `tidings check`

The rules, and what `tidings check --json` writes: one object on standard output, a CheckReport.
How to use it: [find out why](../how-to/find-out-why.md). Fields may be added; none changes its
meaning.

## Rules

A `warning` asks for a look, since readers may be misled; a `note` is worth knowing; what is
`repaired` needs nothing. Rules are looked for in records that are held back too, except for
those of coverage.

| Rule | Level | What is found | What readers get, or what to do |
|---|---|---|---|
"""


def main(arguments: list[str]) -> int:
    """Write or check all pages; the exit code."""
    stale = []
    for name, text in pages():
        file = FOLDER / name
        if file.exists() and file.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if "--check" not in arguments:
            FOLDER.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")
    if "--check" in arguments and stale:
        sys.stderr.write(
            f"docs/reference is out of date: {', '.join(stale)}; run `make docs`\n"
        )
        return 1
    return 0


def pages() -> Iterator[tuple[str, str]]:
    """File name and text of each reference page."""
    yield "config.md", MARK.format(origin="src/tidings/model/config.py") + config_page()
    yield "templates.md", MARK.format(origin="src/tidings/model/view.py") + templates_page()
    yield "diagnostics.md", MARK.format(origin="src/tidings/model/codes.py") + codes_page()
    yield "cli.md", MARK.format(origin="src/tidings/cli/") + cli_page()
    yield "build-json.md", MARK.format(origin="src/tidings/cli/build_json.py") + json_page()
    yield "check.md", MARK.format(origin="src/tidings/engine/checking.py") + check_page()
    yield (
        "explain-json.md",
        MARK.format(origin="src/tidings/engine/explanation.py") + explain_page(),
    )
    yield (
        "publish-json.md",
        MARK.format(origin="src/tidings/cli/publish_json.py") + publish_json_page(),
    )
    yield "api.md", MARK.format(origin="src/tidings/model/api.py") + api_page()
    yield "nginx.conf", nginx_settings()
    yield "apache.conf", apache_settings()
    yield (
        "newsletter-json.md",
        MARK.format(origin="src/tidings/engine/mailing.py") + newsletter_page(),
    )
    yield "build.schema.json", json.dumps(build_schema(), indent=2) + "\n"


def config_page() -> str:
    """The settings, table by table; targets of a publish by their types."""
    text = CONFIG
    docs = field_docs(config)
    for table in msgspec.structs.fields(config.Config):
        if table.name == "publish":
            continue
        text += f"\n## `[{table.name}]`\n\n{inspect.getdoc(table.type)}\n"
        text += settings_text(table.type, docs[table.type.__name__], "###")
    text += PUBLISH_CONFIG
    docs = field_docs(publishing)
    shared = publishing.TargetConfig
    text += settings_text(shared, docs[shared.__name__], "###")
    for name, struct in publishing.TARGET_TYPES.items():
        text += f'\n### `type = "{name}"`\n\n{inspect.getdoc(struct)}\n'
        own = {key: words for key, words in docs[struct.__name__].items() if key != "type"}
        text += settings_text(struct, own, "####")
    return text


def templates_page() -> str:
    """The views that templates see."""
    return TEMPLATES + views_text(view, "SiteView", "PageView")


def codes_page() -> str:
    """All diagnostics."""
    text = DIAGNOSTICS
    for group, codes in CODES.items():
        text += f"\n## {group}\n\n| Code | What it means |\n|---|---|\n"
        text += "".join(f"| `{code}` | {codes[code]} |\n" for code in sorted(codes))
    return text


def cli_page() -> str:
    """The help of all commands, as a terminal shows it."""
    text = "# Command line\n"
    names = ["-h", "--help"]
    context = click.Context(
        commands, info_name="tidings", terminal_width=88, help_option_names=names
    )
    text += f"\n```text\n{commands.get_help(context)}\n```\n"
    for name in COMMANDS:
        command = commands.get_command(context, name)
        assert command is not None
        inner = click.Context(command, context, info_name=name, terminal_width=88)
        text += f"\n## `tidings {name}`\n\n```text\n{command.get_help(inner)}\n```\n"
    return text


def json_page() -> str:
    """The object that `tidings build --json` writes."""
    return BUILD_JSON + structs_text(
        (BuildJson, inspect.getmodule(BuildJson) or report),
        (report.Counts, report),
        (diagnostic.Diagnostic, diagnostic),
        (diagnostic.Place, diagnostic),
    )


def publish_json_page() -> str:
    """The object that `tidings publish --json` writes."""
    return (
        PUBLISH_JSON
        + structs_text(
            (PublishJson, inspect.getmodule(PublishJson) or report),
            (KindCount, inspect.getmodule(KindCount) or report),
            (changes.Change, changes),
        )
        + "\nCounts and diagnostics are those of\n"
        + "[`tidings build --json`](build-json.md#counts).\n"
    )


def check_page() -> str:
    """The rules of `tidings check`, and the object that it writes."""
    rows = "".join(
        f"| `{rule.code}` | {rule.level} | {rule.meaning} | {rule.result} |\n"
        for rule in checking.RULES
    )
    structs: tuple[type[msgspec.Struct], ...] = (
        checking.CheckReport,
        checking.RuleCount,
        checking.ProviderCount,
        checking.CodeCount,
    )
    return (
        CHECK_JSON
        + rows
        + structs_text(*((struct, checking) for struct in structs))
        + structs_text((finding.Finding, finding))
        + "\nDiagnostics are those of [`tidings build --json`](build-json.md#diagnostic).\n"
    )


def api_page() -> str:
    """The shapes of the JSON API."""
    shown = [name for name in field_docs(api) if name != "ApiValue"]
    return API_JSON + structs_text(*((getattr(api, name), api) for name in reversed(shown)))


def explain_page() -> str:
    """The object that `tidings explain --json` writes."""
    names = sorted(field_docs(explanation), key=lambda name: not name.endswith("Explanation"))
    names.insert(0, names.pop(names.index("Explanation")))
    return (
        EXPLAIN_JSON
        + structs_text(*((getattr(explanation, name), explanation) for name in names))
        + "\nFindings are those of [`tidings check`](check.md#finding), diagnostics those of\n"
        + "[`tidings build --json`](build-json.md#diagnostic).\n"
    )


def newsletter_page() -> str:
    """The object that `tidings newsletter --json` writes."""
    return (
        NEWSLETTER_JSON
        + structs_text((mailing.MailReport, mailing))
        + "\nDiagnostics are those of [`tidings build --json`](build-json.md#diagnostic).\n"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
