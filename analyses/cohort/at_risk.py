"""Who can be followed to every outcome of a study, as of a day."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analyses.cohort.derive import keys_of
from analyses.cohort.flow import REASONS, Condition, Rows
from analyses.inputs.tables import Tables
from analyses.study.sections import Study


def at_risk(study: Study, tables: Tables, rows: Rows) -> list[Condition]:
    """Return the rows from which every outcome can be followed, step by step.

    Each kind of outcome says whom it can follow.  It looks at the index date only: whether its
    register covers the day, whether the outcome is there already, whether a case is open.
    """
    after = pd.Series(rows.dates, index=keys_of(study.cohort, tables).to_numpy()[rows.persons])
    met: dict[str, NDArray[np.bool_]] = {}
    for outcome in study.outcomes:
        for step, kept in outcome.conditions(study, tables, after):
            met[step] = met.get(step, True) & kept
    # Whoever fails an earlier step is counted there; the last one, `observed`, holds them all.
    return [(step, met[step]) for step in REASONS if step in met]
