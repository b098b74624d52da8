"""Colours of a page that can be told apart, light and dark, also where a drawing is turned."""

from __future__ import annotations

import re

import pytest

from reports.figures.style import INK, PETROL, RUST, SLATE
from reports.staging import PROJECT

CSS = (PROJECT / "_extensions" / "vive" / "vive.css").read_text(encoding="utf-8")
LIGHT, DARK = (
    dict(re.findall(r"--(\w+): (#\w+);", block))
    for block in re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)
)
TEXTS = [
    *(("ink", under) for under in ("paper", "tint")),
    *(("petrol", under) for under in ("paper", "tint")),
    *(("slate", under) for under in ("paper", "tint")),
    ("rust", "sand"),
]
# What CSS writes for hue-rotate(180deg).
ROTATE = ((-0.574, 1.43, 0.144), (0.426, 0.43, 0.144), (0.426, 1.43, -0.856))

Colour = tuple[float, ...]


def read(colour: str) -> Colour:
    text = colour[1:] if len(colour) == 7 else "".join(2 * sign for sign in colour[1:])
    return tuple(int(text[at : at + 2], 16) / 255 for at in (0, 2, 4))


def turned(colour: Colour) -> Colour:
    """Return a colour of a drawing as the dark theme shows it."""
    amount = float(re.findall(r"invert\(([\d.]+)\) hue-rotate\(180deg\)", CSS)[0])
    inverted = [amount - (2 * amount - 1) * part for part in colour]
    rows = (sum(a * b for a, b in zip(row, inverted, strict=True)) for row in ROTATE)
    return tuple(min(1.0, max(0.0, part)) for part in rows)


def contrast(first: Colour, second: Colour) -> float:
    def light(colour: Colour) -> float:
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((light(first), light(second)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "under"), TEXTS)
def test_text_stands_out_from_what_is_under_it(
    theme: dict[str, str], text: str, under: str
) -> None:
    assert contrast(read(theme[text]), read(theme[under])) >= 4.5


@pytest.mark.parametrize("colour", [INK, PETROL, SLATE, RUST])
def test_letters_of_a_drawing_stand_out_in_both_themes(colour: str) -> None:
    assert contrast(read(colour), read(LIGHT["paper"])) >= 4.5
    assert contrast(turned(read(colour)), read(DARK["paper"])) >= 4.5


def test_the_two_arms_are_told_apart_in_the_dark_as_in_the_light() -> None:
    light = contrast(read(PETROL), read(RUST))
    dark = contrast(turned(read(PETROL)), turned(read(RUST)))
    assert light > 1.5
    assert dark > 1.2
