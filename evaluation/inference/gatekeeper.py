"""Which inference a design can bear: counts the clusters of each arm, chooses or refuses.

Knows nothing of outcomes or estimators.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from math import comb
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_dictionary.errors import DesignError
from evaluation.inference.randomisation import LEAST_ASSIGNMENTS
from evaluation.notes import Note

Kind = Literal["linear", "time"]
Method = Literal["wild", "jackknife", "set", "hc2", "randomisation", "none"]

# Effective clusters per arm.  Under 6 the wild bootstrap and the jackknife lose their size in
# matched designs, where the treated clusters are many times larger than the donors'.
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

    ``wild`` is the restricted wild cluster bootstrap, ``jackknife`` leaves out one cluster at a
    time, ``set`` clusters by matched set, ``hc2`` takes weights alone, ``randomisation`` over
    clusters gives a p-value only, ``none`` is refused.  Counts are of clusters with positive
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
        """Whether no standard error and no interval may be shown."""
        return self.method in ("none", "randomisation")

    @property
    def is_randomised(self) -> bool:
        """Whether a p-value from randomisation over clusters may stand without an interval."""
        return self.method == "randomisation"

    def __str__(self) -> str:
        return f"{self.method}: {self.reason}"


def decide(
    cluster: NDArray[Any] | None,
    treated: NDArray[np.bool_],
    weights: NDArray[np.float64],
    *,
    kind: Kind,
    sets: NDArray[np.int64] | None = None,
) -> Decision:
    """Choose the inference for one effect from the clusters that remain in each arm.

    `cluster` is None in a study without clusters; rows of weight 0 are not in the design.
    ``linear`` effects (means, scores) are wild-bootstrapped, ``time`` effects jackknifed.
    `sets`, -1 for none, are used only without clusters; leave them out where controls were
    drawn with replacement.

    Notes
    -----
    No interval where either arm has fewer than 6 effective clusters: from 3 on there may be a
    p-value from randomisation, if treatment does not vary inside clusters and at least 40
    assignments were possible. The effective number is Kish's (1965), applied to cluster weights
    inside each arm. What matters is the arm with fewer clusters, not their total: with 3 of 39
    clusters treated and sizes as after 1:1 matching, a nominal 5 % test rejects a true null in
    12 % (CR2) and 15 % (restricted wild) of studies; with 9 of 39 in 6 % and 5.4 %.

    Examples
    --------
    >>> import numpy as np
    >>> treated = np.arange(24) < 12
    >>> decide(np.arange(24) // 2, treated, np.ones(24), kind="linear").method
    'wild'
    >>> decide(np.arange(24) // 6, treated, np.ones(24), kind="linear").method
    'none'
    """
    if kind not in ("linear", "time"):
        raise DesignError(f"kind='{kind}' is not known; use 'linear' or 'time'")
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
    sizes = {
        arm: np.bincount(codes[rows], weights=weights[rows], minlength=len(labels))
        for arm, rows in arms.items()
    }
    counts = {arm: int((size > 0).sum()) for arm, size in sizes.items()}
    effective = {arm: float(size.sum() ** 2 / (size**2).sum()) for arm, size in sizes.items()}
    both = int(((sizes["treated"] > 0) & (sizes["comparison"] > 0)).sum())
    method, reason = _choose(counts, effective, both, kind)
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
    if sets is not None and (sets[used] >= 0).all():
        return Decision(
            method="set",
            reason=_without("a study without clusters: errors clustered by matched set"),
        )
    return Decision(
        method="hc2", reason=_without("a study without clusters: robust errors of persons")
    )


def _without(reason: str) -> Note:
    return Note("inference", "{choice}", facts={"choice": reason})


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


def _choose(
    counts: dict[str, int], effective: dict[str, float], both: int, kind: Kind
) -> tuple[Method, str]:
    """Return the method and the sentence that explains it."""
    fewest = min(effective.values())
    # Equal clusters give 6 only up to rounding.
    if fewest >= ENOUGH - 1e-9 and kind == "linear":
        return "wild", "restricted wild cluster bootstrap"
    if fewest >= ENOUGH - 1e-9:
        return "jackknife", "delete-one-cluster jackknife"
    if fewest < LEAST - 1e-9:
        return "none", "fewer than 3, too few for any inference; refused"
    n = comb(sum(counts.values()), counts["treated"])
    if not both and n >= LEAST_ASSIGNMENTS:
        return "randomisation", (
            "fewer than 6, no standard error or interval; a p-value only from studentised "
            f"randomisation over clusters ({n} assignments), approximate: it tests 'no effect "
            "on anyone' and takes the clusters' shocks as exchangeable"
        )
    why = f"{n} assignments of treatment to clusters are fewer than {LEAST_ASSIGNMENTS}"
    if both:
        why = "clusters hold both arms, so treatment cannot be exchanged between them"
    return "none", f"fewer than 6, inference refused ({why})"
