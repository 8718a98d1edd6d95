"""The parts that records, their related entries and metadata share, from raw text to values."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from tidings.model.record import Coverage, Kind, Picture, Provider
from tidings.sources import fields
from tidings.sources.addresses import clean_path, clean_url, host_of, url_key
from tidings.sources.problems import FieldPath, Notes, shown, spell
from tidings.sources.repair import clean_text
from tidings.sources.schema import RawCoverage, RawPicture, RawProvider, Text

Value = TypeVar("Value")

MAX_LOGO = 100
"""Pixels: a logo up to this width is one for lists."""


def read_text(text: Text) -> str:
    """The text cleaned; "" for none."""
    return clean_text(text) if text else ""


def read_texts(raw: list[Text] | None, path: FieldPath, notes: Notes) -> tuple[str, ...]:
    """The list's texts cleaned, without repeats; empty entries are told."""
    if not raw:
        return ()
    texts: dict[str, None] = {}
    for index, each in enumerate(raw):
        if text := read_text(each):
            texts[text] = None
        else:
            note_empty((*path, index), notes)
    return tuple(texts)


def note_empty(path: FieldPath, notes: Notes) -> None:
    """Notes that a list's entry holds nothing."""
    notes.add(
        path, "empty-entry", f"{spell(path)} is empty and is left out", "remove the lone `-`"
    )


def read_typed(
    text: Text,
    path: FieldPath,
    convert: Callable[[str], Value | None],
    wanted: str,
    notes: Notes,
) -> Value | None:
    """The text converted; where it is no such value, an error names what is wanted."""
    if text is None or not (text := text.strip()):
        return None
    value = convert(text)
    if value is None:
        notes.fail(
            path,
            "wrong-type",
            f"{spell(path)} must be {wanted}, found {shown(text)}",
            "correct the value, or remove the line",
        )
    return value


def read_integer(text: Text, path: FieldPath, notes: Notes) -> int | None:
    """The text as a whole number."""
    if text is None:
        return None
    return read_typed(text, path, fields.integer, "a whole number", notes)


def describe_date(path: FieldPath, text: str) -> tuple[str, str]:
    """Message and hint for a text that is no instant."""
    return (
        f"{spell(path)} {shown(text)} {fields.instant_problem(text.strip())}",
        "write it like 2020-11-17T21:42:00Z",
    )


def read_url(text: Text, path: FieldPath, notes: Notes) -> str:
    """The text as an http(s) URL; one that is none is told, and is ""."""
    if text is None or not text.strip():
        return ""
    url = clean_url(text)
    if not url:
        notes.add(
            path,
            "wrong-url",
            f"{spell(path)} {shown(text)} is not an http(s) address and is left out",
            "write the whole address, without a password: https://example.org/…",
        )
    return url


def read_kind(text: Text) -> Kind:
    """The kind that the text names; an article where it names none that we know."""
    return Kind.VIDEO if text and text.strip().lower() == "video" else Kind.ARTICLE


def read_provider(
    raw: RawProvider | None, url: str, path: FieldPath, notes: Notes
) -> Provider | None:
    """The outlet, with what the record leaves out filled in from the address."""
    if raw is None:
        host = host_of(url)
        return Provider(name=host, domain=host) if host else None
    if raw.name and raw.domain and not raw.images and not raw.authors:
        provider = _known_provider(raw.name, raw.domain)
        if provider is not None:
            return provider
    host = host_of(url)
    domain = fields.domain(raw.domain) if raw.domain and raw.domain.strip() else host
    if domain is None:
        notes.add(
            (*path, "domain"),
            "wrong-domain",
            f"{spell((*path, 'domain'))} {shown(raw.domain or '')} is not a host name and is"
            " left out",
            "write it like example.org",
        )
    domain = domain or host
    authors: dict[str, None] = {}
    for index, author in enumerate(raw.authors or ()):
        if author is None:
            note_empty((*path, "authors", index), notes)
        elif name := read_text(author.name):
            authors[name] = None
    if not domain:
        return None
    return Provider(
        name=read_text(raw.name) or domain,
        domain=domain,
        logo=_smallest(raw.images),
        authors=tuple(authors),
    )


