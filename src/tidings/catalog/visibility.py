"""Whether a record is shown: decided here, once per record and build, and nowhere else."""

from __future__ import annotations

from datetime import datetime

from tidings.model.catalog import Held, Visibility
from tidings.model.config import BlockConfig, Config
from tidings.model.record import Record


def decide(record: Record, config: Config, clock: datetime) -> Held | None:
    """Why the record is not shown, or None when it is.

    A block outweighs everything; `published: false` outweighs dates.
    """
    if blocked := _blocked_by(record, config.block):
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


def _blocked_by(record: Record, block: BlockConfig) -> str:
    """The first rule that blocks the record, as the config writes it; "" for none."""
    if block.domains:
        hosts = [key.partition("/")[0].partition("?")[0] for key in record.url_keys]
        if record.provider is not None:
            hosts.append(record.provider.domain)
        for domain in block.domains:
            wanted = domain.lower().removeprefix("www.")
            if any(host == wanted or host.endswith(f".{wanted}") for host in hosts):
                return f"domain {domain!r}"
    if block.topics:
        names = {fold(topic) for topic in record.topics}
        for topic in block.topics:
            if fold(topic) in names:
                return f"topic {topic!r}"
    title = record.title.casefold()
    for phrase in block.titles:
        if phrase.casefold() in title:
            return f"title {phrase!r}"
    for prefix in block.urls:
        if record.url.startswith(prefix) or record.original_url.startswith(prefix):
            return f"URL {prefix!r}"
    return ""


def fold(name: str) -> str:
    """A display name as it is compared: without regard to case and blanks."""
    return " ".join(name.casefold().split())
