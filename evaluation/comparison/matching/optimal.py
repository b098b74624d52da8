"""Pairs and sets of the smallest total distance: optimal pairs and full matching."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from data_dictionary.errors import DesignError
from data_dictionary.schema import Form, key
from evaluation.arrays import IntArray
from evaluation.comparison.arms import Arms
from evaluation.comparison.matching.candidates import Candidates, refuse_repeated
from evaluation.comparison.matching.cover import Bounds
from evaluation.comparison.matching.distance import Score
from evaluation.comparison.matching.field import Space
from evaluation.comparison.matching.found import Found
from evaluation.comparison.matching.method import ALL
from evaluation.comparison.matching.optimum import cheapest_pairs
from evaluation.comparison.matching.pairing import Pairing
from evaluation.comparison.matching.pairs import Pairs
from evaluation.comparison.method import PARTNERS, Family, is_count, is_number
from evaluation.comparison.reasons import short_notes


@dataclass(frozen=True, slots=True, kw_only=True)
class Optimal(Pairing):
    """Pairs, or 1:k sets, with the smallest total distance.

    Where not all can have k partners, as many as possible have one, then two, and so on; of the
    sets so spread those with the smallest total distance are taken.
    """

    name: ClassVar[str] = "optimal"
    makes: ClassVar[Family] = "pairs"
    takes_months: ClassVar[bool] = True

    ratio: int = key("Partners wanted by each row of the target.", 1, form=PARTNERS)

    def kind(self) -> str:
        """Return what the method does, in words."""
        return f"optimal 1:{self.ratio} on {self.measure_words()}"

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
        short = short_notes(pairs.focal, np.full(len(pool.eligible), self.ratio))
        return Found.of_pairs(len(pool.eligible), pairs, space, short)


def _is_share_or_count(low: object) -> bool:
    if not is_number(low):
        return False
    share = float(low)  # type: ignore[arg-type]
    if 0 < share < 1:
        return abs(1 / share - round(1 / share)) < 1e-6
    return share == 0 or is_count(low)


@dataclass(frozen=True, slots=True, kw_only=True)
class Full(Pairing):
    """Full matching: one treated with several comparison rows, or the other way round."""

    name: ClassVar[str] = "full"
    makes: ClassVar[Family] = "sets"
    estimands: ClassVar[tuple[str, ...]] = ALL

    min_controls: float = key(
        "Fewest comparison rows per treated in a set. Below 1 several treated share one: 1/3 "
        "lets three of them; 0 any number.",
        0,
        form=Form("0, a share such as 1/2 or 1/3, or a whole number", _is_share_or_count),
    )
    max_controls: int | None = key(
        "Most comparison rows per treated in a set; left out, any number. Where it forces some "
        "to be left out, as many as possible are kept, and then the distance is minimised.",
        None,
        least=1,
    )

    def faults(self) -> list[str]:
        """Return what is wrong with the keywords, whatever the data."""
        told, low, high = Pairing.faults(self), self.min_controls, self.max_controls
        if is_number(low) and is_count(high) and low > high:  # type: ignore[operator]
            told.append(f"Full(min_controls={low!r}) exceeds max_controls={high!r}.")
        return told

    def kind(self) -> str:
        """Return what the method does, in words."""
        most = "any number" if self.max_controls is None else str(self.max_controls)
        bounds = f" ({self.min_controls:g} to {most} comparison rows per treated)"
        is_free = self.min_controls == 0 and self.max_controls is None
        return f"full on {self.measure_words()}{'' if is_free else bounds}"

    def find(self, arms: Arms, pool: Candidates, measured: Score) -> Found:
        """Find the sets with the smallest total distance in which both arms may share.

        Treated rows are always the first arm, so that bounds mean comparison rows per treated.
        """
        refuse_repeated(arms, np.flatnonzero(pool.eligible), self.name)
        space = self.space(arms, pool, measured)
        own = np.flatnonzero(arms.treated & pool.eligible)
        other = np.flatnonzero(~arms.treated & pool.eligible)
        low, high = self.min_controls, self.max_controls
        least = max(1, int(low))
        pairs = None if high is None else _all_at_most(space, own, other, int(high))
        if pairs is None:
            sharing = len(own) if low == 0 else max(1, round(1 / low))
            pairs = cheapest_pairs(
                space,
                own,
                other,
                focal_bounds=Bounds(
                    needed=least, most=len(other) if high is None else int(high)
                ),
                waiting_bounds=Bounds(needed=1, most=sharing),
            )
        if least > 1:
            found = np.bincount(pairs.focal, minlength=len(arms.treated))[own]
            short = int(((found > 0) & (found < least)).sum())
            if short:
                raise DesignError(
                    f"Full(min_controls={low:g}): {short} treated would have fewer comparison "
                    "rows within reach; lower min_controls or widen the pool."
                )
        return Found.of_pairs(len(arms.treated), pairs, space)

    def bounds(self) -> tuple[float, float]:
        """Return the fewest and the most partners per row that a set of pairs may have."""
        return self.min_controls, self.max_controls or np.inf


def _all_at_most(space: Space, own: IntArray, other: IntArray, most: int) -> Pairs | None:
    """Return the cheapest sets of `most` comparison rows each, None if some have fewer.

    Where every treated can have the most, as many comparison rows are kept as ever can be, so
    nobody shares and this smaller problem has the same optimum.
    """
    if most * len(own) > len(other):
        return None
    pairs = cheapest_pairs(
        space,
        own,
        other,
        focal_bounds=Bounds(needed=most, most=most),
        waiting_bounds=Bounds(needed=0, most=1),
    )
    return pairs if len(pairs.focal) == most * len(own) else None
