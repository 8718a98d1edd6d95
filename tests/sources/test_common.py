"""What records have in common is kept once, and nobody can tell."""

from __future__ import annotations

import msgspec
from reading_cases import read

from tidings.model.record import Record
from tidings.sources.common import sharing

TEXT = """---
title: {title}
publishedDateTime: 2020-11-17T21:42:00Z
webUrl: https://www.nola.com/{title}
provider: {{name: NOLA, domain: nola.com}}
topics: [AI, Policing]
related:
  - title: Elsewhere
    webUrl: https://nola.com/other/{title}
    provider: {{name: NOLA, domain: nola.com}}
---
"""


def records() -> list[Record]:
    """Two records of one outlet, decoded as a build decodes them."""
    decode = msgspec.msgpack.Decoder(Record).decode
    found = [read(TEXT.format(title=title)).record for title in ("one", "two")]
    return [decode(msgspec.msgpack.encode(record)) for record in found]


def test_equal_providers_and_topics_become_one() -> None:
    made = records()
    share = sharing()
    for record in made:
        share(record)
    one, two = made
    assert one.provider is two.provider is one.coverage[0].provider
    assert one.topics is two.topics
    assert made == records()
