"""Plain values: what YAML says before anybody knows what it means. The fast paths make them.

Texts stay texts: whether one is a number or a date is for whoever knows the key.
"""

from __future__ import annotations

Plain = str | None | list["Plain"] | dict[str, "Plain"]
