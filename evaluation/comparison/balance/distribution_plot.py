"""Distributions in both arms, before and after: of the propensity and of a covariate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from data_dictionary.errors import DesignError
from evaluation.arrays import BoolArray, FloatArray
from evaluation.columns import require_columns
from evaluation.comparison.balance.density import bandwidth, density
from evaluation.comparison.covariates import CovariateColumn, expand
from evaluation.comparison.data import ComparisonData

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_POINTS = 512
_BINS = 40


def plot_overlap(m: ComparisonData, ax: Axes | None = None) -> Axes:
    """Draw the propensity's histogram, treated upwards and comparison rows downwards.

    Outlines are all rows, filled bars the rows as the design weighs them; each arm's area is
    1, so that arms of different size can be compared.

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
    axes = _axes(ax, height=3.6)
    edges = np.linspace(0.0, 1.0, _BINS + 1)
    for name, arm, sign in (("treated", m.treated, 1), ("comparison", ~m.treated, -1)):
        for weights, style in (
            (m.base_weights, {"fill": False, "color": "0.35"}),
            (m.weights, {"fill": True, "color": "0.6" if sign < 0 else "0.2"}),
        ):
            heights = np.histogram(score[arm], bins=edges, weights=weights[arm], density=True)[
                0
            ]
            axes.stairs(sign * heights, edges, **style)
        axes.annotate(
            name,
            (0.99, 0.96 if sign > 0 else 0.04),
            xycoords="axes fraction",
            ha="right",
            va="top" if sign > 0 else "bottom",
        )
    axes.axhline(0, color="0.2", linewidth=0.8)
    axes.set_xlim(0, 1)
    axes.set_xlabel("propensity (outline: all rows, filled: as weighted)")
    axes.set_ylabel("density")
    axes.set_yticks([])
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
    require_columns(m.frame, {"covariate": covariate})
    columns = tuple(expand(m.frame, (covariate,)))
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
    for label, weights, members, style in _looks(m):
        arm, when = label.split(", ")
        own = np.where(members, weights, 0.0)
        shares = [float(own @ column.numbers / own.sum()) for column in columns]
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
    axes.set_ylim(0, 1)
    axes.set_ylabel("share")


def _axes(ax: Axes | None, *, height: float) -> Axes:
    from matplotlib.figure import Figure

    return Figure(figsize=(6.5, height), layout="constrained").subplots() if ax is None else ax
