"""Full matching: one row and several of the other arm, at the smallest total distance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd

from data_dictionary.errors import DesignError
from data_dictionary.schema import Form, key
from evaluation.arrays import IntArray
from evaluation.comparison.arms import Arms
from evaluation.comparison.matching.candidates import Candidates, refuse_repeated
from evaluation.comparison.matching.cover import Bounds
from evaluation.comparison.matching.distance import Score, distance_words
from evaluation.comparison.matching.field import Space
from evaluation.comparison.matching.found import Found
from evaluation.comparison.matching.method import ALL
from evaluation.comparison.matching.optimum import cheapest_pairs
from evaluation.comparison.matching.pairing import Pairing
from evaluation.comparison.matching.pairs import Pairs
from evaluation.comparison.method import Family, is_count, is_number


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

    def number_faults(self) -> list[str]:
        """Return what is wrong with the number of partners."""
        low, high = self.min_controls, self.max_controls
        if is_number(low) and is_count(high) and low > high:  # type: ignore[operator]
            return [f"Full(min_controls={low!r}) exceeds max_controls={high!r}."]
        return []

    def kind_words(self) -> list[str]:
        """Return which pairs are made, on what distance."""
        bounds = ""
        if self.min_controls != 0 or self.max_controls is not None:
            most = "any number" if self.max_controls is None else str(self.max_controls)
            bounds = f" ({self.min_controls:g} to {most} comparison rows per treated)"
        return [f"full on {self.within()}{distance_words(self.distance)}{bounds}"]

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

    def sizes_hold(self, focal: pd.Series, others: pd.Series) -> bool:
        """Return whether sets are as large as the keywords allow, rows of each arm by set."""
        per_treated = others / focal
        return bool(
            ((focal == 1) | (others == 1)).all()
            and (per_treated >= self.min_controls - 1e-9).all()
            and (per_treated <= (self.max_controls or np.inf)).all()
        )


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
