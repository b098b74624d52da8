"""Ask of the findings what could take them away: the rows of sensitivity.csv."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

import evaluation as ev
from analyses.cohort.stages import uptake
from analyses.findings.estimate import Estimates
from analyses.inputs.tables import Tables
from analyses.outcomes.kind import Estimated, Variant, VariantCode
from analyses.study.sections import SensitivityPlan, Study
from data_dictionary.errors import DesignError
from evaluation import Effect, Matched
from evaluation.robustness.threats import self_selection
from evaluation.robustness.variants import Estimator
from evaluation.terms import SCORE_UNIT

BOUND = "censoring_bound"
NOT_MADE = "not_made"
DERIVED_UNITS: Mapping[str, str] = {
    "from": "weeks",
    "score": SCORE_UNIT,
    "years_since": "years",
}
TEXTS: Mapping[VariantCode, str] = {
    "run": "run of {} weeks",
    "observed_until": "observed until {}",
    "censored_at_once": "censored {} had it at once, the others never",
    "uncorrected": "without correction for reliability",
    "without_baseline": "without the baseline",
    "change": "change, on a set matched without the baseline",
}


def told(variant: Variant) -> str:
    """Return the English name of a variant in sensitivity.csv."""
    text = TEXTS[variant.code].format(variant.size)
    return text.removesuffix("s") if variant == Variant("run", 1) else text


def sensitivity(
    study: Study, tables: Tables, estimates: Estimates, sites: pd.DataFrame
) -> pd.DataFrame:
    """Return the checks of every outcome that the plan names, as in sensitivity.csv.

    `sites` are the effects of the primary outcomes without one cluster each, as in sites.csv.
    The rows carry what disclosure control needs: ``fewest``, the smallest count of persons or
    events behind the row, and ``arm``, that of a cluster that is left out.  Checks that could
    not be made are rows too, ``not_made``, with the reason as note.
    """
    plan = study.sensitivity
    if plan is None:
        return pd.DataFrame()
    counts, parts = uptake(study, tables), []
    for name in plan.outcomes:
        own = sites[sites["outcome"] == name] if len(sites) else sites
        parts.append(_asked(estimates.outcomes[name], plan, study, tables, own, counts))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def _asked(
    one: Estimated,
    plan: SensitivityPlan,
    study: Study,
    tables: Tables,
    sites: pd.DataFrame,
    counts: tuple[int, int] | None,
) -> pd.DataFrame:
    m = one.matched
    made = one.outcome.variants(one, study, tables)
    # Where all or none took part there is no selection to bound.
    share = counts[0] / sum(counts) if counts is not None and min(counts) > 0 else None
    has_sites = plan.leave_out == "treated" and len(sites) > 0
    controls: dict[str, Estimator] = {
        name: partial(_control, name=name, of=made.competing, study=study, tables=tables)
        for name in plan.negative_controls
    }
    found = ev.sensitivity(
        m,
        lambda other: one.tested if other is m else one.re_estimate(other),
        values=made.values,
        specifications={told(variant): how for variant, how in made.estimators.items()},
        negative_controls=controls,
        leave_out="none" if has_sites else plan.leave_out,
        uptake=share,
    )
    rows = found.rows.assign(fewest=np.nan, arm="")
    rows["fewest"] = (
        rows["name"].map({told(v): n for v, n in made.fewest.items()}).astype(float)
    )
    rows.loc[rows["name"].isin([told(one) for one in made.bounds]), "check"] = BOUND
    if counts is not None and share is not None:
        # Also a share says how many they are.
        shares = [row["name"] for row in self_selection(share)]
        rows.loc[rows["name"].isin(shares), "fewest"] = min(counts)
    _count_silent(rows, one)
    not_made = [f"specification, {told(v)}: {why}" for v, why in made.not_made.items()]
    parts = [rows, _not_made(*found.notes, *not_made)]
    if has_sites:
        parts.insert(1, _from_sites(sites, one.tested.unit))
    else:
        _count_left_out(rows, m)
    frame = pd.concat([part for part in parts if len(part)], ignore_index=True)
    sizes = dict.fromkeys(("n_treated", "n_comparison"), "Float64")
    return (
        frame.astype(sizes).astype(dict.fromkeys(sizes, float)).assign(outcome=one.outcome.name)
    )


def _control(
    m: Matched, *, name: str, of: Mapping[str, Effect], study: Study, tables: Tables
) -> Effect:
    """Estimate what the programme cannot have moved: a competing cause, or a column."""
    if name in m.roles.covariates:
        raise DesignError("is matched on in this set")
    if name in of:
        return of[name]
    if name not in m.frame:
        raise DesignError("is a status, and only durations have statuses")
    values = m.frame[name]
    if not is_numeric_dtype(values.dtype):
        raise DesignError("is neither a number nor a yes or no")
    unit = "percentage points"
    if is_bool_dtype(values.dtype):
        m = replace(m, frame=m.frame.assign(**{name: 100.0 * values.astype(float)}))
    else:
        unit = _unit(name, study, tables)
    plan = study.inference
    return ev.mean_difference(
        m, name, unit=unit, level=plan.level, draws=plan.draws, seed=study.seed
    )


def _unit(name: str, study: Study, tables: Tables) -> str:
    forms = {derived.name: derived.form for derived in study.derived}
    if name in forms:
        return DERIVED_UNITS[forms[name]]
    columns = tables.words[study.cohort.table].columns
    return next((one.unit for one in columns if one.name == name and one.unit), "outcome units")


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
    return pd.DataFrame(
        {
            "check": "leave_one_out",
            "name": [f"without {cluster}" for cluster in sites["cluster"]],
            "estimate": sites["loo_estimate"].to_numpy(),
            "conf_low": sites["loo_low"].to_numpy(),
            "conf_high": sites["loo_high"].to_numpy(),
            "p_value": sites["loo_p"].to_numpy(),
            "unit": unit,
            "note": "",
            "fewest": sites["n_treated"].to_numpy(np.float64),
            "arm": "treated",
        }
    )


def _not_made(*notes: str) -> pd.DataFrame:
    """Return the checks that could not be made, each with its reason."""
    split = [note.partition(": ") for note in notes]
    return pd.DataFrame(
        {
            "check": NOT_MADE,
            "name": [name for name, _, _ in split],
            "note": [reason for _, _, reason in split],
        }
    )
