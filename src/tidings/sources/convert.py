"""A record's raw texts to typed, repaired values: the step that both ways of reading share.

Problems carry the path of the value, not its place; only the diagnosing path knows places.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

import msgspec

from tidings.model.record import Coverage, Kind, Picture, Provider, Record, Video
from tidings.sources import fields
from tidings.sources.repair import clean_path, clean_text, clean_url, host_of, url_key
from tidings.sources.sanitise import find_video, sanitise_featured, video_of
from tidings.sources.schema import FieldPath, RawPicture, RawProvider, RawRecord, spell

Value = TypeVar("Value")

MAX_LOGO = 100
"""Pixels: a logo up to this width is one for lists."""


class Problem(msgspec.Struct, frozen=True):
    """Something wrong with one value."""

    path: FieldPath
    code: str
    message: str
    hint: str = ""
    error: bool = False
    """Whether the record cannot be shown because of it."""


class Notes:
    """Collects the problems of one record while its values are converted."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def add(self, path: FieldPath, code: str, message: str, hint: str = "") -> None:
        """Notes something that was repaired or left out."""
        self.problems.append(Problem(path, code, message, hint))

    def fail(self, path: FieldPath, code: str, message: str, hint: str = "") -> None:
        """Notes something that keeps the record from being shown."""
        self.problems.append(Problem(path, code, message, hint, error=True))


def convert_record(
    raw: RawRecord, identity: str, file: str, notes: Notes
) -> Record | None:
    """The record, or None where it cannot be shown; everything wrong with its values is noted."""
    title = clean_text(raw.title or "")
    if not title:
        notes.fail(("title",), "missing-title", "the record has no title", 'add `title: "…"`')
    published_at = _required_instant(raw, notes)
    original_url = _url(raw.original_url, ("originalUrl",), notes)
    web_url = _url(raw.web_url, ("webUrl",), notes)
    url = web_url or original_url
    if not url:
        notes.fail(
            ("webUrl",),
            "missing-url",
            "the record has no URL to send readers to",
            'add `webUrl: "https://…"`',
        )
    values = _optional_values(raw, notes)
    video, featured_html = _featured(raw, url)
    coverage = _coverage(raw, notes)
    pictures = read_pictures(raw.images, ("images",), notes)
    if published_at is None or any(problem.error for problem in notes.problems):
        return None
    keys = dict.fromkeys(url_key(each) for each in (url, original_url) if each)
    return Record(
        id=identity,
        file=file,
        title=title,
        published_at=published_at,
        url=url,
        url_keys=tuple(keys),
        excerpt=clean_text(raw.excerpt or ""),
        original_url=original_url,
        web_url=web_url,
        amp_url=clean_url(raw.amp_web_url or ""),
        cdn_amp_url=clean_url(raw.cdn_amp_web_url or ""),
        source_url=clean_url(raw.source_url or ""),
        kind=_kind(raw.type),
        provider=_provider(raw.provider, url),
        topics=_texts(raw.topics),
        tags=_texts(raw.tags),
        pictures=pictures,
        coverage=coverage,
        video=video,
        featured_html=featured_html,
        highlight=clean_text(raw.highlight or ""),
        slug=clean_text(raw.slug or ""),
        **values,
    )


def _required_instant(raw: RawRecord, notes: Notes) -> datetime | None:
    path: FieldPath = ("publishedDateTime",)
    text = raw.published_date_time
    if text is None or not text.strip():
        notes.fail(
            path,
            "missing-date",
            "the record has no publishedDateTime",
            "add `publishedDateTime: 2020-11-17T21:42:00Z`",
        )
        return None
    value = fields.instant(text.strip())
    if value is None:
        notes.fail(path, "wrong-date", *_date_words(path, text))
    return value


def _date_words(path: FieldPath, text: str) -> tuple[str, str]:
    text = text.strip()
    return (
        f"{spell(path)} {_shown(text)} {fields.instant_problem(text)}",
        "write it like 2020-11-17T21:42:00Z",
    )


def _shown(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:60] + "…")


def _typed(
    text: str | None,
    path: FieldPath,
    convert: Callable[[str], Value | None],
    wanted: str,
    notes: Notes,
) -> Value | None:
    """The text converted; a text that is no such value is an error that names what is wanted."""
    if text is None or not text.strip():
        return None
    value = convert(text.strip())
    if value is None:
        notes.fail(
            path,
            "wrong-type",
            f"{spell(path)} must be {wanted}, found {_shown(text)}",
            "correct the value, or remove the line",
        )
    return value


def _optional_values(raw: RawRecord, notes: Notes) -> dict[str, object]:
    """The record's optional typed values by field name."""

    def instant(text: str | None, name: str) -> datetime | None:
        path: FieldPath = (name,)
        if text is None or not text.strip():
            return None
        value = fields.instant(text.strip())
        if value is None:
            notes.fail(path, "wrong-date", *_date_words(path, text))
        return value

    published = _typed(raw.published, ("published",), fields.truth, "true or false", notes)
    return {
        "updated_at": instant(raw.updated_date_time, "updatedDateTime"),
        "expires_at": instant(raw.expires, "expires"),
        "quality": _typed(raw.quality, ("quality",), fields.integer, "a whole number", notes),
        "heat": _typed(raw.heat, ("heat",), fields.integer, "a whole number", notes),
        "published": True if published is None else published,
        "locale": _typed(raw.locale, ("locale",), fields.language, "a language tag", notes)
        or "",
        "aliases": _aliases(raw.aliases, notes),
    }


