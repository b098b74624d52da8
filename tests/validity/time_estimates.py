"""Every estimate of a duration on one matched set, for `tests.validity.coverage`.

What a run writes anyway (incidence, weeks, hazard ratio, time ratio, competing causes) is taken
from its effects; the rest is estimated here on the same comparison.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

import evaluation as ev

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analyses.findings.estimate import Estimates
    from analyses.inputs.tables import Tables
    from evaluation import Effect, Matched
    from surveys import Dream

# Weights of the score bootstrap are drawn: 2^39 sign vectors cannot be enumerated.
DRAWS = 1999
ADJUST = ("age", "benefit_weeks_2y", "employed_weeks_2y")
# Competing causes common enough in 6,000 persons to be judged: 4 and 8 per cent.
COMPETING = ("education", "flexjob")
WEEKS = range(1, 105)


def time_estimates(
    estimates: Estimates, tables: Tables, seed: int
) -> dict[tuple[str, str], Effect]:
    """Return every estimate of time to employment, by outcome and by the name it goes by here.

    Notes
    -----
    One name stands for one estimator: ``adjusted_incidence`` and ``hazard_ratio_bootstrap`` aim
    at what ``incidence`` and ``hazard_ratio`` aim at.
    """
    plan = estimates.outcomes["employment"].outcome
    m = estimates.outcomes["employment"].matched
    d = ev.Duration(
        exit="employment_exit",
        event="employment_event",
        of="employment",
        competing=plan.competing,  # type: ignore[union-attr]
    )
    written = {(e.outcome, e.term): e for e in estimates.effects.effects}
    found = {("employment", "time_ratio"): written["employment", "time_ratio"]}
    for cause in COMPETING:
        for term in ("incidence", "hazard_ratio"):
            found[cause, term] = written[cause, term]
    hazards, subhazards = ev.hazard_ratio(m, d), ev.subdistribution_hazard(m, d)
    followed = weekly(m, tables.register(), "employment")
    more = {
        "hazard_ratio_bootstrap": ev.score_bootstrap(hazards, draws=DRAWS, seed=seed),
        "subdistribution_hazard_ratio": subhazards.effect,
        "subdistribution_bootstrap": ev.score_bootstrap(subhazards, draws=DRAWS, seed=seed),
        "log_rank": ev.log_rank_test(m, d).effect,
        "gray": ev.gray_test(m, d).effect,
        "adjusted_incidence": ev.adjusted_incidence(m, d, WEEKS[-1], covariates=ADJUST),
        "adjusted_weeks": ev.adjusted_time_since_event(m, d, WEEKS[-1], covariates=ADJUST),
        "accumulated_weeks_104": ev.outcome_path(
            m, followed, WEEKS, draws=DRAWS, seed=seed
        ).effect,
    }
    return {**found, **{("employment", name): effect for name, effect in more.items()}}


def weekly(m: Matched, register: Dream, status: str) -> NDArray[np.float64]:
    """Return who of the rows in use has a status in each week after the index week."""
    used = m.frame.loc[m.used]
    rows, index = register.row_of(used[m.roles.unit]), register.week_of(used["index_date"])
    found = np.full((len(m.frame), len(WEEKS)), np.nan)
    values = np.column_stack([register.value_at(rows, index + lag) for lag in WEEKS])
    found[m.used] = np.where(values < 0, np.nan, values == register.value_of(status))
    return found
