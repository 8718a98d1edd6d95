"""Whether a record is shown: decided here, once per record and build, and nowhere else.

First part of the catalog step. What the config blocks is not linked as coverage either.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime

from tidings.model.catalog import Held, Visibility
from tidings.model.config import BlockConfig, Config
from tidings.model.record import Coverage, Record

NO_BLOCK = BlockConfig()


def decide(record: Record, config: Config, clock: datetime) -> Held | None:
    """Why the record is not shown, or None when it is.

    A block outweighs everything; `published: false` outweighs dates.
    """
    if blocked := _blocked_record(record, config.block):
        return Held(record.id, Visibility.BLOCKED, f"blocked in tidings.toml by {blocked}")
    if not record.published and not config.content.unpublished:
        return Held(record.id, Visibility.UNPUBLISHED, "the record says published: false")
    if record.published_at > clock and not config.content.future:
        return Held(
            record.id, Visibility.FUTURE, f"dated {record.published_at:%Y-%m-%d %H:%M} UTC"
        )
    if record.expires_at is not None and record.expires_at <= clock:
        return Held(
            record.id, Visibility.EXPIRED, f"expired {record.expires_at:%Y-%m-%d %H:%M} UTC"
        )
    return None


def plainly_shown(records: Sequence[Record], config: Config, clock: datetime) -> list[bool]:
    """For each record whether it is shown as nearly all are, for no reason that needs a second
    look; the others are to be decided one by one."""
    if config.block != NO_BLOCK:
        return [False] * len(records)
    return [
        record.published and record.published_at <= clock and record.expires_at is None
        for record in records
    ]


def is_blocked_coverage(entry: Coverage, block: BlockConfig) -> bool:
    """Whether the config blocks another outlet's article by its host, title or address."""
    hosts = [_host(entry.url_key)]
    if entry.provider is not None:
        hosts.append(entry.provider.domain)
    return bool(
        _blocked_host(hosts, block.domains)
        or _blocked_title(entry.title, block.titles)
        or _blocked_url((entry.url,), block.urls)
    )


def _blocked_record(record: Record, block: BlockConfig) -> str:
    """The first rule that blocks the record, as the config writes it; "" for none."""
    if block == NO_BLOCK:
        return ""
    hosts = [_host(key) for key in record.url_keys]
    if record.provider is not None:
        hosts.append(record.provider.domain)
    return (
        _blocked_host(hosts, block.domains)
        or _blocked_topic(record.topics, block.topics)
        or _blocked_title(record.title, block.titles)
        or _blocked_url((record.url, record.original_url), block.urls)
    )


def _host(url_key: str) -> str:
    """The host of a URL key, without its port."""
    return url_key.partition("/")[0].partition("?")[0].partition(":")[0]


def _blocked_host(hosts: Iterable[str], domains: Iterable[str]) -> str:
    for domain in domains:
        wanted = domain.lower().removeprefix("www.")
        if any(host == wanted or host.endswith(f".{wanted}") for host in hosts):
            return f"domain {domain!r}"
    return ""


def _blocked_topic(names: Iterable[str], topics: Iterable[str]) -> str:
    folded = {fold(name) for name in names} if topics else set()
    return next((f"topic {topic!r}" for topic in topics if fold(topic) in folded), "")


def _blocked_title(title: str, phrases: Iterable[str]) -> str:
    for phrase in phrases:
        if _phrase(phrase).search(fold(title)):
            return f"title {phrase!r}"
    return ""


def _blocked_url(urls: Iterable[str], prefixes: Iterable[str]) -> str:
    for prefix in prefixes:
        if any(url.startswith(prefix) for url in urls):
            return f"URL {prefix!r}"
    return ""


@functools.lru_cache(maxsize=256)
def _phrase(text: str) -> re.Pattern[str]:
    """What finds the phrase as whole words in a folded title, where its script parts words."""
    folded = fold(text)
    if not folded:
        return re.compile(r"(?!)")  # Blanks alone are no phrase: found nowhere.
    start = r"(?<!\w)" if _parts_words(folded[0]) else ""
    end = r"(?!\w)" if _parts_words(folded[-1]) else ""
    return re.compile(start + re.escape(folded) + end)


def _parts_words(char: str) -> bool:
    # Scripts with upper and lower case put blanks between words; many of the others do not.
    return char.isdigit() or char.lower() != char.upper()


def fold(name: str) -> str:
    """A display name as it is compared: without regard to case and blanks."""
    if not name.isascii():
        name = unicodedata.normalize("NFC", name)
    return " ".join(name.casefold().split())
