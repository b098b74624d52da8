"""Make the letters of a page: what Danish reports need of Source Sans, in two weights.

Run it after the fonts of the extension have changed. The licence (OFL.txt) keeps the name of
the fonts for the originals, so the smaller ones are called after the extension.
"""

from __future__ import annotations

from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FONTS = Path(__file__).parents[1] / "reports" / "_extensions" / "vive" / "fonts"
SIGNS = (
    *range(0x20, 0x7F),
    *range(0xA0, 0x180),
    *range(0x2010, 0x2027),
    0x2030,
    0x2039,
    0x203A,
)
MORE = (0x2032, 0x2044, 0x2070, 0x20AC, 0x2122, *range(0x2190, 0x2194), 0x2212, 0x221A, 0x2248)
MOST = (
    0x2260,
    0x2264,
    0x2265,
    0x3B1,
    0x3B2,
    0x3BC,
    0x394,
    *range(0x2074, 0x208A),
    0xFB01,
    0xFB02,
)
NAMES = (1, 3, 4, 6, 16, 18)


def make(weight: str) -> None:
    """Write the letters of one weight."""
    options = subset.Options(
        flavor="woff", hinting=False, layout_features=["kern", "liga", "tnum"]
    )
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    font = subset.load_font(str(FONTS / f"SourceSansPro-{weight}.ttf"), options)
    chosen = subset.Subsetter(options)
    chosen.populate(unicodes=(*SIGNS, *MORE, *MOST))
    chosen.subset(font)
    for entry in font["name"].names:
        if entry.nameID in NAMES:
            entry.string = f"ViveSans-{weight}" if entry.nameID == 6 else f"Vive Sans {weight}"
    font.recalcTimestamp = False
    subset.save_font(font, str(FONTS / f"vive-{weight.lower()}.woff"), options)


if __name__ == "__main__":
    for weight in ("Regular", "Semibold"):
        make(weight)
        TTFont(FONTS / f"vive-{weight.lower()}.woff").close()
