"""Difference-in-differences of cohorts: those met after a start against those met before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_dictionary.errors import DesignError
from evaluation.arrays import FloatArray
from evaluation.columns import require_columns
from evaluation.estimates import Effect
from evaluation.inference.gatekeeper import Decision, FewClusters, decide
from evaluation.inference.randomisation import RandomisationTest
from evaluation.scores.linear_design import LinearDesign
from evaluation.scores.linear_inference import infer, randomised

TERM = "itt_did"
VALUE = "value of the outcome"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CohortDid:
    """The effect with the four means that it is made of.

    Attributes
    ----------
    effect : Effect
        Term ``itt_did``, estimand ``ITT``.
    cells : pandas.DataFrame
        One row per ``arm`` and ``period`` (``before``, ``after``): distinct persons ``n``,
        ``n_clusters`` and the weighted ``mean``.  The effect is the difference between the
        arms' differences.
    decision : Decision
        How inference was chosen.
    randomisation : RandomisationTest or None
        Studentised randomisation of the programme over clusters, a check beside the effect's
        own test; None where inference is refused or there are too few assignments.
    """

    effect: Effect
    cells: pd.DataFrame
    decision: Decision
    randomisation: RandomisationTest | None


def cohort_did(
    frame: pd.DataFrame,
    outcome: str,
    *,
    unit: str,
    treated: str,
    after: str,
    stack: str,
    cluster: str,
    strata: Mapping[Any, object] | None = None,
    unit_of_effect: str = "percentage points",
    level: float = 0.95,
    few_clusters: FewClusters = "auto",
    draws: int = 9999,
    seed: int = 0,
) -> CohortDid:
    """Compare cohorts met after and before a start, in treated and in other clusters.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row per person and cohort.  A person may stand in several cohorts, such as before
        and after, or in a comparison cluster once for each stack.
    outcome : str
        Numeric column, known for every row: cohorts must be followed to the horizon.
    unit, treated, after, stack, cluster : str
        Columns with the person, whether the cluster is treated (bool), whether the row's
        cohort was met after the start (bool), the comparison in calendar time that the row
        belongs to, and the cluster.
    strata : mapping, optional
        Each cluster's stratum, declared before: randomisation exchanges clusters within it.
        None: all with all.
    unit_of_effect : str
        Unit of the outcome.
    level, few_clusters, draws, seed
        As in `mean_difference`.

    Returns
    -------
    CohortDid

    Raises
    ------
    ColumnError
        If a column is missing.
    DesignError
        If an outcome is missing, or no stack has both arms before and after.

    Notes
    -----
    A stack holds the treated clusters that started at the same time, and comparison clusters
    over the same calendar weeks (Cengiz, Dube, Lindner and Zipperer 2019), so no cluster that
    has started serves as a control for one that starts later.  Each cluster's change is
    weighted by its persons met after the start; comparison clusters of a stack together weigh
    as much as its treated ones.  With one constant per stack the arm's coefficient is then
    the mean of the stacks' difference-in-differences over the persons met after the start in
    treated clusters.

    Errors come from the clusters' changes: one cluster's changes in all stacks are one unit of
    the wild bootstrap, which also takes care of persons who stand in several rows.
    Randomisation tests "no effect on anyone"; it takes clusters of a stratum to be
    exchangeable, though only those without the programme stand in every stack.
    """
    columns = {"unit": unit, "treated": treated, "after": after, "stack": stack}
    require_columns(frame, {**columns, "cluster": cluster, "outcome": outcome})
    y = frame[outcome].to_numpy(np.float64, na_value=np.nan)
    if np.isnan(y).any():
        raise DesignError(
            f"outcome '{outcome}' is missing in {int(np.isnan(y).sum())} row(s); leave out "
            "cohorts that are not followed to the horizon, both arms alike"
        )
    changes, notes = _changes(frame.assign(**{VALUE: y}), treated, after, stack, cluster)
    design = _design(changes)
    decision = decide(
        design.cluster,
        design.treated,
        design.weights,
        kind="linear",
        few_clusters=few_clusters,
    )
    found = infer(design, decision, level=level, draws=draws, seed=seed)
    kept = frame.merge(changes[["stack", "cluster"]].set_axis([stack, cluster], axis=1))
    cells = _cells(kept, changes, unit, treated, after, cluster)
    persons = cells.loc[cells["period"] == "after"].set_index("arm")["n"]
    mean = cells.pivot_table(index="arm", columns="period", values="mean")
    change = (mean["after"] - mean["before"]).to_dict()
    effect = Effect(
        outcome=outcome,
        term=TERM,
        estimate=change["treated"] - change["comparison"],
        std_error=found.std_error,
        conf_low=found.conf_low,
        conf_high=found.conf_high,
        p_value=found.p_value,
        unit=unit_of_effect,
        estimand="ITT",
        method=f"cohorts after and before, stacked by start; {found.test}",
        n_treated=int(persons["treated"]),
        n_comparison=int(persons["comparison"]),
        n_clusters=decision.n_clusters,
        conf_level=level,
        smallest_p=found.smallest_p,
        notes=(*notes, *found.notes),
    )
    return CohortDid(
        effect=effect,
        cells=cells,
        decision=decision,
        randomisation=_randomisation(design, decision, strata, draws=draws, seed=seed),
    )


def _randomisation(
    design: LinearDesign,
    decision: Decision,
    strata: Mapping[Any, object] | None,
    *,
    draws: int,
    seed: int,
) -> RandomisationTest | None:
    if decision.method == "none":
        return None
    try:
        return randomised(design, strata=strata, draws=draws, seed=seed)
    except DesignError:
        return None


def _changes(
    frame: pd.DataFrame, treated: str, after: str, stack: str, cluster: str
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return each cluster's means before and after in each stack, with its weight."""
    is_after = frame[after].to_numpy(bool)
    by_period = [
        frame.loc[rows]
        .groupby([stack, cluster, treated])[VALUE]
        .agg(["mean", "size"])
        .add_suffix(f"_{period}")
        for period, rows in (("before", ~is_after), ("after", is_after))
    ]
    found = by_period[0].join(by_period[1], how="outer")
    found.index = found.index.set_names(["stack", "cluster", "treated"])
    made = found.dropna().reset_index()
    arms = made.groupby("stack")["treated"].transform("nunique")
    whole = made.loc[arms == 2].reset_index(drop=True)
    if whole.empty:
        raise DesignError(
            "no stack has both arms before and after the start; widen the months of the cohorts"
        )
    sums = whole.groupby(["stack", "treated"])["size_after"].transform("sum")
    target = whole["size_after"].where(whole["treated"], 0.0).groupby(whole["stack"])
    whole["weight"] = whole["size_after"] * target.transform("sum") / sums
    left_out = len(found) - len(whole)
    notes = (
        (f"{left_out} of {len(found)} clusters by start left out: an arm or a period is empty",)
        if left_out
        else ()
    )
    return whole, notes


