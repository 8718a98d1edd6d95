"""The preview over HTTP: answers become responses, and browsers that ask for another host go.

Stands between uvicorn, which `run` starts, and `answer`, `inject` and `reload`, which decide
what a browser gets to see.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable
from functools import cache
from importlib import resources
from urllib.parse import unquote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from tidings.model.media import HTML, content_type
from tidings.serve.answer import answer, page_digest
from tidings.serve.inject import OWN_PATH, add_reload
from tidings.serve.reload import Board, page_events

BROWSER_FILES = ("reload.js", "overlay.css")
LOOPBACK = "localhost"


def make_app(board: Board, host: str) -> ASGIApp:
    """The application that serves the board's last edition to browsers that ask for `host`."""

    def show(request: Request) -> Response:
        shown = answer(board.edition, request.scope["path"])
        if shown.location:
            query = f"?{request.url.query}" if request.url.query else ""
            return Response(
                status_code=shown.status,
                headers={"Location": shown.location + query, "Cache-Control": "no-cache"},
            )
        data = shown.data
        if shown.content_type == HTML:
            data = add_reload(data, str(request.base_url).rstrip("/"))
        return _response(request, data, shown.content_type, shown.status)

    def own_file(request: Request) -> Response:
        name = request.scope["path"].removeprefix(OWN_PATH)
        return _response(request, _browser_file(name), content_type(name), 200)

    async def events(request: Request) -> Response:
        path = unquote(request.query_params.get("path", "/"))
        seen = request.query_params.get("page", "")
        return StreamingResponse(
            page_events(board, path, seen),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-cache"},
        )

    def nothing(request: Request) -> Response:
        return _response(request, b"", "text/plain; charset=utf-8", 404)

    routes = [
        Route(OWN_PATH + "events", events, methods=["GET"]),
        *[Route(OWN_PATH + name, own_file, methods=["GET"]) for name in BROWSER_FILES],
        Route(OWN_PATH + "{rest:path}", nothing, methods=["GET"]),
        Route("/{path:path}", show, methods=["GET"]),
    ]
    return refuse_other_hosts(Starlette(routes=routes), host)


def refuse_other_hosts(app: ASGIApp, host: str) -> ASGIApp:
    """The application, closed to requests that were meant for another host.

    A page somewhere in the web could otherwise have its own name lead to this machine and read
    an unpublished site through the publisher's browser.
    """

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            asked = next((value for name, value in scope["headers"] if name == b"host"), b"")
            if not may_ask_for(asked.decode("latin-1"), host):
                refusal: Callable[[Scope, Receive, Send], Awaitable[None]] = PlainTextResponse(
                    f"This preview answers to {host} and localhost only.\n", 403
                )
                await refusal(scope, receive, send)
                return
        await app(scope, receive, send)

    return guarded


def may_ask_for(asked: str, host: str) -> bool:
    """Whether a Host header is for a server that was started on `host`.

    Loopback names always are. A server for all addresses of its machine may also be asked for
    by any address, which no foreign name can stand behind.
    """
    name = _host_name(asked)
    if name in {LOOPBACK, host.lower().strip("[]")} or name.endswith("." + LOOPBACK):
        return bool(name)
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    return address.is_loopback or _is_any_address(host)


def _host_name(asked: str) -> str:
    """The name or address in a Host header, without its port and brackets."""
    asked = asked.strip().lower()
    if asked.startswith("["):
        return asked[1:].partition("]")[0]
    return asked.partition(":")[0]


def _is_any_address(host: str) -> bool:
    """Whether a server on this host listens on all addresses of the machine."""
    try:
        return not host or ipaddress.ip_address(host.strip("[]")).is_unspecified
    except ValueError:
        return False


def _response(request: Request, data: bytes, media_type: str, status: int) -> Response:
    """A response that browsers keep, but ask about each time."""
    tag = f'"{page_digest(data)}"'
    headers = {
        "ETag": tag,
        "Cache-Control": "no-cache",
        "Content-Type": media_type,
        "X-Content-Type-Options": "nosniff",
    }
    if status == 200 and _knows(request.headers.get("if-none-match", ""), tag):
        del headers["Content-Type"]
        return Response(status_code=304, headers=headers)
    if request.method == "HEAD":
        headers["Content-Length"] = str(len(data))
        data = b""
    return Response(data, status, headers)


def _knows(header: str, tag: str) -> bool:
    """Whether an If-None-Match header names the tag."""
    tags = [part.strip().removeprefix("W/") for part in header.split(",")]
    return tag in tags or tags == ["*"]


@cache
def _browser_file(name: str) -> bytes:
    """One of the files that we add to pages."""
    return resources.files("tidings.serve").joinpath("browser", name).read_bytes()
