"""The love plot: differences before and after, and the limits that they are held to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from data_dictionary.errors import ColumnError, DesignError, did_you_mean
from evaluation.arguments import names_of, require_kind
from evaluation.axes import require_axes
from evaluation.comparison.method import is_number, not_offered

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Statistic = Literal["smd", "vr", "ks"]
THRESHOLD = 0.1
_RATIOS = (0.01, 0.1, 0.25, 0.5, 0.8, 1, 1.25, 2, 4, 10, 100)  # marked on a panel of ratios
# What each statistic is called, and its value where nothing differs.
STATISTICS: Mapping[str, tuple[str, float]] = {
    "smd": ("standardised mean difference (SD of {whom})", 0.0),
    "vr": ("variance ratio", 1.0),
    "ks": ("KS distance", 0.0),
}


def is_unlike(difference: float, threshold: float = THRESHOLD) -> bool:
    """Whether groups differ by more standard deviations than those that are called alike."""
    return abs(difference) > threshold


def limits_of(thresholds: Mapping[str, float] | None) -> dict[str, float]:
    """Return the largest value of each statistic that is called alike; of a ratio, above 1."""
    if thresholds is None:
        return {"smd": THRESHOLD}
    require_kind(
        thresholds, "thresholds", Mapping, "say of what: {'smd': 0.1, 'vr': 2, 'ks': 0.1}"
    )
    faults = [
        one for name in thresholds for one in not_offered("thresholds", name, (*STATISTICS,))
    ]
    for name, limit in thresholds.items() if not faults else ():
        least = STATISTICS[name][1]
        if not (is_number(limit) and limit > least):
            faults.append(f"thresholds: '{name}' has {limit!r}; give a number above {least:g}.")
    if faults:
        raise DesignError("\n".join(faults))
    return dict(thresholds)


def apart(table: pd.DataFrame, statistic: str, when: str) -> pd.Series:
    """Return how far apart the arms are in each row, to be held against a limit."""
    values = table[f"{statistic}_{when}"].abs()
    return values if statistic != "vr" else values.where(values > 1, 1 / values)


def draw(
    table: pd.DataFrame,
    ax: Axes | None = None,
    *,
    whom: str = "the treated",
    limits: Mapping[str, float] | None = None,
    labels: Mapping[str, str] | None = None,
    stats: Sequence[Statistic] = ("smd",),
) -> Axes:
    """Draw hollow points before and filled points after, largest difference before on top.

    Standardised differences are divided by the standard deviation of `whom`; each statistic
    has its own panel, with lines at its limit.  Returns the first panel.
    """
    shown = names_of(stats, "stats")
    faults = [one for name in shown for one in not_offered("stats", name, (*STATISTICS,))]
    if not shown or (ax is not None and len(shown) > 1):
        faults.append("stats: name one statistic for the panel given as ax, or leave out ax.")
    if faults:
        raise DesignError("\n".join(faults))
    rows = table.iloc[np.argsort(table["smd_before"].abs().to_numpy(), kind="stable")]
    names = _names(rows, labels or {})
    require_axes(ax)
    if ax is not None:
        panels = [ax]
    else:
        from matplotlib.figure import Figure

        size = (2.9 + 3.6 * len(shown), 1.2 + 0.28 * len(table))
        panels = Figure(figsize=size, layout="constrained").subplots(
            1, len(shown), sharey=True, squeeze=False
        )[0]
    for statistic, panel in zip(shown, panels, strict=True):
        _panel(panel, rows, statistic, (limits_of(None) if limits is None else limits))
        panel.set_xlabel(STATISTICS[statistic][0].format(whom=whom))
    panels[0].set_yticks(np.arange(len(rows)), names)
    panels[0].legend(frameon=False, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    return panels[0]


def _panel(ax: Axes, rows: pd.DataFrame, statistic: str, limits: Mapping[str, float]) -> None:
    places, equal = np.arange(len(rows)), STATISTICS[statistic][1]
    before, after = rows[f"{statistic}_before"], rows[f"{statistic}_after"]
    if statistic == "vr":
        from matplotlib.ticker import FixedLocator, NullLocator

        ax.set_xscale("log")
        ax.xaxis.set_major_locator(FixedLocator(_RATIOS))
        ax.xaxis.set_major_formatter("{x:g}")
        ax.xaxis.set_minor_locator(NullLocator())
    limit = limits.get(statistic)
    lines = {} if limit is None else {"smd": (-limit, limit), "vr": (1 / limit, limit)}
    ax.axvline(equal, color="0.2", linewidth=0.8)
    for line in lines.get(statistic, () if limit is None else (limit,)):
        ax.axvline(line, color="0.6", linewidth=0.8, linestyle=(0, (4, 3)))
    ax.hlines(places, before, after, color="0.8", linewidth=1.2, zorder=1)
    ax.plot(before, places, "o", color="0.35", markerfacecolor="white", label="before")
    ax.plot(after, places, "o", color="0.1", label="after")
    ax.set_ylim(-0.7, len(rows) - 0.3)
    ax.spines[["top", "right", "left"]].set_visible(False)
    ax.tick_params(axis="y", length=0)


def _names(rows: pd.DataFrame, labels: Mapping[str, str]) -> list[str]:
    """Return what each row is called: its own label, or its covariate's and the level."""
    whole = rows["covariate"].where(
        rows["level"] == "", rows["covariate"] + ": " + rows["level"]
    )
    known = {*whole, *rows["covariate"]}
    require_kind(labels, "labels", Mapping, "give them by covariate: {'age': 'Age at start'}")
    if unknown := [name for name in labels if name not in known]:
        nearest = did_you_mean(unknown[0], known)
        raise ColumnError(f"labels: '{unknown[0]}' is no row of the balance.{nearest}")
    return [
        labels.get(name, labels.get(covariate, covariate) + name.removeprefix(covariate))
        for name, covariate in zip(whole, rows["covariate"], strict=True)
    ]
