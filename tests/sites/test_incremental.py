"""A build after any edits gives what a build from nothing gives, whoever does it."""

from __future__ import annotations

import json
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import msgspec
from fixture_builds import outside
from fixture_site import Site, record
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tidings.engine import build as build_module
from tidings.engine import finish, reading, relating
from tidings.engine.build import build
from tidings.engine.keys import open_makers
from tidings.engine.memory import Memory
from tidings.engine.prepare import prepare
from tidings.engine.reach import shared_digest
from tidings.engine.report import BuildReport, BuildRequest, no_progress
from tidings.engine.run import Run, read_config
from tidings.pages import sitemaps

NAMES = st.sampled_from(["a", "b", "c", "d/e", "ä"])
TITLES = st.sampled_from(["Bridge opens", "bridge OPENS", "Vote on water", "Späte Züge", "!!!"])
TOPICS = st.lists(st.sampled_from(["Alpha", "alpha", "Beta", "C++", "C#"]), max_size=3)
PICTURES = st.sampled_from(["/p.svg", "/q.svg", "/other.svg", "https://o1.example/x.png"])


RELATED = st.lists(st.builds(outside, TITLES, st.integers(0, 5), PICTURES), max_size=3)
VALUES = st.one_of(
    st.tuples(st.just("related"), RELATED),
    st.tuples(
        st.just("webUrl"), st.integers(0, 5).map(lambda at: f"https://o{at % 2}.example/{at}")
    ),
)
"""Keys of a record, each with what it may be changed to."""
EXTRAS = st.fixed_dictionaries(
    {},
    optional={
        "published": st.booleans(),
        "quality": st.integers(0, 3),
        "expires": st.just("2024-03-03T00:00:00Z"),
        "aliases": st.sampled_from([["/old/"], ["/older/x.html"]]),
        "images": PICTURES.map(lambda url: [{"url": url}]),
        "related": RELATED,
        "slug": st.just("chosen"),
    },
)
BODIES = st.sampled_from(
    ["", "Words.", "See [that](b.md).", "![p](/p.svg)", "[q](/q.svg)", "[top](/topics/)"]
)
OVERRIDES = {
    "templates/partials/footer.html": "<footer>Mine: {{ site.title }}</footer>\n",
    "templates/page.html": "{% extends 'base.html' %}{% block main %}<h1>P</h1>{% endblock %}",
    "templates/static/style.css": "body { color: red }\n",
    "templates/redirect.html": "<a href='{{ page.target_url }}'>{{ page.title }}</a>\n",
}
CONFIGS = (
    '[site]\ntitle = "Other"\n',
    '[site]\ntimezone = "Asia/Tokyo"\n[lists]\npage_size = 1\n',
    '[site]\nbase_url = "https://x.example/sub/"\n[block]\ntopics = ["beta"]\n',
    '[content]\nunpublished = true\n[theme]\naccent = "#123456"\n',
    "[lists]\npage_size = 1\nfront_days = 1\n[related]\nenabled = false\n",
    "[newsletter]\nenabled = true\nkeep = 2\n",
    '[feed]\nformats = ["json", "rss"]\nentries = 1\nlink = "source"\nstories = "none"\n',
    '[feed]\ncontent = "summary"\nhub = "https://hub.example/"\n',
    '[newsletter]\nenabled = true\nevery = "week"\n[site]\ntimezone = "Asia/Tokyo"\n',
    "[stories]\nenabled = false\n[related]\nenabled = false\n",
)


