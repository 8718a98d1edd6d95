"""How good and how fast related articles are. Run from the project's folder:

    python benchmarks/related.py [path of story-clusters.csv] [--quick]

Accuracy is measured on real headlines, each with its story, outlet and one of four categories;
a record's five best should be of its own story. Stories are split in halves by a hash of their
id; `docs/related.md` says what was chosen on which half. Speed and stability are measured on
made-up records, in seconds of processor time, as the best of a few runs.
"""

from __future__ import annotations

import csv
import gc
import hashlib
import itertools
import math
import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec
import numpy as np
from scipy import sparse

from generated import HOUR, START, generated_records
from tidings.catalog.relating.kept import KeptRelations, relate_kept
from tidings.catalog.relating.related import Relatable, RelatedOptions, relate
from tidings.catalog.relating.settling import settle
from tidings.catalog.relating.updates import update
from tidings.catalog.relating.words import PIECES

CORPUS = Path(__file__).parents[2] / "shared" / "corpus" / "story-clusters.csv"
RANKS = (1, 3, 5, 10)
Ranking = Mapping[int, Sequence[int]]


def main(arguments: list[str]) -> None:
    """Print all tables."""
    paths = [Path(argument) for argument in arguments if not argument.startswith("--")]
    path = paths[0] if paths else CORPUS
    if path.exists():
        with path.open(encoding="utf-8", newline="") as file:
            print_accuracy(list(csv.DictReader(file)))
    else:
        print("no corpus, no accuracy")
    print_speed((10_000,) if "--quick" in arguments else (10_000, 100_000))
    print_changes(10_000, 50)
    print_kept(10_000, 20)


def print_accuracy(rows: list[dict[str, str]]) -> None:
    """Precision at several ranks, ours beside TF-IDF."""
    items = [
        Relatable(
            id=f"{number:05}",
            title=row["title"],
            topics=(row["category"],),
            provider=row["publisher"],
            instant=START,
        )
        for number, row in enumerate(rows)
    ]
    links = relate(items, RelatedOptions(count=max(RANKS), minimum_score=0))
    ours = {int(id_): [int(link.id) for link in found] for id_, found in links.items()}
    halves = [int(hashlib.sha256(row["story"].encode()).hexdigest(), 16) % 2 for row in rows]
    print(f"accuracy: {len(rows)} headlines, {len({row['story'] for row in rows})} stories")
    print(f"{'':32}" + "".join(f"   P@{rank:<3}" for rank in RANKS))
    methods = {
        "TF-IDF": tf_idf(rows, 0.0),
        "TF-IDF, category": tf_idf(rows, 0.1),
        "tidings": ours,
        "tidings, default": {
            int(id_): [int(link.id) for link in found]
            for id_, found in relate(items, RelatedOptions(count=max(RANKS))).items()
        },
    }
    for name, ranking in methods.items():
        for part, chosen in (("all", (0, 1)), ("tuning half", (0,)), ("held-out half", (1,))):
            numbers = [number for number in ranking if halves[number] in chosen]
            print(f"{name:18}{part:14}" + precision_row(rows, ranking, numbers))
    by_story: dict[str, list[int]] = {}
    for number, row in enumerate(rows):
        by_story.setdefault(row["story"], []).append(number)
    worst = sorted(by_story.values(), key=lambda numbers: precision(rows, ours, numbers, 5))
    print("worst stories, by one of their headlines:")
    for numbers in worst[:6]:
        title = rows[numbers[0]]["title"][:60]
        print(f"  {precision(rows, ours, numbers, 5):.3f} of {len(numbers):3}  {title}")


def precision_row(rows: list[dict[str, str]], ranking: Ranking, numbers: list[int]) -> str:
    """The figures of one line."""
    return "".join(f"   {precision(rows, ranking, numbers, rank):.3f}" for rank in RANKS)


def precision(
    rows: list[dict[str, str]], ranking: Ranking, numbers: list[int], rank: int
) -> float:
    """Share of the first `rank` that are of the record's own story."""
    hits = 0
    for number in numbers:
        story = rows[number]["story"]
        hits += sum(rows[other]["story"] == story for other in ranking[number][:rank])
    return hits / rank / len(numbers)


