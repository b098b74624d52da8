from __future__ import annotations

import matplotlib as mpl
import pytest

from evaluation.axes import framed, label_ends, ratio_axis

mpl.use("Agg")


def test_names_keep_their_distance_from_the_axis_and_each_other() -> None:
    axes = framed(None)
    axes.set_ylim(0.0, 1.0)
    label_ends(axes, [("a", 1.0, 0.5, "k"), ("b", 1.0, 0.0, "k"), ("c", 1.0, 0.5, "k")])
    heights = {text.get_text(): text.xy[1] for text in axes.texts}
    assert heights["a"] == 0.5
    assert heights["b"] == pytest.approx(1 / 36)
    assert heights["c"] == pytest.approx(0.5 + 1 / 18)
    mpl.pyplot.close(axes.figure)


def test_ratios_have_plain_numbers_at_their_ticks() -> None:
    axes = framed(None)
    axes.plot([0, 1], [0.55, 1.9])
    ratio_axis(axes, "y")
    axes.figure.canvas.draw()
    shown = [label.get_text() for label in axes.get_yticklabels()]
    assert all(float(text) > 0 for text in shown)
    assert not [text for text in axes.yaxis.get_minorticklabels() if text.get_text()]
    mpl.pyplot.close(axes.figure)


def test_given_axes_are_used() -> None:
    axes = framed(None)
    assert framed(axes) is axes
    assert not axes.spines["top"].get_visible()
    mpl.pyplot.close(axes.figure)
