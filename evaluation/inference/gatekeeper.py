"""Which inference a design can bear: counts the clusters of each arm, chooses or refuses.

Knows nothing of outcomes or estimators.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_dictionary.errors import DesignError
from evaluation.arrays import summed
from evaluation.inference.jackknife import effective_number
from evaluation.notes import Note

Method = Literal["jackknife", "set", "hc2", "none"]

# Effective clusters per arm; docs/few-clusters.md has the size of the test from 3 on.  Where
# clusters hold both arms it is known from 6 on.
ENOUGH = 6.0
LEAST = 3.0


def limit_of(effective: float) -> float:
    """Return the limit that a number of effective clusters reaches; NaN below the least.

    Examples
    --------
    >>> limit_of(8.4), limit_of(3)
    (6.0, 3.0)
    """
    reached = [limit for limit in (ENOUGH, LEAST) if effective >= limit - 1e-9]
    return reached[0] if reached else math.nan


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The inference chosen for one effect, and the counts behind the choice.

    ``jackknife`` leaves out one cluster at a time, ``set`` clusters by matched set, ``hc2``
    takes persons as independent, ``none`` is refused.  Counts are of clusters with positive
    weight, None in a study without clusters; the effective number is the sum of cluster weights
    squared over the sum of their squares, inside the arm.
    """

    method: Method
    reason: str
    n_treated_clusters: int | None = None
    n_comparison_clusters: int | None = None
    effective_treated: float = float("nan")
    effective_comparison: float = float("nan")
    largest_share_treated: float = float("nan")
    largest_share_comparison: float = float("nan")
    n_clusters: int | None = None

    @property
    def is_refused(self) -> bool:
        """Whether no standard error, interval or p-value may be shown."""
        return self.method == "none"

    def __str__(self) -> str:
        return f"{self.method}: {self.reason}"


def decide(
    cluster: NDArray[Any] | None,
    treated: NDArray[np.bool_],
    weights: NDArray[np.float64],
    *,
    sets: NDArray[np.int64] | None = None,
) -> Decision:
    """Choose the inference for one effect from the clusters that remain in each arm.

    `cluster` is None in a study without clusters; rows of weight 0 are not in the design.
    `sets`, -1 for none, are used only without clusters; leave them out where controls were
    drawn with replacement.

    Notes
    -----
    From 3 effective clusters in each arm on, error, interval and p-value come from
    `evaluation.inference.jackknife.delete_one`; from 6 on where clusters hold both arms. The
    effective number is Kish's (1965), applied to cluster weights inside each arm. What matters
    is the arm with fewer clusters, not their total. The choice follows from counts, weights and
    arms, never from the outcome: a look at the dispersion first would spoil the size (Zimmerman
    2004). Tests that take the arms as alike (CR2, the restricted wild bootstrap, randomisation)
    reject a true null in 8 to 13 % of studies where few treated clusters scatter twice as
    widely.

    Examples
    --------
    >>> import numpy as np
    >>> treated = np.arange(24) < 12
    >>> decide(np.arange(24) // 2, treated, np.ones(24)).method
    'jackknife'
    >>> decide(np.arange(24) // 6, treated, np.ones(24)).method
    'none'
    """
    used = weights > 0
    arms = {"treated": used & treated, "comparison": used & ~treated}
    empty = [arm for arm, rows in arms.items() if not rows.any()]
    if empty:
        raise DesignError(f"no {' and no '.join(empty)} row has a positive weight")
    if cluster is None:
        return _without_clusters(sets, used)
    missing = int(pd.isna(cluster[used]).sum())
    if missing:
        raise DesignError(
            f"{missing} used row(s) have no cluster; give every row its cluster or leave it out"
        )
    codes, labels = pd.factorize(cluster)
    sizes = {arm: summed(codes[rows], weights[rows], len(labels)) for arm, rows in arms.items()}
    counts = {arm: int((size > 0).sum()) for arm, size in sizes.items()}
    effective = {arm: effective_number(size) for arm, size in sizes.items()}
    both = int(((sizes["treated"] > 0) & (sizes["comparison"] > 0)).sum())
    method, reason = _choose(effective, both)
    return Decision(
        method=method,
        reason=_said(counts, effective, both, reason),
        n_treated_clusters=counts["treated"],
        n_comparison_clusters=counts["comparison"],
        effective_treated=effective["treated"],
        effective_comparison=effective["comparison"],
        largest_share_treated=float(sizes["treated"].max() / sizes["treated"].sum()),
        largest_share_comparison=float(sizes["comparison"].max() / sizes["comparison"].sum()),
        n_clusters=counts["treated"] + counts["comparison"] - both,
    )


def _without_clusters(sets: NDArray[np.int64] | None, used: NDArray[np.bool_]) -> Decision:
    method: Method = "hc2"
    choice = "a study without clusters: robust errors of persons"
    if sets is not None and (sets[used] >= 0).all():
        method, choice = "set", "a study without clusters: errors clustered by matched set"
    reason = Note("inference", "{choice}", facts={"choice": choice})
    return Decision(method=method, reason=reason)


def _said(counts: dict[str, int], effective: dict[str, float], both: int, choice: str) -> Note:
    """Return the reason as a note: its numbers count clusters, not persons."""
    # Rounded down, so that it agrees with the limits.
    numbers = {arm: int(effective[arm] + 1e-9) for arm in counts}
    return Note(
        "inference",
        "{treated} effective treated clusters (of {n_treated}) and {comparison} effective "
        "comparison clusters (of {n_comparison}){inside}: {choice}",
        facts={
            **numbers,
            **{f"n_{arm}": n for arm, n in counts.items()},
            "inside": f"; treatment varies inside {both}" if both else "",
            "choice": choice,
        },
    )


def _choose(effective: dict[str, float], both: int) -> tuple[Method, str]:
    """Return the method and the sentence that explains it."""
    fewest = min(effective.values())
    # Equal clusters give 3 or 6 only up to rounding.
    if fewest < LEAST - 1e-9:
        return "none", "fewer than 3, too few for any inference; refused"
    if both and fewest < ENOUGH - 1e-9:
        return "none", "fewer than 6, inference refused (clusters hold both arms)"
    return "jackknife", "delete-one-cluster jackknife"