def tf_idf(rows: list[dict[str, str]], category_weight: float) -> Ranking:
    """The usual baseline: cosine of words and word pairs, with the usual smoothed rarity."""
    documents = []
    for row in rows:
        words = "".join(c if c.isalnum() else " " for c in row["title"].lower()).split()
        pairs = [f"{one} {two}" for one, two in itertools.pairwise(words)]
        documents.append(Counter(words + pairs))
    holders = Counter(term for document in documents for term in document)
    numbers = {term: number for number, term in enumerate(holders)}
    ends, columns, weights = [0], [], []
    for document in documents:
        own = {
            term: number * (1 + math.log((1 + len(rows)) / (1 + holders[term])))
            for term, number in document.items()
        }
        length = math.sqrt(sum(weight**2 for weight in own.values())) or 1
        columns.extend(numbers[term] for term in own)
        weights.extend(weight / length for weight in own.values())
        ends.append(len(columns))
    matrix = sparse.csr_array((weights, columns, ends), (len(rows), len(numbers)))
    categories = np.array([row["category"] for row in rows])
    scores = (matrix @ matrix.T).toarray()
    scores += category_weight * (categories[:, None] == categories[None, :])
    np.fill_diagonal(scores, -1)
    order = np.argsort(-scores, axis=1, kind="stable")[:, : max(RANKS)]
    return dict(enumerate(order.tolist()))


def print_speed(sizes: Sequence[int]) -> None:
    """Time to relate made-up records from nothing, words never seen before."""
    print(f"\nspeed, where the yardstick takes {yardstick() * 1000:.0f} ms")
    relate(generated_records(1000))
    for size in sizes:
        records = generated_records(size)
        seconds = best_time(lambda records=records: relate(records), 3 if size <= 10_000 else 1)
        print(f"  {size:7} records from nothing: {seconds:6.2f} s")


def print_changes(size: int, changes: int) -> None:
    """What one new record costs and disturbs."""
    records = generated_records(size)
    options = RelatedOptions()
    known = settle(records, options)
    chance = random.Random(5)
    late = generated_records(size + 1000)[size:]
    gc.freeze()
    times, lists, shown = [], [], []
    for number in range(changes):
        # Half of the new records are the newest; the others are of any time.
        new = late[number] if number % 2 else chance.choice(late)
        if not number % 2:
            instant = START + chance.randrange(size) * HOUR
            new = msgspec.structs.replace(new, instant=instant, id=f"new-{number}.md")
        began = time.process_time()
        after = update(known, [new]) or settle([*records, new], options)
        times.append(time.process_time() - began)
        before = known.links
        lists.append(sum(after.links[id_] != links for id_, links in before.items()))
        shown.append(
            sum(
                [link.id for link in after.links[id_]] != [link.id for link in links]
                for id_, links in before.items()
            )
        )
    print(f"\none new record among {size}, {changes} times")
    print(f"  update: median {statistics.median(times) * 1000:.0f} ms", end="")
    print(f", most {max(times) * 1000:.0f}")
    for name, counts in (("listed ids", shown), ("ids, scores or reasons", lists)):
        print(
            f"  records whose {name} change: median {statistics.median(counts):g} "
            f"({statistics.median(counts) / size:.2%}), most {max(counts)}"
        )


def print_kept(size: int, changes: int) -> None:
    """What a build costs that starts from what the one before has kept."""
    records = generated_records(size)
    options = RelatedOptions()
    chance = random.Random(6)
    words = [item.title.split()[0] for item in records]
    began = time.process_time()
    _, kept = relate_kept(records, options)
    assert kept is not None
    parts = kept.parts
    print(f"\n{size} records in a process of its own, loading and saving what is kept")
    print(f"  from nothing, to be kept: {time.process_time() - began:.2f} s, ", end="")
    print(f"{len(parts.settled) / size:.0f} bytes a record")
    times: dict[str, list[float]] = {"nothing changed": [], "one title changed": []}
    sizes = []
    for number in range(changes):
        for name, known in times.items():
            if number and name == "one title changed":
                place = chance.randrange(size)
                title = f"{records[place].title.rsplit(maxsplit=1)[0]} {chance.choice(words)}"
                records[place] = msgspec.structs.replace(records[place], title=title)
            PIECES.clear()
            gc.collect()
            began = time.process_time()
            read = KeptRelations.read(parts.settled, parts.changes)
            _, kept = relate_kept(records, options, read)
            assert kept is not None
            parts = kept.parts
            known.append(time.process_time() - began)
        sizes.append(len(parts.changes))
    for name, known in times.items():
        print(f"  {name}: median {statistics.median(known) * 1000:.0f} ms", end="")
        print(f", most {max(known) * 1000:.0f}")
    print(f"  changes after the last build: {sizes[-1] / 1000:.0f} kB")


def best_time(work: Callable[[], object], runs: int) -> float:
    """Processor time of the quickest run."""
    times = []
    for _ in range(runs):
        PIECES.clear()
        gc.collect()
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return min(times)


def yardstick() -> float:
    """Time of a fixed piece of plain Python, to compare machines and moments by."""

    def work() -> None:
        counts: dict[str, int] = {}
        for number in range(300_000):
            counts[str(number % 5000)] = counts.get(str(number % 5000), 0) + number

    return best_time(work, 5)


if __name__ == "__main__":
    main(sys.argv[1:])
