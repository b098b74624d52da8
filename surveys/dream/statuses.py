"""The statuses of a week in the order of the matrix that holds them.

- ``employment``: a job without any benefit, or holiday benefit earned in one.
- ``education``: SU or SVU, also beside a job.
- ``flexjob``: a job with permanent wage subsidy; a finding in itself, never employment.
- ``early_retirement``: førtidspension, paid to people below the age of folkepension.
- ``retirement``: efterløn, fleksydelse, overgangsydelse and folkepension.
- ``death`` and ``emigration``.
- ``benefits``: public support that keeps a person in the target group: unemployment, cash
  assistance, sickness, rehabilitation, ressourceforløb, ledighedsydelse.
- ``supported_employment``: skånejob, servicejob, voksenlærling, jobrotation.
- ``leave``: maternity, and leave with benefit.
- ``self_support``: neither benefit nor job; not the same as a job.
- ``not_resident``: neither benefit nor job, and not yet living in the country.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

STATUSES = (
    "employment",
    "education",
    "flexjob",
    "early_retirement",
    "retirement",
    "death",
    "emigration",
    "benefits",
    "supported_employment",
    "leave",
    "self_support",
    "not_resident",
)


def named(values: NDArray[np.integer], statuses: tuple[str, ...]) -> pd.Categorical:
    """Return the status names of matrix values, missing for -1."""
    # Codes of a category are signed, and the matrix is not.
    codes: Any = values.astype(np.int64)
    return pd.Categorical.from_codes(codes, categories=pd.Index(statuses))
