"""Which clusters controls come from: others or the participants' own, and which of them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analyses.cohort.flow import Condition, all_met
from analyses.study.cohort import Cohort
from analyses.study.methods import RISK_SETS
from data_dictionary.wording import Level

_OWN = (
    "controls live in the participants' own clusters: what the programme did for them "
    "(spillover), and why they were not invited or refused, is not handled"
)
OWN_NOTE = (
    f"{_OWN}; they are known never to have started, so those who found a job before they could "
    "start are among them, which tilts the comparison against the programme; "
    "[comparison] method = 'risk_sets' does not"
)
OWN_RISK_SETS_NOTE = (
    f"{_OWN}; they had not started when the participant did, and are followed until they start "
    "themselves, which must not depend on what was about to happen"
)


def own_note(method: str) -> str:
    """Return what must be said of controls from the participants' own clusters."""
    return OWN_RISK_SETS_NOTE if method == RISK_SETS else OWN_NOTE


def donor_conditions(
    cohort: Cohort,
    people: pd.DataFrame,
    reached: NDArray[np.bool_],
    nearest: frozenset[Level] | None = None,
) -> list[Condition]:
    """Return the conditions on where a control lives, one entry per row of `people`.

    `reached` tells who lives in a cluster that the programme reached; `nearest` holds the
    clusters chosen by their pre-period, where the plan asks for that.
    """
    if cohort.donors == "own":
        return [("donor_own", reached)]
    return other_conditions(cohort, people, reached, nearest)


def other_conditions(
    cohort: Cohort,
    people: pd.DataFrame,
    reached: NDArray[np.bool_],
    nearest: frozenset[Level] | None = None,
) -> list[Condition]:
    """Return the conditions on controls from clusters that the programme never reached."""
    place = people[str(cohort.cluster)]
    # Whoever could have taken part tells what taking part depends on, not what would have been.
    conditions = [("donor", ~reached)]
    if cohort.donors_exclude:
        conditions.append(("donor_excluded", ~place.isin(cohort.donors_exclude).to_numpy(bool)))
    if nearest is not None:
        conditions.append(("donor_nearest", place.isin(nearest).to_numpy(bool)))
    return conditions


def gives_controls(
    cohort: Cohort,
    people: pd.DataFrame,
    exposure: pd.DataFrame,
    nearest: frozenset[Level] | None = None,
) -> NDArray[np.bool_]:
    """Return who lives in a cluster that may give controls and was never reached."""
    reached = lives_in(cohort, people, exposure[cohort.cluster])
    return all_met(other_conditions(cohort, people, reached, nearest), len(people))


def lives_in(cohort: Cohort, people: pd.DataFrame, clusters: pd.Series) -> NDArray[np.bool_]:
    """Return who lives in one of `clusters`."""
    return people[str(cohort.cluster)].isin(clusters.unique()).to_numpy(bool)
