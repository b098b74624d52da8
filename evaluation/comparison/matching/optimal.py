"""Optimal pairs: those of the smallest total distance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import pandas as pd

from data_dictionary.schema import key
from evaluation.comparison.arms import Arms
from evaluation.comparison.matching.candidates import Candidates, refuse_repeated
from evaluation.comparison.matching.cover import Bounds
from evaluation.comparison.matching.distance import Score, distance_words
from evaluation.comparison.matching.found import Found
from evaluation.comparison.matching.optimum import cheapest_pairs
from evaluation.comparison.matching.pairing import Pairing
from evaluation.comparison.method import Family


@dataclass(frozen=True, slots=True, kw_only=True)
class Optimal(Pairing):
    """Pairs, or k:1 sets, with the smallest total distance."""

    name: ClassVar[str] = "optimal"
    makes: ClassVar[Family] = "pairs"
    takes_months: ClassVar[bool] = True

    ratio: int = key("Partners wanted by each row of the target.", 1, least=1)

    def kind_words(self) -> list[str]:
        """Return which pairs are made, on what distance."""
        return [f"optimal 1:{self.ratio} on {self.within()}{distance_words(self.distance)}"]

    def find(self, arms: Arms, pool: Candidates, measured: Score) -> Found:
        """Find the pairs with the smallest total distance."""
        refuse_repeated(arms, pool.focal, self.name)
        space = self.space(arms, pool, measured)
        pairs = cheapest_pairs(
            space,
            pool.focal,
            pool.waiting,
            focal_bounds=Bounds(needed=self.ratio, most=self.ratio),
            waiting_bounds=Bounds(needed=0, most=1),
        )
        return Found.of_pairs(len(pool.eligible), pairs, space)

    def sizes_hold(self, focal: pd.Series, others: pd.Series) -> bool:
        """Return whether sets are as large as the keywords allow, rows of each arm by set."""
        return bool((focal == 1).all() and (others <= self.ratio).all())
