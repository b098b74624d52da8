"""Subclassification: sets of rows on the same stretch of the distance measure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from data_dictionary.errors import DesignError
from data_dictionary.schema import key
from evaluation.arrays import FloatArray, IntArray
from evaluation.comparison.arms import ARMS, Arms
from evaluation.comparison.matching.candidates import Candidates, refuse_repeated
from evaluation.comparison.matching.distance import Score
from evaluation.comparison.matching.found import Found
from evaluation.comparison.matching.method import DISCARD, LEARNER, Discard, Matching
from evaluation.comparison.method import FORMULA, IS_FORMULA, Family
from evaluation.comparison.weighting.learners import IS_LEARNER, Learner, Logistic


@dataclass(frozen=True, slots=True, kw_only=True)
class Subclass(Matching):
    """Subclassification on the distance measure."""

    name: ClassVar[str] = "subclass"
    makes: ClassVar[Family] = "strata"
    takes_exact: ClassVar[bool] = False

    distance: str = key("`logit` or `ps`, or a column with a score.", "logit")
    learner: Learner = key(LEARNER, Logistic(), form=IS_LEARNER)
    formula: str | None = key(FORMULA, None, form=IS_FORMULA)
    n: int = key(
        "Number of subclasses, cut at quantiles among the treated (ATT), the comparison rows "
        "(ATC) or all (ATE).",
        6,
        least=2,
    )
    least: int = key(
        "Rows of each arm that every subclass must have; others move in from its neighbours.",
        1,
        least=0,
    )
    discard: Discard = key(DISCARD, "none")

    def faults(self) -> list[str]:
        """Return what is wrong with the keywords, whatever the data."""
        told = Matching.faults(self)
        if self.has_spread:
            told.append(
                f"distance='{self.distance}' has no order to cut subclasses from; use a score."
            )
        return told

    def faults_in(self, arms: Arms) -> list[str]:
        """Return what is wrong with the keywords for these data and roles."""
        told = Matching.faults_in(self, arms)
        if arms.roles.exact:
            told.append(
                "roles.exact is not used by method='subclass'; leave it out, or use 'full'."
            )
        return told

    def kind(self) -> str:
        """Return what the method does, in words."""
        return f"{self.n} subclasses on {self.measure_words()}"

    def find(self, arms: Arms, pool: Candidates, measured: Score) -> Found:
        """Cut the distance measure into stretches."""
        assert measured.position is not None  # noqa: S101 - refused without a score
        refuse_repeated(arms, np.flatnonzero(pool.eligible), self.name)
        code = self._cut(arms, pool, measured.position)
        inside = pool.eligible & (code >= 0)
        return Found.of_codes(code, arms.treated, inside, is_ordered=True)

    def _cut(self, arms: Arms, pool: Candidates, position: FloatArray) -> IntArray:
        """Return each row's subclass from 0, -1 for rows left out.

        Cuts are quantiles (R's type 7) of the distance measure among the target; a value on a
        cut falls into the upper subclass.  A subclass short of an arm takes that arm's nearest
        rows from the nearest subclass that can spare them.
        """
        target = arms.target & pool.eligible
        edges = np.quantile(position[target], np.linspace(0, 1, self.n + 1)[1:-1])
        subclass: IntArray = np.full(len(position), -1, dtype=np.int64)
        for name, arm in zip(ARMS, (arms.treated, ~arms.treated), strict=True):
            rows = np.flatnonzero(arm & pool.eligible)
            rows = rows[np.argsort(position[rows], kind="stable")]
            if len(rows) < self.n * self.least:
                raise DesignError(
                    f"{self.n} subclasses with at least {self.least} {name} row(s) each need "
                    f"{self.n * self.least}; there are {len(rows)}. Ask for fewer subclasses."
                )
            own = np.searchsorted(edges, position[rows], side="right")
            counts = _filled(np.bincount(own, minlength=self.n), self.least)
            subclass[rows] = np.repeat(np.arange(self.n), counts)
        return subclass


def _filled(counts: IntArray, least: int) -> IntArray:
    """Return the counts, each raised to `least` at the cost of its nearest neighbours."""
    counts = counts.astype(np.int64)
    for short in range(len(counts)):
        while counts[short] < least:
            spare = np.flatnonzero(counts > least)
            counts[spare[np.argmin(np.abs(spare - short))]] -= 1
            counts[short] += 1
    return counts
