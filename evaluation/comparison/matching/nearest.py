"""Greedy nearest neighbours: every row of the target chooses in turn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from numbers import Integral
from typing import ClassVar, Literal, Self

import numpy as np

from data_dictionary.schema import key
from evaluation.arrays import FloatArray, IntArray
from evaluation.comparison.arms import Arms
from evaluation.comparison.matching.candidates import Candidates
from evaluation.comparison.matching.distance import Score
from evaluation.comparison.matching.field import Space, field
from evaluation.comparison.matching.found import Found
from evaluation.comparison.matching.pairing import Pairing
from evaluation.comparison.matching.pairs import Pairs, nearest_pairs
from evaluation.comparison.method import PARTNERS, Family, is_count, is_number
from evaluation.comparison.reasons import short_notes


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearest(Pairing):
    """Greedy nearest neighbours."""

    name: ClassVar[str] = "nearest"
    makes: ClassVar[Family] = "pairs"
    takes_months: ClassVar[bool] = True

    ratio: float = key(
        "Partners wanted by each row of the target; everybody's first match comes before "
        "anyone's second. A whole number, but for a variable ratio, where it is the average.",
        1,
        least=1,
    )
    replace: bool = key("Whether a row may serve several.", False)
    order: Literal["largest", "smallest", "data", "closest", "random"] | None = key(
        "Who chooses first: the largest or smallest distance measure, the rows as they come, "
        "the closest pair, or by lot. Left out, those who are hardest to match: the largest "
        "for the ATT, the smallest for the ATC. Ties by data order; a distance without a "
        "measure to rank by takes the data order for `largest`, and where it is left out.",
        None,
    )
    seed: int | None = key(
        "For the order `random`, which must be repeatable; refused by the others.", None
    )
    min_controls: int | None = key(
        "Variable ratio: rows with the lowest distance measure get `max_controls`, the others "
        "`min_controls`, one perhaps something between, so that `ratio` is the average.",
        None,
        least=1,
    )
    max_controls: int | None = key("As `min_controls` says.", None, least=1)

    def faults(self) -> list[str]:
        """Return what is wrong with the keywords, whatever the data."""
        told = [*self._ratio_faults(), *Pairing.faults(self)]
        if self.order == "smallest" and self.has_spread:
            told.append(
                f"order='smallest' ranks a score and distance='{self.distance}' has none; use "
                "'data', 'closest' or 'random'."
            )
        if self.order == "random" and not isinstance(self.seed, Integral):
            told.append("order='random' needs seed=, a whole number that makes it repeatable.")
        if self.order != "random" and self.seed is not None:
            named = "the usual order" if self.order is None else f"order='{self.order}'"
            told.append(
                f"seed={self.seed!r} is not used by {named}, which is not random; leave it out."
            )
        return told

    def _ratio_faults(self) -> list[str]:
        low, high = self.min_controls or 1, self.max_controls
        if self.min_controls is None and high is None:
            told = f"ratio={self.ratio!r} must be {PARTNERS.words}."
            return [] if is_count(self.ratio) else [told]
        if not (is_count(low) and is_count(high) and is_number(self.ratio)):
            return ["Nearest(min_controls, max_controls) must be whole numbers from 1 up."]
        if not low < self.ratio < high:  # type: ignore[operator]
            return [
                f"ratio={self.ratio!r} is the average and must lie between min_controls={low} "
                f"and max_controls={high}."
            ]
        if self.has_spread or self.replace:
            return ["min_controls and max_controls need a score, and no replacement."]
        return []

    def kind(self) -> str:
        """Return what the method does, in words."""
        ratio = f"1:{self.ratio:g}"
        if self.max_controls is not None:
            ratio += f" (1:{self.min_controls or 1} to 1:{self.max_controls})"
        order = f" ({self.order} first)"
        order = {None: "", "largest": "", "data": " (data order)"}.get(self.order, order)
        return f"nearest {ratio} on {self.measure_words()}{order}"

    def settled(self, estimand: str) -> Self:
        """Return the method with the order that an estimand makes of the one left out.

        As MatchIt 4.7.2: comparison rows with low scores are those whom few treated are like.
        """
        if self.order is not None:
            return self
        is_atc = estimand == "ATC" and not self.has_spread
        return replace(self, order="smallest" if is_atc else "largest")

    def find(self, arms: Arms, pool: Candidates, measured: Score) -> Found:
        """Let every row of the target choose, in order."""
        space = self.space(arms, pool, measured)
        lead = space.lead[pool.focal]
        wanted = np.full(len(lead), int(self.ratio), dtype=np.int64)
        if self.max_controls is not None:
            wanted = self._extremal(lead, self.max_controls, is_atc=arms.estimand == "ATC")
        return greedy(
            space,
            pool,
            self._order(lead),
            wanted,
            replace=bool(self.replace),
            closest_first=self.order == "closest",
        )

    def bounds(self) -> tuple[float, float]:
        """Return the fewest and the most partners per row that a set of pairs may have."""
        return 1, self.ratio if self.max_controls is None else self.max_controls

    def _order(self, lead: FloatArray) -> IntArray:
        """Return focal positions in the order in which they choose; ties by data order.

        A distance in several dimensions has no measure to rank by: `largest` then means data
        order, as in MatchIt.
        """
        if self.order == "random":
            order: IntArray = np.random.default_rng(self.seed).permutation(len(lead))
            return order
        if self.order in ("data", "closest") or self.has_spread:
            return np.arange(len(lead))
        return np.argsort(-lead if self.order == "largest" else lead, kind="stable")

    def _extremal(self, lead: FloatArray, high: int, *, is_atc: bool) -> IntArray:
        """Return how many partners each row wants (Ming and Rosenbaum 2000, section 4).

        As many as possible get the most, the others the fewest, one what is left over, so that
        the average is the ratio.  The most go to the lowest distance measures, where the pool
        is dense (to the highest for the ATC).
        """
        low, n = self.min_controls or 1, len(lead)
        total = round(self.ratio * n)
        n_high = min((total - low * n) // (high - low), n)
        wanted = np.full(n, low, dtype=np.int64)
        from_dense = np.argsort(-lead if is_atc else lead, kind="stable")
        wanted[from_dense[:n_high]] = high
        if n_high < n:
            wanted[from_dense[n_high]] += total - low * n - n_high * (high - low)
        return wanted


def greedy(
    space: Space,
    pool: Candidates,
    order: IntArray,
    wanted: IntArray,
    *,
    replace: bool = False,
    closest_first: bool = False,
) -> Found:
    """Return the pairs of rows that choose one after the other."""
    pairs = nearest_pairs(
        field(space, pool.focal, pool.waiting),
        order=order,
        own_unit=space.unit[pool.focal],
        wanted=wanted,
        replace=replace,
        closest_first=closest_first,
    )
    rows = Pairs(
        focal=pool.focal[pairs.focal],
        partner=pool.waiting[pairs.partner],
        distance=pairs.distance,
    )
    of_row = np.zeros_like(space.unit)
    of_row[pool.focal] = wanted
    short = short_notes(rows.focal, of_row)
    return Found.of_pairs(len(pool.eligible), rows, space, short, replace=replace)
