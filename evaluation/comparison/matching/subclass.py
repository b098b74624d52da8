"""Subclassification: sets of rows on the same stretch of the distance measure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from data_dictionary.errors import DesignError
from data_dictionary.schema import key
from evaluation.arrays import BoolArray, FloatArray, IntArray
from evaluation.comparison.arms import ARMS, Arms
from evaluation.comparison.matching.candidates import Candidates, refuse_repeated
from evaluation.comparison.matching.distance import Score
from evaluation.comparison.matching.found import Found
from evaluation.comparison.matching.method import DISCARD, LEARNER, Discard, Matching
from evaluation.comparison.method import FORMULA, IS_FORMULA, Family
from evaluation.comparison.weighting.learners import IS_LEARNER, Learner, Logistic
from evaluation.notes import Note


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
        "(ATC) or all (ATE); fewer where the measure has too few values, since equal rows are "
        "never parted.",
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
        rows = np.flatnonzero(pool.eligible)
        code: IntArray = np.full(len(arms.treated), -1, dtype=np.int64)
        code[rows] = self._cut(measured.position[rows], arms.treated[rows], arms.target[rows])
        found = Found.of_codes(code, arms.treated, pool.eligible, is_ordered=True)
        if (made := int(code.max()) + 1) == self.n:
            return found
        note = Note(
            "fewer_subclasses",
            "{made} of {n} subclasses were made: rows with the same distance measure are never "
            "parted.",
            facts={"made": made, "n": self.n},
        )
        return replace(found, notes=(note,))

    def _cut(self, position: FloatArray, treated: BoolArray, target: BoolArray) -> IntArray:
        """Return each row's subclass from 0.

        Cuts are quantiles (R's type 7) of the distance measure among the target; a value on a
        cut falls into the upper subclass, and a stretch that holds nobody is none.  A subclass
        short of an arm takes that arm's nearest rows from the nearest subclass that can spare
        them; where this would part equal rows, it joins its smaller neighbour instead.
        """
        edges = np.quantile(position[target], np.linspace(0, 1, self.n + 1)[1:-1])
        own = np.searchsorted(edges, position, side="right")
        while True:
            own = np.unique(own, return_inverse=True)[1].astype(np.int64)
            made = int(own.max()) + 1
            short = np.zeros(made, dtype=np.bool_)
            filled = own.copy()
            for name, arm in zip(ARMS, (treated, ~treated), strict=True):
                if arm.sum() < made * self.least:
                    raise DesignError(
                        f"{made} subclasses with at least {self.least} {name} row(s) each need "
                        f"{made * self.least}; there are {arm.sum()}. Ask for fewer subclasses."
                    )
                counts = np.bincount(own[arm], minlength=made)
                short |= counts < self.least
                rows = np.flatnonzero(arm)[np.argsort(position[arm], kind="stable")]
                filled[rows] = np.repeat(np.arange(made), _filled(counts, self.least))
            if not (short.any() and _parts_equals(position, filled)):
                return filled
            own[own == np.argmax(short)] = _smaller_neighbour(own, int(np.argmax(short)))


def _parts_equals(position: FloatArray, code: IntArray) -> bool:
    """Return whether rows with the same measure have different codes."""
    order = np.lexsort((code, position))
    same = np.diff(position[order]) == 0
    return bool((np.diff(code[order])[same] != 0).any())


def _smaller_neighbour(code: IntArray, one: int) -> int:
    sizes = np.bincount(code)
    beside = [at for at in (one - 1, one + 1) if 0 <= at < len(sizes)]
    return min(beside, key=lambda at: int(sizes[at]))


def _filled(counts: IntArray, least: int) -> IntArray:
    """Return the counts, each raised to `least` at the cost of its nearest neighbours."""
    counts = counts.astype(np.int64)
    for short in range(len(counts)):
        while counts[short] < least:
            spare = np.flatnonzero(counts > least)
            counts[spare[np.argmin(np.abs(spare - short))]] -= 1
            counts[short] += 1
    return counts
