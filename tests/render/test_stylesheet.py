"""The stylesheet made from `[theme]`."""

from __future__ import annotations

import re

import msgspec
import pytest
from fixtures import TEMPLATES
from hypothesis import given
from hypothesis import strategies as st

from tidings.model.config import ThemeConfig
from tidings.render.stylesheet import (
    DARK_PAPER,
    LIGHT_PAPER,
    accents,
    contrast,
    theme_stylesheet,
    theme_view,
)


def rgb(colour: str) -> tuple[int, int, int]:
    return (int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:], 16))


def test_nothing_set_makes_no_stylesheet() -> None:
    assert theme_stylesheet(ThemeConfig()) == b""
    assert not theme_view(ThemeConfig()).stylesheet


def test_options_become_design_tokens() -> None:
    config = ThemeConfig(accent="#0b5cad", headline_font="Iowan Old Style, serif")
    css = theme_stylesheet(config).decode()
    assert "--accent: #0b5cad;" in css
    assert '--headline: "Iowan Old Style", serif;' in css
    assert "--text" not in css
    assert theme_view(config).stylesheet


@given(st.from_regex(r"#([0-9a-f]{3}|[0-9a-f]{6})", fullmatch=True))
def test_every_accent_can_be_read_in_both_looks(colour: str) -> None:
    light, dark = accents(colour)
    assert contrast(rgb(light), LIGHT_PAPER) >= 4.5
    assert contrast(rgb(dark), DARK_PAPER) >= 4.5


SHADE = 0.32
INKS = {"light": "#1c1a17", "dark": "#e8e4da"}
PAPERS = {"light": "#fbfaf7", "dark": "#161513"}


@given(st.from_regex(r"#[0-9a-f]{6}", fullmatch=True))
def test_numbers_on_the_deepest_shade_of_a_calendar_can_be_read(colour: str) -> None:
    for look, accent in zip(("light", "dark"), accents(colour), strict=True):
        parts = zip(rgb(accent), rgb(PAPERS[look]), strict=True)
        red, green, blue = (round(a * SHADE + b * (1 - SHADE)) for a, b in parts)
        assert contrast((red, green, blue), rgb(INKS[look])) >= 4.5


def test_these_tests_know_the_stylesheet() -> None:
    css = (TEMPLATES / "static" / "style.css").read_text("utf-8")
    assert f"--ink: light-dark({INKS['light']}, {INKS['dark']})" in css
    assert f"--paper: light-dark({PAPERS['light']}, {PAPERS['dark']})" in css
    assert f".heat4 {{ background: color-mix(in srgb, var(--accent) {SHADE:.0%}" in css
    assert "--raised: light-dark(#{:02x}{:02x}{:02x}, ".format(*LIGHT_PAPER) in css
    assert "#{:02x}{:02x}{:02x});".format(*DARK_PAPER) in css


def test_an_accent_that_is_readable_stays_what_it_is() -> None:
    assert accents("#0b5cad")[0] == "#0b5cad"
    assert accents("#FA0")[1] == "#ffaa00"


BAD_COLOURS = [
    "red",
    "#12345",
    "#fff;}body{display:none",
    "url(//evil.example)",
    "#fff\n",
    "#ggg",
]
BAD_FONTS = ['"x"; } body { display: none', "a'b", "url(x)", "a,,b", "x\\0", "</style>"]


@pytest.mark.parametrize("value", BAD_COLOURS)
def test_what_is_no_colour_is_refused_by_config_and_stylesheet(value: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=r"\$\.accent"):
        msgspec.convert({"accent": value}, ThemeConfig)
    with pytest.raises(ValueError, match="not a colour"):
        theme_stylesheet(ThemeConfig(accent=value))


@pytest.mark.parametrize("value", BAD_FONTS)
def test_what_is_no_font_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="not the name of a font"):
        theme_stylesheet(ThemeConfig(text_font=value))


@pytest.mark.parametrize(
    "options",
    [{"density": "tight"}, {"columns": ["weather"]}, {"logo_width": -1}, {"acent": "#fff"}],
)
def test_the_config_refuses_other_options(options: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(options, ThemeConfig)


@given(st.text(max_size=40), st.text(max_size=40))
def test_nothing_but_tokens_comes_out(accent: str, font: str) -> None:
    try:
        css = theme_stylesheet(ThemeConfig(accent=accent, headline_font=font)).decode()
    except ValueError:
        return
    assert re.fullmatch(r'[\w\s:{}();,"#.@/-]*', css)
    assert css.count("{") == css.count("}")
    assert "url" not in css.replace(font, "")
