"""Distributions in both arms, before and after: of the propensity and of a covariate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from data_dictionary.errors import DesignError
from evaluation.arguments import each_named
from evaluation.arrays import BoolArray, FloatArray
from evaluation.axes import require_axes
from evaluation.columns import require_columns
from evaluation.comparison.balance.density import bandwidth, density
from evaluation.comparison.covariates import CovariateColumn, expand
from evaluation.comparison.data import ComparisonData
from evaluation.comparison.method import not_offered

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_POINTS = 512
_BINS = 40
_EDGE = 1e-9  # where a propensity of 0 or 1 stands on an axis of log-odds
_MARKS = (1e-8, 1e-6, 1e-4, 0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999, 1 - 1e-4)


def plot_overlap(
    m: ComparisonData, ax: Axes | None = None, *, scale: Literal["auto", "ps", "logit"] = "auto"
) -> Axes:
    """Draw the propensity's histogram, treated upwards and comparison rows downwards.

    Outlines are all rows, filled bars the rows as the design weighs them; each arm's area is
    1, so that arms of different size can be compared.  The axis is that of the propensity
    (`ps`) or of its log-odds (`logit`); ``auto`` takes the latter where a bar would hold more
    than half of an arm.

    Raises
    ------
    DesignError
        If the design has no propensity.
    """
    score = m.propensity
    if score is None:
        raise DesignError(
            f"{m.design}: this design has no propensity whose overlap could be drawn; "
            "look at a covariate with plot_distribution."
        )
    if faults := not_offered("scale", scale, ("auto", "ps", "logit")):
        raise DesignError(faults[0])
    axes = _axes(ax, height=3.6)
    edges = np.linspace(0.0, 1.0, _BINS + 1)
    crowded = max(
        np.histogram(score[arm], edges)[0].max() / arm.sum() for arm in (m.treated, ~m.treated)
    )
    if scale == "logit" or (scale == "auto" and crowded > 0.5):
        score = np.log(np.clip(score, _EDGE, 1 - _EDGE) / np.clip(1 - score, _EDGE, 1 - _EDGE))
        edges = np.linspace(score.min() - 1e-9, score.max() + 1e-9, _BINS + 1)
        marks = [p for p in _MARKS if edges[0] <= np.log(p / (1 - p)) <= edges[-1]]
        axes.set_xticks([np.log(p / (1 - p)) for p in marks], [f"{p:g}" for p in marks])
    for arm, sign in ((m.treated, 1), (~m.treated, -1)):
        for weights, style in (
            (m.weights, {"fill": True, "color": "0.8" if sign < 0 else "0.6"}),
            (m.base_weights, {"fill": False, "color": "0.0", "linewidth": 1.1}),
        ):
            heights = np.histogram(score[arm], bins=edges, weights=weights[arm], density=True)[
                0
            ]
            axes.stairs(sign * heights, edges, **style)
    low, high = axes.get_ylim()
    axes.set_yticks([low / 2, high / 2], ["comparison", "treated"], rotation=90, va="center")
    axes.tick_params(axis="y", length=0)
    axes.axhline(0, color="0.2", linewidth=0.8)
    axes.set_xlim(edges[0], edges[-1])
    axes.set_xlabel("propensity (outline: all rows, filled: as weighted)")
    axes.set_ylabel("density")
    axes.spines[["top", "right", "left"]].set_visible(False)
    return axes


def plot_distribution(m: ComparisonData, covariate: str, ax: Axes | None = None) -> Axes:
    """Draw one covariate in both arms, before (thin) and after (thick).

    Numbers as densities, 0/1 columns and categories as shares.

    Raises
    ------
    ColumnError
        If there is no such column.
    """
    each_named({"covariate": covariate})
    require_columns(m.frame, {"covariate": covariate})
    columns = tuple(expand(m.frame, (covariate,), indicators=True))
    axes = _axes(ax, height=3.2)
    if columns[0].is_binary:
        _shares(m, columns, axes)
    else:
        _densities(m, columns[0].numbers, axes)
    axes.set_xlabel(covariate)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    return axes


def _looks(m: ComparisonData) -> list[tuple[str, FloatArray, BoolArray, dict[str, Any]]]:
    """Return label, weights, rows and line style of the four distributions."""
    return [
        (
            f"{arm}, {when}",
            weights,
            members,
            {"linestyle": line, "linewidth": width, "color": color},
        )
        for when, weights, width in (("before", m.base_weights, 0.8), ("after", m.weights, 2.0))
        for arm, members, line, color in (
            ("treated", m.treated, "-", "0.1"),
            ("comparison", ~m.treated, "--", "0.45"),
        )
    ]


def _densities(m: ComparisonData, numbers: FloatArray, axes: Axes) -> None:
    known = np.isfinite(numbers)
    low, high = numbers[known].min(), numbers[known].max()
    narrowest = (high - low) / _POINTS * 2 or 1.0
    for label, weights, members, style in _looks(m):
        rows = members & (weights > 0) & known
        width = max(bandwidth(numbers[rows], weights[rows]), narrowest)
        grid = np.linspace(low - 3 * width, high + 3 * width, _POINTS)
        heights = density(numbers[rows], weights[rows], grid, width=width)
        axes.plot(grid, heights, label=label, **style)
    axes.set_ylabel("density")
    axes.set_ylim(bottom=0)


def _shares(m: ComparisonData, columns: tuple[CovariateColumn, ...], axes: Axes) -> None:
    places = np.arange(len(columns))
    marks = {"treated": "o", "comparison": "s"}
    highest = 0.0
    for label, weights, members, style in _looks(m):
        arm, when = label.split(", ")
        own = np.where(members, weights, 0.0)
        # Of everybody, those of whom it is not known included.
        shares = [float(own @ np.nan_to_num(one.numbers) / own.sum()) for one in columns]
        highest = max(highest, *shares)
        axes.plot(
            places + (-0.08 if arm == "treated" else 0.08),
            shares,
            marks[arm],
            color=style["color"],
            markerfacecolor=style["color"] if when == "after" else "white",
            label=label,
        )
    axes.set_xticks(places, [column.level or "share with 1" for column in columns])
    axes.set_xlim(-0.6, len(columns) - 0.4)
    axes.set_ylim(0, min(1.0, 1.15 * highest) or 1.0)
    axes.set_ylabel("share")


def _axes(ax: Axes | None, *, height: float) -> Axes:
    from matplotlib.figure import Figure

    require_axes(ax)
    return Figure(figsize=(6.5, height), layout="constrained").subplots() if ax is None else ax