@functools.lru_cache(maxsize=4096)  # Those few are named by most records and coverage.
def _known_provider(name: str, host: str) -> Provider | None:
    """The outlet of this name and domain; None where one of them is not usable."""
    domain = fields.domain(host) if host.strip() else None
    return Provider(name=read_text(name) or domain, domain=domain) if domain else None


def _smallest(raw: list[RawPicture | None] | None) -> str:
    """The smallest of a provider's images; one whose size is not said counts as small."""
    best: tuple[int, str] | None = None
    for image in raw or ():
        if image is None:
            continue
        url = _picture_url(image.url)
        width = fields.integer((image.width or "").strip()) or 0
        if url and width <= MAX_LOGO and (best is None or (width, url) < best):
            best = (width, url)
    return best[1] if best else ""


def _picture_url(text: Text) -> str:
    return (clean_url(text) or clean_path(text)) if text else ""


def read_pictures(
    raw: list[RawPicture | None] | None, path: FieldPath, notes: Notes
) -> tuple[Picture, ...]:
    """The usable ones of a list of images, without repeats."""
    pictures: dict[str, Picture] = {}
    for index, image in enumerate(raw or ()):
        if image is None:
            note_empty((*path, index), notes)
            continue
        url = _picture_url(image.url)
        if not url:
            found = f" ({shown(image.url)})" if image.url else ""
            notes.add(
                (*path, index, "url"),
                "wrong-url",
                f"{spell((*path, index))} has no usable address{found} and is left out",
                "write an http(s) address, or a path of this site: /pictures/x.jpg",
            )
            continue
        width = _pixels(image.width, (*path, index, "width"), notes)
        height = _pixels(image.height, (*path, index, "height"), notes)
        title, attribution = read_text(image.title), read_text(image.attribution)
        pictures.setdefault(url, Picture(url, width, height, title, attribution))
    return tuple(pictures.values())


def _pixels(text: Text, path: FieldPath, notes: Notes) -> int:
    value = read_integer(text, path, notes)
    return value if value is not None and 0 < value <= 100_000 else 0


def read_coverage(raw: RawCoverage, path: FieldPath, notes: Notes) -> Coverage | None:
    """One entry of `related`, or None, and a note, where it has nothing to link."""
    title = read_text(raw.title)
    amp_url = clean_url(raw.amp_web_url or "")
    url = clean_url(raw.web_url or "") or amp_url
    if not title or not url:
        missing = "webUrl" if title else "title"
        found = f" ({shown(raw.web_url)})" if title and raw.web_url else ""
        notes.add(
            (*path, missing),
            "incomplete-related",
            f"{spell(path)} has no usable {missing}{found} and is left out",
            "give it a title and an http(s) webUrl, or remove it",
        )
        return None
    return Coverage(
        title=title,
        url=url,
        url_key=url_key(url),
        excerpt=read_text(raw.excerpt),
        published_at=_coverage_instant(raw.published_date_time, path, notes),
        kind=read_kind(raw.type),
        provider=read_provider(raw.provider, url, (*path, "provider"), notes),
        quality=read_integer(raw.quality, (*path, "quality"), notes),
        pictures=read_pictures(raw.images, (*path, "images"), notes),
        amp_url=amp_url,
        cdn_amp_url=clean_url(raw.cdn_amp_web_url or ""),
    )


def _coverage_instant(text: Text, path: FieldPath, notes: Notes) -> datetime | None:
    if text is None or not text.strip():
        return None
    value = fields.instant(text.strip())
    if value is None:
        path = (*path, "publishedDateTime")
        message, hint = describe_date(path, text)
        notes.add(path, "wrong-date", f"{message} and is left out", hint)
    return value
