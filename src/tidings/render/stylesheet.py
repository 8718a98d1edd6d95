"""The generated stylesheet: `[theme]` options as design tokens. Part of rendering.

Pages carry no inline style, so that a strict content security policy can hold; what the
publisher sets in `tidings.toml` reaches them as the asset `theme.css`, which follows
`style.css`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from tidings.model.config import ThemeConfig
from tidings.model.view import ThemeView

COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
FAMILY = re.compile(r"[A-Za-z0-9_-]+(?: [A-Za-z0-9_-]+)*")
GENERIC = frozenset(
    {
        "serif",
        "sans-serif",
        "monospace",
        "system-ui",
        "ui-serif",
        "ui-sans-serif",
        "ui-rounded",
        "ui-monospace",
    }
)

LIGHT_PAPER = (0xF3, 0xF1, 0xEA)
"""The darkest background of the light look, `--raised` in `style.css`: red, green, blue."""
DARK_PAPER = (0x21, 0x1F, 0x1C)
"""The lightest background of the dark look."""
READABLE = 4.6
"""Contrast that an accent must reach; WCAG asks for 4.5, the rest is for rounding."""

Rgb = tuple[int, int, int]


def theme_view(config: ThemeConfig) -> ThemeView:
    """What templates see of the options."""
    return ThemeView(
        stylesheet=bool(_declarations(config)),
        logo=config.logo,
        logo_width=config.logo_width,
        logo_height=config.logo_height,
        density=config.density,
        columns=tuple(config.columns),
    )


def theme_stylesheet(config: ThemeConfig) -> bytes:
    """The options as CSS, empty when all are at their defaults.

    Raises ValueError for a value that is not plainly a colour or a list of fonts. Reading the
    config has refused such a value before; this is the second lock of that door.
    """
    declarations = _declarations(config)
    if not declarations:
        return b""
    lines = [":root {", *(f"  {name}: {value};" for name, value in declarations), "}"]
    if config.accent:
        light, dark = accents(config.accent)
        lines += [
            "@supports (color: light-dark(#000, #fff)) {",
            f"  :root {{ --accent: light-dark({light}, {dark}); }}",
            "}",
        ]
    return ("\n".join(lines) + "\n").encode()


def accents(colour: str) -> tuple[str, str]:
    """The colour as it can be read on light and on dark paper, each as `#rrggbb`."""
    if not COLOUR.fullmatch(colour):
        raise ValueError(f"not a colour: {colour!r}")
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    rgb = (int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16))
    return (
        _hex(_toward(rgb, (0, 0, 0), LIGHT_PAPER)),
        _hex(_toward(rgb, (255, 255, 255), DARK_PAPER)),
    )


def contrast(one: Rgb, other: Rgb) -> float:
    """The contrast of two colours after WCAG 2, from 1 to 21."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _declarations(config: ThemeConfig) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    if config.accent:
        found.append(("--accent", accents(config.accent)[0]))
    for name, families in (
        ("--headline", config.headline_font),
        ("--text", config.text_font),
        ("--ui", config.interface_font),
    ):
        if families.strip():
            found.append((name, ", ".join(_families(families.split(",")))))
    return found


def _families(names: Iterable[str]) -> list[str]:
    families = []
    for name in map(str.strip, names):
        if not FAMILY.fullmatch(name):
            raise ValueError(f"not the name of a font family: {name!r}")
        families.append(name if name in GENERIC else f'"{name}"')
    return families


def _toward(colour: Rgb, goal: Rgb, paper: Rgb) -> Rgb:
    """The colour, moved toward `goal` by twentieths until it can be read on `paper`."""
    for step in range(21):
        moved = (
            _between(colour[0], goal[0], step),
            _between(colour[1], goal[1], step),
            _between(colour[2], goal[2], step),
        )
        if contrast(moved, paper) >= READABLE:
            return moved
    return goal


def _between(start: int, end: int, step: int) -> int:
    return start + (end - start) * step // 20


def _luminance(colour: Rgb) -> float:
    red, green, blue = (_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _hex(colour: Rgb) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
