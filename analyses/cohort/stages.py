"""The stages on the way to participation, such as being invited and consenting."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analyses.cohort.derive import keys_of
from analyses.cohort.who import people
from analyses.inputs.tables import Tables
from analyses.study.sections import Study
from evaluation.disclosure.sizes import Who

# The groups of profile.csv that come after the stages, and share its names with them.
AFTER = ("participants", "matched", "comparison", "respondents")
PARTICIPANTS, MATCHED, COMPARISON, RESPONDENTS = AFTER


def in_reach(study: Study, tables: Tables) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return who of the cohort's table is treated, and who lives where somebody is."""
    people, cohort = tables.frames[study.cohort.table], study.cohort
    treated = (people[cohort.treatment] == cohort.treated).to_numpy(bool, na_value=False)
    if cohort.cluster is None:
        return treated, np.ones(len(people), dtype=np.bool_)
    # Elsewhere nobody could be invited, and "eligible" would mean the whole country.
    trial = people.loc[treated, cohort.cluster].unique()
    return treated, people[cohort.cluster].isin(trial).to_numpy(bool)


def stands(column: pd.Series) -> NDArray[np.bool_]:
    """Return who reached a stage: whoever has a date, or a yes."""
    reached = column.notna() if column.dtype.kind == "M" else column.fillna(value=False)
    return reached.to_numpy(bool)


class Uptake(NamedTuple):
    """Who was asked at the last stage but one, and who of them agreed, such as by consent."""

    asked: Who
    agreed: Who


def uptake(study: Study, tables: Tables) -> Uptake | None:
    """Return who was asked and who agreed.

    None where the plan has fewer than two stages, or all or none of those asked agreed.
    """
    # Who was asked and who agreed: the last step is the person's own choice.
    stages = list(study.cohort.stages.values())[-2:]
    if len(stages) < 2:
        return None
    frame, (_, reached) = tables.frames[study.cohort.table], in_reach(study, tables)
    asked, agreed = (reached & stands(frame[column]) for column in stages)
    keys = keys_of(study.cohort, tables)
    found = Uptake(people(keys, asked), people(keys, asked & agreed))
    return found if found.agreed and found.agreed != found.asked else None


def share_of(found: Uptake) -> float:
    """Return the share who agreed of those asked."""
    return len(found.agreed) / len(found.asked)
