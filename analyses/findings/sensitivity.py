"""Ask of the findings what could take them away: the rows of sensitivity.csv."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

import evaluation as ev
from analyses.cohort.stages import Uptake, share_of, uptake
from analyses.findings.estimate import Estimates
from analyses.inputs.tables import Tables
from analyses.outcomes.kind import Estimated
from analyses.study.plan import SensitivityPlan
from analyses.study.sections import Study
from data_dictionary.errors import DesignError
from evaluation import Effect, Matched
from evaluation.comparison.arms import ARMS
from evaluation.disclosure.digits import finest
from evaluation.notes import Note
from evaluation.robustness.checks import Question, SensitivityRow, tabulated
from evaluation.robustness.variants import Estimator
from evaluation.terms import SCORE_UNIT

NOT_MADE = "not_made"
NOBODY = (math.nan, "")
# What chose who takes part: nothing did where lots were drawn.
OF_SELECTION = {"measured_covariate", "self_selection", "e_value", "rosenbaum"}
# What the share who took part stands behind.
OF_UPTAKE = (Question("self_selection", "uptake"), Question("self_selection", "imbalance"))
DERIVED_UNITS: Mapping[str, str] = {
    "from": "weeks",
    "score": SCORE_UNIT,
    "years_since": "years",
}


def sensitivity(
    study: Study, tables: Tables, estimates: Estimates, sites: pd.DataFrame
) -> pd.DataFrame:
    """Return the checks of every outcome that the plan names, as in sensitivity.csv.

    `sites` are the effects of the primary outcomes without one cluster each, as in sites.csv.
    The rows carry what disclosure control needs: ``fewest``, the smallest count of persons or
    events behind the row, ``arm``, that of a cluster that is left out, and ``effective``, how
    many such clusters there are in effect.  Checks that could
    not be made are rows too, ``not_made``, with the reason as note.  Beside the English
    ``name`` stands the `Question` that it names, ``asked``.
    """
    plan = study.sensitivity
    if plan is None:
        return pd.DataFrame()
    share, parts = uptake(study, tables), []
    for name in plan.outcomes:
        own = sites[sites["outcome"] == name] if len(sites) else sites
        parts.append(_asked(estimates.outcomes[name], plan, study, tables, own, share))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def _asked(
    one: Estimated,
    plan: SensitivityPlan,
    study: Study,
    tables: Tables,
    sites: pd.DataFrame,
    share: Uptake | None,
) -> pd.DataFrame:
    m = one.matched
    made = one.outcome.variants(one, study, tables)
    has_sites = plan.leave_out == "treated" and len(sites) > 0
    controls: dict[str, Estimator] = {
        name: partial(_control, name=name, of=made.competing, study=study, tables=tables)
        for name in plan.negative_controls
    }
    found = ev.sensitivity(
        m,
        lambda other: one.tested if other is m else one.re_estimate(other),
        values=made.values,
        specifications=made.estimators,
        negative_controls=controls,
        # sites.csv has them already: made twice they could differ in a digit.
        leave_out="none" if has_sites else plan.leave_out,
        uptake=None if share is None else share_of(share),
    )
    # What disclosure control must know of each row: the fewest behind it, and whose they are.
    behind: dict[Question, tuple[float, str]] = {
        asked: (fewest, "") for asked, fewest in made.fewest.items()
    }
    # Lots were drawn: who takes part was chosen by nothing that could bias.
    is_drawn = study.design == "randomised"
    checks = [row for row in found.checks if not (is_drawn and row.asked.check in OF_SELECTION)]
    silent = (_fewest_silent(one), "")
    behind |= {row.asked: silent for row in checks if row.asked.check == "nonresponse"}
    behind |= {
        row.asked: (float(min(row.note.counts.values())), "")
        for row in checks
        if isinstance(row.note, Note) and row.note.counts
    }
    if has_sites:
        left_out = _from_sites(sites, one.tested.unit)
        checks += left_out
        sizes = zip(left_out, sites["n_treated"], strict=True)
        behind |= {row.asked: (float(n), ARMS[0]) for row, n in sizes}
    else:
        behind |= _of_clusters(one)
    rows = tabulated(checks).assign(
        asked=pd.Series([row.asked for row in checks], dtype=object),
        fewest=[behind.get(row.asked, NOBODY)[0] for row in checks],
        arm=[behind.get(row.asked, NOBODY)[1] for row in checks],
        effective=[
            getattr(one.decision, f"effective_{behind.get(row.asked, NOBODY)[1]}", math.nan)
            for row in checks
        ],
        estimate_error=[
            one.tested.std_error if row.asked.check == "main" else math.nan for row in checks
        ],
        estimate_unit=[_unit_of_silent(row, m) for row in checks],
    )
    told = [
        one
        for one in (*found.not_made, *made.not_made)
        if not (is_drawn and one.asked.check in OF_SELECTION)
    ]
    refused = pd.DataFrame(
        {
            "check": NOT_MADE,
            "name": [one.name for one in told],
            "note": [one.reason for one in told],
            "asked": pd.Series([one.asked for one in told], dtype=object),
        }
    )
    frame = pd.concat([part for part in (rows, refused) if len(part)], ignore_index=True)
    counted = dict.fromkeys(("n_treated", "n_comparison"), "Float64")
    return (
        frame.astype(counted)
        .astype(dict.fromkeys(counted, float))
        .assign(outcome=one.outcome.name, **_behind_uptake(frame, share))
    )


def _behind_uptake(frame: pd.DataFrame, share: Uptake | None) -> dict[str, pd.Series]:
    """Return who was asked and who agreed, beside the rows that tell of it."""
    tells = frame["asked"].isin(OF_UPTAKE) & (share is not None)
    return {
        f"n_{name}_who": pd.Series([who if one else None for one in tells], dtype=object)
        for name, who in (share or Uptake(frozenset(), frozenset()))._asdict().items()
    }


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
    return ev.mean_difference(m, name, unit=unit, **study.drawn)


def _unit(name: str, study: Study, tables: Tables) -> str:
    forms = {derived.name: derived.form for derived in study.derived}
    if name in forms:
        return DERIVED_UNITS[forms[name]]
    columns = tables.words[study.cohort.table].columns
    return next((one.unit for one in columns if one.name == name and one.unit), "outcome units")


def _fewest_silent(one: Estimated) -> float:
    m = one.matched
    silent = [int((m.used & arm & ~one.observed).sum()) for arm in (m.treated, ~m.treated)]
    return float(min(silent))


def _unit_of_silent(row: SensitivityRow, m: Matched) -> float:
    """Return the unit of a share who did not answer; NaN for all else."""
    if row.asked.variant != "silent":
        return math.nan
    own = m.treated if row.asked.subject == ARMS[0] else ~m.treated
    return float(finest(100.0, int((m.used & own).sum())))


def _of_clusters(one: Estimated) -> dict[Question, tuple[float, str]]:
    """Return how many of each cluster that may be left out are known of, and their arm."""
    m = one.matched
    if m.cluster is None:
        return {}
    labels, known = pd.Series(m.cluster).astype(str), m.used & one.observed
    return {
        Question("leave_one_out", "without", str(label)): (float(n), arm)
        for arm, own in zip(ARMS, (known & m.treated, known & ~m.treated), strict=True)
        for label, n in labels[own].value_counts().items()
    }


def _from_sites(sites: pd.DataFrame, unit: str) -> list[SensitivityRow]:
    return [
        SensitivityRow(
            asked=Question("leave_one_out", "without", str(site["cluster"])),
            estimate=float(site["loo_estimate"]),
            conf_low=float(site["loo_low"]),
            conf_high=float(site["loo_high"]),
            p_value=float(site["loo_p"]),
            unit=unit,
        )
        for site in sites.to_dict("records")
    ]
