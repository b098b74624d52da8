"""Tests that both arms have the same curve, with the uncertainty that the design allows."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from data_dictionary.errors import DesignError
from evaluation.arrays import BoolArray, FloatArray, IntArray
from evaluation.survival import gray, log_rank
from evaluation.survival.basis import Basis, EffectByCause, basis
from evaluation.survival.cox_newton import UnidentifiedError
from evaluation.survival.durations import ARMS, Duration
from evaluation.survival.log_rank import Emphasis
from evaluation.survival.ratios import NO_EVENTS, log_ratio, require_columns

if TYPE_CHECKING:
    from evaluation.comparison.matched import Matched

Compare = Callable[[int, BoolArray], log_rank.LogRank | gray.Gray]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CurveTest(EffectByCause):
    """A test of each cause, read as a ratio of hazards.

    Attributes
    ----------
    arms : pd.DataFrame
        ``outcome arm n observed expected``: weighted events of each cause in each arm, and
        those expected were the arms equal.
    """

    arms: pd.DataFrame


def log_rank_test(
    m: Matched,
    d: Duration,
    *,
    strata: tuple[str, ...] = (),
    emphasis: Emphasis = "log-rank",
    level: float = 0.95,
) -> CurveTest:
    """Test that the arms have the same cause-specific hazard at every time.

    Parameters
    ----------
    m, d
        The comparison and its duration.
    strata : tuple of str
        Columns within whose combinations the arms are compared.
    emphasis : {"log-rank", "gehan"} or FlemingHarrington
        Weight of each event time.
    level : float
        Coverage of the intervals.

    Returns
    -------
    CurveTest
        The p-value is that of the one-step hazard ratio, ``(observed - expected)`` over its
        slope at no difference; the score test of `hazard_ratio`, so to speak.

    Raises
    ------
    ColumnError, DesignError
        As in `hazard_ratio`.

    Notes
    -----
    With clusters judged by the delete-one-cluster jackknife, as every effect on a duration;
    the chi-square that takes persons as independent stands in the notes where no weights are
    used.
    """
    b, stratum = _prepared(m, d, strata, level)
    o = b.observed

    def compare(k: int, keep: BoolArray) -> log_rank.LogRank:
        return log_rank.compare(
            o.exit[keep],
            o.cause[keep] == k,
            o.treated[keep],
            entry=None if o.entry is None else o.entry[keep],
            weights=_weights(b, keep),
            strata=None if stratum is None else stratum[keep],
            emphasis=emphasis,
        )

    name = emphasis if isinstance(emphasis, str) else str(emphasis)
    return _tested(b, d, compare, "log_rank", "hazard ratio", f"one step, {name}")


def gray_test(
    m: Matched, d: Duration, *, strata: tuple[str, ...] = (), level: float = 0.95
) -> CurveTest:
    """Test that the arms have the same incidence of each cause at every time.

    Parameters
    ----------
    m, d, strata, level
        As in `log_rank_test`.

    Returns
    -------
    CurveTest
        The p-value is that of the one-step subdistribution hazard ratio.

    Raises
    ------
    ColumnError, DesignError
        As in `hazard_ratio`.
    """
    b, stratum = _prepared(m, d, strata, level)
    o = b.observed

    def compare(k: int, keep: BoolArray) -> gray.Gray:
        return gray.compare(
            o.exit[keep],
            o.cause[keep],
            o.treated[keep],
            of=k,
            entry=None if o.entry is None else o.entry[keep],
            weights=_weights(b, keep),
            strata=None if stratum is None else stratum[keep],
        )

    return _tested(b, d, compare, "gray", "subdistribution hazard ratio", "one step, Gray")


def _prepared(
    m: Matched, d: Duration, strata: tuple[str, ...], level: float
) -> tuple[Basis, IntArray | None]:
    """Return the rows, and each one's stratum."""
    b = basis(m, d, level=level)
    frame = m.frame.iloc[b.observed.rows]
    require_columns(frame, strata=strata)
    if not strata:
        return b, None
    stratum = frame.groupby(list(strata), dropna=False).ngroup()
    return b, stratum.to_numpy().astype(np.int64)


def _weights(b: Basis, keep: BoolArray) -> FloatArray | None:
    """Return weights, None where all are one."""
    weights = b.observed.weights
    return None if (weights == 1.0).all() else weights[keep]


def _tested(
    b: Basis, d: Duration, compare: Compare, term: str, unit: str, estimator: str
) -> CurveTest:
    """Test every cause."""
    everybody = np.ones(len(b.observed.exit), dtype=bool)
    effects, rows = {}, []
    for k, cause in enumerate(d.causes, start=1):
        effect = partial(b.effect, outcome=cause, term=term, unit=unit)
        hit = b.observed.cause == k
        in_both = all(hit[b.observed.arm(arm)].any() for arm in ARMS)
        if not in_both:
            if k == 1:
                raise DesignError(f"'{cause}': {NO_EVENTS}")
            effects[cause] = log_ratio(b, None, partial(effect, estimator=estimator))
            continue
        found = compare(k, everybody)
        tested = log_ratio(
            b,
            _one_step(found),
            partial(effect, estimator=estimator),
            left_out=partial(_left_out, b, compare, k),
            influence=partial(_influence, found),
        )
        classical = (
            f"were persons independent: chi-square {found.chisq:.2f} on {found.dof}, "
            f"p = {found.p_value:.3g}"
        )
        notes = tested.notes if found.is_robust else (*tested.notes, classical)
        effects[cause] = replace(tested, notes=notes)
        arms = zip(ARMS, (1, 0), strict=True)
        rows += [
            (cause, arm, int(b.observed.arm(arm).sum()), found.observed[g], found.expected[g])
            for arm, g in arms
        ]
    return CurveTest(
        causes=effects,
        decision=b.decision,
        arms=pd.DataFrame(rows, columns=["outcome", "arm", "n", "observed", "expected"]),
    )


def _one_step(found: log_rank.LogRank | gray.Gray) -> FloatArray:
    """Return the log ratio of treated to comparison after one step from no difference."""
    slope = found.slope[1]
    gap = found.observed[1] - found.expected[1]
    return np.array([gap / slope if slope > 0 else math.nan])


def _influence(found: log_rank.LogRank | gray.Gray) -> FloatArray:
    """Return each row's influence on the log ratio, shape (n, 1)."""
    return np.asarray(found.contributions[:, 1:] / found.slope[1])


def _left_out(b: Basis, compare: Compare, k: int) -> FloatArray:
    """Return the log ratio with each cluster left out, shape (n_clusters, 1)."""
    try:
        found = [_one_step(compare(k, b.unit != g)) for g in range(b.n_units)]
    except DesignError as error:
        raise UnidentifiedError(str(error), (0,)) from error
    return np.stack(found)
