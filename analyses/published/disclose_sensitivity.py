"""Hide in the checks of a finding what would give a few persons away."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd

from evaluation.disclosure import is_small, suppress_counts

FIGURES = ("estimate", "conf_low", "conf_high", "p_value")
SIZES = ("n_treated", "n_comparison")
NEGATIVE = "negative_control"


def disclosed_sensitivity(
    frame: pd.DataFrame,
    effects: pd.DataFrame,
    rare: Iterable[tuple[str, str]],
    *,
    min_cell: int,
    discreet: Callable[[str], bool],
) -> pd.DataFrame:
    """Return the checks as they may be published.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `analyses.findings.sensitivity.sensitivity` returns it.
    effects : pandas.DataFrame
        Effects after their own disclosure control: nothing is said of a hidden one.
    rare : iterable of (str, str)
        Outcomes and causes that too few have met.
    min_cell : int
        Smallest count that may be shown.
    discreet : callable
        Whether a note gives no count away.

    Notes
    -----
    Few events, few censored or few who did not answer hide the row.  A cluster of few is
    hidden where it is left out, and another beside it, as in sites.csv.  Sizes are hidden
    where they lie close to another size of the outcome, since the difference would count few.
    """
    if frame.empty:
        return frame
    made = frame.reset_index(drop=True)
    left_out = made["check"] == "leave_one_out"
    few = is_small(made["fewest"].to_numpy(float), min_cell) & ~left_out.to_numpy()
    seen = effects.loc[effects["estimate"].notna(), "outcome"]
    few |= ~made["outcome"].isin(seen).to_numpy()
    keys = pd.MultiIndex.from_frame(made[["outcome", "name"]])
    few |= (made["check"] == NEGATIVE).to_numpy() & keys.isin(list(rare))
    few |= is_small(made[list(SIZES)].to_numpy(float, na_value=np.nan), min_cell).any(axis=1)
    made.loc[few, [*FIGURES, *SIZES]] = np.nan
    # Every row of the arm's clusters is there, so that its total is known.
    suppressed = suppress_counts(
        made.loc[left_out],
        ["fewest"],
        min_cell=min_cell,
        within=("outcome", "arm"),
        companions=FIGURES,
    ).frame
    made.loc[left_out, list(FIGURES)] = suppressed[list(FIGURES)]
    told = made["note"].fillna("").map(discreet)
    made["note"] = made["note"].where(told, "")
    return _without_close_sizes(made, min_cell)


def _without_close_sizes(frame: pd.DataFrame, min_cell: int) -> pd.DataFrame:
    """Hide the sizes of a row that differ by few from a size that stands above it."""
    made = frame.copy()
    for _, rows in made.groupby("outcome", sort=False):
        shown: dict[str, list[float]] = {size: [] for size in SIZES}
        for place, row in rows[list(SIZES)].astype(float).iterrows():
            gaps = [abs(row[size] - other) for size in SIZES for other in shown[size]]
            if is_small(np.array(gaps, float), min_cell).any():
                made.loc[place, list(SIZES)] = np.nan
            else:
                for size in SIZES:
                    shown[size].append(row[size])
    return made
