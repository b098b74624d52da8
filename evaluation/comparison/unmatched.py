"""No matching at all: the arms as they stand, said openly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd

from evaluation.arrays import frozen
from evaluation.comparison.absent import absent_rows
from evaluation.comparison.arms import (
    complete_columns,
    read_arms,
    read_sampling,
    refuse_missing,
)
from evaluation.comparison.matched import Matched
from evaluation.comparison.method import Method
from evaluation.roles import Roles


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmatched(Method):
    """No comparison group is made; see `unmatched`."""

    name: ClassVar[str] = "unmatched"
    takes_months: ClassVar[bool] = True


def unmatched(frame: pd.DataFrame, roles: Roles) -> Matched:
    """Return all rows as they stand: a contrast of the arms without any matching.

    It is explicit, so that no effect is computed on an unmatched frame by oversight, and named
    ``unmatched`` in every output.

    Examples
    --------
    >>> persons = pd.DataFrame({"id": [1, 2, 3], "plan": [True, False, False]})
    >>> print(unmatched(persons, Roles(unit="id", treatment="plan")))
    unmatched: 1 treated, 2 comparison
    """
    treated = read_arms(frame, roles)
    refuse_missing(frame, {"cluster": complete_columns(roles)["cluster"]})
    sampling = read_sampling(frame, roles)
    absent, notes = absent_rows(frame, roles)
    if absent.any():
        read_arms(frame[~absent], roles)  # nobody may be left in an arm
    n = len(frame)
    return Matched(
        frame=frame.copy(deep=False),
        roles=roles,
        method=Unmatched.name,
        estimand="ATT",
        design="unmatched",
        weights=frozen(np.ones(n) if sampling is None else sampling.copy()),
        treated=frozen(treated),
        subclass=frozen(np.full(n, -1, dtype=np.int64)),
        notes=(*notes, "no matching was done: the arms are compared as they stand."),
    )
