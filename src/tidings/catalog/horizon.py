"""When a site changes by itself: the next instant at which a record appears or goes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tidings.model.config import Config
from tidings.model.record import Record


def next_change(records: Iterable[Record], config: Config, clock: datetime) -> datetime | None:
    """The first instant after `clock` (aware, UTC) at which another set of records is shown,
    as far as only time decides; None when there is none.

    A record that is held back for another reason may make it too early, never too late.
    """
    instants = []
    for record in records:
        if not config.content.future and record.published_at > clock:
            instants.append(record.published_at)
        if record.expires_at is not None and record.expires_at > clock:
            instants.append(record.expires_at)
    return min(instants, default=None)
