"""Difference-in-differences of cohorts: those met after a start against those met before it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data_dictionary.errors import DesignError
from evaluation.arrays import BoolArray, FloatArray
from evaluation.columns import numbers_in, require_columns
from evaluation.estimates import Effect
from evaluation.inference.gatekeeper import Decision, decide
from evaluation.inference.jackknife import delete_one, persons_alone
from evaluation.inference.judgement import Judgement
from evaluation.inference.variation import no_replicate, of_outcome
from evaluation.notes import Note

TERM = "itt_did"
VALUE = "value of the outcome"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CohortDid:
    """The effect with the four means that it is made of.

    `cells` has a row per ``arm`` and ``period`` (``before``, ``after``): distinct persons
    ``n``, ``n_clusters`` and the weighted ``mean``.  The effect is the difference between the
    arms' differences.  `kept` tells the rows whose cluster has everybody: those that count.
    """

    effect: Effect
    cells: pd.DataFrame
    decision: Decision
    kept: BoolArray


def cohort_did(
    frame: pd.DataFrame,
    outcome: str,
    *,
    unit: str,
    treated: str,
    after: str,
    stack: str,
    cluster: str,
    unit_of_effect: str = "percentage points",
    level: float = 0.95,
) -> CohortDid:
    """Compare cohorts met after and before a start, in treated and in other clusters.

    A person may stand in several cohorts of `frame`, such as before and after, or in a
    comparison cluster once for each stack.  The columns `treated` and `after` say whether the
    cluster is treated and whether the row's cohort was met after the start; `stack` is the
    comparison in calendar time that the row belongs to.  The outcome must be known for every
    row.

    Notes
    -----
    A stack holds the treated clusters that started at the same time, and comparison clusters
    over the same calendar weeks (Cengiz, Dube, Lindner and Zipperer 2019), so no cluster that
    has started serves as a control for one that starts later.  Each cluster's change is
    weighted by its persons met after the start; comparison clusters of a stack together weigh
    as much as its treated ones.  The difference of the arms' changes is then the mean of the
    stacks' difference-in-differences over the persons met after the start in treated clusters.

    Error, interval and p-value come from the delete-one-cluster jackknife (CV3): a cluster
    leaves with its changes in all stacks, and so do its persons who stand in several rows;
    the other weights are made again.  Each arm's variance is at least what persons alone give,
    a person's rows taken together.
    """
    columns = {"unit": unit, "treated": treated, "after": after, "stack": stack}
    require_columns(frame, {**columns, "cluster": cluster, "outcome": outcome})
    y = numbers_in(frame, "outcome", outcome)
    if np.isnan(y).any():
        raise DesignError(
            f"outcome '{outcome}' is missing in {int(np.isnan(y).sum())} row(s); leave out "
            "cohorts that are not followed to the horizon, both arms alike"
        )
    changes, notes = _changes(frame.assign(**{VALUE: y}), treated, after, stack, cluster)
    decision = decide(
        changes["cluster"].to_numpy(),
        changes["treated"].to_numpy(bool),
        changes["weight"].to_numpy(np.float64),
    )
    estimate = _difference(changes)
    whole = pd.MultiIndex.from_frame(changes[["stack", "cluster"]])
    kept = pd.MultiIndex.from_frame(frame[[stack, cluster]]).isin(whole)
    told = {stack: "stack", cluster: "cluster", after: "after", unit: "unit"}
    rows = frame.loc[kept, list(told)].rename(columns=told).assign(**{VALUE: y[kept]})
    found = _infer(changes, rows, estimate, decision, level)
    cells = _cells(frame[kept], changes, unit, treated, after, cluster)
    met_after = cells.loc[cells["period"] == "after"].set_index("arm")
    persons, means = met_after["n"], met_after["mean"]
    effect = Effect(
        outcome=outcome,
        term=TERM,
        estimate=estimate,
        treated_mean=float(means["treated"]),
        unit=unit_of_effect,
        estimand="ITT",
        method="cohorts after and before, stacked by start",
        n_treated=int(persons["treated"]),
        n_comparison=int(persons["comparison"]),
        n_clusters=decision.n_clusters,
        conf_level=level,
        notes=notes,
    )
    return CohortDid(effect=found.on(effect), cells=cells, decision=decision, kept=kept)


def _changes(
    frame: pd.DataFrame, treated: str, after: str, stack: str, cluster: str
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return each cluster's means before and after in each stack, with its weight."""
    is_after = frame[after].to_numpy(bool)
    keys = [stack, cluster, treated]
    before_start, since = (
        frame.loc[rows].groupby(keys)[VALUE].agg(["mean", "size"]).add_suffix(f"_{period}")
        for period, rows in (("before", ~is_after), ("after", is_after))
    )
    found = before_start.join(since, how="outer")
    found.index = found.index.set_names(["stack", "cluster", "treated"])
    whole = _compared(found.dropna().reset_index())
    left_out = len(found) - len(whole)
    if not left_out:
        return whole, ()
    note = Note(
        "starts_left_out",
        "{lost} of {n} clusters by start left out: an arm or a period is empty",
        facts={"lost": left_out, "n": len(found)},
    )
    return whole, (note,)


