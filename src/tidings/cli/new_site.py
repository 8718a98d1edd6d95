"""The files of a new site: what each is for is said in it. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

CONFIG = """\
# Every setting: docs/reference/config.md of tidings. All of them may be left out.

[site]
title = "My digest"
tagline = "News of what I follow"
# Where readers will find the site. `tidings publish` wants a real address here.
base_url = "https://example.org/"
# Decides which day a record belongs to.
timezone = "UTC"

# `tidings publish pages` makes a fresh build and pushes what changed to this branch.
[publish.pages]
type = "git"
remote = "origin"
branch = "gh-pages"

# `tidings publish public` takes it to a folder. GitLab Pages shows this one.
[publish.public]
type = "folder"
path = "public"
"""
FIRST = """\
---
title: "A record is one file"
excerpt: "Title, address and date are all that it needs. This line is its summary."
publishedDateTime: {first}
webUrl: "https://example.org/a-record-is-one-file"
provider:
  name: Example Times
  domain: example.org
topics:
  - Writing
related:
  - title: "What other outlets say stands beside it"
    webUrl: "https://example.net/what-others-say"
    provider:
      name: Example Post
      domain: example.net
---

Below the second line of dashes stands the body, in Markdown. It may be left out.
"""
SECOND = """\
---
title: "Topics make the sections"
excerpt: "A record may have several. Each gets a page and a feed of its own."
publishedDateTime: {second}
webUrl: "https://example.org/topics-make-the-sections"
provider:
  name: Example Times
  domain: example.org
topics:
  - Writing
  - Publishing
---
"""
TOPIC = """\
name: Publishing
description: From the folder to the public.
"""
ABOUT = """\
---
title: About
---

Say here who makes this digest, and for whom.
"""
IGNORE = """\
/site/
/public/
/.tidings/
"""
WORKFLOW = """\
# .github/workflows/publish.yml: build every hour, and after every push, and publish to Pages.
name: Publish
on:
  push:
    branches: [main]
  schedule:
    - cron: "17 * * * *"
  workflow_dispatch:
permissions:
  contents: write
concurrency:
  group: publish
jobs:
  publish:
    runs-on: ubuntu-latest
    timeout-minutes: 30
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.13"
      - name: Keep what builds remember
        uses: actions/cache@v4
        with:
          path: .tidings
          key: tidings-${{ github.run_id }}
          restore-keys: tidings-
      - run: python -m pip install --quiet tidings
      - run: git config user.name "github-actions[bot]"
      - run: git config user.email "github-actions[bot]@users.noreply.github.com"
      - run: tidings publish pages
"""
GITLAB = """\
# .gitlab-ci.yml: build on every push and every run of a schedule, and publish to Pages.
pages:
  image: python:3.13
  rules:
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
  cache:
    key: tidings
    paths:
      - .tidings/
  script:
    - python -m pip install --quiet tidings
    - tidings publish public
  artifacts:
    paths:
      - public
"""


def site_files(now: datetime) -> dict[str, str]:
    """The text of each file by its path; the sample records are a few hours old."""
    first, second = now - timedelta(hours=2), now - timedelta(hours=5)
    form = "%Y-%m-%dT%H:%M:%SZ"
    return {
        "tidings.toml": CONFIG,
        "content/news/a-record-is-one-file.md": FIRST.format(first=first.strftime(form)),
        "content/news/topics-make-the-sections.md": SECOND.format(second=second.strftime(form)),
        "content/topics/publishing.yaml": TOPIC,
        "content/pages/about.md": ABOUT,
        ".gitignore": IGNORE,
        ".github/workflows/publish.yml": WORKFLOW,
        ".gitlab-ci.yml": GITLAB,
    }
