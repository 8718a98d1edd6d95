"""The sizes of pictures, as their files tell them."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidings.model.measure import Measure, measure

# A plane of one colour, 37 by 21 pixels, in each format and each of its forms.
PICTURES = {
    "png": (
        "iVBORw0KGgoAAAANSUhEUgAAACUAAAAVAQAAAADpnxoDAAAAiUlEQVR4nAF+AIH/ASIAAAD+AZQAAAD8AUIH"
        "+Qf/BOf7Bfv8BBtOAv7+Aua2DrYQAJElFJIQAURM8sf/ASogCj6+BBfb/fW3Aukjc9uoAJEiSJJAAUr/2yXf"
        "ASEDbgCuAUoA/9tsAtpH2264AZK4/9tsAUnYA26uBNtz/rfoAUnZJ9tcAttz227QN5o1++sjMMEAAAAASUVO"
        "RK5CYII="
    ),
    "gif": (
        "R0lGODdhJQAVAIEAAMgePAAAAAAAAAAAACwAAAAAJQAVAEAILwABCBxIsKDBgwgTKlzIsKHDhxAjSpxIsaLF"
        "ixgzatzIsaPHjyBDihxJsqRJkgEBADs="
    ),
    "jpeg": (
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAKBueIx4ZKCMgoy0qqC+8P//8Nzc8P//////////////////////"
        "////////////////////////////////////2wBDAaq0tPDS8P//////////////////////////////////"
        "////////////////////////////////////////////wAARCAAVACUDASIAAhEBAxEB/8QAHwAAAQUBAQEB"
        "AQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKB"
        "kaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1"
        "dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl"
        "5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcF"
        "BAQAAQJ3AAECAxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5"
        "OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0"
        "tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwBtFFFI0Cii"
        "igAooooAKKKKACiiigAooooA/9k="
    ),
    "progressive": (
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAKBueIx4ZKCMgoy0qqC+8P//8Nzc8P//////////////////////"
        "////////////////////////////////////2wBDAaq0tPDS8P//////////////////////////////////"
        "////////////////////////////////////////////wgARCAAVACUDASIAAhEBAxEB/8QAFQABAQAAAAAA"
        "AAAAAAAAAAAAAAH/xAAWAQEBAQAAAAAAAAAAAAAAAAAAAQL/2gAMAwEAAhADEAAAAYJoAAAAD//EABQQAQAA"
        "AAAAAAAAAAAAAAAAADD/2gAIAQEAAQUCf//EABQRAQAAAAAAAAAAAAAAAAAAACD/2gAIAQMBAT8BX//EABQR"
        "AQAAAAAAAAAAAAAAAAAAACD/2gAIAQIBAT8BX//EABQQAQAAAAAAAAAAAAAAAAAAADD/2gAIAQEABj8Cf//E"
        "ABQQAQAAAAAAAAAAAAAAAAAAADD/2gAIAQEAAT8hf//aAAwDAQACAAMAAAAQCCCCCC//xAAUEQEAAAAAAAAA"
        "AAAAAAAAAAAg/9oACAEDAQE/EF//xAAUEQEAAAAAAAAAAAAAAAAAAAAg/9oACAECAQE/EF//xAAUEAEAAAAA"
        "AAAAAAAAAAAAAAAw/9oACAEBAAE/EH//2Q=="
    ),
    "lossy": (
        "UklGRkIAAABXRUJQVlA4IDYAAAAwAwCdASolABUAP83m7XA/uDIrJWgD8DmJZwDLLA8Kvu4AAP7Qx7//WuVt"
        "oBJrErbLdAAAAAA="
    ),
    "lossless": ("UklGRh4AAABXRUJQVlA4TBEAAAAvJAAFAAdQjyKXp/+BiOh/AAA="),
    "extended": (
        "UklGRngAAABXRUJQVlA4WAoAAAAYAAAAJAAAFAAAQUxQSAoAAAABB1CtiAhERP8DVlA4IDYAAAAwAwCdASol"
        "ABUAP83m7XA/uDIrJWgD8DmJZwDLLA8Kvu4AAP7Qx7//WuVtoBJrErbLdAAAAABFWElGCgAAAE1NACoAAAAI"
        "AAA="
    ),
}
FILES = {
    **{"png": "x.png", "gif": "x.GIF", "jpeg": "x.jpg", "progressive": "x.jpeg"},
    **{"lossy": "x.webp", "lossless": "x.webp", "extended": "x.webp"},
}
THEME = Path(__file__).parents[2] / "templates/static"


@pytest.mark.parametrize("kind", list(PICTURES))
def test_every_format_tells_its_size(kind: str) -> None:
    data = base64.b64decode(PICTURES[kind])
    assert measure(FILES[kind], data) == Measure(len(data), 37, 21)


def test_the_picture_of_the_theme_is_as_large_as_its_pages_say() -> None:
    found = measure("og.png", (THEME / "og.png").read_bytes())
    assert found is not None
    assert (found.width, found.height) == (1200, 630)


def test_a_drawing_has_no_size_in_pixels() -> None:
    assert measure("a/x.svg", b"<svg/>") == Measure(6)


def test_what_is_no_picture_is_not_measured() -> None:
    assert measure("style.css", b"p {}") is None


@given(st.sampled_from(list(PICTURES)), st.integers(0, 700))
def test_half_a_picture_is_no_trouble(kind: str, end: int) -> None:
    data = base64.b64decode(PICTURES[kind])[:end]
    found = measure(FILES[kind], data)
    assert found in (Measure(len(data)), Measure(len(data), 37, 21))


@given(st.sampled_from([b"", b"\xff\xd8", b"GIF89a", b"RIFF0000WEBPVP8X"]), st.binary())
def test_whatever_a_file_holds_is_no_trouble(start: bytes, rest: bytes) -> None:
    found = measure("x.png", start + rest)
    assert found is not None
    assert found.bytes == len(start + rest)
