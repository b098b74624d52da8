"""Tests that both arms have the same curve, or one ratio of hazards at every time.

Their uncertainty is the one that the design allows, over clusters where there are any.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from data_dictionary.errors import DesignError
from evaluation.arguments import choice_of, names_of, number_of
from evaluation.arrays import FloatArray
from evaluation.columns import require_columns
from evaluation.comparison.arms import ARMS
from evaluation.estimates import Effect
from evaluation.inference import variation
from evaluation.notes import Note
from evaluation.survival import cox
from evaluation.survival.basis import Basis, EffectByCause, basis
from evaluation.survival.cox.proportionality import Transform, trend
from evaluation.survival.curves import emptied
from evaluation.survival.durations import Duration, Observed
from evaluation.survival.equality import gray, log_rank
from evaluation.survival.equality.k_sample import KSample
from evaluation.survival.equality.log_rank import Emphasis
from evaluation.survival.ratios import NO_EVENTS, log_ratio, no_ratio, strata_of

if TYPE_CHECKING:
    from evaluation.comparison.matched import Matched

TEST_COLUMNS = ("cause", "test", "statistic", "df", "p_value", "method")


class OneStep(NamedTuple):
    """A log ratio after one step from no difference, and the test of independent rows.

    `influence` holds each row's part of it; `counts` the events observed and
    expected in the comparison and in the treated arm.
    """

    log_ratio: float
    influence: FloatArray
    chisq: float
    p_value: float
    counts: tuple[FloatArray, FloatArray] | None = None

    @classmethod
    def of(cls, found: KSample) -> OneStep:
        """Read the ratio of treated to comparison."""
        slope = float(found.slope[1]) or math.nan
        ratio = float((found.observed[1] - found.expected[1]) / slope)
        influence = np.asarray(found.contributions[:, 1] / slope)
        counts = found.observed, found.expected
        return cls(ratio, influence, found.chisq, found.p_value, counts)


Compare = Callable[[int, Observed], OneStep]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CurveTest(EffectByCause):
    """A test of each cause, read as a ratio of hazards.

    Attributes
    ----------
    arms : pd.DataFrame
        ``outcome arm n observed expected``: weighted events of each cause in each arm, and
        those expected were the arms equal; empty for a test of proportional hazards.
    tests : pd.DataFrame
        ``cause test statistic df p_value method``, one row per cause: a chi-square where
        persons are independent and weigh the same, else the t statistic of the effect.
    """

    arms: pd.DataFrame
    tests: pd.DataFrame


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
    if not isinstance(emphasis, log_rank.FlemingHarrington):
        choice_of(emphasis, "emphasis", ("log-rank", "gehan"))
    b = _stratified(m, d, strata, level)

    def compare(k: int, o: Observed) -> OneStep:
        return OneStep.of(
            log_rank.compare(
                o.exit,
                o.cause == k,
                o.treated,
                entry=o.entry,
                weights=o.case_weights,
                strata=o.stratum,
                emphasis=emphasis,
            )
        )

    name = emphasis if isinstance(emphasis, str) else str(emphasis)
    return _tested(b, compare, "log_rank", f"one step, {name}")


def gray_test(
    m: Matched,
    d: Duration,
    *,
    strata: tuple[str, ...] = (),
    rho: float = 0.0,
    level: float = 0.95,
) -> CurveTest:
    """Test that the arms have the same incidence of each cause at every time (Gray's test).

    Parameters
    ----------
    m, d, strata, level
        As in `log_rank_test`.
    rho : float
        Times weigh by one minus the incidence to this power, as in R's ``cuminc``: above 0
        early differences count for more.  Choose it before looking at the curves.

    Returns
    -------
    CurveTest
        The p-value is that of the one-step subdistribution hazard ratio.

    Raises
    ------
    ColumnError, DesignError
        As in `hazard_ratio`.
    """
    power = number_of(rho, "rho", "a power of the incidence, such as 0 or 1")
    b = _stratified(m, d, strata, level)

    def compare(k: int, o: Observed) -> OneStep:
        return OneStep.of(
            gray.compare(
                o.exit,
                o.cause,
                o.treated,
                of=k,
                entry=o.entry,
                weights=o.case_weights,
                strata=o.stratum,
                rho=power,
            )
        )

    name = "one step, Gray" + (f" (rho {power:g})" if power else "")
    return _tested(b, compare, "gray", name, why=emptied(b))


def proportionality_test(
    m: Matched, d: Duration, *, transform: Transform = "km", level: float = 0.95
) -> CurveTest:
    """Test that each cause's hazard ratio is the same at every time.

    Parameters
    ----------
    m, d, level
        As in `log_rank_test`.
    transform : {"km", "rank", "identity", "log"}
        Function of time over which the log ratio may change; ``km`` runs from 0 at the start
        to the share that has had the event at the end.

    Returns
    -------
    CurveTest
        The effect is how many times the marginal ratio changes while that function goes from
        0 to 1, after one step from no change.  Below 1 the treated fall back with time.

    Raises
    ------
    ColumnError, DesignError
        As in `hazard_ratio`.

    Notes
    -----
    The statistic of independent rows is that of R's ``cox.zph`` (Grambsch and Therneau 1994).
    With clusters the change is judged by the delete-one-cluster jackknife: persons of one
    cluster are not independent, and that chi-square would reject too often.
    """

    def compare(k: int, o: Observed) -> OneStep:
        X = o.treated.astype(np.float64)
        fitted = cox.fit(o.exit, o.cause == k, X, entry=o.entry, weights=o.case_weights)
        return OneStep(*trend(fitted, transform=transform))

    return _tested(
        basis(m, d, level=level),
        compare,
        "proportional_hazards",
        f"one step, Schoenfeld ({transform})",
    )


def _stratified(m: Matched, d: Duration, strata: tuple[str, ...], level: float) -> Basis:
    """Return the rows, each with its stratum."""
    b = basis(m, d, level=level)
    frame = m.frame.iloc[b.observed.rows]
    strata = names_of(strata, "strata")
    require_columns(frame, {"strata": strata})
    return replace(b, observed=replace(b.observed, stratum=strata_of(frame, strata)))


def _same_for_all(o: Observed) -> Note | None:
    """Return that everybody of an arm leaves at one time in one way, if so."""
    for arm in ARMS:
        own = o.part(o.arm(arm))
        if np.ptp(own.exit) == 0 and np.ptp(own.cause) == 0:
            return variation.constant(arm, "when and how persons leave")
    return None


def _tested(
    b: Basis, compare: Compare, term: str, estimator: str, why: Note | None = None
) -> CurveTest:
    """Test every cause; `why` refuses all of them."""
    o = b.observed
    why = why or _same_for_all(o)

    def refitted(k: int, weights: FloatArray) -> FloatArray:
        return np.array(compare(k, o.weighed(weights)).log_ratio)

    effects, arms, tests = {}, [], []
    for k, cause in enumerate(o.causes, start=1):
        effect = partial(b.effect, outcome=cause, term=term, estimator=estimator)
        if not all((o.cause == k)[o.arm(arm)].any() for arm in ARMS):
            if k == 1:
                raise DesignError(f"'{cause}': {NO_EVENTS}")
            effects[cause] = no_ratio(effect)
            continue
        try:
            found = compare(k, o)
        except DesignError as error:
            raise DesignError(f"{error} ({why})" if why else str(error)) from error
        tested = log_ratio(
            b,
            found.log_ratio,
            effect,
            influence=partial(getattr, found, "influence"),
            left_out=partial(b.left_out, partial(refitted, k)),
            why=why,
        )
        if o.case_weights is None and (b.decision.is_refused or not tested.is_refused):
            classical = f"were persons independent: chi-square {found.chisq:.2f} on 1, "
            notes = (*tested.notes, f"{classical}p = {found.p_value:.3g}")
            tested = replace(tested, notes=notes)
        effects[cause] = tested
        tests.append((cause, term, *_test_row(b, found, tested)))
        for arm, g in zip(ARMS, (1, 0), strict=True) if found.counts else ():
            counts = (float(part[g]) for part in found.counts or ())
            arms.append((cause, arm, b.count(treated=g == 1), *counts))
    return CurveTest(
        causes=effects,
        decision=b.decision,
        arms=pd.DataFrame(arms, columns=["outcome", "arm", "n", "observed", "expected"]),
        tests=pd.DataFrame(tests, columns=list(TEST_COLUMNS)),
    )


def _test_row(b: Basis, found: OneStep, tested: Effect) -> tuple[float, float, float, str]:
    """Return statistic, degrees of freedom, p-value and method of one cause's test."""
    if tested.is_refused:
        return math.nan, math.nan, tested.p_value, tested.test
    if b.decision.method == "hc2" and b.observed.case_weights is None:
        return found.chisq, 1.0, found.p_value, "chi-square, persons independent"
    statistic = found.log_ratio / tested.std_error
    return statistic, tested.dof, tested.p_value, f"t, {tested.test}"
