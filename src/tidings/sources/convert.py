"""A record's raw texts to typed, repaired values: the step that both ways of reading share.

Problems carry the path of the value, not its place; only the diagnosing path knows places.
"""

from __future__ import annotations

import posixpath
from datetime import datetime
from urllib.parse import unquote

from tidings.model.record import Body, Coverage, Kind, Record, Video
from tidings.sources import fields
from tidings.sources.addresses import clean_path, clean_url, url_key
from tidings.sources.parts import (
    describe_date,
    note_empty,
    read_coverage,
    read_integer,
    read_kind,
    read_pictures,
    read_provider,
    read_text,
    read_texts,
    read_typed,
    read_url,
)
from tidings.sources.problems import FieldPath, Notes, shown
from tidings.sources.sanitise import find_video, sanitise_featured, video_of
from tidings.sources.schema import RawCoverage, RawRecord, Text

MAX_FEATURED = 20_000
"""Characters of `featuredContent`; the records that have it hold one short iframe."""


def convert_record(
    raw: RawRecord, identity: str, file: str, body: Body | None, notes: Notes
) -> Record | None:
    """The record, or None where it cannot be shown; everything wrong with its values is noted.

    `notes` are this record's own.
    """
    title = read_text(raw.title)
    if not title:
        notes.fail(("title",), "missing-title", "the record has no title", 'add `title: "…"`')
    published_at = _published_at(raw.published_date_time, notes)
    original_url = read_url(raw.original_url, ("originalUrl",), notes)
    web_url = read_url(raw.web_url, ("webUrl",), notes)
    url = web_url or original_url
    if not url:
        notes.fail(
            ("webUrl",),
            "missing-url",
            "the record has no URL to send readers to",
            'add `webUrl: "https://…"`',
        )
    published = read_typed(raw.published, ("published",), fields.truth, "true or false", notes)
    locale = read_typed(
        raw.locale, ("locale",), fields.language, "a language tag such as `en`", notes
    )
    video, featured_html = _featured(raw.featured_content, read_kind(raw.type), url, notes)
    updated_at = _instant(raw.updated_date_time, ("updatedDateTime",), notes)
    expires_at = _expires_at(raw.expires, notes)
    quality = read_integer(raw.quality, ("quality",), notes)
    heat = read_integer(raw.heat, ("heat",), notes)
    provider = read_provider(raw.provider, url, ("provider",), notes)
    topics = read_texts(raw.topics, ("topics",), notes)
    tags = read_texts(raw.tags, ("tags",), notes)
    pictures = read_pictures(raw.images, ("images",), notes)
    coverage = _coverage(raw.related, notes)
    aliases = _aliases(raw.aliases, notes)
    if published_at is None or notes.failed:
        return None
    keys = dict.fromkeys(url_key(each) for each in (url, original_url) if each)
    return Record(
        id=identity,
        file=file,
        title=title,
        published_at=published_at,
        url=url,
        url_keys=tuple(keys),
        excerpt=read_text(raw.excerpt),
        updated_at=updated_at,
        expires_at=expires_at,
        original_url=original_url,
        web_url=web_url,
        amp_url=clean_url(raw.amp_web_url or ""),
        cdn_amp_url=clean_url(raw.cdn_amp_web_url or ""),
        source_url=clean_url(raw.source_url or ""),
        kind=read_kind(raw.type),
        quality=quality,
        heat=heat,
        published=published is not False,
        provider=provider,
        topics=topics,
        tags=tags,
        pictures=pictures,
        coverage=coverage,
        video=video,
        featured_html=featured_html,
        locale=locale or "",
        highlight=read_text(raw.highlight),
        slug=read_text(raw.slug),
        aliases=aliases,
        body=body,
    )


def _published_at(text: Text, notes: Notes) -> datetime | None:
    path: FieldPath = ("publishedDateTime",)
    if text is None or not text.strip():
        notes.fail(
            path,
            "missing-date",
            "the record has no publishedDateTime",
            "add `publishedDateTime: 2020-11-17T21:42:00Z`",
        )
        return None
    return _instant(text, path, notes)


def _instant(text: Text, path: FieldPath, notes: Notes) -> datetime | None:
    if text is None or not (text := text.strip()):
        return None
    value = fields.instant(text)
    if value is None:
        notes.fail(path, "wrong-date", *describe_date(path, text))
    return value


def _expires_at(text: Text, notes: Notes) -> datetime | None:
    """When the record expires; the year 9999 is how some systems write "never"."""
    if text and text.strip().startswith("9999-"):
        return None
    return _instant(text, ("expires",), notes)


def _aliases(raw: list[Text] | None, notes: Notes) -> tuple[str, ...]:
    """Paths of this site: with `/` before them, without empty and dotted parts."""
    aliases: dict[str, None] = {}
    for index, text in enumerate(raw or ()):
        path = (text or "").strip()
        if not path:
            note_empty(("aliases", index), notes)
            continue
        path = path if path.startswith("/") else f"/{path}"
        normal = posixpath.normpath(path)
        dotted = any(part in (".", "..") for part in unquote(normal).split("/"))
        if not clean_path(path) or dotted or set("?#:") & set(path) or normal == "/":
            notes.add(
                ("aliases", index),
                "wrong-alias",
                f"alias {shown(path)} is no path of this site and is left out",
                "write it like /old/path/",
            )
            continue
        aliases[f"{normal}/" if path.endswith("/") else normal] = None
    return tuple(aliases)


def _featured(content: Text, kind: Kind, url: str, notes: Notes) -> tuple[Video | None, str]:
    """The record's video, and what else its `featuredContent` holds that may be shown."""
    video, rest = None, ""
    if content and len(content) > MAX_FEATURED:
        notes.add(
            ("featuredContent",),
            "long-text",
            f"featuredContent has {len(content):,} characters and is left out",
            f"at most {MAX_FEATURED:,} are read",
        )
    elif content and not content.isspace():
        video = find_video(content) if "<" in content else None
        rest = sanitise_featured(content)
    if video is None and kind is Kind.VIDEO:
        video = video_of(url)
    return video, rest


def _coverage(raw: list[RawCoverage | None] | None, notes: Notes) -> tuple[Coverage, ...]:
    if not raw:
        return ()
    entries = []
    for index, each in enumerate(raw):
        path: FieldPath = ("related", index)
        if each is None:
            note_empty(path, notes)
        elif entry := read_coverage(each, path, notes):
            entries.append(entry)
    return tuple(entries)
