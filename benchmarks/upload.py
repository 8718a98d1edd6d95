"""The first upload of many small files to a bucket, beside plain concurrent uploaders.

    python benchmarks/upload.py [--files 10000] [--size 4000] [--uploads 16] [--only loop]

Starts an S3 server of its own on loopback (moto's; needs the extras `s3` and `dev`), uploads
the same files in turn by the target of `tidings publish`, by a bare loop over the same client,
and by boto3 in as many threads, and prints requests a second and the uploader's own CPU time.
Where all come out alike, and the uploader is idle most of the time, the server is the limit.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path[:0] = [
    str(Path(__file__).parents[1] / "tests" / part) for part in ("publish", "sites")
]

from remote_sites import BUCKET, KEYS, s3_server  # noqa: E402 - needs the path.

from tidings.model.publishing import S3Target  # noqa: E402 - needs the path.
from tidings.output.manifest import digest_of  # noqa: E402 - needs the path.
from tidings.publish.s3 import S3  # noqa: E402 - needs the path.
from tidings.publish.target import Kind, Put, Stage, Upload  # noqa: E402 - needs the path.


def write_files(site: Path, count: int, size: int) -> list[Put]:
    """So many files of about this size, the same in every run."""
    dice = random.Random(1)
    puts = []
    for number in range(count):
        path = f"2024/{number // 100:03}/story-{number}/index.html"
        data = dice.randbytes(dice.randint(size // 2, size * 3 // 2))
        (site / path).parent.mkdir(parents=True)
        (site / path).write_bytes(data)
        puts.append(Put(path, digest_of(data), len(data)))
    return puts


def by_publish(site: Path, puts: list[Put], endpoint: str, uploads: int) -> None:
    """As `tidings publish` does it."""
    url = f"s3://{BUCKET}/publish"
    target = S3(S3Target(url=url, endpoint=endpoint, uploads=uploads))
    target.open(None, False)
    target.apply(Upload("r", site, (Stage(Kind.NEW, tuple(puts)),)), lambda *_: None)


def by_loop(site: Path, puts: list[Put], endpoint: str, uploads: int) -> None:
    """The same client with nothing around it."""
    import obstore
    from obstore.store import from_url

    store = from_url(
        f"s3://{BUCKET}/loop",
        config={"endpoint": endpoint},
        client_options={"allow_http": True},
    )
    left = iter(puts)

    async def work() -> None:
        for put in left:
            await obstore.put_async(store, put.path, (site / put.path).read_bytes())

    async def all_of_it() -> None:
        await asyncio.gather(*(work() for _ in range(uploads)))

    asyncio.run(all_of_it())


def by_threads(site: Path, puts: list[Put], endpoint: str, uploads: int) -> None:
    """Amazon's own client in so many threads."""
    import boto3
    from botocore.config import Config

    client = boto3.client(
        "s3", endpoint_url=endpoint, config=Config(max_pool_connections=uploads)
    )

    def send(put: Put) -> None:
        body = (site / put.path).read_bytes()
        client.put_object(Bucket=BUCKET, Key=f"threads/{put.path}", Body=body)

    with ThreadPoolExecutor(uploads) as pool:
        list(pool.map(send, puts))


WAYS: dict[str, Callable[[Path, list[Put], str, int], None]] = {
    "publish": by_publish,
    "loop": by_loop,
    "threads": by_threads,
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--size", type=int, default=4_000, help="bytes, on average")
    parser.add_argument("--uploads", type=int, default=16)
    parser.add_argument("--only", default=",".join(WAYS))
    asked = parser.parse_args()
    os.environ.update(KEYS)
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "site"
        puts = write_files(site, asked.files, asked.size)
        print(f"{asked.files} files, {sum(put.size for put in puts) / 1e6:.1f} MB")
        for name in asked.only.split(","):
            with s3_server(Path(folder) / "log") as endpoint:  # Each finds an empty bucket.
                wall, own = time.perf_counter(), time.process_time()
                WAYS[name](site, puts, endpoint, asked.uploads)
                wall, own = time.perf_counter() - wall, time.process_time() - own
            rate = asked.files / wall
            print(
                f"{name:8} {wall:7.1f} s {rate:7.0f} requests/s; own CPU {own:6.2f} s,"
                f" {own / asked.files * 1e6:5.0f} µs a request"
            )


if __name__ == "__main__":
    main()
