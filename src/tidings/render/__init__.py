"""Render: page plans to bytes, through Jinja templates or a built-in format. Pure.

`theme` reads templates, `html` renders them with the `filters`, `feeds` writes Atom,
`stylesheet` turns `[theme]` into CSS, `policy` says what a page may load, and `problems`
explains what went wrong.
"""