def _compared(changes: pd.DataFrame) -> pd.DataFrame:
    """Return the changes of stacks with both arms, with the weight of each."""
    size, arm = (changes[name].to_numpy() for name in ("size_after", "treated"))
    stack, stacks = pd.factorize(changes["stack"])
    # Numpy, since the jackknife comes here once for each cluster: persons by stack and arm.
    sums = np.zeros((len(stacks), 2))
    np.add.at(sums, (stack, arm.astype(int)), size)
    has_both = np.minimum(sums[:, 0], sums[:, 1])[stack] > 0
    whole = changes.loc[has_both].reset_index(drop=True)
    if whole.empty:
        raise DesignError(
            "no stack has both arms before and after the start; widen the months of the cohorts"
        )
    weight = size * sums[stack, 1] / sums[stack, arm.astype(int)]
    whole["weight"] = weight[has_both]
    return whole


def _difference(changes: pd.DataFrame) -> float:
    """Return the weighted change of the treated clusters less that of the others."""
    change = changes["mean_after"] - changes["mean_before"]
    is_treated = changes["treated"].astype(bool)
    treated, other = (
        float(np.average(change[arm], weights=changes.loc[arm, "weight"]))
        for arm in (is_treated, ~is_treated)
    )
    return treated - other


def _infer(
    changes: pd.DataFrame, rows: pd.DataFrame, estimate: float, decision: Decision, level: float
) -> Judgement:
    """Return the uncertainty of the difference from leaving out one cluster at a time."""
    if decision.is_refused:
        return Judgement.refused(decision.reason)
    cluster, treated = changes["cluster"], changes["treated"].astype(bool)
    codes, labels = pd.factorize(cluster)
    largest = float(changes[["mean_before", "mean_after"]].abs().to_numpy().max())
    why = of_outcome(
        (changes["mean_after"] - changes["mean_before"]).to_numpy(np.float64),
        treated.to_numpy(),
        changes["weight"].to_numpy(np.float64),
        codes.astype(np.int64),
        largest=largest,
    )
    if why is not None:
        return Judgement.refused(decision.reason, why)
    try:
        left_out = [_difference(_compared(changes[cluster != label])) for label in labels]
    except DesignError as error:
        return Judgement.refused(decision.reason, no_replicate(error))
    weights = [
        changes["weight"].where(arm, 0.0).groupby(cluster).sum()[labels].to_numpy()
        for arm in (treated, ~treated)
    ]
    found = delete_one(
        estimate,
        np.array(left_out),
        treated_weight=weights[0],
        comparison_weight=weights[1],
        floor=_alone(changes, rows),
    )
    test = f"delete-one-cluster jackknife (CV3), t({found.dof:.1f})"
    judged = Judgement.of(found, estimate, level=level, test=test, notes=(decision.reason,))
    return judged.beside(largest)


def _alone(changes: pd.DataFrame, rows: pd.DataFrame) -> FloatArray:
    """Return the variance that persons alone give the treated and the comparison clusters."""
    own = rows.merge(changes, on=["stack", "cluster"], validate="many_to_one")
    is_after, treated = own["after"].to_numpy(bool), own["treated"].to_numpy(bool)
    mean, size = (
        np.where(is_after, own[f"{part}_after"], own[f"{part}_before"])
        for part in ("mean", "size")
    )
    weight: FloatArray = own["weight"].to_numpy(np.float64) / size
    total = changes.groupby("treated")["weight"].sum()
    sums = np.where(treated, total[True], total[False])
    sign = np.where(treated == is_after, 1.0, -1.0)
    influence = sign * weight * (own[VALUE].to_numpy(np.float64) - mean) / sums
    codes = [pd.factorize(own[name])[0].astype(np.int64) for name in ("cluster", "unit")]
    return persons_alone(influence, weight, codes[0], treated, person=codes[1])


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