class Edits(RuleBasedStateMachine):
    """A site that is edited and built; after each build its output is that of a clean one."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="edits-"))
        self.site = Site(self.folder, "-- static/p.svg --\n<svg/>\n")
        self.clock = datetime(2024, 3, 2, tzinfo=UTC)
        self.changed = False
        self.planned: dict[tuple[bytes, bytes, str, bytes], bytes] = {}
        self.memory = Memory(self.folder / "lived")
        self.builds = 0
        # Small ones, so that a site has several.
        self.small = mock.patch.object(sitemaps, "MOST_ENTRIES", 6)
        self.small.start()

    def teardown(self) -> None:
        self.small.stop()
        shutil.rmtree(self.folder)

    @initialize(titles=st.lists(TITLES, min_size=2, max_size=4), topics=TOPICS)
    def begin(self, titles: list[str], topics: list[str]) -> None:
        # They show what later edits change: pictures, logos, addresses.
        shows: list[dict[str, Any]] = [
            {"images": [{"url": "/p.svg"}]},
            {"related": [outside("Elsewhere", 3, "/p.svg")]},
            {"body": "See [the first](n0.md) and ![q](/q.svg)."},
            {"provider": {"name": "O", "domain": "o1.example", "images": [{"url": "/q.svg"}]}},
        ]
        for number, (title, shown) in enumerate(zip(titles, shows, strict=False)):
            day = f"2024-03-01T0{number + 1}:00:00Z"
            self.site.news(f"n{number}", title, day, **{"topics": topics, **shown})
        self.changed = True

    @rule(
        name=NAMES,
        title=TITLES,
        day=st.integers(1, 4),
        topics=TOPICS,
        url=st.integers(0, 5),
        extras=EXTRAS,
        body=BODIES,
    )
    def write_record(
        self,
        name: str,
        title: str,
        day: int,
        topics: list[str],
        url: int,
        extras: dict[str, Any],
        body: str,
    ) -> None:
        text = record(
            title,
            f"2024-03-0{day}T0{url}:00:00Z",
            body,
            webUrl=f"https://o{url % 2}.example/{url}",
            topics=topics,
            **extras,
        )
        self.site.write(f"content/news/{name}.md", text)
        self.changed = True

    @rule(name=NAMES, how=st.sampled_from(["broken", "gone", "renamed", "crlf"]))
    def spoil_record(self, name: str, how: str) -> None:
        file = self.site.source / f"content/news/{name}.md"
        if not file.is_file():
            return
        if how == "broken":
            file.write_text("---\ntitle: [\n---\n", encoding="utf-8")
        elif how == "gone":
            file.unlink()
        elif how == "renamed":
            file.rename(file.with_name(f"renamed-{file.name}"))
        else:
            file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
        self.changed = True

    @rule(number=st.integers(0, 9), value=VALUES)
    def change_value(self, number: int, value: tuple[str, Any]) -> None:
        """Edits nothing else of a record, which may be one that another stands for."""
        files = sorted((self.site.source / "content/news").rglob("*.md"))
        file = files[number % len(files)] if files else None
        if file is None or not (text := file.read_text("utf-8")).startswith("---\ntitle: "):
            return
        key, new = value
        lines = [line for line in text.split("\n") if not line.startswith(f"{key}: ")]
        lines.insert(2, f"{key}: {json.dumps(new)}")
        file.write_text("\n".join(lines), encoding="utf-8")
        self.changed = True

    @rule(file=st.sampled_from(sorted(OVERRIDES)), there=st.booleans())
    def override_template(self, file: str, there: bool) -> None:
        self._put(file, OVERRIDES[file] if there else None)

    @rule(
        text=st.sampled_from(
            [
                "name: Alpha\n",
                "name: The Alpha\nshortname: alpha\n",
                "name: Alpha\ndescription: What is first.\n",
                "name: Alpha\nimages:\n  - url: /p.svg\n",
                None,
            ]
        )
    )
    def declare_topic(self, text: str | None) -> None:
        self._put("content/topics/01-alpha.yaml", text)

    @rule(
        text=st.sampled_from(
            ["name: Beta\nparent: alpha\n", "name: Beta\ndescription: B.\n", None]
        )
    )
    def declare_child(self, text: str | None) -> None:
        self._put("content/topics/02-beta.yaml", text)

    @rule(
        text=st.sampled_from(
            [
                "name: The O\ndomain: o1.example\n",
                "name: The O\ndomain: o1.example\nimages:\n  - url: /q.svg\n    width: 50\n",
                None,
            ]
        )
    )
    def declare_provider(self, text: str | None) -> None:
        self._put("content/providers/o1.example.md", text and f"---\n{text}---\n")

    @rule(text=st.sampled_from([*CONFIGS, None]))
    def configure(self, text: str | None) -> None:
        self._put("tidings.toml", text)

    @rule(
        name=st.sampled_from(["p.svg", "q.svg", "root/p.svg", "other.svg"]),
        text=st.sampled_from(["<svg id='1'/>", "<svg width='2' height='3'/>", None]),
    )
    def change_picture(self, name: str, text: str | None) -> None:
        self._put(f"static/{name}", text)

    @rule(file=st.sampled_from(["about", "us", ""]))
    def change_page(self, file: str) -> None:
        """The page is in one of two files, or there is none."""
        text = "---\ntitle: About\nslug: about\n---\n![p](/p.svg) [b](b.md)\n"
        for each in ("about", "us"):
            self._put(f"content/pages/{each}.md", text if each == file else None)

    @rule(days=st.sampled_from([-1, 1, 2]))
    def move_clock(self, days: int) -> None:
        self.clock += timedelta(days=days)
        self.changed = True

    @rule()
    def lose_a_page(self) -> None:
        pages = sorted(self.site.output.rglob("index.html"))
        if pages:
            pages[len(pages) // 2].unlink()
            self.changed = True

    @precondition(lambda self: self.changed)
    @invariant()
    def same_as_clean(self) -> None:
        self.changed = False
        before = self.site.files()
        report = self.site.build(clock=self.clock)
        fresh = self.folder / "fresh"
        clean = self.site.build(clock=self.clock, output=fresh)
        assert report.exit_code == clean.exit_code
        assert report.diagnostics == clean.diagnostics
        lived = self.build_as_preview()
        assert report.diagnostics == lived.diagnostics
        if report.ok:
            after = self.site.files()
            assert after == self.site.files(fresh)
            assert after == self.site.files(lived.output)
            # The report tells what changed, and nothing else.
            assert set(report.deleted) == set(before) - set(after)
            assert set(report.written) == {
                path for path, data in after.items() if before.get(path) != data
            }
        else:
            assert self.site.files() == before
        shutil.rmtree(fresh, ignore_errors=True)

    def build_as_preview(self) -> BuildReport:
        """Builds as `serve` does, in one process that remembers; every second time with two
        processes, however small the site."""
        self.builds += 1
        least = 1 if self.builds % 2 else 300
        request = BuildRequest(
            self.site.source, self.folder / "lived", self.clock, preview=True, jobs=2
        )
        with (
            mock.patch.object(finish, "WORTH_FORKING", least),
            mock.patch.object(reading, "WORTH_FORKING", least),
            mock.patch.object(relating, "WORTH_ANOTHER", least),
            mock.patch.object(build_module, "WORTH_LOOKING_ASIDE", least),
        ):
            return build(request, memory=self.memory)

    @invariant()
    def equal_bases_mean_equal_plans(self) -> None:
        request = BuildRequest(self.site.source, self.site.output, self.clock)
        run = Run(request, no_progress)
        config = read_config(run)
        if config is None:
            return
        made = prepare(config, run)
        if made.sketch is None or made.theme is None:
            return
        shared = shared_digest(config)
        makers = open_makers(made.theme, made.sketch.site)
        for page in made.sketch.pages:
            drawn = page.draw()
            assert page.basis
            assert drawn.template == page.template
            plan = msgspec.msgpack.encode(drawn)
            of = (shared, makers(page.template), page.path, page.basis)
            assert self.planned.setdefault(of, plan) == plan

    def _put(self, path: str, text: str | None) -> None:
        if text is not None:
            self.site.write(path, text)
        elif (self.site.source / path).is_file():
            self.site.remove(path)
        self.changed = True


TestEdits = Edits.TestCase
TestEdits.settings = settings(
    max_examples=8,
    stateful_step_count=6,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
