"""A drawing as it stands within a page."""

from __future__ import annotations

import re
from pathlib import Path

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from reports.figures.style import canvas, house_style
from reports.figures.svg import as_svg, is_tidy, tidy


def drawing(title: str = "Måling <1> & 2") -> Figure:
    with house_style():
        made, (ax,) = canvas(2.0)
        ax.plot([1, 2, 3], [1.23456, 2, 3], "o")
        ax.fill_between([1, 2], [1, 1], [2, 2])
        ax.set_title(title)
        return made


def svg_of(made: Figure, name: str = "fig-a") -> str:
    text = as_svg(made, name)
    plt.close(made)
    return text


def test_time_decimals_and_names_of_nothing_are_gone_but_no_scale() -> None:
    svg = (
        '<?xml version="1.0"?>\n<svg><metadata><dc:date>2026</dc:date></metadata>\n'
        '<g id="line2d_1" transform="scale(0.015625)"><path id="m" d="M 1.23456 -0.00012 \n'
        'L 10.00049 3"/></g><g id="y"><defs></defs></g><use xlink:href="#m" x="3"/></svg>'
    )
    assert re.sub(r"<svg [^>]*>", "<svg>", tidy(svg, "f")) == (
        '<svg><g transform="scale(0.015625)"><path id="f-0" d="M 1.23 0 L 10 3"/></g>'
        '<use href="#f-0" x="3"/></svg>'
    )


def test_text_is_text_and_nothing_holds_beyond_the_drawing(tmp_path: Path) -> None:
    svg = svg_of(drawing())
    assert ">Måling &lt;1&gt; &amp; 2</text>" in svg
    assert "<style" not in svg
    assert "metadata" not in svg
    assert "#ffffff" not in svg
    file = tmp_path / "x.svg"
    file.write_text(svg, encoding="utf-8")
    assert is_tidy(file)
    file.write_text("<svg><script/></svg>", encoding="utf-8")
    assert not is_tidy(file)


def test_a_text_with_a_sign_that_the_font_lacks_is_drawn_and_others_stay_text() -> None:
    svg = svg_of(drawing("● Måling"))
    assert "Måling" not in svg
    assert "<text" in svg


def test_two_drawings_share_no_id_and_one_drawing_has_the_same_each_time() -> None:
    first, second = svg_of(drawing()), svg_of(drawing(), "fig-b")
    ids = [set(re.findall(r' id="([^"]+)"', svg)) for svg in (first, second)]
    assert ids[0]
    assert not ids[0] & ids[1]
    for svg, own in zip((first, second), ids, strict=True):
        assert set(re.findall(r'(?:href="|url\()#([^")]+)', svg)) <= own
        assert len(re.findall(r' id="', svg)) == len(own)
    assert svg_of(drawing()) == first
