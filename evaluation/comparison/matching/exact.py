"""Exact matching: sets of rows that agree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd

from evaluation.comparison.arms import Arms
from evaluation.comparison.matching.candidates import Candidates, refuse_repeated
from evaluation.comparison.matching.distance import Score
from evaluation.comparison.matching.found import Found
from evaluation.comparison.matching.method import Matching
from evaluation.comparison.matching.strata import codes
from evaluation.comparison.method import Family
from evaluation.roles import Roles


@dataclass(frozen=True, slots=True, kw_only=True)
class Exact(Matching):
    """Sets of rows that agree on every covariate and every exact column."""

    name: ClassVar[str] = "exact"
    makes: ClassVar[Family] = "sets"

    def words(self) -> list[str]:
        """Return what the method does, in the order in which it is told."""
        return ["exact on all covariates"]

    def find(self, arms: Arms, pool: Candidates, measured: Score) -> Found:
        """Put rows that agree on every covariate and exact column into one set."""
        del measured
        refuse_repeated(arms, np.flatnonzero(pool.eligible), self.name)
        code = codes(arms.frame, (*arms.roles.covariates, *arms.roles.exact))
        return Found.of_codes(code, arms.treated, pool.eligible)

    def alike(self, frame: pd.DataFrame, roles: Roles) -> list[pd.Series]:
        """Return columns on which sets agree, beside those of `Roles.exact`."""
        return [frame[name] for name in roles.covariates]