def _aliases(raw: list[str] | None, notes: Notes) -> tuple[str, ...]:
    aliases: dict[str, None] = {}
    for index, text in enumerate(raw or ()):
        path = text.strip()
        path = path if path.startswith("/") else f"/{path}"
        normal = posixpath.normpath(path)
        if not clean_path(path) or "?" in path or "#" in path or normal == "/":
            notes.add(
                ("aliases", index),
                "wrong-alias",
                f"alias {_shown(text)} is no path of this site",
                "write it like /old/path/",
            )
            continue
        aliases[path] = None
    return tuple(aliases)


def _url(text: str | None, path: FieldPath, notes: Notes) -> str:
    if text is None or not text.strip():
        return ""
    url = clean_url(text)
    if not url:
        notes.add(
            path,
            "wrong-url",
            f"{spell(path)} {_shown(text.strip())} is not an http(s) address and is left out",
            "write the whole address: https://example.org/…",
        )
    return url


def _kind(text: str | None) -> Kind:
    return Kind.VIDEO if (text or "").strip().lower() == "video" else Kind.ARTICLE


def _texts(raw: list[str] | None) -> tuple[str, ...]:
    """The texts cleaned, without empty ones and repeats."""
    return tuple(dict.fromkeys(text for each in raw or () if (text := clean_text(each))))


def _provider(raw: RawProvider | None, url: str) -> Provider | None:
    """The outlet, with what the record leaves out filled in from the address."""
    host = host_of(url)
    if raw is None:
        return Provider(name=host, domain=host) if host else None
    domain = fields.domain(raw.domain or "") or host
    name = clean_text(raw.name or "") or domain
    if not domain:
        return None
    authors = dict.fromkeys(clean_text(author.name or "") for author in raw.authors or ())
    authors.pop("", None)
    return Provider(name=name, domain=domain, logo=_logo(raw), authors=tuple(authors))


def _logo(raw: RawProvider) -> str:
    """The smallest of the provider's images; one whose size is not said counts as small."""
    best: tuple[int, str] | None = None
    for image in raw.images or ():
        url = _picture_url(image.url)
        width = fields.integer((image.width or "").strip()) or 0
        if url and width <= MAX_LOGO and (best is None or (width, url) < best):
            best = (width, url)
    return best[1] if best else ""


def _picture_url(text: str | None) -> str:
    return clean_url(text or "") or clean_path(text or "")


def read_pictures(
    raw: list[RawPicture] | None, path: FieldPath, notes: Notes
) -> tuple[Picture, ...]:
    """The usable ones of a list of images, without repeats."""
    pictures: dict[str, Picture] = {}
    for index, image in enumerate(raw or ()):
        url = _picture_url(image.url)
        if not url:
            notes.add(
                (*path, index, "url"),
                "wrong-url",
                f"{spell((*path, index))} has no usable address and is left out",
                "write an http(s) address, or a path of this site: /pictures/x.jpg",
            )
            continue
        pictures.setdefault(
            url,
            Picture(
                url=url,
                width=_pixels(image.width, (*path, index, "width"), notes),
                height=_pixels(image.height, (*path, index, "height"), notes),
                title=clean_text(image.title or ""),
                attribution=clean_text(image.attribution or ""),
            ),
        )
    return tuple(pictures.values())


def _pixels(text: str | None, path: FieldPath, notes: Notes) -> int:
    value = _typed(text, path, fields.integer, "a whole number", notes)
    return value if value is not None and 0 < value <= 100_000 else 0


def _featured(raw: RawRecord, url: str) -> tuple[Video | None, str]:
    """The record's video, and what else its `featuredContent` holds that may be shown."""
    content = raw.featured_content or ""
    video = find_video(content) if "<" in content else None
    if video is None and _kind(raw.type) is Kind.VIDEO:
        video = video_of(url)
    rest = sanitise_featured(content) if content.strip() and video is None else ""
    return video, rest


def _coverage(raw: RawRecord, notes: Notes) -> tuple[Coverage, ...]:
    entries: list[Coverage] = []
    for index, each in enumerate(raw.related or ()):
        path: FieldPath = ("related", index)
        title = clean_text(each.title or "")
        url = clean_url(each.web_url or "") or clean_url(each.amp_web_url or "")
        if not title or not url:
            notes.add(
                path,
                "incomplete-related",
                f"{spell(path)} has no {'title' if not title else 'usable webUrl'}"
                " and is left out",
                "give it a title and an http(s) webUrl, or remove it",
            )
            continue
        entries.append(
            Coverage(
                title=title,
                url=url,
                url_key=url_key(url),
                excerpt=clean_text(each.excerpt or ""),
                published_at=_coverage_instant(each.published_date_time, path, notes),
                kind=_kind(each.type),
                provider=_provider(each.provider, url),
                quality=_typed(
                    each.quality, (*path, "quality"), fields.integer, "a whole number", notes
                ),
                pictures=read_pictures(each.images, (*path, "images"), notes),
                amp_url=clean_url(each.amp_web_url or ""),
                cdn_amp_url=clean_url(each.cdn_amp_web_url or ""),
            )
        )
    return tuple(entries)


def _coverage_instant(text: str | None, path: FieldPath, notes: Notes) -> datetime | None:
    if text is None or not text.strip():
        return None
    value = fields.instant(text.strip())
    if value is None:
        path = (*path, "publishedDateTime")
        message, hint = _date_words(path, text)
        notes.add(path, "wrong-date", f"{message} and is left out", hint)
    return value
