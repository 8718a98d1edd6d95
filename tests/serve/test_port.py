"""Where the preview listens."""

from __future__ import annotations

import asyncio
import socket

import pytest

from tidings.serve.port import listen, site_url


def test_a_taken_port_gives_the_next_one():
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with listen("127.0.0.1", port) as found:
            assert found.getsockname()[1] > port


def test_the_address_names_what_a_browser_can_reach():
    with listen("127.0.0.1", 0) as found:
        port = found.getsockname()[1]
        assert site_url(found, "/digest/") == f"http://127.0.0.1:{port}/digest/"
    with listen("0.0.0.0", 0) as found:
        assert site_url(found, "/").startswith("http://127.0.0.1:")


def test_a_host_that_is_not_this_machine_is_refused():
    with pytest.raises(OSError, match=r"."):
        listen("192.0.2.1", 0)


def test_answers_are_sent_at_once():
    """A response goes out in two writes, and the second must not wait until a browser has
    confirmed the first: some take 40 milliseconds for that."""

    async def is_sent_at_once() -> int:
        option: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        def note(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            connection = writer.get_extra_info("socket")
            option.set_result(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        with listen("127.0.0.1", 0) as listening:
            async with await asyncio.start_server(note, sock=listening):
                _, writer = await asyncio.open_connection(*listening.getsockname())
                found = await option
                writer.close()
                return found

    assert asyncio.run(is_sent_at_once()) != 0