def _design(changes: pd.DataFrame) -> LinearDesign:
    """Return the regression of the clusters' changes on the arm and one constant per stack."""
    codes, stacks = pd.factorize(changes["stack"], sort=True)
    dummies: FloatArray = (codes[:, None] == np.arange(1, len(stacks))).astype(np.float64)
    arm: NDArray[np.bool_] = changes["treated"].to_numpy(bool)
    change = changes["mean_after"] - changes["mean_before"]
    return LinearDesign(
        X=np.column_stack([np.ones(len(changes)), arm, dummies]),
        y=change.to_numpy(np.float64),
        weights=changes["weight"].to_numpy(np.float64),
        treated=arm,
        cluster=changes["cluster"].to_numpy(),
        sets=None,
        person=np.arange(len(changes)),
        rows=np.arange(len(changes)),
        notes=(),
    )


def _cells(
    kept: pd.DataFrame, changes: pd.DataFrame, unit: str, treated: str, after: str, cluster: str
) -> pd.DataFrame:
    """Return the four weighted means and the distinct persons behind each."""
    rows = []
    for arm, in_arm in (("treated", True), ("comparison", False)):
        own = changes.loc[changes["treated"] == in_arm]
        for period in ("before", "after"):
            here = (kept[treated].astype(bool) == in_arm) & (
                kept[after].astype(bool) == (period == "after")
            )
            rows.append(
                {
                    "arm": arm,
                    "period": period,
                    "n": int(kept.loc[here, unit].nunique()),
                    "n_clusters": int(kept.loc[here, cluster].nunique()),
                    "mean": float(np.average(own[f"mean_{period}"], weights=own["weight"])),
                }
            )
    return pd.DataFrame(rows)
