"""`tidings serve`: build, show, watch and reload until Ctrl-C."""

from __future__ import annotations

import gc
from pathlib import Path

import click

from tidings.cli.options import make_request, site_options


@click.command("serve")
@site_options
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Name or address to listen on."
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="First port to try; the next ones follow if it is taken. 0 takes any free one.",
)
@click.option(
    "--poll", is_flag=True, help="Compare files now and then, where the system sends no events."
)
@click.option("--open", "open_browser", is_flag=True, help="Show the site in the browser.")
def serve_command(
    source: Path,
    output: Path | None,
    base_url: str | None,
    unpublished: bool | None,
    future: bool | None,
    host: str,
    port: int,
    poll: bool,
    open_browser: bool,
) -> int:
    """Build the site, show it in a browser and keep it current while you edit.

    Exit codes: 0 ended by Ctrl-C; 2 the command line, the site's folder, the output folder or
    the port is at fault; 70 a bug in tidings.
    """
    from tidings.cli.text import plain
    from tidings.serve.request import ServeRequest
    from tidings.serve.run import serve

    gc.enable()  # Off since the process began; see `console`.

    request = ServeRequest(
        make_request(source, output, base_url, unpublished, future),
        host=host,
        port=port,
        poll=poll,
        open_browser=open_browser,
    )
    return serve(request, lambda line: click.echo(plain(line)))
