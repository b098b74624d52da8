"""Where the words of a drawing are, to hold that none hides another or is cut off."""

from __future__ import annotations

import itertools

from matplotlib.figure import Figure
from matplotlib.text import Text


def shown(drawing: Figure) -> list[Text]:
    """Return the texts that are drawn, ticks inside the axis only."""
    drawing.draw_without_rendering()
    hidden: set[int] = set()
    for ax in drawing.axes:
        if not ax.axison:
            hidden |= {id(text) for text in (*ax.get_xticklabels(), *ax.get_yticklabels())}
            hidden |= {id(ax.xaxis.label), id(ax.yaxis.label)}
        for axis, limits in ((ax.xaxis, ax.get_xlim()), (ax.yaxis, ax.get_ylim())):
            low, high = sorted(limits)
            for tick in axis.get_major_ticks():
                if not low - 1e-9 <= tick.get_loc() <= high + 1e-9:
                    hidden |= {id(tick.label1), id(tick.label2)}
    texts = drawing.findobj(Text)
    return [
        text
        for text in texts
        if isinstance(text, Text)
        and text.get_visible()
        and text.get_text().strip()
        and id(text) not in hidden
    ]


def check_words(drawing: Figure) -> None:
    """Check that no two words of a drawing overlap, and that all are inside it."""
    # The extent of a text alone, without a line that leads to it.
    boxes = [(text.get_text(), Text.get_window_extent(text)) for text in shown(drawing)]
    frame = drawing.bbox
    for text, box in boxes:
        assert box.x0 >= frame.x0 - 1, f"cut at the left: {text}"
        assert box.x1 <= frame.x1 + 1, f"cut at the right: {text}"
        assert box.y0 >= frame.y0 - 1, f"cut at the foot: {text}"
        assert box.y1 <= frame.y1 + 1, f"cut at the top: {text}"
    for (one, box), (other, beside) in itertools.combinations(boxes, 2):
        apart = (
            box.x1 <= beside.x0 + 1
            or beside.x1 <= box.x0 + 1
            or box.y1 <= beside.y0 + 1
            or beside.y1 <= box.y0 + 1
        )
        assert apart, f"one on the other: {one!r} and {other!r}"
