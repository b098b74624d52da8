"""The stages on the way to participation, such as being invited and consenting."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analyses.inputs.tables import Tables
from analyses.study.sections import Study


def in_reach(study: Study, tables: Tables) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return who of the cohort's table is treated, and who lives where somebody is."""
    people, cohort = tables.frames[study.cohort.table], study.cohort
    treated = (people[cohort.treatment] == cohort.treated).to_numpy(bool, na_value=False)
    if cohort.cluster is None:
        return treated, np.ones(len(people), dtype=np.bool_)
    trial = people.loc[treated, cohort.cluster].unique()
    return treated, people[cohort.cluster].isin(trial).to_numpy(bool)


def stands(column: pd.Series) -> NDArray[np.bool_]:
    """Return who reached a stage: whoever has a date, or a yes."""
    reached = column.notna() if column.dtype.kind == "M" else column.fillna(value=False)
    return reached.to_numpy(bool)


def uptake(study: Study, tables: Tables) -> tuple[float, int] | None:
    """Return the share of the last stage but one who reached the last, such as consent.

    Beside it stands the fewest persons that the share tells of.  None where the plan has fewer
    than two stages, or all or none of those asked agreed.
    """
    stages = list(study.cohort.stages.values())[-2:]
    if len(stages) < 2:
        return None
    people, (_, reached) = tables.frames[study.cohort.table], in_reach(study, tables)
    asked, agreed = (reached & stands(people[column]) for column in stages)
    counts = int((asked & agreed).sum()), int((asked & ~agreed).sum())
    return None if min(counts) == 0 else (counts[0] / sum(counts), min(counts))
