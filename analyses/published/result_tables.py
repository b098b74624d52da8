"""The tables of a results folder: their columns, in order, and how they are written."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from analyses.results.csv_cells import without_formulas

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "effects": (
        *("outcome", "term", "estimate", "std_error", "conf_low", "conf_high", "p_value"),
        *("p_adjusted", "unit", "estimand", "method", "n_treated", "n_comparison"),
        *("n_clusters", "conf_level"),
    ),
    "balance": (
        *("outcome", "covariate", "level", "smd_before", "smd_after"),
        *("vr_before", "vr_after", "ks_before", "ks_after"),
    ),
    "curves": (
        *("outcome", "curve", "arm", "cause", "time"),
        *("estimate", "conf_low", "conf_high", "at_risk"),
    ),
    "tests": ("outcome", "cause", "test", "statistic", "df", "p_value", "method"),
    "quantiles": (
        *("outcome", "cause", "arm", "probability", "estimate", "conf_low", "conf_high"),
    ),
    "differences": (
        *("outcome", "cause", "time", "estimate", "std_error", "conf_low", "conf_high"),
        *("band_low", "band_high"),
    ),
    "paths": (
        *("status", "arm", "week", "estimate", "conf_low", "conf_high"),
        *("band_low", "band_high", "n"),
    ),
    "flow": ("step", "arm", "n", "lost", "reason"),
    "durations": ("outcome", "arm", "step", "cause", "n"),
    "scales": ("scale", "wave", "n", "items", "alpha", "conf_low", "conf_high"),
    "shares": (
        *("table", "wave", "group", "item", "level"),
        *("n", "estimate", "conf_low", "conf_high"),
    ),
    "sites": (
        *("outcome", "term", "cluster", "estimate", "n_treated"),
        *("loo_estimate", "loo_low", "loo_high"),
    ),
    "sensitivity": (
        *("outcome", "check", "name", "estimate", "conf_low", "conf_high", "p_value"),
        *("unit", "n_treated", "n_comparison", "note"),
    ),
    "profile": ("group", "variable", "level", "n", "mean", "sd"),
    "response": ("table", "wave", "arm", "n_invited", "n_answered", "share"),
    "respondents": (
        *("outcome", "covariate", "level", "smd_before", "smd_after"),
        *("vr_before", "vr_after", "ks_before", "ks_after"),
    ),
    "missing": ("table", "wave", "column", "kind", "n"),
    "spells": (
        *("case_type", "arm", "n", "median_weeks", "p25_weeks", "p75_weeks"),
        "open_share",
    ),
    "design": (
        *("outcome", "method", "reason", "n_treated_clusters", "n_comparison_clusters"),
        *("effective_treated", "effective_comparison", "largest_share_treated"),
        *("largest_share_comparison", "mde", "unit"),
    ),
    "designs": (
        *("outcome", "design", "label", "method", "estimate", "std_error", "conf_low"),
        *("conf_high", "n_treated", "n_comparison", "ess_treated", "ess_comparison"),
        "largest_smd",
    ),
    "contrasts": (
        *("outcome", "term", "arm", "period", "first_date", "last_date"),
        *("n_target", "n_unobserved", "n", "n_clusters", "estimate"),
    ),
    "municipalities": ("cluster", "arm", "class", "period", "n", "estimate"),
    "pretrends": ("arm", "period", "n_clusters", "n", "estimate"),
    "benchmark": (
        *("name", "outcome", "term", "estimate", "std_error", "conf_low", "conf_high"),
        *("n_treated", "n_comparison"),
    ),
}

COUNTS = frozenset(
    {"n", "lost", "items", "n_treated", "n_comparison", "n_clusters", "n_invited", "n_answered"}
    | {"n_treated_clusters", "n_comparison_clusters", "wave", "at_risk"}
    | {"n_target", "n_unobserved"}
)


def shaped(name: str, frame: pd.DataFrame | None) -> pd.DataFrame:
    """Return `frame` with the columns of table `name`, in order, counts as integers.

    Parameters
    ----------
    name : str
        A key of `COLUMNS`.
    frame : pandas.DataFrame or None
        None makes an empty table.

    Examples
    --------
    >>> shaped("flow", None).columns.tolist()
    ['step', 'arm', 'n', 'lost', 'reason']
    """
    columns = list(COLUMNS[name])
    made = pd.DataFrame(columns=columns) if frame is None else frame.reindex(columns=columns)
    made = made.reset_index(drop=True)
    for column in columns:
        if column in COUNTS:
            made[column] = pd.to_numeric(made[column]).round().astype("Int64")
    return made


def write_table(frame: pd.DataFrame, path: Path) -> None:
    """Write a table as ``path.csv`` and ``path.parquet``.

    Notes
    -----
    Comma, decimal point, UTF-8 without a byte order mark, LF, ten significant digits,
    nothing where there is no value: the same bytes on every run.  A text that a spreadsheet
    would take for a formula has an apostrophe before it, in the CSV file alone.
    """
    without_formulas(frame).to_csv(
        path.with_suffix(".csv"),
        index=False,
        float_format="%.10g",
        na_rep="",
        encoding="utf-8",
        lineterminator="\n",
    )
    frame.to_parquet(path.with_suffix(".parquet"), index=False)
