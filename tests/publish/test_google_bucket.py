"""The lock in a bucket of Google Cloud Storage, which tells versions of an object by a number.

The service is a stand-in on loopback, with as much of its XML API as a lock needs.
"""

from __future__ import annotations

import datetime as dt
import http.server
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from tidings.model.publishing import S3Target
from tidings.publish.lock import Claim
from tidings.publish.s3 import S3
from tidings.publish.target import LOCK

pytest.importorskip("obstore", exc_type=ImportError)
NOW = dt.datetime(2025, 6, 1, 12, tzinfo=dt.UTC)
MINE = Claim("me", "here", 1, "mine", NOW, NOW)


class Google:
    """One object, and the number of its version: 0 while there is none."""

    def __init__(self) -> None:
        self.version, self.data = 0, b""
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))

    def put(self, data: bytes) -> None:
        """Replaces the object, as somebody does who asks for nothing."""
        self.version, self.data = self.version + 1, data


def _handler(google: Google) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def answer(self, status: int, data: bytes = b"") -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.send_header("ETag", f'"etag-{google.version}"')
            self.send_header("Last-Modified", "Sun, 01 Jun 2025 12:00:00 GMT")
            self.send_header("x-goog-generation", str(google.version))
            self.end_headers()
            self.wfile.write(data)

        def do_GET(self) -> None:
            self.answer(200 if google.version else 404, google.data)

        def do_PUT(self) -> None:
            data = self.rfile.read(int(self.headers["Content-Length"]))
            wanted = self.headers.get("x-goog-if-generation-match")
            if wanted is not None and int(wanted) != google.version:
                return self.answer(412)
            google.put(data)
            return self.answer(200)

        def log_message(self, format: str, *args: Any) -> None:
            """Says nothing."""

    return Handler


@pytest.fixture
def google(monkeypatch: pytest.MonkeyPatch) -> Iterator[Google]:
    """The service, which buckets of Google are looked for at."""
    from tidings.publish import s3_bucket

    google = Google()
    place = f"http://127.0.0.1:{google.server.server_port}"
    fields = {"gcs_base_url": place, "disable_oauth": True}
    fields |= dict.fromkeys(("client_email", "private_key", "private_key_id"), "")
    monkeypatch.setenv("GOOGLE_SERVICE_ACCOUNT_KEY", json.dumps(fields))
    plain = s3_bucket.from_url

    def unencrypted(url: str, *, client_options: Any, **options: Any) -> Any:
        return plain(url, client_options={**client_options, "allow_http": True}, **options)

    monkeypatch.setattr(s3_bucket, "from_url", unencrypted)
    thread = threading.Thread(target=google.server.serve_forever, args=(0.02,))
    thread.start()
    yield google
    google.server.shutdown()
    thread.join()
    google.server.server_close()


def test_a_publish_that_takes_long_renews_its_lock(google: Google) -> None:
    target = S3(S3Target(url="gs://bucket/site"))
    target.open(MINE, break_lock=False)
    target.renew(MINE)
    assert google.version == 2


def test_an_abandoned_lock_is_taken_over(google: Google) -> None:
    S3(S3Target(url="gs://bucket/site")).open(MINE, break_lock=False)
    later = NOW + dt.timedelta(hours=1)
    other = Claim("ann", "elsewhere", 2, "other", later, later)
    S3(S3Target(url="gs://bucket/site")).open(other, break_lock=False)
    assert b'"other"' in google.data


def test_a_lock_that_somebody_else_has_replaced_stays(google: Google) -> None:
    from tidings.publish.s3_bucket import Bucket, TakenError

    google.put(b"abandoned")
    bucket = Bucket(S3Target(url="gs://bucket/site"))
    _, seen = bucket.get(LOCK)
    google.put(b"somebody else's")
    with pytest.raises(TakenError):
        bucket.replace(LOCK, seen, b"mine", {})
    assert google.data == b"somebody else's"
