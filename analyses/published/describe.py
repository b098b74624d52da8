"""Describe the groups behind an effect, how inference was chosen and what it can find."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from statistics import NormalDist

import numpy as np
import pandas as pd

import evaluation as ev
from analyses.findings.designs import designs_frame
from analyses.findings.estimate import Estimates
from analyses.inputs.tables import Tables
from analyses.outcomes.kind import Estimated
from analyses.outcomes.value import values_of
from analyses.published.balance_counts import counted_balance
from analyses.published.collected import missing_kinds, response, scales, shares, spells
from analyses.published.municipalities import municipalities, pretrends
from analyses.published.profile import profile
from analyses.published.sites import sites
from analyses.study.sections import Study
from evaluation import Effect, Roles

POWER = 0.8


def describe(study: Study, tables: Tables, estimates: Estimates) -> dict[str, pd.DataFrame]:
    """Return every table of a results folder that is not an estimate of the plan.

    Parameters
    ----------
    study : Study
        The plan.
    tables : Tables
        The data.
    estimates : Estimates
        What `estimate` returned for them.

    Returns
    -------
    dict of str to pandas.DataFrame
        ``tests quantiles differences scales shares sites profile response respondents
        missing spells design benchmark designs contrasts municipalities pretrends``, before
        disclosure control.
    """
    outcomes = estimates.outcomes.values()
    contrast, places = estimates.contrast, municipalities(study, tables, estimates)
    return {
        **{
            name: _together(one.beside[name]() for one in outcomes if name in one.beside)
            for name in ("tests", "quantiles", "differences", "durations")
        },
        "paths": pd.DataFrame() if estimates.path is None else estimates.path.table,
        "scales": scales(tables),
        "shares": shares(study, tables),
        "sites": _together(sites(one) for one in outcomes if one.outcome.role == "primary"),
        "profile": profile(study, tables, estimates),
        "response": response(study, tables, estimates),
        "respondents": _together(_respondents(one) for one in outcomes),
        "missing": missing_kinds(tables),
        "spells": spells(tables, estimates),
        "design": _together(_design(one) for one in outcomes),
        "benchmark": _benchmark(study, tables),
        "designs": designs_frame(estimates.designs),
        "contrasts": pd.DataFrame() if contrast is None else contrast.cells,
        "municipalities": places,
        "pretrends": pretrends(places),
    }


def _together(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    found = [part for part in parts if len(part)]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame()


def _respondents(one: Estimated) -> pd.DataFrame:
    """Return balance once more among those whose outcome is known, where some are not."""
    m = one.matched
    if one.observed[m.used].all():
        return pd.DataFrame()
    answered = replace(m, weights=np.where(one.observed, m.weights, 0.0))
    return counted_balance(answered, one.outcome.name)


def _design(one: Estimated) -> pd.DataFrame:
    """Return how inference was chosen, and the smallest effect that it is likely to find."""
    decision = one.decision
    return pd.DataFrame(
        [
            {
                "outcome": one.outcome.name,
                "method": decision.method,
                "reason": decision.reason,
                "fewest_treated": _fewest_treated(one),
                "n_treated_clusters": decision.n_treated_clusters,
                "n_comparison_clusters": decision.n_comparison_clusters,
                "effective_treated": decision.effective_treated,
                "effective_comparison": decision.effective_comparison,
                "largest_share_treated": decision.largest_share_treated,
                "largest_share_comparison": decision.largest_share_comparison,
                "mde": smallest_detectable(one.tested),
                "unit": one.tested.unit,
            }
        ]
    )


def _fewest_treated(one: Estimated) -> float:
    """Return the persons of the treated cluster that has fewest; missing without clusters."""
    m = one.matched
    if m.cluster is None:
        return math.nan
    own = m.used & m.treated & one.observed
    return float(pd.Series(m.cluster[own]).value_counts().min())


def smallest_detectable(effect: Effect) -> float:
    """Return the effect found with probability 0.8: half the interval and 0.84 standard errors.

    It follows from the interval's own half width, so that few clusters enlarge it as they
    enlarge the interval.  For ratios it is the ratio above 1.
    """
    if math.isnan(effect.conf_low) or math.isnan(effect.std_error):
        return math.nan
    beyond = NormalDist().inv_cdf(POWER) * effect.std_error
    if effect.is_ratio:
        return math.exp(math.log(effect.conf_high / effect.conf_low) / 2 + beyond)
    return (effect.conf_high - effect.conf_low) / 2 + beyond


def _benchmark(study: Study, tables: Tables) -> pd.DataFrame:
    """Return the plain difference between the arms of the randomised data."""
    plan, people = study.benchmark, tables.benchmark
    if plan is None or people is None:
        return pd.DataFrame()
    outcome, cohort = values_of(study)[plan.outcome], study.cohort
    column = outcome.column
    frame = pd.DataFrame(
        {
            "row": np.arange(len(people)),
            cohort.treatment: (people[cohort.treatment] == cohort.treated).to_numpy(bool),
            column: people[column].to_numpy(),
        }
    )
    m = ev.unmatched(frame, Roles(unit="row", treatment=cohort.treatment))
    effect = ev.mean_difference(m, column, unit=outcome.unit, level=study.inference.level)
    return effect.renamed(outcome.name).tidy().assign(name=plan.outcome)
