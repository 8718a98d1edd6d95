"""How good and how fast the stories are: `python benchmarks/stories.py [story-clusters.csv]`.

Accuracy is measured on a file of real headlines with the story that each belongs to (columns
title, publisher, story, hostname and timestamp_ms), beside nearest links (single link) over
plain TF-IDF cosines of the same run. Parameters were chosen on the first half of the stories.
Speed is measured on sites made of the same headlines.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import math
import random
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import msgspec

from tidings.catalog.storytelling.kept import decode_kept, is_nearly
from tidings.catalog.storytelling.reviving import NOTHING_WRITTEN, pack_told, revive
from tidings.catalog.storytelling.stories import keep_stories, make_stories
from tidings.model.config import StoriesConfig
from tidings.model.record import Provider, Record

DEFAULT = Path(__file__).parents[2] / "shared/corpus/story-clusters.csv"
INSTANT = datetime(2014, 3, 10, 12, tzinfo=UTC)
THRESHOLDS = (0.4, 0.45, 0.5, 0.55, 0.6, 0.65)
WORD = re.compile(r"\w\w+")

Row = dict[str, str]
Labels = dict[int, str]
"""The group of each row."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, default=DEFAULT)
    parser.add_argument(
        "--records", type=int, default=10_000, help="records of the speed sites"
    )
    options = parser.parse_args()
    with options.file.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    say(f"{len(rows)} headlines of {len({row['story'] for row in rows})} stories\n")
    say("| method | rows | precision | recall | B³ F1 | groups | seconds |")
    say("|---|---|---|---|---|---|---|")
    for name, timed in (("stories, with time", True), ("stories, without time", False)):
        started = time.process_time()
        labels = found_labels(rows, timed)
        report(name, rows, labels, time.process_time() - started)
    for half, name in enumerate(("first half alone", "second half alone")):
        part = [row for row in rows if half_of(row["story"]) == half]
        started = time.process_time()
        labels = found_labels(part, True)
        score("stories, with time", name, part, labels, time.process_time() - started)
    measure_subsets(rows)
    cosines = tf_idf_pairs(rows)
    for threshold in THRESHOLDS:
        score(
            f"TF-IDF, single link at {threshold}",
            "all",
            rows,
            single_link(rows, cosines, threshold),
        )
    say("")
    measure_speed(rows, options.records)
    measure_change(rows, options.records)
    measure_kept(rows, options.records)


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def measure_subsets(rows: Sequence[Row]) -> None:
    """The mean and the worst of random choices of a third of the stories, each a site alone."""
    stories = sorted({row["story"] for row in rows})
    found = []
    for seed in range(9):
        chosen = set(random.Random(seed).sample(stories, max(len(stories) // 3, 1)))
        part = [row for row in rows if row["story"] in chosen]
        found.append(measures([row["story"] for row in part], found_labels(part, True)))
    columns = list(zip(*found, strict=True))
    for name, pick in (("mean", statistics.mean), ("worst", min)):
        figures = " | ".join(f"{pick(column):.3f}" for column in columns)
        say(f"| stories, with time | a third, {name} of 9 choices | {figures} | | |")


def half_of(story: str) -> int:
    """0 for the stories that parameters were chosen on, 1 for the others."""
    return int(hashlib.sha256(story.encode()).hexdigest(), 16) % 2


def report(name: str, rows: Sequence[Row], labels: Labels, seconds: float) -> None:
    score(name, "all", rows, labels, seconds)
    for half, words in enumerate(
        ("pairs within the first half", "pairs within the second half")
    ):
        kept = [n for n, row in enumerate(rows) if half_of(row["story"]) == half]
        part = [rows[n] for n in kept]
        score(name, words, part, {at: labels[n] for at, n in enumerate(kept)})


def score(
    name: str, part: str, rows: Sequence[Row], labels: Labels, seconds: float | None = None
) -> None:
    precision, recall, b_cubed = measures([row["story"] for row in rows], labels)
    groups = sum(count > 1 for count in Counter(labels.values()).values())
    spent = "" if seconds is None else f"{seconds:.1f}"
    figures = f"{precision:.3f} | {recall:.3f} | {b_cubed:.3f} | {groups} | {spent}"
    say(f"| {name} | {part} | {figures} |")


def measures(truth: Sequence[str], labels: Labels) -> tuple[float, float, float]:
    """Pairwise precision and recall, and the F1 of B-cubed."""
    both = Counter((labels[n], story) for n, story in enumerate(truth))
    found, real = Counter(labels.values()), Counter(truth)
    right = sum(map(pairs, both.values()))
    precision = right / max(sum(map(pairs, found.values())), 1)
    recall = right / max(sum(map(pairs, real.values())), 1)
    b_precision = sum(n * n / found[label] for (label, _), n in both.items()) / len(truth)
    b_recall = sum(n * n / real[story] for (_, story), n in both.items()) / len(truth)
    return precision, recall, 2 * b_precision * b_recall / (b_precision + b_recall)


def pairs(members: int) -> int:
    return members * (members - 1) // 2


def found_labels(rows: Sequence[Row], timed: bool) -> Labels:
    """The groups that `make_stories` finds, with its defaults."""
    records = [to_record(n, row, timed) for n, row in enumerate(rows)]
    stories = make_stories(records, {}, {})
    return {n: stories[r.id].id if r.id in stories else r.id for n, r in enumerate(records)}


def to_record(number: int, row: Row, timed: bool) -> Record:
    key = f"row.example/{number}"
    return Record(
        id=f"{number:06}.md",
        file="",
        title=row["title"],
        published_at=(
            datetime.fromtimestamp(int(row["timestamp_ms"]) / 1000, UTC) if timed else INSTANT
        ),
        url=f"https://{key}",
        url_keys=(key,),
        provider=Provider(row["publisher"], row["hostname"]),
    )


def tf_idf_pairs(rows: Sequence[Row]) -> dict[tuple[int, int], float]:
    """Cosines of all pairs of titles, from the lowest threshold on."""
    texts = [Counter(WORD.findall(row["title"].lower())) for row in rows]
    holders = Counter(word for text in texts for word in text)
    shelves: dict[str, list[tuple[int, float]]] = {}
    cosines: dict[tuple[int, int], float] = {}
    for number, text in enumerate(texts):
        weights = {
            word: count * (math.log((1 + len(rows)) / (1 + holders[word])) + 1)
            for word, count in text.items()
        }
        length = math.sqrt(sum(weight * weight for weight in weights.values()))
        sums: dict[int, float] = {}
        for word, weight in weights.items():
            shelf = shelves.setdefault(word, [])
            for other, others in shelf:
                sums[other] = sums.get(other, 0.0) + weight / length * others
            shelf.append((number, weight / length))
        cosines.update(
            ((other, number), total) for other, total in sums.items() if total >= THRESHOLDS[0]
        )
    return cosines


def single_link(
    rows: Sequence[Row], cosines: Mapping[tuple[int, int], float], threshold: float
) -> Labels:
    group = list(range(len(rows)))

    def root(number: int) -> int:
        while group[number] != number:
            group[number] = group[group[number]]
            number = group[number]
        return number

    for (one, other), cosine in cosines.items():
        if cosine >= threshold:
            group[root(one)] = root(other)
    return {number: str(root(number)) for number in range(len(rows))}


def measure_speed(rows: Sequence[Row], count: int) -> None:
    """Seconds of one core for sites of different density; each record has an excerpt."""
    say("| site | records a day | seconds | stories |")
    say("|---|---|---|---|")
    for days in (1_460, 730, 180):
        records = make_site(rows, count, days)
        started = time.process_time()
        stories = make_stories(records, {}, {})
        seconds = time.process_time() - started
        number = len({story.id for story in stories.values()})
        say(f"| {count} records | {count / days:.0f} | {seconds:.2f} | {number} |")
    say("")


def measure_change(rows: Sequence[Row], count: int) -> None:
    """How many records get another story when one record more is there."""
    records = make_site(rows, count, 730)
    before = make_stories(records, {}, {})
    changes = []
    chooser = random.Random(7)
    for number in range(5):
        row = rows[chooser.randrange(len(rows))]
        moved = START + timedelta(seconds=chooser.randrange(730 * 86_400))
        new = to_record(900_000 + number, row, True)
        after = make_stories([*records, replaced(new, moved)], {}, {})
        changes.append(
            sum(
                getattr(before.get(r.id), "members", ())
                != getattr(after.get(r.id), "members", ())
                for r in records
            )
        )
    say(
        f"one record more changes the stories of {statistics.median(changes)} of {count} "
        f"records (median of {len(changes)} additions; most: {max(changes)})"
    )


def measure_kept(rows: Sequence[Row], count: int) -> None:
    """Seconds of one core for the next build after some titles have changed."""
    records = make_site(rows, count, 730)
    seconds: dict[str, float] = {}
    started = time.process_time()
    _, kept, told = keep_stories(records, {}, {})
    seconds["from nothing"] = time.process_time() - started
    assert kept is not None
    assert told is not None
    data = kept.encode()
    marks = {record.id: mark_of(record) for record in records}
    written, _ = pack_told(told, {}, marks, b"", NOTHING_WRITTEN)
    size = (len(data) + len(written)) / count
    say(f"\n| next build, {size:.0f} bytes a record | load | stories | save |")
    say("|---|---|---|---|")
    say(f"| from nothing | | {seconds['from nothing']:.3f} | |")
    for changes in (0, 1, 20):
        found = []
        for turn in range(3):
            changed = list(records)
            for number in range(changes):
                place = (number * 487 + turn * 31) % count
                other = records[(place + 5) % count]
                changed[place] = msgspec.structs.replace(changed[place], title=other.title)
            marks = {record.id: mark_of(record) for record in changed}
            times = [time.process_time()]
            known = decode_kept(data)
            revived = revive(written, changed, marks, b"", StoriesConfig())
            times.append(time.process_time())
            assert known is not None
            assert revived is not None
            _, after, _ = keep_stories(changed, {}, {}, kept=known, told=revived.told)
            times.append(time.process_time())
            assert after is not None
            if not is_nearly(after, known):
                after.encode()
            times.append(time.process_time())
            found.append([later - sooner for sooner, later in pairwise(times)])
        columns = [statistics.median(column) for column in zip(*found, strict=True)]
        say(f"| {changes} changed | {' | '.join(f'{spent:.3f}' for spent in columns)} |")


def mark_of(record: Record) -> bytes:
    """What tells the record from any other version of it."""
    return hashlib.blake2b(msgspec.msgpack.encode(record), digest_size=8).digest()


START = datetime(2023, 1, 1, tzinfo=UTC)


def make_site(rows: Sequence[Row], count: int, days: int) -> list[Record]:
    """Real headlines at random instants; the excerpt of each is made of two other headlines."""
    chooser = random.Random(1)
    records = []
    for number in range(count):
        row, one, other = (rows[chooser.randrange(len(rows))] for _ in range(3))
        record = to_record(number, row, True)
        moved = START + timedelta(seconds=chooser.randrange(days * 86_400))
        records.append(replaced(record, moved, f"{one['title']} {other['title']}"))
    return records


def replaced(record: Record, instant: datetime, excerpt: str = "") -> Record:
    return Record(
        id=record.id,
        file="",
        title=record.title,
        published_at=instant,
        url=record.url,
        url_keys=record.url_keys,
        provider=record.provider,
        excerpt=excerpt,
    )


if __name__ == "__main__":
    main()
