"""Ask of the findings what could take them away: the rows of sensitivity.csv."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

import evaluation as ev
from analyses.findings.estimate import Estimates
from analyses.findings.variants import (
    Variants,
    negative_controls,
    score_variants,
    time_variants,
)
from analyses.inputs.tables import Tables
from analyses.outcomes.outcomes import Estimated, duration_of
from analyses.published.profile import in_reach, stands
from analyses.study.sections import Score, Study, TimeOutcome, Value
from evaluation import Matched, PersonValues
from evaluation.robustness import NotMade, Question
from evaluation.robustness.person_values import Statistic

STATISTICS: Mapping[str, Statistic] = {
    "incidence": "incidence",
    "weeks_since_event": "weeks",
    "weeks_since_employment": "weeks",
    "hazard_ratio": "hazard",
}
NOT_MADE = "not_made"


def sensitivity(
    study: Study, tables: Tables, estimates: Estimates, sites: pd.DataFrame
) -> pd.DataFrame:
    """Return the checks of every outcome that the plan names, as in sensitivity.csv.

    Parameters
    ----------
    study : Study
        With ``[sensitivity]``; without it there are no rows.
    tables : Tables
        The data.
    estimates : Estimates
        What `estimate` returned for them.
    sites : pandas.DataFrame
        What `analyses.published.sites` returned for the primary outcomes: their effects without
        one cluster each are taken from there.

    Returns
    -------
    pandas.DataFrame
        Before disclosure control, with what that needs: ``fewest``, the smallest count of
        persons or events behind the row, and ``arm``, that of a cluster that is left out.
        Checks that could not be made are rows too, ``not_made``, with the reason as note.
        Beside the English ``name`` stands the `Question` that it names, ``asked``.
    """
    plan = study.sensitivity
    if plan is None:
        return pd.DataFrame()
    share = uptake(study, tables)
    parts = []
    for name in plan.outcomes:
        own = sites[sites["outcome"] == name] if len(sites) else sites
        parts.append(_asked(estimates.outcomes[name], study, tables, own, share))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def uptake(study: Study, tables: Tables) -> float | None:
    """Return the share of the last stage but one who reached the last, such as consent.

    None where the plan has fewer than two stages, or too few persons for a share.
    """
    stages = list(study.cohort.stages.values())[-2:]
    people, (_, reached) = tables.frames[study.cohort.table], in_reach(study, tables)
    if len(stages) < 2:
        return None
    asked, agreed = (reached & stands(people[column]) for column in stages)
    counts = np.array([(asked & agreed).sum(), (asked & ~agreed).sum()], dtype=np.float64)
    # Also a share says how many they are.
    return None if counts.min() < study.min_cell else float(counts[0] / counts.sum())


def _asked(
    one: Estimated,
    study: Study,
    tables: Tables,
    sites: pd.DataFrame,
    share: float | None,
) -> pd.DataFrame:
    assert study.sensitivity is not None  # noqa: S101  (asked only where there is a plan)
    m, leave_out = one.matched, study.sensitivity.leave_out
    has_sites = leave_out == "treated" and len(sites) > 0
    made = _variants(one, study, tables)
    found = ev.sensitivity(
        m,
        lambda other: one.tested if other is m else one.re_estimate(other),
        values=_values(one),
        specifications=made.estimators,
        negative_controls=negative_controls(one, study, tables),
        leave_out="none" if has_sites else leave_out,
        uptake=share,
    )
    fewest = [made.fewest.get(row.asked, np.nan) for row in found.checks]
    rows = found.rows.assign(
        asked=pd.Series([row.asked for row in found.checks], dtype=object),
        fewest=fewest,
        arm="",
    )
    _count_silent(rows, one)
    parts = [rows, _not_made(*found.not_made, *made.not_made)]
    if has_sites:
        parts.insert(1, _from_sites(sites, one.tested.unit))
    else:
        _count_left_out(rows, m)
    frame = pd.concat([part for part in parts if len(part)], ignore_index=True)
    sizes = dict.fromkeys(("n_treated", "n_comparison"), "Float64")
    return (
        frame.astype(sizes).astype(dict.fromkeys(sizes, float)).assign(outcome=one.outcome.name)
    )


def _variants(one: Estimated, study: Study, tables: Tables) -> Variants:
    outcome = one.outcome
    if isinstance(outcome, TimeOutcome):
        return time_variants(outcome, one, study, tables)
    if isinstance(outcome, Score):
        return score_variants(outcome, study)
    return Variants()


def _values(one: Estimated) -> PersonValues | None:
    """Return what each person contributes to the tested estimate; None for a ratio of times."""
    outcome, m, unit = one.outcome, one.matched, one.tested.unit
    if isinstance(outcome, Value):
        return ev.person_values(m, outcome.column, unit=unit)
    if isinstance(outcome, Score):
        return ev.person_values(m, outcome.name, unit=unit)
    statistic = STATISTICS.get(one.tested.term)
    if statistic is None or not isinstance(outcome, TimeOutcome):
        return None
    return ev.person_values(
        m, duration_of(outcome), statistic=statistic, horizon=outcome.horizon
    )


def _count_silent(rows: pd.DataFrame, one: Estimated) -> None:
    """Note how many did not answer, where a row tells of them."""
    m = one.matched
    silent = [int((m.used & arm & ~one.observed).sum()) for arm in (m.treated, ~m.treated)]
    few = min((n for n in silent if n), default=0)
    rows.loc[rows["check"] == "nonresponse", "fewest"] = few


def _count_left_out(rows: pd.DataFrame, m: Matched) -> None:
    """Note the persons of each cluster that is left out, and hide how many then remain."""
    left_out = rows["check"] == "leave_one_out"
    if m.cluster is None or not left_out.any():
        return
    labels = pd.Series([f"without {label}" for label in m.cluster])
    for arm, own in (("treated", m.used & m.treated), ("comparison", m.used & ~m.treated)):
        counts = labels[own].value_counts()
        mine = left_out & rows["name"].isin(counts.index)
        rows.loc[mine, "fewest"] = rows.loc[mine, "name"].map(counts)
        rows.loc[mine, "arm"] = arm
    rows.loc[left_out, ["n_treated", "n_comparison"]] = pd.NA


def _from_sites(sites: pd.DataFrame, unit: str) -> pd.DataFrame:
    asked = [Question("leave_one_out", "without", cluster) for cluster in sites["cluster"]]
    numbers = {
        "estimate": sites["loo_estimate"].to_numpy(),
        "conf_low": sites["loo_low"].to_numpy(),
        "conf_high": sites["loo_high"].to_numpy(),
        "p_value": sites["loo_p"].to_numpy(),
        "fewest": sites["n_treated"].to_numpy(np.float64),
    }
    return _coded(asked).assign(unit=unit, note="", arm="treated", **numbers)


def _not_made(*found: NotMade) -> pd.DataFrame:
    """Return the checks that could not be made, each with its reason."""
    told = {"name": [one.name for one in found], "note": [one.reason for one in found]}
    return _coded([one.asked for one in found]).assign(check=NOT_MADE, **told)


def _coded(asked: list[Question]) -> pd.DataFrame:
    names = [(one.check, one.name, one) for one in asked]
    return pd.DataFrame(names, columns=["check", "name", "asked"])
