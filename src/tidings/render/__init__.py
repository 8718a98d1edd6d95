"""Render: page plans to bytes, through Jinja templates or a built-in format. Pure.

`theme` knows the templates and what each depends on, `reading` parses and compiles them, and
`compiled` keeps what came of that. `html` renders them with the `filters`: `machine` runs the
quick code that `codegen` writes, on `runtime` and `memo`, and Jinja's own where that cannot do.
`feeds`, `rss` and `json_feed` write feeds, `stylesheet` turns `[theme]` into CSS, `policy` says
what a page may load, and `problems` explains what went wrong.
"""
