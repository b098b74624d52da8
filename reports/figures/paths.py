"""Weekly paths before and after start: one status in both groups, and all statuses stacked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np

from reports.figures.curves import ARMS, LETTER, NAME, WIDE, name_ends
from reports.figures.picture import over_time, with_numbers
from reports.figures.style import INK, LINE, SLATE, canvas, danish_axis, house_style, titled

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# What is shown of the difference.
GAP = {
    **{"estimate": "Forskel", "conf_low": "Interval, nedre", "conf_high": "Interval, øvre"},
    **{"band_low": "Bånd, nedre", "band_high": "Bånd, øvre"},
}
BAND, POINTWISE = "#dfe6e8", "#a9bcc3"
# Neighbours differ in lightness, and none is told from another by red and green alone.
LAYERS = (
    "#1b4b5a",
    "#e0a458",
    "#7c9cb0",
    "#a8501c",
    "#b9d2c4",
    "#6b5b7b",
    "#cbb89a",
    "#4f7f73",
)
OTHER, REST = "#8b9aa1", "#eef3f4"
START = "Indsatsen starter"
PANEL = 2.3  # inches of one stacked panel
LETTERS = 24  # of a label on one line


def weekly_path(paths: pd.DataFrame, *, names: Mapping[str, str], unit: str) -> Figure:
    """Draw both groups' weekly share of one status, and the difference with both bands below.

    `paths` has the rows of paths.csv for the status; `names` are those of the arms, and `unit`
    is what a share is a share of.
    """
    own = {arm: rows.sort_values("week") for arm, rows in paths.groupby("arm")}
    with house_style():
        drawing, (upper, lower) = canvas(4.7, rows=(1.25, 1.0))
        ends = {}
        for arm, (colour, style) in ARMS.items():
            week, share = (own[arm][name].to_numpy(float) for name in ("week", "estimate"))
            upper.plot(week, share, color=colour, linestyle=style, linewidth=1.6)
            seen = np.flatnonzero(np.isfinite(share))
            ends[arm] = float(share[seen[-1]]) if len(seen) else 0.0
        # Room above the curves for the word at the start.
        upper.set_ylim(0, 1.14 * upper.get_ylim()[1])
        last = float(paths["week"].max())
        labels = {
            fill(names[arm], NAME): (ends[arm], colour) for arm, (colour, _) in ARMS.items()
        }
        name_ends(upper, last, labels, gap=0.09 * upper.get_ylim()[1])
        titled(upper, unit, WIDE)
        upper.annotate(
            START, (0, 1), (4, -2), va="top", fontsize=LETTER, color=SLATE,
            xycoords=("data", "axes fraction"), textcoords="offset points",
        )  # fmt: skip
        _difference(lower, own["difference"])
        for ax in (upper, lower):
            _weeks(ax, float(paths["week"].min()), last)
            danish_axis(ax.yaxis)
            ax.grid(axis="y", color=LINE, linewidth=0.8)
        upper.tick_params(axis="x", labelbottom=False)
        lower.set_xlabel("Uger siden start")
        shares = {names[arm]: own[arm].set_index("week")["estimate"] for arm in ARMS}
        gap = own["difference"].set_index("week")
        numbers = over_time("Uge", shares | {said: gap[end] for end, said in GAP.items()})
        return with_numbers(drawing, *numbers)


def _difference(ax: Axes, rows: pd.DataFrame) -> None:
    week, gap = rows["week"].to_numpy(float), rows["estimate"].to_numpy(float)
    kinds = (("band", BAND, "Simultant bånd"), ("conf", POINTWISE, "Interval for ugen"))
    for kind, colour, name in kinds:
        low, high = (rows[f"{kind}_{end}"].to_numpy(float) for end in ("low", "high"))
        if np.isfinite(low).any():
            ax.fill_between(week, low, high, color=colour, linewidth=0, label=name)
    ax.axhline(0.0, color=INK, linewidth=0.9)
    ax.plot(week, gap, color=INK, linewidth=1.6, label="Forskel")
    # Above the keys: beside them there is room only where the names of the groups are short.
    ax.set_title("Forskel i procentpoint", weight="normal", pad=20)
    ax.legend(
        loc="lower left",
        bbox_to_anchor=(0.0, 1.0),
        ncols=3,
        frameon=False,
        borderpad=0,
        borderaxespad=0.2,
        fontsize=9,
        handlelength=1.4,
        columnspacing=1.2,
    )


def _weeks(ax: Axes, first: float, last: float) -> None:
    """Put half-years on the axis, with a line where the programme starts."""
    ax.set_xlim(first, last)
    every = 26 if last - first > 80 else 13
    ax.set_xticks(np.arange(np.ceil(first / every) * every, last + 1, every))
    danish_axis(ax.xaxis)
    ax.axvline(0.0, color=SLATE, linewidth=1.0, linestyle=(0, (4, 3)))


def status_areas(
    paths: pd.DataFrame,
    labels: Mapping[str, str],
    *,
    names: Mapping[str, str],
    order: Sequence[str],
) -> Figure:
    """Draw the statuses of each group on top of each other, one panel per group.

    `paths` has the rows of paths.csv, `labels` and `names` name statuses and arms.  The last
    status of `order`, from the bottom up, is the palest, and the axis ends inside it, where all
    others are large enough to be seen.
    """
    colours = {
        status: OTHER if status == "other" else LAYERS[place % len(LAYERS)]
        for place, status in enumerate(order)
    } | {order[-1]: REST}
    first, last = float(paths["week"].min()), float(paths["week"].max())
    top = axis_end(paths, order)
    cut = " (op til 100)" if top < 100 else ""
    shown = {**labels, order[-1]: f"{labels[order[-1]]}{cut}"}
    with house_style():
        drawing, axes = canvas(2 * PANEL + 0.7, rows=(1.0, 1.0))
        for ax, arm in zip(axes, ARMS, strict=True):
            wide = paths[paths["arm"] == arm].pivot_table(
                index="week", columns="status", values="estimate"
            )[list(order)]
            layers = ax.stackplot(
                wide.index.to_numpy(float),
                wide.to_numpy(float).T,
                colors=[colours[status] for status in order],
                edgecolor="white",
                linewidth=0.5,
            )
            # Every second layer is hatched: colours alone are alike in grey.
            for layer in layers[1:-1:2]:
                layer.set_hatch("....")
            ax.set_ylim(0, top)
            _weeks(ax, first, last)
            danish_axis(ax.yaxis)
            titled(ax, f"{names[arm]}, procent", WIDE)
            edges = np.minimum(np.cumsum([0.0, *wide.iloc[-1].to_numpy(float)]), top)
            marks = {
                fill(shown[status], LETTERS): (float(low + high) / 2.0, INK)
                for status, low, high in zip(order, edges[:-1], edges[1:], strict=True)
            }
            name_ends(ax, last, marks, gap=top * 1.25 * LETTER / 72 / PANEL, led=True)
        axes[0].tick_params(axis="x", labelbottom=False)
        axes[1].set_xlabel("Uger siden start")
        each = {one: rows.set_index("week") for one, rows in paths.groupby(["arm", "status"])}
        numbers = over_time(
            "Uge",
            {
                f"{names[arm]}: {labels[status]}": each[arm, status]["estimate"]
                for arm in ARMS
                for status in order
            },
        )
        return with_numbers(drawing, *numbers)


def axis_end(paths: pd.DataFrame, order: Sequence[str]) -> float:
    """Return where the axis of stacked shares ends: tens above all but the last status."""
    arms = paths[paths["arm"].isin(list(ARMS)) & paths["status"].isin(list(order[:-1]))]
    most = float(arms.groupby(["arm", "week"])["estimate"].sum().max())
    return float(min(100.0, 10.0 * np.ceil(1.3 * most / 10.0)))
