"""Curves are drawn with names at their ends, numbers at risk and marks of the censored."""

from __future__ import annotations

import numpy as np
import pandas as pd

from evaluation.survival.curve_plot import draw_curves

# Of five treated one leaves at 1, one is censored before 2, two leave at 2 and 3, one stays.
TREATED = {"time": [1.0, 2.0, 3.0], "at_risk": [5, 3, 2], "estimate": [0.2, 0.4, 0.7]}
CURVES = pd.concat(
    [
        pd.DataFrame({**TREATED, "arm": arm, "cause": "job", "n_events": 1})
        for arm in ("treated", "comparison")
    ]
).assign(conf_low=0.0, conf_high=1.0)


def drawn(**asked: object) -> tuple[list[str], list[np.ndarray]]:
    """Return the texts of a plot, and where its marks stand."""
    ax = draw_curves(CURVES, "job", "weeks", label="share", **asked)  # type: ignore[arg-type]
    texts = [text.get_text() for text in ax.texts]
    marks = [line.get_xdata() for line in ax.lines if line.get_marker() == "|"]
    return [*texts, ax.get_xlabel()], [np.asarray(at) for at in marks]


def test_arms_have_the_names_that_they_are_given() -> None:
    texts, marks = drawn(arms=("One plan", "Others"))
    assert texts == ["One plan", "Others", "weeks"]
    assert marks == []


def test_those_at_risk_stand_below_and_who_is_censored_is_marked() -> None:
    texts, marks = drawn(at_risk=True, censored=True)
    assert texts[-1] == "weeks, and rows at risk"
    # At 1, 1.5, 2, 2.5 and 3 weeks those who have not left before.
    assert [text for text in texts if text.isdigit()] == ["5", "3", "3", "2", "2"] * 2
    # Censored between 1 and 2, and one who stays at the end.
    assert [at.tolist() for at in marks] == [[1.0, 3.0]] * 2
