"""When a site changes by itself: the next instant at which a record appears, goes, or is no
news any more.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import islice, takewhile

from tidings.model.config import Config
from tidings.model.period import end_of, local_day, period_of
from tidings.model.record import Record

NEWS_WINDOW = timedelta(hours=48)
"""How long an article is news: what Google wants in a news sitemap."""
NOW = timedelta()
MOST_NEWS = 1_000
"""Articles in a news sitemap, at most; Google's limit."""


def recent_ids(records: Iterable[Record], clock: datetime) -> tuple[str, ...]:
    """The ids of the records that are news at `clock`, in the order given, which is newest
    first: published within the two days before, the instant two days ago left out."""
    found = takewhile(lambda record: clock - record.published_at < NEWS_WINDOW, records)
    news = (record.id for record in found if record.published_at <= clock)
    return tuple(islice(news, MOST_NEWS))


def is_news(record: Record, clock: datetime) -> bool:
    """Whether the record was published within the two days before `clock`."""
    return NOW <= clock - record.published_at < NEWS_WINDOW


def next_change(records: Iterable[Record], config: Config, clock: datetime) -> datetime | None:
    """The first instant after `clock` (aware, UTC) at which another set of records is shown,
    or another issue of the newsletter, as far as only time decides; None when there is none.

    A record that is held back for another reason may make it too early, never too late.
    """
    instants = []
    # Other pages than those of `self` are in no news sitemap.
    news = config.site.indexing == "self"
    for record in records:
        if record.published_at > clock:
            if news or not config.content.future:
                instants.append(record.published_at)
        elif news and is_news(record, clock):
            instants.append(record.published_at + NEWS_WINDOW)
        if record.expires_at is not None and record.expires_at > clock:
            instants.append(record.expires_at)
    if config.newsletter.enabled:
        # A period that is over gets its issue.
        zone = config.site.timezone
        period = period_of(local_day(clock, zone), config.newsletter.every)
        instants.append(end_of(period, zone))
    return min(instants, default=None)
