"""The settings for nginx and Apache that docs/reference shows, made from what `_headers` says.

Used by generate.py.
"""

from __future__ import annotations

import re

from tidings.model.documents import Headers
from tidings.model.media import FEEDS
from tidings.render.servers import FOR_EVER, general_headers

SAMPLE = Headers(
    base="/",
    remote_pictures=False,
    frames=("https://www.youtube-nocookie.com/",),
    search=True,
    noindex=False,
    api=True,
)
"""A site at the root of its host, with search and videos, without pictures from other hosts."""

HIDDEN = r"/\.(?!well-known/)"
"""What no server is to hand out: the builder's own notes, and the like."""


def nginx_settings() -> str:
    """A server of nginx 1.18 or newer, for a file in `conf.d/`."""
    headers = "".join(
        f'    add_header {name} "{value}" always;\n' for name, value in general_headers(SAMPLE)
    )
    feeds = "".join(
        f"    location ~ /{re.escape(name)}$ {{\n"
        f'        types {{ }}\n        default_type "{kind}";\n    }}\n'
        for name, kind in FEEDS.items()
    )
    return f"""\
# Made by `make docs` from docs/server_snippets.py. Its use: docs/how-to/web-server.md

# nginx sends no header whose value is empty.
map $uri $tidings_cache {{
    default "no-cache";
    ~^/static/ "{FOR_EVER}";
}}
map $uri $tidings_origin {{
    default "";
    ~^/api/ "*";
}}

server {{
    listen 80;
    server_name digest.example;
    root /srv/digest.example/site;
    index index.html;
    error_page 404 /404.html;
    charset utf-8;
    charset_types text/css text/javascript application/javascript text/plain;

    # All headers stand here: one `add_header` in a location would hide these.
{headers}    add_header Cache-Control $tidings_cache always;
    add_header Access-Control-Allow-Origin $tidings_origin always;

    location ~ {HIDDEN} {{
        return 404;
    }}
    location ~ ^/_(headers|redirects)$ {{
        return 404;
    }}
{feeds}}}
"""


def apache_settings() -> str:
    """Settings of Apache 2.4, for a `VirtualHost` or for `static/root/.htaccess`."""
    headers = "".join(
        f'    Header always set {name} "{value}"\n' for name, value in general_headers(SAMPLE)
    )
    feeds = "".join(
        f'<Files "{name}">\n    ForceType "{kind}"\n</Files>\n' for name, kind in FEEDS.items()
    )
    return f"""\
# Made by `make docs` from docs/server_snippets.py. Its use: docs/how-to/web-server.md

DirectoryIndex index.html
ErrorDocument 404 /404.html
AddDefaultCharset utf-8
<IfModule mod_headers.c>
{headers}    # Not with errors: what is missing now may be there later.
    Header set Cache-Control "no-cache"
    Header set Cache-Control "{FOR_EVER}" "expr=%{{REQUEST_URI}} =~ m#^/static/#"
    Header set Access-Control-Allow-Origin "*" "expr=%{{REQUEST_URI}} =~ m#^/api/#"
</IfModule>
RedirectMatch 404 "{HIDDEN}"
RedirectMatch 404 "^/_(headers|redirects)$"
{feeds}"""
