"""Every figure against a picture of it that a person has looked at and approved.

`APPROVE=1 make browser` takes the figures as they are now; look at each before it is committed.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

pytestmark = pytest.mark.browser

APPROVED = Path(__file__).parent / "approved"
WIDTH = 360  # enough to see a line move, and small enough to keep
# Of 255 steps of grey: letters are smoothed in other ways by other versions of Chromium.
DRIFT, FAR, SHARE_FAR = 4.0, 80, 0.01


def grey(path: Path) -> Image.Image:
    """Return a picture at the width of the approved ones, without colour."""
    picture = Image.open(path).convert("L")
    size = (WIDTH, round(picture.height * WIDTH / picture.width))
    return picture.resize(size, Image.Resampling.LANCZOS)


def apart(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> str:
    """Say how far two pictures are apart; nothing where they are the same to the eye."""
    if one.shape != other.shape:
        return f"{one.shape} and {other.shape} pixels"
    gaps = np.abs(one.astype(float) - other)
    drift, far = gaps.mean(), (gaps > FAR).mean()
    return "" if drift <= DRIFT and far <= SHARE_FAR else f"{drift:.1f} apart, {far:.1%} far"


def test_each_figure_is_as_it_was_approved(found: dict[str, Any], out: Path) -> None:
    assert found
    shown = {path.stem.removeprefix("wide "): path for path in out.glob("wide *.png")}
    if "APPROVE" in os.environ:
        APPROVED.mkdir(exist_ok=True)
        for old in APPROVED.glob("*.png"):
            old.unlink()
        for name, path in shown.items():
            grey(path).save(APPROVED / f"{name}.png", optimize=True)
    approved = {path.stem: path for path in APPROVED.glob("*.png")}
    assert sorted(shown) == sorted(approved)
    told = {
        name: apart(np.asarray(grey(path)), np.asarray(Image.open(approved[name])))
        for name, path in shown.items()
    }
    assert {name: gap for name, gap in told.items() if gap} == {}


def test_a_figure_that_moved_or_lost_a_line_is_seen() -> None:
    names = sorted(APPROVED.glob("*.png"))
    assert len(names) > 10
    for path in names:
        picture = np.asarray(Image.open(path))
        assert apart(picture, np.roll(picture, 6, axis=0))
        assert apart(picture, picture[:-3])
    drawn = np.full((200, WIDTH), 255, np.uint8)
    drawn[100:106] = 30
    assert apart(drawn, np.full_like(drawn, 255))
    assert not apart(drawn, drawn)
