"""A drawing as SVG: text as text, no decimals that nobody sees, ids that are its own."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from reports.figures.style import FONTS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# What matplotlib says of every line and text; its sheet of styles would hold for a whole page.
_ROOT = (
    "<svg font-family=\"'Source Sans Pro', 'DejaVu Sans', sans-serif\" "
    'stroke-linejoin="round" stroke-linecap="butt"'
)
_UNNEEDED = re.compile(
    r"\A.*?(?=<svg\b)|<!--.*?-->|<metadata>.*?</metadata>|<style\b.*?</style>"
    r"|font-family: [^;]*; ?"
    r'|<path\b[^>]* style="fill: none"/>| transform="rotate\(-0 [^"]*\)"|\s+(?=<)|\s+\Z',
    re.DOTALL,
)
_EMPTY = re.compile(r"<(g|defs)>(?:</\1>)")
_NUMBERS = re.compile(r'(?<=\s)(?:d|x|y)="[^"]+"')
_NUMBER = re.compile(r"-?\d+\.\d{3,}")
_ID = re.compile(r' id="([^"]+)"')
_USE = re.compile(r'(?:xlink:)?(href="|url\()#([^")]+)')


def as_svg(drawing: Figure, name: str) -> str:
    """Return a drawing as SVG with text that can be searched, to stand within a page."""
    import matplotlib as mpl

    target = StringIO()
    _outline_foreign(drawing)
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": name}):
        drawing.savefig(target, format="svg")
    return tidy(target.getvalue(), name)


def tidy(svg: str, name: str) -> str:
    """Return what matplotlib wrote as it may stand within a page, the same in each run.

    The time it was made goes, decimals of a hundredth of a point, and groups of nothing; an id
    that something refers to gets `name`, so that no other figure has it.
    """
    svg = _UNNEEDED.sub("", svg)
    svg = _NUMBERS.sub(lambda found: _NUMBER.sub(_rounded, " ".join(found[0].split())), svg)
    used = dict.fromkeys(reference for _, reference in _USE.findall(svg))
    names = {reference: f"{name}-{at}" for at, reference in enumerate(used)}
    svg = _ID.sub(lambda found: f' id="{names[found[1]]}"' if found[1] in names else "", svg)
    svg = _USE.sub(lambda found: f"{found[1]}#{names[found[2]]}", svg)
    svg = svg.replace("<svg", _ROOT, 1)
    while (less := _EMPTY.sub("", svg)) != svg:
        svg = less
    return svg


def is_tidy(path: Path) -> bool:
    """Whether a file holds what `tidy` returns, and nothing that could disturb a page."""
    with path.open("rb") as file:
        return file.read(len(_ROOT)) == _ROOT.encode()


def _rounded(match: re.Match[str]) -> str:
    text = f"{float(match[0]):.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _outline_foreign(drawing: Figure) -> None:
    """Let texts with signs that the house's font lacks be outlines: a PDF may have no font."""
    from matplotlib.font_manager import get_font
    from matplotlib.patheffects import Normal
    from matplotlib.text import Text

    known = {chr(code) for code in get_font(FONTS / "SourceSansPro-Regular.ttf").get_charmap()}
    for text in drawing.findobj(Text):
        if not set(text.get_text()) <= known | {"\n"}:
            text.set_path_effects([Normal()])
