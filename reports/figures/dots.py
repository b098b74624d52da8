"""Dots with intervals: effects by unit, causes, municipalities, balance, a benchmark."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from reports.figures.style import (
    COMPARISON,
    INK,
    PETROL,
    RUST,
    SLATE,
    canvas,
    danish_axis,
    decimals_for,
    house_style,
    rows_axis,
)
from reports.wording import UNITS, Finding

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROW = 0.34


def effect_panels(findings: list[Finding], labels: list[str], *, stamp: str = "") -> Figure:
    """Draw effects in one panel per unit, since units cannot share an axis.

    Parameters
    ----------
    findings : list of Finding
        Effects, those of one unit next to each other.
    labels : list of str
        One row label per effect.
    stamp : str
        Text on figures of synthetic data.
    """
    import matplotlib.pyplot as plt

    pairs = sorted(zip(findings, labels, strict=True), key=lambda pair: pair[0].unit)
    groups = [list(group) for _, group in groupby(pairs, key=lambda pair: pair[0].unit)]
    with house_style():
        drawing, axes = plt.subplots(
            len(groups),
            1,
            figsize=(6.3, 0.75 * len(groups) + ROW * len(findings) + (0.2 if stamp else 0)),
            squeeze=False,
            height_ratios=[len(group) + 0.6 for group in groups],
        )
        if stamp:
            drawing.supxlabel(
                stamp, fontsize=8, color=RUST, x=0.99, ha="right", weight="semibold"
            )
        for ax, group in zip(axes[:, 0], groups, strict=True):
            first = group[0][0]
            estimates = np.array([finding.estimate for finding, _ in group])
            low = np.array([finding.conf_low for finding, _ in group])
            high = np.array([finding.conf_high for finding, _ in group])
            _dots(ax, estimates, low, high, null=first.null)
            rows_axis(ax, [label for _, label in group])
            ax.set_title(f"Forskel, {UNITS.get(first.unit, first.unit) or 'ratio'}")
            _number_axis(ax)
        return drawing


def cause_dots(
    findings: list[Finding], labels: list[str], *, unit: str, stamp: str = ""
) -> Figure:
    """Draw one unit's effects, one row per cause."""
    with house_style():
        drawing, (ax,) = canvas(0.9 + ROW * len(findings), stamp=stamp)
        _dots(
            ax,
            np.array([finding.estimate for finding in findings]),
            np.array([finding.conf_low for finding in findings]),
            np.array([finding.conf_high for finding in findings]),
            null=findings[0].null,
        )
        rows_axis(ax, labels)
        ax.set_title(unit, weight="normal")
        _number_axis(ax)
        return drawing


def site_forest(
    sites: pd.DataFrame, labels: list[str], *, unit: str, stamp: str = ""
) -> Figure:
    """Draw each municipality's own difference beside the estimate without it."""
    with house_style():
        drawing, (own, without) = canvas(
            0.9 + ROW * len(sites), 2, stamp=stamp, ratios=[1.15, 1.0]
        )
        nothing = np.full(len(sites), np.nan)
        _dots(own, sites["estimate"].to_numpy(float), nothing, nothing, null=0.0)
        _dots(
            without,
            sites["loo_estimate"].to_numpy(float),
            sites["loo_low"].to_numpy(float),
            sites["loo_high"].to_numpy(float),
            null=0.0,
        )
        rows_axis(own, labels)
        rows_axis(without, [""] * len(sites))
        own.set_title(f"Kommunen alene ({unit})", weight="normal")
        without.set_title(f"Uden kommunen ({unit})", weight="normal")
        for ax in (own, without):
            _number_axis(ax)
        return drawing


def love_plot(balance: pd.DataFrame, labels: list[str], *, stamp: str = "") -> Figure:
    """Draw absolute standardised differences before and after matching."""
    with house_style():
        drawing, (ax,) = canvas(1.1 + 0.24 * len(balance), stamp=stamp)
        before = balance["smd_before"].abs().to_numpy(float)
        after = balance["smd_after"].abs().to_numpy(float)
        rows = np.arange(len(balance))
        ax.hlines(rows, np.minimum(before, after), np.maximum(before, after), color="#c9d3d7")
        ax.plot(
            before,
            rows,
            "o",
            mfc="white",
            mec=COMPARISON,
            ms=5.5,
            label="Før matching",
            ls="none",
        )
        ax.plot(after, rows, "o", color=PETROL, ms=5.5, label="Efter matching", ls="none")
        ax.axvline(0.1, color=SLATE, linestyle=":", linewidth=1)
        rows_axis(ax, labels)
        ax.set_xlim(0, None)
        ax.set_xlabel("Standardiseret forskel (absolut værdi, standardafvigelser)")
        danish_axis(ax.xaxis, 2 if np.nanmax([before, after]) < 0.5 else 1)
        ax.legend(
            loc="lower left", bbox_to_anchor=(0, 1), ncols=2, frameon=False, borderaxespad=0.2
        )
        return drawing


def benchmark_dots(
    rows: pd.DataFrame, labels: list[str], *, unit: str, stamp: str = ""
) -> Figure:
    """Draw the estimate beside the randomised benchmark."""
    with house_style():
        drawing, (ax,) = canvas(0.9 + ROW * len(rows), stamp=stamp)
        _dots(
            ax,
            rows["estimate"].to_numpy(float),
            rows["conf_low"].to_numpy(float),
            rows["conf_high"].to_numpy(float),
            null=0.0,
        )
        rows_axis(ax, labels)
        ax.set_title(unit, weight="normal")
        _number_axis(ax)
        return drawing


def _dots(
    ax: Axes, estimate: np.ndarray, low: np.ndarray, high: np.ndarray, *, null: float
) -> None:
    rows = np.arange(len(estimate))
    ax.axvline(null, color=INK, linewidth=0.9)
    ax.hlines(rows, low, high, color=PETROL, linewidth=2)
    refused = np.isnan(low)
    ax.plot(estimate[~refused], rows[~refused], "o", color=PETROL, ms=6)
    ax.plot(estimate[refused], rows[refused], "o", mfc="white", mec=PETROL, ms=6)


def _number_axis(ax: Axes) -> None:
    low, high = ax.get_xlim()
    danish_axis(ax.xaxis, decimals_for(low, high))
